/* SPDX-License-Identifier: Apache-2.0 */
/* canh journal redact: takes out a record that should never have been written. */
#include "base/num.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/journal/local.h"
#include "cli/session.h"
#include "control/wire.h"
#include "journal/care.h"
#include "lang/msg_cli.h"
#include "lang/msg_journal.h"

struct redact_options {
    const char *dir, *stream, *reason;
};

static int redact_apply(struct app *app, struct local_journal *l, const struct redact_options *o,
                        uint64_t offset)
{
    struct journal_redaction what = {.offset = offset,
                                     .who = machine_login(),
                                     .why = slice_str(o->reason),
                                     .now = time_now()};
    struct err err = ERR_INIT;
    int r =
        journal_stream(l->journal, o->stream ? o->stream : "events/default", &what.stream, &err);

    if (r == 0)
        r = journal_redact(l->journal, &what, &err);
    if (r < 0)
        return node_fail(app, &err);
    app_print(app, MSG_JOURNAL_REDACTED_NOW, (unsigned long long)offset);
    return 0;
}

static int redact_here(struct app *app, const struct redact_options *o, const char *text,
                       uint64_t offset)
{
    struct access_reason why = {.purpose = o->reason};
    struct local_journal l;
    int status = local_journal_open_to_write(app, o->dir, &l);

    if (status == 0)
        status = access_audit(app, &l.place, &why, "redact", slice_str(text));
    if (status == 0)
        status = redact_apply(app, &l, o, offset);
    local_journal_close(&l);
    return status;
}

static int redact_of_node(struct app *app, const struct place *place,
                          const struct redact_options *o, const char *text, uint64_t offset)
{
    struct control_args args = {.count = 0};
    int status;

    (void)control_write(&args, "stream", slice_str(o->stream ? o->stream : "events/default"));
    (void)control_write(&args, "offset", slice_str(text));
    (void)control_write(&args, "reason", slice_str(o->reason));
    status = care_call(app, place, "journal_redact", &args, care_no_row, NULL);
    if (status == 0)
        app_print(app, MSG_JOURNAL_REDACTED_NOW, (unsigned long long)offset);
    return status;
}

static int run_redact(struct app *app, const void *values, const struct operands *operands)
{
    const struct redact_options *o = values;
    const char *text = operands->items[0];
    struct err err = ERR_INIT;
    struct place place;
    uint64_t offset;

    if (o->reason == NULL || *o->reason == 0)
        return app_usage(app, MSG_CLI_NO_OPTION, "reason");
    if (num_u64(slice_str(text), &offset) < 0)
        return app_usage(app, MSG_JOURNAL_NO_OFFSET, text);
    if (place_find(o->dir, &place, &err) < 0)
        return node_fail(app, &err);
    return place_is_locked(&place) ? redact_of_node(app, &place, o, text, offset)
                                   : redact_here(app, o, text, offset);
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
