/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal redact: takes out a record that should never have been written. */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/journal/look.h"
#include "cli/session.h"
#include "journal/care.h"
#include "lang/msg_cli.h"
#include "lang/msg_journal.h"

struct redact_options {
    const char *dir, *stream, *reason;
};

/* Who: the name that the audit of the state would have. */
static int redact(struct app *app, struct journal_look *l, const struct redact_options *o,
                  uint64_t offset)
{
    const char *login = getenv("SUDO_USER") ? getenv("SUDO_USER") : getenv("USER");
    struct journal_redaction what = {.offset = offset,
                                     .who = slice_str(login ? login : "admin"),
                                     .why = slice_str(o->reason),
                                     .now = time_now()};
    struct err err = ERR_INIT;
    int r =
        journal_stream(l->journal, o->stream ? o->stream : "events/default", &what.stream, &err);

    if (r == 0)
        r = journal_redact(l->journal, &what, &err);
    if (r < 0)
        return node_fail(app, &err);
    app_say(app, MSG_JOURNAL_REDACTED_NOW, (unsigned long long)offset);
    return 0;
}

static int run_redact(struct app *app, const void *values, const struct operands *operands)
{
    const struct redact_options *o = values;
    struct look_reason why = {.purpose = o->reason};
    struct journal_look l;
    uint64_t offset;
    int status;

    if (o->reason == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "reason");
    if (num_u64(slice_str(operands->items[0]), &offset) < 0)
        return app_usage(app, MSG_JOURNAL_NO_OFFSET, operands->items[0]);
    status = look_open_to_write(app, o->dir, &l);
    if (status == 0)
        status = look_audit(app, &l.place, &why, "redact", slice_str(operands->items[0]));
    if (status == 0)
        status = redact(app, &l, o, offset);
    look_close(&l);
    return status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct redact_options),
    OPTION_TEXT("stream", 0, struct redact_options, stream, "NAME", COMPLETE_NONE,
                MSG_JOURNAL_OPT_STREAM),
    OPTION_TEXT("reason", 0, struct redact_options, reason, "TEXT", COMPLETE_NONE,
                MSG_JOURNAL_OPT_REASON),
};

const struct verb verb_journal_redact = {
    .name = "redact",
    .summary = MSG_JOURNAL_REDACT,
    .about = MSG_JOURNAL_REDACT_ABOUT,
    .operands = "OFFSET",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct redact_options),
    .run = run_redact,
};
