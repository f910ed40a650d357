/* SPDX-License-Identifier: Apache-2.0 */
/* canh rules import: detect/rule_import.h, and what was imported, in words. */
#include "base/time.h"
#include "base/width.h"
#include "cli/rules/rules.h"
#include "detect/generation.h"
#include "detect/rule_import.h"
#include "lang/msg_rules.h"
#include "view/rules.h"

enum { PATH_BYTES = 64 * 1024 };

struct import_options {
    const char *to, *name;
    bool json, shrink;
};

static const struct option_spec options[] = {
    OPTION_TEXT("to", 0, struct import_options, to, "DIR", COMPLETE_FOLDER, MSG_RULES_OPT_TO),
    OPTION_TEXT("name", 0, struct import_options, name, "NAME", COMPLETE_NONE, MSG_RULES_OPT_NAME),
    OPTION_FLAG("shrink", 0, struct import_options, shrink, MSG_RULES_OPT_SHRINK),
    OPTION_FLAG("json", 'j', struct import_options, json, MSG_RULES_OPT_JSON),
};

struct import_job {
    struct app *app;
    const struct import_options *options;
    const char *source;
    struct rule_import_result result;
};

static void write_line(struct import_job *m, struct buf *line)
{
    text_write_safe(&m->app->out.buf, buf_slice(line));
    buf_putc(&m->app->out.buf, '\n');
    buf_clear(line);
}

static void write_text(struct import_job *m, const struct loaded *l, const char *newest,
                       int64_t age)
{
    struct buf line = BUF_INIT(PATH_BYTES);
    enum lang lang = m->app->lang;

    lang_write(&line, lang, MSG_RULES_IMPORTED, m->result.rules, m->source,
               buf_cstr(&m->result.path));
    write_line(m, &line);
    lang_write(&line, lang, MSG_RULES_IMPORT_LOADED, l->counts.rules, l->counts.refused,
               l->counts.unreached);
    write_line(m, &line);
    if (m->result.licences.len)
        lang_write(&line, lang, MSG_RULES_IMPORT_LICENCE, buf_cstr(&m->result.licences));
    else
        lang_write(&line, lang, MSG_RULES_IMPORT_NO_LICENCE);
    write_line(m, &line);
    if (newest[0])
        lang_write(&line, lang, MSG_RULES_IMPORT_AGE, newest, age);
    else
        lang_write(&line, lang, MSG_RULES_IMPORT_NO_AGE);
    write_line(m, &line);
    if (m->result.unsafe_names || m->result.too_big) {
        lang_write(&line, lang, MSG_RULES_IMPORT_LEFT, m->result.unsafe_names, m->result.too_big);
        write_line(m, &line);
    }
    if (m->result.links || m->result.duplicates) {
        lang_write(&line, lang, MSG_RULES_IMPORT_LEFT_LINKS, m->result.links, m->result.duplicates);
        write_line(m, &line);
    }
    if (m->result.cut) {
        lang_write(&line, lang, MSG_RULES_IMPORT_CUT);
        write_line(m, &line);
    }
    buf_done(&line);
}

/* Loads what has been imported, and tells about it. */
static int import_report(struct import_job *m)
{
    const char *path = buf_cstr(&m->result.path);
    struct load_options load = {.rules = {&path, 1}, .status = LOAD_STATUS_ALL};
    struct buf newest = BUF_INIT(64);
    struct loaded loaded;
    int64_t day;
    int status = load_ruleset(m->app, &load, &loaded);

    if (status != 0)
        return status;
    day = generation_newest_day(loaded.rs);
    if (day != INT64_MIN) {
        time_format(&newest, day * TIME_DAY, 0);
        newest.len = 10;
    }
    if (m->options->json)
        view_json_rule_import(&m->app->out.buf, slice_str(m->source), &m->result, &loaded.counts,
                              buf_slice(&newest));
    else
        write_text(m, &loaded, buf_cstr(&newest), time_now() / TIME_DAY - day);
    buf_done(&newest);
    load_done(&loaded);
    return 0;
}

static int write_refusal(struct import_job *m, const struct err *err)
{
    struct buf *line = app_line(m->app);
    enum lang lang = m->app->lang;

    switch (m->result.refusal) {
    case RULE_IMPORT_FINE:
        return app_fail(m->app, NULL, err);
    case RULE_IMPORT_NO_NAME:
        lang_write(line, lang, MSG_RULES_IMPORT_NO_NAME, m->source);
        break;
    case RULE_IMPORT_NO_ARCHIVE:
        lang_write(line, lang, MSG_RULES_IMPORT_NO_ARCHIVE, m->source);
        break;
    case RULE_IMPORT_NO_RULES:
        lang_write(line, lang, MSG_RULES_IMPORT_NO_RULES, m->source);
        break;
    case RULE_IMPORT_ENTRIES:
        lang_write(line, lang, MSG_RULES_IMPORT_ENTRIES, m->source, RULE_IMPORT_ENTRIES_MAX);
        break;
    case RULE_IMPORT_RULES:
        lang_write(line, lang, MSG_RULES_IMPORT_TOO_MANY, m->source, RULE_IMPORT_RULES_MAX);
        break;
    case RULE_IMPORT_BYTES:
        lang_write(line, lang, MSG_RULES_IMPORT_BYTES, m->source, RULE_IMPORT_BYTES_MAX >> 20);
        break;
    case RULE_IMPORT_SHRINKS:
        lang_write(line, lang, MSG_RULES_IMPORT_SHRINKS, buf_cstr(&m->result.path),
                   m->result.before, m->result.rules);
        break;
    }
    app_print_line(m->app);
    return app_status(err);
}

static void show_problem(void *ctx, const struct err *err)
{
    (void)app_fail(ctx, NULL, err);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct import_job m = {.app = app, .options = values, .source = operands->items[0]};
    struct buf folder = BUF_INIT(PATH_BYTES);
    struct rule_import_request request = {.source = m.source,
                                          .folder = m.options->to,
                                          .name = m.options->name,
                                          .shrink = m.options->shrink,
                                          .problem = show_problem,
                                          .ctx = app};
    struct err err = ERR_INIT;
    int status = EX_NOINPUT;

    if (request.folder == NULL && load_import_folder(&folder))
        request.folder = buf_cstr(&folder);
    if (request.folder == NULL) {
        app_print(app, MSG_RULES_IMPORT_NO_FOLDER);
    } else {
        status = rule_import(&request, &m.result, &err) < 0 ? write_refusal(&m, &err)
                                                            : import_report(&m);
        rule_import_result_done(&m.result);
    }
    buf_done(&folder);
    return status;
}

const struct verb verb_rules_import = {
    .name = "import",
    .summary = MSG_RULES_IMPORT_SUMMARY,
    .about = MSG_RULES_IMPORT_ABOUT,
    .operands = "DIR|ARCHIVE|FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct import_options),
    .run = run,
};
