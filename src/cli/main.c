/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "cli/alert/alert.h"
#include "cli/app.h"
#include "cli/case/case.h"
#include "cli/decode/decode.h"
#include "cli/drill/drill.h"
#include "cli/duty/duty.h"
#include "cli/duty/todo.h"
#include "cli/explain/explain.h"
#include "cli/form/form.h"
#include "cli/help.h"
#include "cli/hunt/hunt.h"
#include "cli/import/import.h"
#include "cli/journal/journal.h"
#include "cli/node/node.h"
#include "cli/people/people.h"
#include "cli/plan/plan.h"
#include "cli/print/print.h"
#include "cli/probe/probe.h"
#include "cli/register/register.h"
#include "cli/rules/rules.h"
#include "cli/scan/scan.h"
#include "cli/source/source.h"
#include "cli/state/state.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "os/heap.h"

/* A verb is a row here and a file in the folder of its family. */
/* clang-format off */
static const struct verb *const verbs[] = {
    &verb_scan,
    &verb_logons,
    &verb_find,
    &verb_stats,
    &verb_rules,
    &verb_explain,
    &verb_decode,
    &verb_formats,
    &verb_plan,
    &verb_duty,
    &verb_todo,
    &verb_form,
    &verb_probe,
    &verb_import,
    &verb_lists,
    &verb_evidence,
    &verb_request,
    &verb_notice,
    &verb_review,
    &verb_order,
    &verb_print,
    &verb_contact,
    &verb_user,
    &verb_login,
    &verb_logout,
    &verb_backup,
    &verb_restore,
    &verb_audit,
    &verb_init,
    &verb_demo,
    &verb_serve,
    &verb_config,
    &verb_source,
    &verb_alert,
    &verb_case,
    &verb_drill,
    &verb_tail,
    &verb_search,
    &verb_journal,
    &verb_key,
    &verb_suppression,
    &verb_maintenance,
    &verb_doctor,
    &verb_completion,
    NULL,
};
/* clang-format on */

static const struct verb root = {.name = "canh", .summary = MSG_CLI_ABOUT, .subs = verbs};

static enum lang choose_lang(int argc, char **argv)
{
    enum lang asked = command_line_lang(argc, argv);

    return asked != LANG_MAX
               ? asked
               : lang_from_locale(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
}

static int usage_error(struct app *app, int code, struct slice why)
{
    if (code == -CE_NOMEM) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    buf_append_slice(app_line(app), why);
    buf_puts(&app->line, "; ");
    lang_write(&app->line, app->lang, MSG_CLI_TRY_HELP, app->name);
    app_print_line(app);
    return EX_USAGE;
}

static int run(struct app *app, const struct command_line *c)
{
    const struct verb *v = command_line_verb(c);

    if (c->common.help) {
        help_print(app, c);
        return EXIT_FINE;
    }
    if (c->common.version) {
        buf_puts(&app->out.buf, "canh " CANH_VERSION "\n");
        return EXIT_FINE;
    }
    app->clock_is_right = c->common.clock_is_right;
    return v->run(app, c->options, &c->operands);
}

/* A write that failed outweighs what the verb found; a reader that went away needs no words. */
static int cli_finish(struct app *app, int status)
{
    if (out_flush(&app->out))
        return status;
    if (app->out.sys != EPIPE)
        app_print(app, MSG_CLI_OUTPUT_FAILED, error_system(app->lang, app->out.sys));
    return EX_IOERR;
}

int main(int argc, char **argv)
{
    struct command_line c;
    struct app app;
    struct buf why = BUF_INIT(8192), name = BUF_INIT(256);
    int r, status;

    heap_begin();
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk: said, not died of */
    app_init(&app, choose_lang(argc, argv));
    app.root = &root;
    r = command_line_parse(&root, argc, argv, app.lang, &c, &why);
    command_line_name(&c, &name);
    app.name = buf_cstr(&name);
    status = r < 0 ? usage_error(&app, r, buf_slice(&why)) : run(&app, &c);
    status = cli_finish(&app, status);
    command_line_done(&c);
    app_done(&app);
    buf_done(&why);
    buf_done(&name);
    return status;
}
