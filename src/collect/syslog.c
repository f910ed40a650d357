/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/syslog.h"

#include "base/ascii.h"

enum { READ_STEP = 64 * 1024 };

void syslog_stream_init(struct syslog_stream *s)
{
    *s = (struct syslog_stream){.have = BUF_INIT(SYSLOG_MAX + READ_STEP + 16)};
}

void syslog_stream_done(struct syslog_stream *s)
{
    buf_done(&s->have);
}

uint8_t *syslog_stream_room(struct syslog_stream *s, size_t *ret_n)
{
    if (s->at > 0) {
        memmove(s->have.p, s->have.p + s->at, s->have.len - s->at);
        s->have.len -= s->at;
        s->at = 0;
    }
    *ret_n = CANH_MIN((size_t)READ_STEP, s->have.max - s->have.len);
    return buf_reserve(&s->have, *ret_n);
}

void syslog_stream_consume(struct syslog_stream *s, size_t n)
{
    s->have.len += n;
}

static struct slice rest_of(const struct syslog_stream *s)
{
    return slice_from(buf_slice(&s->have), s->at);
}

/* The count that begins a message, and how long it is with its blank; 0: there is none, or not all
 * of it yet (*ret_more). */
static size_t count_of(struct slice rest, uint64_t *ret, bool *ret_more)
{
    size_t i = 0;

    *ret = 0;
    *ret_more = false;
    if (rest.n == 0 || rest.p[0] < '1' || rest.p[0] > '9')
        return 0;
    while (i < rest.n && i < SYSLOG_COUNT_DIGITS && ascii_is_digit(rest.p[i]))
        *ret = *ret * 10 + (uint64_t)(rest.p[i++] - '0');
    if (i == rest.n && i < SYSLOG_COUNT_DIGITS) {
        *ret_more = true;
        return 0;
    }
    return i < rest.n && rest.p[i] == ' ' ? i + 1 : 0;
}

static size_t line_end(struct slice s)
{
    size_t line = slice_find_byte(s, '\n');
    size_t nul = slice_find_byte(line == SIZE_MAX ? s : slice_head(s, line), '\0');

    return nul != SIZE_MAX ? nul : line;
}

/* Counted messages from some senders end with a line end inside the count. */
struct slice syslog_datagram(struct slice s)
{
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r' || s.p[s.n - 1] == '\0'))
        s.n--;
    return s;
}

static bool syslog_emit(struct syslog_stream *s, struct slice text, bool truncated,
                        struct syslog_message *ret)
{
    *ret = (struct syslog_message){syslog_datagram(text), truncated};
    if (ret->text.n == 0)
        return false;
    s->messages++;
    s->truncated += truncated;
    return true;
}

/* 1: a message, 0: more bytes are needed, -1: something was passed over, go on. */
static int next_counted(struct syslog_stream *s, struct slice rest, size_t head, uint64_t count,
                        struct syslog_message *ret)
{
    bool over = count > SYSLOG_MAX;
    size_t n = over ? SYSLOG_MAX : (size_t)count;

    if (rest.n - head < n)
        return 0;
    s->at += head + n;
    s->skip = count - n;
    return syslog_emit(s, slice_of(rest.p + head, n), over, ret) ? 1 : -1;
}

static int next_line(struct syslog_stream *s, struct slice rest, struct syslog_message *ret)
{
    size_t end = line_end(slice_head(rest, SYSLOG_MAX + 1));

    if (end == SIZE_MAX && rest.n <= SYSLOG_MAX)
        return 0;
    if (end == SIZE_MAX) {
        s->at += SYSLOG_MAX;
        s->skip_line = true;
        return syslog_emit(s, slice_head(rest, SYSLOG_MAX), true, ret) ? 1 : -1;
    }
    s->at += end + 1;
    return syslog_emit(s, slice_head(rest, end), false, ret) ? 1 : -1;
}

/* Passes over what is left of a message over the limit; false: more bytes are needed. */
static bool skip_rest(struct syslog_stream *s)
{
    struct slice rest = rest_of(s);
    size_t end;

    if (s->skip > 0) {
        size_t n = (size_t)CANH_MIN(s->skip, (uint64_t)rest.n);

        s->at += n;
        s->skip -= n;
        return s->skip == 0;
    }
    end = line_end(rest);
    s->at += end == SIZE_MAX ? rest.n : end + 1;
    s->skip_line = end == SIZE_MAX;
    return !s->skip_line;
}

bool syslog_stream_next(struct syslog_stream *s, struct syslog_message *ret)
{
    for (;;) {
        struct slice rest;
        uint64_t count;
        size_t head;
        bool more;
        int r;

        if ((s->skip > 0 || s->skip_line) && !skip_rest(s))
            return false;
        rest = rest_of(s);
        if (rest.n == 0)
            return false;
        head = count_of(rest, &count, &more);
        if (more)
            return false;
        r = head ? next_counted(s, rest, head, count, ret) : next_line(s, rest, ret);
        if (r >= 0)
            return r > 0;
    }
}

bool syslog_stream_rest(struct syslog_stream *s, struct syslog_message *ret)
{
    struct slice rest = rest_of(s);
    bool skipped = s->skip > 0 || s->skip_line;

    s->at = s->have.len;
    return !skipped && syslog_emit(s, slice_head(rest, SYSLOG_MAX), rest.n > SYSLOG_MAX, ret);
}
