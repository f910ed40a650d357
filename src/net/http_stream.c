/* SPDX-License-Identifier: Apache-2.0 */
/* Replies that go on: what is sent waits until the other side takes it, at most stream_max. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "net/http_internal.h"

static void stream_unlink(struct http_stream *st)
{
    *st->link = st->next;
    if (st->next)
        st->next->link = st->link;
    st->server->counts.streams--;
}

void http_stream_end(void *cls)
{
    struct http_stream *st = cls;

    stream_unlink(st);
    st->ended(st->user);
    buf_done(&st->waiting);
    free(st);
}

ssize_t http_stream_read(void *cls, uint64_t at, char *to, size_t max)
{
    struct http_stream *st = cls;
    size_t n = CANH_MIN(st->waiting.len - st->sent, max);

    (void)at;
    if (n == 0 && st->closing)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (n == 0) {
        st->suspended = true;
        MHD_suspend_connection(st->con);
        return 0;
    }
    canh_assert(st->sent + n <= st->waiting.len);
    memcpy(to, st->waiting.p + st->sent, n);
    st->sent += n;
    if (st->sent == st->waiting.len) {
        st->sent = 0;
        buf_clear(&st->waiting);
    }
    return (ssize_t)n;
}

struct http_stream *http_stream_open(struct http_exchange *x, void (*ended)(void *user), void *user)
{
    struct http_server *s = x->server;
    struct http_stream *st = calloc(1, sizeof(*st));

    if (st == NULL)
        return NULL;
    st->server = s;
    st->con = request_of(x)->con;
    st->fd = MHD_get_connection_info(st->con, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    st->waiting = BUF_INIT(s->limits.stream_max);
    st->ended = ended;
    st->user = user;
    st->next = s->streams;
    st->link = &s->streams;
    if (st->next)
        st->next->link = &st->next;
    s->streams = st;
    s->counts.streams++;
    x->reply.stream = st;
    http_reply_header(x, "X-Accel-Buffering", SLICE("no")); /* nginx would keep it back */
    return st;
}

static void stream_resume(struct http_stream *st)
{
    if (!st->suspended)
        return;
    st->suspended = false;
    http_resume(st->server, st->con);
}

bool http_stream_send(struct http_stream *st, struct slice s)
{
    if (st->closing)
        return false;
    if (st->sent > 0) {
        memmove(st->waiting.p, st->waiting.p + st->sent, st->waiting.len - st->sent);
        st->waiting.len -= st->sent;
        st->sent = 0;
    }
    if (s.n > st->waiting.max - st->waiting.len) {
        http_stream_close(st);
        return false;
    }
    buf_append_slice(&st->waiting, s);
    stream_resume(st);
    return st->waiting.err == 0;
}

void http_stream_close(struct http_stream *st)
{
    st->closing = true;
    stream_resume(st);
}
