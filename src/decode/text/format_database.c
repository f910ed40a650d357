/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of PostgreSQL (stderr, any usual log_line_prefix) and MariaDB/MySQL (error log, general
 * query log).
 *
 * Source: PostgreSQL documentation, "Error Reporting and Logging"; MariaDB "Error Log", "General
 * Query Log"; MySQL "The General Query Log"
 */
#include "base/ascii.h"
#include "base/ip.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/rows.h"
#include "lang/msg_decode.h"

enum { PREFIX_MAX = 300 };

static const struct pattern_row postgresql_rows[] = {
    {"role \"{user.name T}\" does not exist", LOGIN_FAILED("db_login")},
    {"role \"{user.name T}\" is not permitted to log in", LOGIN_FAILED("db_login")},
    {"{- w} authentication failed for user \"{user.name T}\"", LOGIN_FAILED("db_login")},
    {"no pg_hba.conf entry for host \"{source.ip t}\", user \"{user.name t}\", database {- *}",
     LOGIN_FAILED("db_login")},
    {"pg_hba.conf rejects connection for host \"{source.ip t}\", user \"{user.name t}\", {- *}",
     LOGIN_FAILED("db_login")},
    {"connection received: host={source.ip h}{? port={source.port n}?}",
     SEEN("network", "db_connection")},
    {"connection authorized: user={user.name w}{- *}", LOGIN_WORKED("db_login")},
    {"statement: {db.statement *}", SEEN("database", "db_statement")},
    {"execute {- w}: {db.statement *}", SEEN("database", "db_statement")},
    {"duration: {- w} ms  statement: {db.statement *}", SEEN("database", "db_statement")},
};
const struct pattern_list rows_postgresql = PATTERN_LIST(postgresql_rows);

static const struct pattern_row mariadb_rows[] = {
    {"Access denied for user '{user.name T}'@'{source.ip t}' (using password: {- w})",
     LOGIN_FAILED("db_login")},
    {"Access denied for user '{user.name T}'@'{source.ip t}'{- *}", LOGIN_FAILED("db_login")},
    {"Aborted connection {- n} to db: '{- t}' user: '{user.name T}' host: '{source.ip t}' {- *}",
     SEEN("network", "db_closed")},
    {"Connect\tAccess denied for user '{user.name T}'@'{source.ip t}' (using password: {- w})",
     LOGIN_FAILED("db_login")},
    {"Connect\t{user.name w}@{source.ip h} on {- *}", SEEN("authentication", "db_login")},
    {"Query\t{db.statement *}", SEEN("database", "db_statement")},
};
const struct pattern_list rows_mariadb = PATTERN_LIST(mariadb_rows);

static const char *const levels[] = {"LOG",     "FATAL",  "ERROR",   "WARNING", "NOTICE",
                                     "PANIC",   "INFO",   "DEBUG1",  "DEBUG2",  "DEBUG3",
                                     "DEBUG4",  "DEBUG5", "DETAIL",  "HINT",    "STATEMENT",
                                     "CONTEXT", "QUERY",  "LOCATION"};
enum { OWN_LEVELS = 12 }; /* the others belong to the message before them */

/* Where `LEVEL:  ` stands in the line; its number in *ret. */
static size_t find_level(struct slice line, size_t from, size_t *ret)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < CANH_LEN(levels); i++) {
        struct slice word = slice_str(levels[i]), rest = slice_head(line, PREFIX_MAX);
        size_t at = from;

        for (;;) {
            size_t n = slice_find(slice_from(rest, at), word);

            if (n == SIZE_MAX)
                break;
            at += n;
            if (at < best && at > 0 && (rest.p[at - 1] == ' ' || rest.p[at - 1] == ':') &&
                slice_starts(slice_from(rest, at + word.n), SLICE(":  "))) {
                best = at;
                *ret = i;
                break;
            }
            at += word.n;
        }
    }
    return best;
}

static bool postgresql_head(struct slice line, struct clock_time *t, size_t *ret_time,
                            size_t *ret_at, size_t *ret_level)
{
    size_t n;

    if (line.n < 24 || line.p[4] != '-' || (n = clock_iso(line, t)) == 0)
        return false;
    *ret_time = n;
    *ret_at = find_level(line, n, ret_level);
    return *ret_at != SIZE_MAX;
}

static bool postgresql_begins(struct slice line, const struct decode_context *context)
{
    struct clock_time t;
    size_t n, at, level;

    (void)context;
    return postgresql_head(line, &t, &n, &at, &level) && level < OWN_LEVELS;
}

static bool postgresql_continues(struct slice line)
{
    struct clock_time t;
    size_t n, at, level;

    if (line.n > 0 && (line.p[0] == '\t' || line.p[0] == ' '))
        return true;
    return postgresql_head(line, &t, &n, &at, &level) && level >= OWN_LEVELS;
}

struct host {
    struct slice text, port;
    unsigned count;
};

/* Who a prefix says is served. It does not tell its parts apart: a client is known when there is
 * one. */
struct client {
    struct host address, name;
};

/* With or without a zone. */
static bool is_client_address(struct slice s)
{
    return ip_is_address(slice_head(s, slice_find_byte(s, '%')));
}

/* What has a dot, and behind the last one more than digits: "15.1" is a version of some program. */
static bool is_host_name(struct slice s)
{
    size_t last = s.n;

    while (last > 0 && s.p[last - 1] != '.')
        last--;
    return last > 0 && !ascii_all(ascii_is_digit, slice_from(s, last)) &&
           slice_find_byte(s, '=') == SIZE_MAX;
}

/* %h, or %r: "host(port)"; nothing where s is no host. */
static void read_client(struct client *c, struct slice s)
{
    size_t at = slice_find_byte(s, '(');
    struct slice host = slice_head(s, at), port = slice_from(s, CANH_MIN(at, s.n) + (at < s.n));
    struct host *to = &c->address;

    if (at != SIZE_MAX) {
        port = slice_head(port, port.n - (port.n > 0));
        if (s.p[s.n - 1] != ')' || !ascii_all(ascii_is_digit, port))
            return;
    }
    if (!is_client_address(host)) {
        if (!is_host_name(host))
            return;
        to = &c->name;
    }
    *to = (struct host){host, port, to->count + 1};
}

/* One part between blanks, commas and colons. */
static void read_part(struct fields *f, struct client *c, struct slice part)
{
    static const char *const clients[] = {"client=", "host=", "remote="};
    size_t at;

    if (part.n > 2 && part.p[0] == '[' && part.p[part.n - 1] == ']')
        part = slice_of(part.p + 1, part.n - 2);
    at = slice_find_byte(part, '-');
    if (ascii_all(ascii_is_digit, slice_head(part, at))) {
        if (!fields_has(f, NAME_PID))
            fields_number(f, NAME_PID, slice_head(part, at));
        return;
    }
    at = slice_find_byte(part, '@');
    if (at != SIZE_MAX || slice_starts(part, SLICE("user="))) {
        fields_write(f, NAME_USER,
                     at != SIZE_MAX ? slice_head(part, at) : slice_from(part, strlen("user=")));
        return;
    }
    for (size_t i = 0; i < CANH_LEN(clients); i++) {
        if (slice_starts(part, slice_str(clients[i])))
            part = slice_from(part, strlen(clients[i]));
    }
    read_client(c, part);
}

/* The part that s begins with; an address of version 6 has colons itself, in brackets or not. */
static struct slice next_part(struct slice s)
{
    struct slice word = slice_head(s, slice_find_byte(s, ' ')), value;
    size_t n = 0, at, end;

    word = slice_head(word, slice_find_byte(word, ','));
    at = slice_find_byte(word, '=');
    value = at == SIZE_MAX ? word : slice_from(word, at + 1);
    if (is_client_address(slice_head(value, slice_find_byte(value, '(')))) {
        end = slice_find_byte(word, ')');
        return slice_head(word, end == SIZE_MAX ? end : end + 1);
    }
    while (n < word.n && !(word.p[n] == ':' && (word.p[0] != '[' || word.p[n - 1] == ']')))
        n++;
    return slice_head(word, n);
}

/*
 * Whether a quoted name in the message holds the host and more: then the client wrote it. Quotes in
 * a name are not marked, so what stands between any two may be of one.
 */
static bool part_of_name(struct slice host, struct slice message)
{
    size_t n = slice_find_byte(message, '"');

    while (n != SIZE_MAX) {
        message = slice_from(message, n + 1);
        n = slice_find_byte(message, '"');
        if (n != SIZE_MAX && n > host.n && slice_find(slice_head(message, n), host) != SIZE_MAX)
            return true;
    }
    return false;
}

/* What log_line_prefix made, as "%m [%p] %q%u@%d", with %h or %r somewhere or "client=%h". */
static void write_prefix(struct fields *f, struct slice s, struct slice message)
{
    struct client c = {.address.count = 0};
    const struct host *host;

    for (struct slice part; s.n > 0; s = slice_from(s, part.n + 1)) {
        part = next_part(s);
        read_part(f, &c, part);
    }
    host = c.address.count > 0 ? &c.address : &c.name;
    if (host->count != 1 || part_of_name(host->text, message))
        return;
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, host->text);
    if (host->port.n > 0)
        fields_number(f, NAME_SOURCE_PORT, host->port);
}

static bool postgresql_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct slice text, first;
    struct clock_time t;
    size_t n, at, level;

    if (!postgresql_head(record, &t, &n, &at, &level))
        return false;
    fields_time(f, t.t, t.zoned, t.digits);
    text = slice_from(record, at + strlen(levels[level]) + 3);
    first = slice_head(text, slice_find_byte(text, '\n'));
    write_prefix(f, slice_of(record.p + n, at - n), first);
    fields_write(f, NAME_LEVEL, slice_str(levels[level]));
    fields_write(f, NAME_MESSAGE, text);
    n = slice_find_byte(first, '\r');
    (void)program_read(r->programs, f, SLICE("%postgresql"), slice_head(first, n), r->context);
    return true;
}

const struct line_format line_postgresql = {
    .name = "postgresql",
    .begins = postgresql_begins,
    .parse = postgresql_parse,
    .continues = postgresql_continues,
    .sure = 85,
};
LINE_JOINS(postgresql)
LINE_FORMAT(
    postgresql, "postgresql", .joins = joins_postgresql, .text = MSG_DECODE_FORMAT_POSTGRESQL,
    .recognised = "time and LEVEL:  ",
    .fields =
        "log.level, user.name, source.ip, db.statement; DETAIL and what follows belong to their "
        "message",
    .tested = "hard lines; crowdsec's lines");

/* time [thread] [Level] text; or the short 070101 10:00:00 of older ones. */
static size_t mariadb_head(struct slice line, struct clock_time *t)
{
    size_t n = line.n > 20 && line.p[4] == '-' ? clock_iso(line, t) : 0, at = n;

    if (n == 0)
        return 0;
    while (at < line.n && (line.p[at] == ' ' || ascii_is_digit(line.p[at])))
        at++;
    if (slice_starts(slice_from(line, at), SLICE("[Warning] ")) ||
        slice_starts(slice_from(line, at), SLICE("[Note] ")) ||
        slice_starts(slice_from(line, at), SLICE("[ERROR] ")) ||
        slice_starts(slice_from(line, at), SLICE("[System] ")))
        return at;
    return 0;
}

/* yymmdd hh:mm:ss, the hour of one digit or two, of this century. Bytes taken, 0: no such time. */
static size_t short_time(struct slice s, struct clock_time *ret)
{
    static const char form[] = "000000 00:00:00";
    unsigned digits[12], n = 0;
    struct civil c = {0};

    if (s.n < sizeof(form) - 1)
        return 0;
    for (size_t at = 0; at < sizeof(form) - 1; at++) {
        uint8_t byte = at == 7 && s.p[at] == ' ' ? '0' : s.p[at];

        if (form[at] != '0' ? byte != form[at] : !ascii_is_digit(byte))
            return 0;
        if (form[at] == '0')
            digits[n++] = (unsigned)(byte - '0');
    }
    c.year = 2000 + (int)(digits[0] * 10 + digits[1]);
    c.month = digits[2] * 10 + digits[3];
    c.day = digits[4] * 10 + digits[5];
    c.hour = digits[6] * 10 + digits[7];
    c.minute = digits[8] * 10 + digits[9];
    c.second = digits[10] * 10 + digits[11];
    *ret = (struct clock_time){.t = time_from_civil(&c, 0)};
    return ret->t == TIME_NONE ? 0 : sizeof(form) - 1;
}

/* A line of the general query log: time, tab, number of the connection, command, tab. */
struct query_line {
    struct clock_time time; /* t TIME_NONE: that of the line before */
    struct slice connection, text;
};

static bool query_read(struct slice line, struct query_line *ret)
{
    size_t at = line.n > 20 && line.p[4] == '-' ? clock_iso(line, &ret->time) : 0, from;

    if (at == 0)
        at = short_time(line, &ret->time);
    if (at == 0) {
        ret->time = (struct clock_time){.t = TIME_NONE};
        at = slice_starts(line, SLICE("\t\t")) ? 1 : 0;
    }
    if (at == 0 || at >= line.n || line.p[at] != '\t')
        return false;
    for (at++; at < line.n && line.p[at] == ' '; at++)
        continue;
    for (from = at; at < line.n && ascii_is_digit(line.p[at]); at++)
        continue;
    ret->connection = slice_of(line.p + from, at - from);
    ret->text = slice_from(line, at + 1);
    return at > from && at < line.n && line.p[at] == ' ' && ret->text.n > 0 &&
           ret->text.p[0] >= 'A' && ret->text.p[0] <= 'Z' &&
           slice_find_byte(slice_head(ret->text, 24), '\t') != SIZE_MAX;
}

static bool query_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct query_line q;

    if (!query_read(record, &q))
        return false;
    if (q.time.t != TIME_NONE)
        fields_time(f, q.time.t, q.time.zoned, q.time.digits);
    fields_write(f, NAME_MESSAGE, q.text);
    fields_own(f, SLICE("connection"), q.connection);
    (void)program_read(r->programs, f, SLICE("%mariadb"), q.text, r->context);
    return true;
}

static bool mariadb_begins(struct slice line, const struct decode_context *context)
{
    struct query_line q;
    struct clock_time t;

    (void)context;
    return mariadb_head(line, &t) > 0 || query_read(line, &q);
}

static bool mariadb_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct clock_time t;
    size_t at = mariadb_head(record, &t), end;
    struct slice rest;

    if (at == 0)
        return query_parse(r, record);
    fields_time(f, t.t, t.zoned, t.digits);
    rest = slice_from(record, at + 1);
    end = slice_find_byte(rest, ']');
    fields_write(f, NAME_LEVEL, slice_head(rest, end));
    rest = slice_trim(slice_from(rest, end + 1));
    /* [MY-010926] [Server] of MySQL 8 */
    for (int i = 0; i < 2 && rest.n > 0 && rest.p[0] == '['; i++) {
        end = slice_find_byte(slice_head(rest, 32), ']');
        if (end == SIZE_MAX)
            break;
        if (i == 0)
            fields_write(f, NAME_CODE, slice_of(rest.p + 1, end - 1));
        rest = slice_trim(slice_from(rest, end + 1));
    }
    fields_write(f, NAME_MESSAGE, rest);
    (void)program_read(r->programs, f, SLICE("%mariadb"), rest, r->context);
    return true;
}

const struct line_format line_mariadb = {
    .name = "mariadb",
    .begins = mariadb_begins,
    .parse = mariadb_parse,
    .sure = 85,
};
LINE_FORMAT(mariadb, "mariadb", .text = MSG_DECODE_FORMAT_MARIADB,
            .recognised = "time and [Level]; or tab, number, command, tab",
            .fields = "log.level, user.name, source.ip, db.statement",
            .tested = "crowdsec's lines");
