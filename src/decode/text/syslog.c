/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/syslog.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/syslog_internal.h"

enum { TOKEN_MAX = 255, RELAYS_MAX = 3, PRIORITY_MAX = 191 };

/* Bytes of <PRI> at the start, 0 when there is none. */
static size_t syslog_priority(struct slice s, int64_t *ret)
{
    size_t end = slice_find_byte(slice_head(s, 5), '>');

    if (s.n == 0 || s.p[0] != '<' || end == SIZE_MAX ||
        num_range(slice_of(s.p + 1, end - 1), 0, PRIORITY_MAX, ret) < 0 || !ascii_is_digit(s.p[1]))
        return 0;
    return end + 1;
}

size_t syslog_read_priority(struct fields *f, struct slice s)
{
    int64_t value;
    size_t n = syslog_priority(s, &value);

    if (n == 0)
        return 0;
    fields_number(f, NAME_PRIORITY, slice_of(s.p + 1, n - 2));
    fields_number_u64(f, NAME_FACILITY, (uint64_t)value / 8);
    fields_number_u64(f, NAME_SEVERITY, (uint64_t)value % 8);
    return n;
}

void syslog_write_names(struct fields *f, const struct syslog_head *head)
{
    fields_write(f, NAME_HOST, head->host);
    fields_write(f, NAME_PROGRAM, head->program);
    fields_number(f, NAME_PID, head->pid);
}

/* Any time that a syslog head begins with. */
static size_t any_time(struct slice s, const struct decode_context *context, struct clock_time *ret)
{
    size_t n;

    if (s.n == 0)
        return 0;
    if (ascii_is_digit(s.p[0])) {
        n = clock_iso(s, ret);
        if (n > 0)
            return n == s.n || s.p[n] == ' ' || s.p[n] == ':' || s.p[n] == '\t' ? n : 0;
    }
    return clock_bsd(s, context, ret);
}

bool syslog_recognise(struct slice line, const struct decode_context *context)
{
    struct clock_time t;
    int64_t value;

    return syslog_priority(line, &value) > 0 || any_time(line, context, &t) > 0;
}

static struct slice syslog_token(struct slice s)
{
    size_t n = 0;

    while (n < s.n && n <= TOKEN_MAX && s.p[n] != ' ' && s.p[n] != '\t')
        n++;
    return slice_head(s, n);
}

static struct slice skip_blanks(struct slice s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = slice_from(s, 1);
    return s;
}

static bool tag_char(uint8_t c)
{
    return c > ' ' && c != '[' && c != ']' && c != ':' && c != '"' && c != '=' && c != '{' &&
           c != '%' && c != 127;
}

/*
 * `name:`, `name[pid]:`, `name[pid]`, and behind a host `name 1.2:`. Bytes taken with the blank
 * behind; 0: no tag.
 */
static size_t read_tag(struct slice s, bool versions, struct syslog_head *ret)
{
    size_t n = 0, end, name = SIZE_MAX;
    struct slice pid = SLICE_NULL;

    while (n < s.n && n <= TOKEN_MAX && tag_char(s.p[n]))
        n++;
    if (n == 0 || s.p[0] == '<' || n == s.n || n > TOKEN_MAX)
        return 0;
    if (versions && s.p[n] == ' ' && n + 1 < s.n && ascii_is_digit(s.p[n + 1])) {
        size_t v = n + 1;

        while (v < s.n && (ascii_is_digit(s.p[v]) || s.p[v] == '.'))
            v++;
        if (v + 1 >= s.n || s.p[v] != ':' || s.p[v + 1] != ' ')
            return 0;
        n = v;
    }
    if (s.p[n] == ' ' && n + 2 < s.n && s.p[n + 1] == '[' && ascii_is_digit(s.p[n + 2]))
        name = n++; /* sogod [26818]: */
    if (s.p[n] == '[') {
        size_t close = slice_find_byte(slice_head(slice_from(s, n), 140), ']');

        if (close == SIZE_MAX || close == 1)
            return 0;
        pid = slice_of(s.p + n + 1, close - 1);
        end = n + close + 1;
        if (slice_find_byte(pid, ' ') != SIZE_MAX)
            return 0;
        if (end < s.n && s.p[end] == ':')
            end++;
        else if (name != SIZE_MAX || (end < s.n && s.p[end] != ' '))
            return 0;
    } else if (s.p[n] == ':' && (n + 1 == s.n || s.p[n + 1] == ' ' || s.p[n + 1] == '\t')) {
        end = n + 1;
    } else {
        return 0;
    }
    ret->program = slice_head(s, CANH_MIN(n, name));
    ret->pid = pid;
    if (end < s.n && (s.p[end] == ' ' || s.p[end] == '\t'))
        end++;
    return end;
}

/* A message behind its tag's place that begins like one of Cisco, %FAC-5-NAME. */
static bool percent_code(struct slice s)
{
    return s.n > 2 && s.p[0] == '%' && (ascii_is_upper(s.p[1]) || s.p[1] == '%');
}

/* What whoever reads it takes for a time again: a relay has put its own head in front. */
static bool another_head(struct slice s, const struct decode_context *context)
{
    struct clock_time t;
    int64_t value;
    size_t n = syslog_priority(s, &value);

    return any_time(slice_from(s, n), context, &t) > 0;
}

/* `[name]` or `[name]:`: a host when a tag follows, else the program. */
static struct slice read_bracketed(struct slice s, struct slice first, struct syslog_head *head)
{
    struct syslog_head next = {0};
    bool colon = first.p[first.n - 1] == ':';
    struct slice name = slice_of(first.p + 1, first.n - 2 - (size_t)colon);
    struct slice rest = skip_blanks(slice_from(s, first.n));

    if (colon || read_tag(rest, true, &next) == 0) {
        head->program = name;
        return rest;
    }
    head->host = name;
    return rest;
}

/* Topics of MikroTik: "system,error,critical". */
static bool syslog_topics(struct slice s)
{
    bool comma = false;

    for (size_t i = 0; i < s.n; i++) {
        if (!(ascii_is_lower(s.p[i]) || s.p[i] == ',' || s.p[i] == '-' || s.p[i] == '!'))
            return false;
        comma |= s.p[i] == ',';
    }
    return comma;
}

static struct slice read_host(struct slice s, struct syslog_head *head)
{
    struct slice first = syslog_token(s), rest;
    size_t tag;

    if (first.n > 2 && first.p[0] == '[' &&
        (first.p[first.n - 1] == ']' || slice_ends(first, SLICE("]:"))))
        return read_bracketed(s, first, head);
    tag = read_tag(s, false, head);
    if (tag > 0) {
        /* "fw01 : %ASA", "fw01: %ASA-6": the name before it is the host's */
        struct slice after = skip_blanks(slice_from(s, tag));

        if (head->pid.n == 0 && percent_code(after)) {
            head->host = head->program;
            head->program = SLICE_NULL;
            return after;
        }
        return slice_from(s, tag);
    }
    rest = slice_from(s, first.n);
    if (rest.n == 0 || percent_code(first) || syslog_topics(first))
        return s;
    head->host = first;
    rest = skip_blanks(rest);
    if (slice_starts(rest, SLICE(": ")) && percent_code(slice_from(rest, 2)))
        return slice_from(rest, 2);
    return rest;
}

/* 137: or : or 137: sw01: before the time, a star or a dot on a clock that is not set. */
static struct slice read_cisco(struct fields *f, struct slice s, struct syslog_head *head)
{
    struct slice first = syslog_token(s), rest = skip_blanks(slice_from(s, first.n)), second;

    if (first.n > 0 && first.p[first.n - 1] == ':' &&
        (first.n == 1 || ascii_all(ascii_is_digit, slice_head(first, first.n - 1)))) {
        fields_number(f, NAME_SEQUENCE, slice_head(first, first.n - 1));
        s = rest;
        second = syslog_token(s);
        if (second.n > 1 && second.p[second.n - 1] == ':' && second.p[0] != '*' &&
            second.p[0] != '.' && second.p[0] != '%') {
            head->host = slice_head(second, second.n - 1);
            s = skip_blanks(slice_from(s, second.n));
        }
    }
    if (s.n > 1 && (s.p[0] == '*' || s.p[0] == '.') && ascii_is_upper(s.p[1])) {
        fields_add(f, f->known[NAME_CLOCK], field_name_text(NAME_CLOCK), SLICE("false"),
                   VALUE_BOOL);
        s = slice_from(s, 1);
    }
    return s;
}

/* "[ID 800047 auth.info] " of Solaris before the text. */
static struct slice skip_solaris(struct slice s)
{
    size_t end;

    if (!slice_starts(s, SLICE("[ID ")))
        return s;
    end = slice_find_byte(slice_head(s, 48), ']');
    return end == SIZE_MAX ? s : skip_blanks(slice_from(s, end + 1));
}

/* One head; false when there is no time where one should be. */
static bool read_one(struct fields *f, struct slice *s, const struct decode_context *context,
                     struct syslog_head *head, struct clock_time *ret_time)
{
    struct slice at = read_cisco(f, *s, head);
    struct clock_time t;
    size_t n = any_time(at, context, &t);

    if (n == 0)
        return false;
    *ret_time = t;
    at = slice_from(at, n);
    if (at.n > 0 && at.p[0] == ':')
        at = slice_from(at, 1);
    at = skip_blanks(at);
    if (head->host.n == 0 && !percent_code(at))
        at = read_host(at, head);
    *s = at;
    return true;
}

/* RFC 5424 puts a version behind the priority. */
static bool has_version(struct slice s)
{
    size_t gap = slice_find_byte(slice_head(s, 4), ' ');

    return gap != SIZE_MAX && ascii_all(ascii_is_digit, slice_head(s, gap)) && s.p[0] != '0';
}

/* The heads that relays have put before the sender's: the sender's own counts. */
static void read_relayed(struct fields *f, const struct decode_context *context,
                         struct syslog_head *head, struct clock_time *t)
{
    for (int i = 0; i < RELAYS_MAX && head->program.n == 0 && another_head(head->message, context);
         i++) {
        struct syslog_head inner = {0};
        struct clock_time inner_time;
        int64_t ignored;

        inner.message = slice_from(head->message, syslog_priority(head->message, &ignored));
        if (!read_one(f, &inner.message, context, &inner, &inner_time))
            return;
        if (inner.host.n == 0)
            inner.host = head->host;
        if (inner_time.t != TIME_NONE && (inner_time.zoned || !t->zoned))
            *t = inner_time;
        *head = inner;
    }
}

bool syslog_read_head(struct fields *f, struct slice line, const struct decode_context *context,
                      struct syslog_head *ret)
{
    struct clock_time t = {.t = TIME_NONE};
    uint32_t mark = f->count;
    int64_t value;
    size_t n = syslog_priority(line, &value);

    if (n > 0 && has_version(slice_from(line, n))) {
        if (syslog_read_5424(f, line, ret) == 0 || ret->message.p != NULL)
            return true;
        f->count = mark;
    }
    *ret = (struct syslog_head){.message = slice_from(line, n)};
    (void)syslog_read_priority(f, line);
    if (read_one(f, &ret->message, context, ret, &t)) {
        read_relayed(f, context, ret, &t);
        fields_time(f, t.t, t.zoned, t.digits);
    } else if (n == 0) {
        return false;
    } else { /* a priority and no time: a tag may stand, or nothing at all */
        ret->message = slice_from(ret->message, read_tag(ret->message, false, ret));
    }
    if (ret->program.n == 0 && ret->host.n > 0)
        ret->message = slice_from(ret->message, read_tag(ret->message, true, ret));
    ret->message = skip_solaris(ret->message);
    syslog_write_names(f, ret);
    return true;
}
