/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/rules_import.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_write.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/import_path.h"
#include "cli/rules.h"
#include "lang/msg_rules.h"
#include "lang/say.h"

enum { PATH_BYTES = 64 * 1024 };

static const struct option_spec options[] = {
    OPTION_TEXT("to", 0, struct import_options, to, "DIR", COMPLETE_FOLDER, MSG_RULES_OPT_TO),
    OPTION_TEXT("name", 0, struct import_options, name, "NAME", COMPLETE_NONE, MSG_RULES_OPT_NAME),
    OPTION_FLAG("json", 'j', struct import_options, json, MSG_RULES_OPT_JSON),
};

/* Where the file system cannot exchange names: for an instant there is no collection. */
static int replace_in_steps(const char *staging, const char *final, struct err *err)
{
    struct buf old = BUF_INIT(PATH_BYTES);
    int r;

    buf_printf(&old, "%s.old", staging);
    r = file_rename(final, buf_cstr(&old), err);
    if (r == 0) {
        r = file_rename(staging, final, err);
        if (r == 0)
            r = file_remove_tree(buf_cstr(&old), err);
        else if (file_rename(buf_cstr(&old), final, NULL) < 0)
            r = err_set(err, CE_IO, "%s: the collection before stands in %s", final,
                        buf_cstr(&old));
    }
    buf_done(&old);
    return r;
}

/* Puts the finished collection in its place; an older one of that name goes. */
static int put_in_place(struct import *m, struct err *err)
{
    const char *staging = buf_cstr(&m->staging), *final = buf_cstr(&m->final);
    int r = file_sync_all(staging, err);

    if (r < 0)
        return r;
    if (access(final, F_OK) < 0)
        return file_rename(staging, final, err);
    r = file_exchange(staging, final, err);
    if (r == 0)
        return file_remove_tree(staging, err);
    return r == -CE_UNKNOWN ? replace_in_steps(staging, final, err) : r;
}

static int fill_paths(struct import *m, struct err *err)
{
    if (m->options->to)
        buf_puts(&m->folder, m->options->to);
    else if (!load_import_folder(&m->folder))
        return say_fail(err, m->app->lang, CE_MISSING, 0, 0, MSG_RULES_IMPORT_NO_FOLDER);
    if (!import_name_of(slice_str(m->options->name ? m->options->name : m->source), &m->name))
        return say_fail(err, m->app->lang, CE_RANGE, 0, 0, MSG_RULES_IMPORT_NO_NAME, m->source);
    buf_printf(&m->staging, "%s/.new-%s-%ld", buf_cstr(&m->folder), buf_cstr(&m->name),
               (long)getpid());
    buf_printf(&m->final, "%s/%s", buf_cstr(&m->folder), buf_cstr(&m->name));
    return m->final.err;
}

/* The newest `modified` or `date` of the rules, as days; INT64_MIN when none has one. */
static int64_t newest_day(const struct ruleset *rs)
{
    int64_t newest = INT64_MIN;

    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        const struct sigma_rule *rule = ruleset_rule(rs, i);
        struct slice s = slice_head(rule->modified.n ? rule->modified : rule->date, 10);
        uint8_t text[10];
        int64_t t;

        if (s.n != sizeof(text))
            continue;
        memcpy(text, s.p, sizeof(text));
        for (size_t k = 0; k < sizeof(text); k++)
            text[k] = text[k] == '/' ? '-' : text[k];
        if (time_parse(slice_of(text, sizeof(text)), 0, &t, NULL) == 0)
            newest = CANH_MAX(newest, t / TIME_DAY);
    }
    return newest;
}

static void put_json(struct import *m, const struct loaded *l, const char *newest)
{
    struct json_write w = JSON_WRITE_INIT(&m->app->out.buf);

    json_open(&w, '{');
    json_key(&w, "source");
    json_text(&w, slice_str(m->source));
    json_key(&w, "path");
    json_text(&w, buf_slice(&m->final));
    json_key(&w, "rule_files");
    json_u64(&w, m->rules);
    json_key(&w, "loaded");
    json_u64(&w, l->counts.rules);
    json_key(&w, "refused");
    json_u64(&w, l->counts.refused);
    json_key(&w, "unreached");
    json_u64(&w, l->counts.unreached);
    json_key(&w, "licences");
    json_text(&w, buf_slice(&m->licences));
    json_key(&w, "newest");
    if (newest[0])
        json_text(&w, slice_str(newest));
    else
        json_null(&w);
    json_key(&w, "unsafe_names");
    json_u64(&w, m->refused_names);
    json_key(&w, "too_big");
    json_u64(&w, m->too_big);
    json_close(&w, '}');
    buf_putc(&m->app->out.buf, '\n');
}

static void put_line(struct import *m, struct buf *line)
{
    text_put_safe(&m->app->out.buf, buf_slice(line));
    buf_putc(&m->app->out.buf, '\n');
    buf_clear(line);
}

static void put_text(struct import *m, const struct loaded *l, const char *newest, int64_t age)
{
    struct buf line = BUF_INIT(PATH_BYTES);
    enum lang lang = m->app->lang;

    lang_put(&line, lang, MSG_RULES_IMPORTED, m->rules, m->source, buf_cstr(&m->final));
    put_line(m, &line);
    lang_put(&line, lang, MSG_RULES_IMPORT_LOADED, l->counts.rules, l->counts.refused,
             l->counts.unreached);
    put_line(m, &line);
    if (m->licences.len)
        lang_put(&line, lang, MSG_RULES_IMPORT_LICENCE, buf_cstr(&m->licences));
    else
        lang_put(&line, lang, MSG_RULES_IMPORT_NO_LICENCE);
    put_line(m, &line);
    if (newest[0])
        lang_put(&line, lang, MSG_RULES_IMPORT_AGE, newest, age);
    else
        lang_put(&line, lang, MSG_RULES_IMPORT_NO_AGE);
    put_line(m, &line);
    if (m->refused_names || m->too_big) {
        lang_put(&line, lang, MSG_RULES_IMPORT_LEFT, m->refused_names, m->too_big);
        put_line(m, &line);
    }
    buf_done(&line);
}

/* Loads what has been imported, and tells about it. */
static int report(struct import *m)
{
    const char *path = buf_cstr(&m->final);
    struct load_options load = {.rules = {&path, 1}, .status = LOAD_STATUS_ALL};
    struct buf newest = BUF_INIT(64);
    struct loaded loaded;
    int64_t day;
    int status = load_ruleset(m->app, &load, &loaded);

    if (status != 0)
        return status;
    day = newest_day(loaded.rs);
    if (day != INT64_MIN) {
        time_format(&newest, day * TIME_DAY, 0);
        newest.len = 10;
    }
    if (m->options->json)
        put_json(m, &loaded, buf_cstr(&newest));
    else
        put_text(m, &loaded, buf_cstr(&newest), time_now() / TIME_DAY - day);
    buf_done(&newest);
    load_done(&loaded);
    return 0;
}

static int import_and_report(struct import *m)
{
    struct err err = ERR_INIT, ignored = ERR_INIT;
    int r = fill_paths(m, &err);

    if (r == 0)
        r = file_mkdirs(buf_cstr(&m->staging), 0755, &err);
    if (r == 0)
        r = import_all(m, &err);
    if (r == 0 && m->rules == 0)
        r = say_fail(&err, m->app->lang, CE_UNKNOWN, 0, 0, MSG_RULES_IMPORT_NO_RULES, m->source);
    if (r == 0)
        r = put_in_place(m, &err);
    if (r == 0)
        return report(m);
    if (m->staging.len && file_remove_tree(buf_cstr(&m->staging), &ignored) < 0)
        (void)app_fail(m->app, NULL, &ignored);
    return app_fail(m->app, NULL, &err);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct import m = {.app = app,
                       .options = values,
                       .source = operands->items[0],
                       .folder = BUF_INIT(PATH_BYTES),
                       .name = BUF_INIT(PATH_BYTES),
                       .staging = BUF_INIT(PATH_BYTES),
                       .final = BUF_INIT(PATH_BYTES),
                       .text = BUF_INIT(IMPORT_FILE_MAX),
                       .path = BUF_INIT(PATH_BYTES),
                       .licences = BUF_INIT(PATH_BYTES)};
    int status = import_and_report(&m);

    buf_done(&m.folder);
    buf_done(&m.name);
    buf_done(&m.staging);
    buf_done(&m.final);
    buf_done(&m.text);
    buf_done(&m.path);
    buf_done(&m.licences);
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
