/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules/load.h"

#include <stdlib.h>

const char *const load_statuses[] = {"stable", "test", "experimental", "deprecated", "all", NULL};
static const uint8_t status_of[] = {STATUS_STABLE, STATUS_TEST, STATUS_EXPERIMENTAL,
                                    STATUS_DEPRECATED, STATUS_NONE};

bool load_import_folder(struct buf *out)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    if (data && data[0] == '/')
        buf_printf(out, "%s/canh/rules", data);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.local/share/canh/rules", home);
    else
        return false;
    return out->err == 0;
}

bool load_cache_folder(struct buf *out)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

    if (cache && cache[0] == '/')
        buf_printf(out, "%s/canh", cache);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.cache/canh", home);
    else
        return false;
    return out->err == 0;
}

struct load_ctx {
    struct app *app;
    struct loaded *to;
};

static void show_problem(void *ctx, const char *path, const struct err *err)
{
    struct load_ctx *l = ctx;

    l->to->status = app_fail(l->app, path, err);
}

static int load_from(struct app *app, const struct load_options *o, const struct load_names *names,
                     bool brief, struct loaded *ret)
{
    struct load_ctx l = {app, ret};
    struct buf imported = BUF_INIT(64 * 1024), cache = BUF_INIT(64 * 1024);
    struct generation_options options = {.rules = {o->rules.items, o->rules.count},
                                         .mappings = {o->mappings.items, o->mappings.count},
                                         .placeholders = o->placeholders,
                                         .sigma_2_2 = o->sigma_2_2,
                                         .min_level = (enum rule_level)o->level,
                                         .min_status = (enum rule_status)status_of[o->status],
                                         .problem = show_problem,
                                         .intern = names->intern,
                                         .intern_ctx = names->ctx,
                                         .suppressions = names->suppressions,
                                         .brief = brief,
                                         .no_rules = names->no_rules,
                                         .ctx = &l};
    struct err err = ERR_INIT;
    int status = 0;

    *ret = (struct loaded){0};
    if (load_import_folder(&imported))
        options.imported = buf_cstr(&imported);
    if (load_cache_folder(&cache))
        options.cache = buf_cstr(&cache);
    if (generation_load(&options, &ret->generation, &err) < 0)
        status = app_fail(app, err.line ? o->placeholders : NULL, &err);
    buf_done(&imported);
    buf_done(&cache);
    if (status != 0)
        return status;
    ret->rs = ret->generation->rules;
    ret->counts = ret->generation->counts;
    return 0;
}

int load_ruleset(struct app *app, const struct load_options *o, struct loaded *ret)
{
    return load_from(app, o, &(struct load_names){0}, false, ret);
}

int load_ruleset_and(struct app *app, const struct load_options *o, const struct load_names *names,
                     struct loaded *ret)
{
    return load_from(app, o, names, true, ret);
}

void load_done(struct loaded *l)
{
    l->generation = generation_unref(l->generation);
    l->rs = NULL;
}
