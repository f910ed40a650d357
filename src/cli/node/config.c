/* SPDX-License-Identifier: Apache-2.0 */
/* canh config: what canh.conf says, and what could stand in it. */
#include "config/config.h"
#include "cli/node/node.h"
#include "lang/msg_node.h"

struct config_options {
    const char *dir;
    bool json;
};

static int node_config_load(struct app *app, const char *dir, struct place *p, struct config *c)
{
    struct err err = ERR_INIT;

    if (place_find(dir, p, &err) < 0)
        return node_fail(app, &err);
    return config_load(c, p->conf, false, &err) < 0 ? app_fail(app, err.line ? p->conf : NULL, &err)
                                                    : 0;
}

static int run_check(struct app *app, const void *values, const struct operands *operands)
{
    const struct config_options *o = values;
    struct config c;
    struct place p;
    int status = node_config_load(app, o->dir, &p, &c);

    (void)operands;
    if (status != 0)
        return status;
    lang_write(&app->out.buf, app->lang, MSG_NODE_CONFIG_GOOD, p.conf);
    config_done(&c);
    return 0;
}

static void write_key(struct app *app, const struct config *c, const struct config_key *k)
{
    struct buf *out = &app->out.buf;

    buf_printf(out, "%s.%s = ", k->section, k->name);
    config_write_value(out, c, k);
    buf_printf(out, "\n    %s\n", lang_text(app->lang, k->help));
    if (k->choices) {
        buf_puts(out, "   ");
        for (size_t i = 0; k->choices[i]; i++)
            buf_printf(out, " %s", k->choices[i]);
        buf_putc(out, '\n');
    }
}

static int run_explain(struct app *app, const void *values, const struct operands *operands)
{
    const struct config_options *o = values;
    const struct config_key *one =
        operands->count ? config_key_find(slice_str(operands->items[0])) : NULL;
    struct config c;
    struct place p;
    int status;

    if (operands->count && one == NULL)
        return app_usage(app, MSG_NODE_NO_KEY, operands->items[0]);
    status = node_config_load(app, o->dir, &p, &c);
    if (status != 0)
        return status;
    for (size_t i = 0; i < config_key_count; i++)
        if (one == NULL || one == &config_keys[i])
            write_key(app, &c, &config_keys[i]);
    config_done(&c);
    return 0;
}

static const struct option_spec specs[] = {NODE_DIR_OPTION(struct config_options)};

static const struct verb verb_check = {
    .name = "check",
    .summary = MSG_NODE_CONFIG_CHECK,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct config_options),
    .run = run_check,
};

static const struct verb verb_explain_key = {
    .name = "explain",
    .summary = MSG_NODE_CONFIG_EXPLAIN,
    .operands = "[KEY]",
    .max_operands = 1,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct config_options),
    .run = run_explain,
};

static const struct verb *const subs[] = {&verb_check, &verb_explain_key, NULL};

const struct verb verb_config = {
    .name = "config",
    .summary = MSG_NODE_CONFIG,
    .subs = subs,
};
