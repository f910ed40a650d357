/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error logs of Apache httpd and nginx.
 *
 * Source: httpd core ErrorLogFormat; nginx ngx_log_error.
 */
#include "base/ascii.h"
#include "base/ip.h"
#include "base/near.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/rows.h"
#include "decode/text/web.h"
#include "lang/msg_decode.h"

enum {
    FRONT_MAX = 512,
    NGINX_LINE_MAX = 2047, /* nginx cuts a line that would be longer (NGX_MAX_ERROR_STR) */
};

static const struct pattern_row apache_rows[] = {
    {"{?Digest: ?}user `{user.name T}' in realm `{- t}' not found: {url.path *}",
     LOGIN_FAILED("web_login")},
    {"user {user.name T} not found: {url.path *}", LOGIN_FAILED("web_login")},
    {"user {user.name T}: authentication failure for \"{url.path t}\": {- *}",
     LOGIN_FAILED("web_login")},
    {"user {user.name T}: authorization failure for \"{url.path t}\":{- *}",
     LOGIN_FAILED("web_login")},
    {"{?Digest: ?}user {user.name T}: password mismatch: {url.path *}", LOGIN_FAILED("web_login")},
    {"user {user.name T} not found", LOGIN_FAILED("web_login")},
    {"{?Digest: ?}invalid nonce {- w} received - length is not {- *}", LOGIN_FAILED("web_login")},
    {"{?Digest: ?}invalid nonce {- *}", SEEN("web", "web_stale_nonce")},
    {"{?Digest: ?}invalid {- w} {- T} received{- *}", LOGIN_FAILED("web_login")},
    {"{?Digest: ?}realm mismatch - {- *}", LOGIN_FAILED("web_login")},
    {"{?Digest: ?}unknown algorithm {- *}", LOGIN_FAILED("web_login")},
    {"client denied by server configuration: {file.path *}", SEEN("web", "web_denied")},
    {"client used wrong authentication scheme: {url.path *}", LOGIN_FAILED("web_login")},
    {"Authorization of user {user.name T} to access {url.path t} failed, reason: {- *}",
     LOGIN_FAILED("web_login")},
    {"File does not exist: {file.path t}, referer: {http.request.referrer *}",
     SEEN("web", "web_not_found")},
    {"File does not exist: {file.path *}", SEEN("web", "web_not_found")},
    {"script not found or unable to stat: {file.path *}", SEEN("web", "web_not_found")},
    {"script '{file.path t}' not found or unable to stat{- *}", SEEN("web", "web_not_found")},
    {"/bin/bash: warning: {- t}: ignoring function definition attempt", REFUSED("web_attack")},
    {"/bin/bash: error importing function definition for `{- *}", REFUSED("web_attack")},
    {"WAR [Login denied for user \"{user.name T}\"]{- *}", LOGIN_FAILED("web_login")},
    {"ERR [Login denied for user \"{user.name T}\"]{- *}", LOGIN_FAILED("web_login")},
    {"ERR [Could not retrieve user {user.name T} details]{- *}", LOGIN_FAILED("web_login")},
};
const struct pattern_list rows_apache_error = PATTERN_LIST(apache_rows);

static bool apache_error_begins(struct slice line, const struct decode_context *context)
{
    struct clock_time t;
    size_t n;

    (void)context;
    if (line.n < 24 || line.p[0] != '[')
        return false;
    n = clock_ctime(slice_from(line, 1), &t);
    return n > 0 && slice_starts(slice_from(line, n + 1), SLICE("] ["));
}

/* [module:level], [pid 1:tid 2], [client A:port]: between the time and the text. */
static void write_bracket(struct fields *f, struct slice s)
{
    size_t at;

    if (slice_starts(s, SLICE("pid "))) {
        s = slice_from(s, 4);
        fields_number(f, NAME_PID, slice_head(s, slice_find_byte(s, ':')));
    } else if (slice_starts(s, SLICE("client ")) || slice_starts(s, SLICE("remote "))) {
        s = slice_from(s, 7);
        at = slice_find_byte(s, '.') == SIZE_MAX ? SIZE_MAX : slice_find_byte(s, ':');
        if (s.n > 0 && s.p[0] == '[')
            at = slice_find(s, SLICE("]:")) == SIZE_MAX ? SIZE_MAX : slice_find(s, SLICE("]:")) + 1;
        if (at != SIZE_MAX)
            fields_number(f, NAME_SOURCE_PORT, slice_from(s, at + 1));
        (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, slice_head(s, at));
    } else if (!fields_has(f, NAME_LEVEL)) {
        at = slice_find_byte(s, ':');
        if (at != SIZE_MAX)
            fields_write(f, NAME_LOGGER, slice_head(s, at));
        fields_write(f, NAME_LEVEL, at == SIZE_MAX ? s : slice_from(s, at + 1));
    }
}

/* Where the bracket at the start of s ends: an address in it may be [in brackets] itself. */
static size_t bracket_end(struct slice s)
{
    size_t n = 1, depth = 1;

    while (n < s.n && n < FRONT_MAX) {
        depth += s.p[n] == '[';
        depth -= s.p[n] == ']';
        if (depth == 0)
            return n;
        n++;
    }
    return SIZE_MAX;
}

struct slice apache_error_details(struct line_reader *r, struct slice rest)
{
    struct fields *f = &r->fields;
    struct slice text;
    size_t n;

    /* at most level, pid and client: what follows is text that a client may have written */
    for (int i = 0; i < 3 && rest.n > 0 && rest.p[0] == '['; i++) {
        n = bracket_end(rest);
        if (n == SIZE_MAX || fields_has(f, NAME_SOURCE_IP))
            break;
        write_bracket(f, slice_of(rest.p + 1, n - 1));
        rest = slice_trim(slice_from(rest, n + 1));
    }
    text = rest;
    /* AH01618: */
    if (rest.n >= 8 && rest.p[0] == 'A' && rest.p[1] == 'H' && rest.p[7] == ':') {
        fields_write(f, NAME_CODE, slice_head(rest, 7));
        rest = slice_trim(slice_from(rest, 8));
    }
    (void)program_read(r->programs, f, SLICE("%apache"), rest, r->context);
    return text;
}

static bool apache_error_parse(struct line_reader *r, struct slice record)
{
    struct slice rest = slice_from(record, 1);
    struct clock_time t;
    size_t n = clock_ctime(rest, &t);

    if (n == 0 || n + 1 >= record.n || record.p[n + 1] != ']')
        return false;
    fields_time(&r->fields, t.t, t.zoned, t.digits);
    rest = apache_error_details(r, slice_trim(slice_from(rest, n + 1)));
    fields_write(&r->fields, NAME_MESSAGE, rest);
    return true;
}

const struct line_format line_apache_error = {
    .name = "apache-error",
    .begins = apache_error_begins,
    .parse = apache_error_parse,
    .sure = 97,
};
LINE_FORMAT(apache_error, "apache-error", .text = MSG_DECODE_FORMAT_APACHE_ERROR,
            .recognised = "[Www Mmm dd …] [",
            .fields = "log.level, source.ip, .port, user.name, event.code (AH…)",
            .tested = "fail2ban apache-auth 41 of 41 addresses");

static const struct pattern_row nginx_rows[] = {
    {"user \"{user.name T}\": password mismatch", LOGIN_FAILED("web_login")},
    {"user \"{user.name T}\" was not found in \"{- t}\"", LOGIN_FAILED("web_login")},
    {"user \"{user.name T}\": was not found in \"{- t}\"", LOGIN_FAILED("web_login")},
    {"no user/password was provided for basic authentication", SEEN("web", "web_login_asked")},
    {"PAM: user '{user.name T}' - not authenticated: {- *}", LOGIN_FAILED("web_login")},
    {"limiting requests, excess: {- w} by zone \"{- t}\"", REFUSED("web_limited")},
    {"delaying request, excess: {- w}, by zone \"{- t}\"", REFUSED("web_limited")},
    {"limiting connections by zone \"{- t}\"", REFUSED("web_limited")},
    {"access forbidden by rule", REFUSED("web_denied")},
    {"SSL_do_handshake() failed {- *}", REFUSED("web_tls_error")},
    {"SSL_read() failed {- *}", REFUSED("web_tls_error")},
    {"open() \"{file.path t}\" failed (2: {- *}", SEEN("web", "web_not_found")},
};
const struct pattern_list rows_nginx_error = PATTERN_LIST(nginx_rows);

static bool nginx_error_begins(struct slice line, const struct decode_context *context)
{
    struct clock_time t;
    size_t n;

    (void)context;
    if (line.n < 24 || line.p[4] != '/')
        return false;
    n = clock_iso(line, &t);
    return n > 0 && slice_starts(slice_from(line, n), SLICE(" ["));
}

static const struct slice nginx_client_name = SLICE_INIT(", client: ");
static const struct slice nginx_request_name = SLICE_INIT(", request: \"");

static size_t find_last(struct slice s, struct slice needle)
{
    for (size_t i = s.n >= needle.n ? s.n - needle.n + 1 : 0; i-- > 0;) {
        if (memcmp(s.p + i, needle.p, needle.n) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* Whether the message holds nothing that a client wrote: no quotes, or only a zone's name in them.
 */
static bool nginx_own_words(struct slice message)
{
    return slice_starts(message, SLICE("limiting ")) || slice_starts(message, SLICE("delaying ")) ||
           (slice_find_byte(message, '"') == SIZE_MAX &&
            slice_find_byte(message, '\'') == SIZE_MAX);
}

/*
 * Where the client stands behind the message, ", client: A, server: S, request: …", or SIZE_MAX.
 * nginx escapes nothing, so a user's name or a path may say all this, too: where the message holds
 * such, the client is known only when the words stand there once and the line is whole. Else
 * *ret_message is what the message most likely is, to be read for its wording.
 */
static size_t nginx_client(struct slice s, bool whole, struct slice *ret_message)
{
    size_t first = slice_find(s, nginx_client_name), last;

    *ret_message = slice_head(s, first);
    if (first == SIZE_MAX || nginx_own_words(*ret_message))
        return first;
    if (whole && slice_find(slice_from(s, first + 1), nginx_client_name) == SIZE_MAX)
        return first;
    last = find_last(slice_head(s, slice_find(s, nginx_request_name)), nginx_client_name);
    *ret_message = slice_head(s, last == SIZE_MAX ? first : last);
    return SIZE_MAX;
}

/* request: "R", upstream: "U", host: "H", referrer: "F": what the client wrote. */
static void nginx_request(struct fields *f, struct slice s)
{
    static const struct slice host_name = SLICE_INIT(", host: \"");
    static const struct slice referrer_name = SLICE_INIT(", referrer: \"");
    size_t at = slice_find(s, nginx_request_name);

    if (at == SIZE_MAX)
        return;
    s = slice_from(s, at + nginx_request_name.n - 1);
    web_request(f, web_value(&s));
    at = slice_find(s, host_name);
    if (at != SIZE_MAX) {
        s = slice_from(s, at + host_name.n - 1);
        fields_write(f, NAME_URL_DOMAIN, web_value(&s));
    }
    if (slice_starts(s, referrer_name)) {
        s = slice_from(s, referrer_name.n);
        fields_write(f, NAME_REFERRER, slice_head(s, s.n - (s.n > 0 && s.p[s.n - 1] == '"')));
    }
}

static void nginx_details(struct line_reader *r, struct slice s, bool whole)
{
    struct slice message, rest;
    size_t at = nginx_client(s, whole, &message);

    if (at != SIZE_MAX) {
        rest = slice_from(s, at + nginx_client_name.n);
        (void)fields_address(&r->fields, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN,
                             slice_head(rest, slice_find_byte(rest, ',')));
        nginx_request(&r->fields, rest);
    }
    (void)program_read(r->programs, &r->fields, SLICE("%nginx"), message, r->context);
}

static bool nginx_error_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct clock_time t;
    size_t n = clock_iso(record, &t), at;
    struct slice rest;

    if (n == 0 || !slice_starts(slice_from(record, n), SLICE(" [")))
        return false;
    fields_time(f, t.t, t.zoned, t.digits);
    rest = slice_from(record, n + 2);
    at = slice_find_byte(slice_head(rest, 16), ']');
    if (at == SIZE_MAX)
        return false;
    fields_write(f, NAME_LEVEL, slice_head(rest, at));
    rest = slice_trim(slice_from(rest, at + 1));
    at = slice_find_byte(slice_head(rest, 12), '#');
    if (at != SIZE_MAX) {
        fields_number(f, NAME_PID, slice_head(rest, at));
        at = slice_find(slice_head(rest, 40), SLICE(": "));
        rest = slice_from(rest, at == SIZE_MAX ? 0 : at + 2);
    }
    if (rest.n > 0 && rest.p[0] == '*') {
        at = slice_find_byte(slice_head(rest, 24), ' ');
        rest = slice_from(rest, at == SIZE_MAX ? 0 : at + 1);
    }
    fields_write(f, NAME_MESSAGE, rest);
    nginx_details(r, rest, record.n < NGINX_LINE_MAX);
    return true;
}

const struct line_format line_nginx_error = {
    .name = "nginx-error",
    .begins = nginx_error_begins,
    .parse = nginx_error_parse,
    .sure = 90,
};
LINE_FORMAT(nginx_error, "nginx-error", .text = MSG_DECODE_FORMAT_NGINX_ERROR,
            .recognised = "yyyy/mm/dd … [level]",
            .fields = "log.level, source.ip, url.*, http.request.*, user.name",
            .tested = "fail2ban nginx-http-auth 14 of 17, nginx-limit-req 8 of 9 addresses");
