/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of containers as Kubernetes' nodes keep them: a time, the stream, a tag and what the program
 * wrote, which is read as the line that it is.
 *
 * Source: Kubernetes, "CRI: log management for container stdout/stderr streams" (kubelet's
 * pkg/kubelet/kuberuntime/logs: RFC 3339 with nanoseconds, stdout or stderr, tags with colons
 * between, the first F for a full line and P for a part of one). Parts of a line stand one behind
 * another, up to its end, and are read as one; where the other stream wrote between them, each is a
 * record of its own.
 */
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "lang/msg_decode.h"

struct cri_line {
    struct clock_time time;
    struct slice stream, message;
    bool partial;
};

static bool read_cri(struct slice line, struct cri_line *ret)
{
    size_t n = clock_iso(line, &ret->time);
    struct slice rest = slice_from(line, n + 1), tag;

    if (n == 0 || n >= line.n || line.p[n] != ' ' || !ret->time.zoned ||
        !slice_cut(&rest, ' ', &ret->stream) || rest.p == NULL ||
        !(slice_is(ret->stream, "stdout") || slice_is(ret->stream, "stderr")))
        return false;
    (void)slice_cut(&rest, ' ', &tag);
    tag = slice_trim(tag); /* an empty message */
    ret->message = rest.p != NULL ? rest : SLICE("");
    ret->partial = tag.n > 0 && tag.p[0] == 'P';
    return (ret->partial || (tag.n > 0 && tag.p[0] == 'F')) && (tag.n == 1 || tag.p[1] == ':');
}

enum { HEAD_LEAST = 20, HEAD_MOST = 64 /* of a line, in which the tag stands */ };

/* A part; most lines are told by their first bytes to be none. */
static bool is_part(struct slice line, struct cri_line *ret)
{
    struct slice head = slice_from(slice_head(line, HEAD_MOST), HEAD_LEAST);

    return slice_find(head, SLICE(" P")) != SIZE_MAX && read_cri(line, ret) && ret->partial;
}

/* Whether the line goes on with what that stream wrote. */
static bool is_of(struct slice line, struct slice stream)
{
    struct cri_line cri;

    return read_cri(line, &cri) && slice_eq(cri.stream, stream);
}

/* Bytes of the record; 0 where more of it may come. */
static size_t cri_ends(struct slice s)
{
    struct cri_line part;
    size_t at = 0, end;

    while ((end = slice_find_byte(slice_from(s, at), '\n')) != SIZE_MAX) {
        struct slice next = slice_from(s, at + end + 1);
        bool whole = slice_find_byte(next, '\n') != SIZE_MAX;

        if (!is_part(slice_of(s.p + at, end), &part))
            return at + end + 1;
        at += end + 1;
        if (whole
                ? !is_of(slice_head(next, slice_find_byte(next, '\n')), part.stream)
                : is_of(next, slice_is(part.stream, "stdout") ? SLICE("stderr") : SLICE("stdout")))
            return at;
    }
    return 0;
}

static bool cri_joins(struct slice record, struct slice line)
{
    size_t at = record.n;
    struct cri_line part;

    while (at > 0 && record.p[at - 1] != '\n')
        at--;
    return is_part(slice_from(record, at), &part) && (line.p == NULL || is_of(line, part.stream));
}

static bool cri_begins(struct slice line, const struct decode_context *context)
{
    struct cri_line cri;

    (void)context;
    return read_cri(line, &cri);
}

/* A document, or a line of a format that is known; of a part only the latter can be told. */
static bool read_message(struct line_reader *r, const struct cri_line *cri)
{
    struct slice message = slice_trim(cri->message);
    struct cri_line inner;

    if (message.n == 0 || read_cri(message, &inner)) /* no depth without an end */
        return false;
    if (message.p[0] == '{' && !cri->partial) {
        buf_append_slice(&r->document, message);
        return false;
    }
    return line_reader_any(r, message, NULL);
}

/* What the parts hold together, in the reader's buffer; of the last whether more was to come. */
static void join_parts(struct line_reader *r, struct slice parts, struct cri_line *cri)
{
    struct slice line;

    buf_clear(&r->joined);
    while (slice_cut(&parts, '\n', &line)) {
        struct cri_line part;

        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (!read_cri(line, &part))
            part = (struct cri_line){.message = line, .partial = true};
        buf_append_slice(&r->joined, part.message);
        cri->partial = part.partial;
    }
    cri->message = buf_slice(&r->joined);
}

static bool cri_parse(struct line_reader *r, struct slice record)
{
    size_t end = slice_find_byte(record, '\n');
    struct fields *f = &r->fields;
    struct cri_line cri;

    if (!read_cri(slice_head(record, CANH_MIN(end, record.n)), &cri))
        return false;
    if (end != SIZE_MAX)
        join_parts(r, record, &cri);
    if (!read_message(r, &cri))
        fields_write(f, NAME_MESSAGE, cri.message);
    f->lost |= end != SIZE_MAX && r->joined.err != 0;
    /* that of the line where it names its zone: then it is when it happened */
    if (f->time == TIME_NONE)
        fields_time(f, cri.time.t, true, cri.time.digits);
    fields_own(f, SLICE("stream"), cri.stream);
    return true;
}

const struct line_format line_cri = {
    .name = "cri",
    .begins = cri_begins,
    .parse = cri_parse,
    .ends = cri_ends,
    .sure = 97,
};
LINE_FORMAT(cri, "cri", .joins = cri_joins, .text = MSG_DECODE_FORMAT_CRI,
            .recognised = "a time, stdout or stderr, F or P",
            .fields = "as the line or document behind it, stream",
            .tested = "constructed after kubelet's source");
