/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "base/buf.h"
#include "base/err.h"
#include "decode/text/clock.h"
#include "decode/text/syslog.h"
#include "decode/text/syslog_internal.h"

/* RFC 5424, section 6 and 6.3.2. */
enum {
    HOST_MAX = 255,
    PROGRAM_MAX = 48,
    PID_MAX = 128,
    MSGID_MAX = 32,
    SD_NAME_MAX = 32,
    SD_ELEMENTS_MAX = 64
};

struct reader {
    struct slice s;
    size_t at;
    bool lenient; /* "]" may stand in a value without a backslash, as many senders write it */
};

static bool read_byte(struct reader *r, uint8_t c)
{
    if (r->at >= r->s.n || r->s.p[r->at] != c)
        return false;
    r->at++;
    return true;
}

/* 1 to most bytes of %d33-126. */
static bool read_word(struct reader *r, size_t most, struct slice *ret)
{
    size_t from = r->at;

    while (r->at < r->s.n && r->s.p[r->at] > ' ' && r->s.p[r->at] < 127)
        r->at++;
    *ret = slice_of(r->s.p + from, r->at - from);
    return ret->n > 0 && ret->n <= most;
}

static bool is_nil(struct slice s)
{
    return slice_is(s, "-");
}

static bool read_sd_name(struct reader *r, struct slice *ret)
{
    size_t from = r->at;

    while (r->at < r->s.n && r->s.p[r->at] > ' ' && r->s.p[r->at] < 127 && r->s.p[r->at] != '=' &&
           r->s.p[r->at] != ']' && r->s.p[r->at] != '"')
        r->at++;
    *ret = slice_of(r->s.p + from, r->at - from);
    return ret->n > 0 && ret->n <= SD_NAME_MAX;
}

/* Without the backslashes before ", \ and ]. */
static struct slice syslog_5424_unescape(struct fields *f, struct slice s)
{
    uint8_t *to = fields_scratch(f, s.n);
    size_t n = 0;

    if (to == NULL)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n &&
            (s.p[i + 1] == '"' || s.p[i + 1] == '\\' || s.p[i + 1] == ']'))
            i++;
        to[n++] = s.p[i];
    }
    return slice_of(to, n);
}

static bool syslog_5424_read_value(struct fields *f, struct reader *r, struct slice *ret)
{
    size_t from;
    bool escaped = false;

    if (!read_byte(r, '"'))
        return false;
    for (from = r->at; r->at < r->s.n && r->s.p[r->at] != '"'; r->at++) {
        if (r->s.p[r->at] == ']' && !r->lenient)
            return false;
        if (r->s.p[r->at] == '\\' && r->at + 1 < r->s.n) {
            escaped = true;
            r->at++;
        }
    }
    if (r->at >= r->s.n)
        return false;
    *ret = slice_of(r->s.p + from, r->at - from);
    if (escaped)
        *ret = syslog_5424_unescape(f, *ret);
    return read_byte(r, '"');
}

/* sd.<id>.<name> */
static void write_sd(struct fields *f, struct slice id, struct slice name, struct slice value)
{
    size_t n = 3 + id.n + 1 + name.n;
    uint8_t *p = fields_scratch(f, n);

    if (p == NULL)
        return;
    memcpy(p, "sd.", 3);
    memcpy(p + 3, id.p, id.n);
    p[3 + id.n] = '.';
    memcpy(p + 4 + id.n, name.p, name.n);
    fields_own(f, slice_of(p, n), value);
}

static bool read_element(struct fields *f, struct reader *r, struct slice *ret_id)
{
    struct slice name, value;

    if (!read_byte(r, '[') || !read_sd_name(r, ret_id))
        return false;
    while (read_byte(r, ' ')) {
        if (!read_sd_name(r, &name) || !read_byte(r, '=') || !syslog_5424_read_value(f, r, &value))
            return false;
        write_sd(f, *ret_id, name, value);
    }
    return read_byte(r, ']');
}

static bool read_data(struct fields *f, struct reader *r)
{
    struct slice ids[SD_ELEMENTS_MAX];
    size_t count = 0;

    if (read_byte(r, '-'))
        return true;
    do {
        if (count == SD_ELEMENTS_MAX || !read_element(f, r, &ids[count]))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (slice_eq(ids[i], ids[count]))
                return false;
        }
        count++;
    } while (r->at < r->s.n && r->s.p[r->at] == '[');
    return true;
}

/* SP STRUCTURED-DATA, and behind it a blank or nothing. */
static bool data_and_blank(struct fields *f, struct reader *r)
{
    return read_byte(r, ' ') && read_data(f, r) && (r->at == r->s.n || r->s.p[r->at] == ' ');
}

/* FULL-DATE "T" FULL-TIME with at most six digits of fraction, or nothing. */
static bool read_time(struct fields *f, struct reader *r)
{
    struct slice word;
    struct clock_time t;

    if (!read_word(r, 40, &word))
        return false;
    if (is_nil(word))
        return true;
    if (clock_iso(word, &t) != word.n || word.p[10] != 'T' || word.p[4] != '-' || !t.zoned ||
        slice_find_byte(word, ',') != SIZE_MAX || t.digits > 6)
        return false;
    fields_time(f, t.t, true, t.digits);
    return true;
}

static bool read_version(struct fields *f, struct reader *r)
{
    size_t from = r->at;

    while (r->at < r->s.n && ascii_is_digit(r->s.p[r->at]))
        r->at++;
    if (r->at == from || r->at - from > 3 || r->s.p[from] == '0')
        return false;
    if (r->at < r->s.n && r->s.p[r->at] != ' ')
        return false;
    fields_number(f, NAME_VERSION, slice_of(r->s.p + from, r->at - from));
    return true;
}

static bool read_names(struct fields *f, struct reader *r, struct syslog_head *ret)
{
    struct slice msgid;

    if (!read_word(r, HOST_MAX, &ret->host) || !read_byte(r, ' ') ||
        !read_word(r, PROGRAM_MAX, &ret->program) || !read_byte(r, ' ') ||
        !read_word(r, PID_MAX, &ret->pid) || !read_byte(r, ' ') || !read_word(r, MSGID_MAX, &msgid))
        return false;
    ret->host = is_nil(ret->host) ? SLICE_NULL : ret->host;
    ret->program = is_nil(ret->program) ? SLICE_NULL : ret->program;
    ret->pid = is_nil(ret->pid) ? SLICE_NULL : ret->pid;
    if (!is_nil(msgid))
        fields_write(f, NAME_MSGID, msgid);
    return true;
}

int syslog_read_5424(struct fields *f, struct slice text, struct syslog_head *ret)
{
    struct reader r = {.s = text};
    uint32_t mark;
    size_t sd;

    *ret = (struct syslog_head){0};
    r.at = syslog_read_priority(f, text);
    if (r.at == 0 || !read_version(f, &r) || !read_byte(&r, ' ') || !read_time(f, &r) ||
        !read_byte(&r, ' ') || !read_names(f, &r, ret))
        return -CE_SYNTAX;
    syslog_write_names(f, ret);
    sd = r.at;
    mark = f->count;
    if (!data_and_blank(f, &r)) {
        f->count = mark;
        r.at = sd;
        r.lenient = true;
        if (!data_and_blank(f, &r)) {
            f->count = mark;
            r.at = CANH_MIN(sd, text.n);
        }
    }
    ret->message = slice_from(text, r.at + 1);
    if (slice_starts(ret->message, SLICE("\xEF\xBB\xBF")))
        ret->message = slice_from(ret->message, 3);
    return r.lenient ? -CE_SYNTAX : 0;
}
