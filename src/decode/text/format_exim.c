/* SPDX-License-Identifier: Apache-2.0 */
/* Exim's own main log: a time without host and tag. Source: Exim manual, chapter "Log files". */
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/mail.h"
#include "lang/msg_decode.h"

static bool starts_one(struct slice s)
{
    static const char *const words[] = {"<= ",
                                        "=> ",
                                        "-> ",
                                        "** ",
                                        "== ",
                                        "H=",
                                        "SMTP ",
                                        "no MAIL in",
                                        "no host name found",
                                        "no IP address found",
                                        "Completed",
                                        "Start queue run",
                                        "End queue run",
                                        "exim "};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_starts(s, slice_str(words[i])))
            return true;
    }
    return slice_find(slice_head(s, 64), SLICE(" authenticator failed for")) != SIZE_MAX;
}

static bool exim_begins(struct slice line, const struct decode_context *context)
{
    struct clock_time t;

    (void)context;
    if (line.n < 20 || line.p[10] != ' ' || clock_iso(line, &t) == 0)
        return false;
    return starts_one(exim_prepare(NULL, line));
}

static bool exim_parse(struct line_reader *r, struct slice record)
{
    struct clock_time t;
    size_t n = clock_iso(record, &t);
    struct slice rest;

    if (!exim_begins(record, r->context))
        return false;
    fields_time(&r->fields, t.t, t.zoned, t.digits);
    rest = slice_trim(slice_from(record, n));
    fields_write(&r->fields, NAME_PROGRAM, SLICE("exim"));
    fields_write(&r->fields, NAME_MESSAGE, rest);
    (void)program_read(r->programs, &r->fields, SLICE("exim"), rest, r->context);
    return true;
}

const struct line_format line_exim = {
    .name = "exim",
    .begins = exim_begins,
    .parse = exim_parse,
    .sure = 80,
};
LINE_FORMAT(exim, "exim", .text = MSG_DECODE_FORMAT_EXIM, .recognised = "ISO time and Exim's marks",
            .fields = "mail.*, source.ip, user.name", .tested = "fail2ban exim 47 of 48 addresses");
