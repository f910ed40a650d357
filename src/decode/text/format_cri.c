/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of containers as Kubernetes' nodes keep them: a time, the stream, a tag and what the program
 * wrote, which is read as the line that it is.
 *
 * Source: Kubernetes, "CRI: log management for container stdout/stderr streams" (kubelet's
 * pkg/kubelet/kuberuntime/logs: RFC 3339 with nanoseconds, stdout or stderr, tags with colons
 * between, the first F for a full line and P for a part of one).
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

static bool cri_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct cri_line cri;

    if (!read_cri(record, &cri))
        return false;
    if (!read_message(r, &cri))
        fields_write(f, NAME_MESSAGE, cri.message);
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
    .sure = 97,
};
LINE_FORMAT(cri, "cri", .text = MSG_DECODE_FORMAT_CRI,
            .recognised = "a time, stdout or stderr, F or P",
            .fields = "as the line or document behind it, stream",
            .tested = "constructed after kubelet's source");
