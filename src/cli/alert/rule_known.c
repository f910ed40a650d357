/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a rule that is named can ever alert on the node. */
#include "cli/alert/alert.h"
#include "config/config.h"
#include "config/place.h"
#include "detect/rule_name.h"
#include "lang/msg_node.h"

/* *ret_path: what err is about. */
static int load_rules(struct place *p, struct generation **ret, const char **ret_path,
                      struct err *err)
{
    struct buf folder = BUF_INIT(4096);
    struct generation_options o = {.min_status = STATUS_EXPERIMENTAL, .no_jit = true};
    struct config c;
    int r = config_load(&c, p->conf, true, err);

    *ret_path = p->conf;
    if (r < 0)
        return r;
    *ret_path = NULL;
    buf_append_slice(&folder, c.rules);
    o.min_level = (enum rule_level)c.level;
    o.imported = c.rules.n ? buf_cstr(&folder) : NULL;
    r = generation_load(&o, ret, err);
    buf_done(&folder);
    config_done(&c);
    return r;
}

static int look_up(struct app *app, const struct generation *g, const char *rule, struct err *err)
{
    struct rule_named near;
    enum rule_name known;

    if (rule_name_look(g, slice_str(rule), &near, &known) < 0)
        return err_nomem(err);
    if (known == RULE_NAME_NEAR)
        app_print(app, MSG_NODE_NO_SUCH_RULE_NEAR, rule, SLICE_ARG(near.name),
                  SLICE_ARG(near.title));
    else if (known == RULE_NAME_UNKNOWN)
        app_print(app, MSG_NODE_NO_SUCH_RULE, rule);
    return 0;
}

void alert_check_rule(struct app *app, const char *dir, const char *rule)
{
    struct generation *g = NULL;
    const char *path = NULL;
    struct err err = ERR_INIT;
    struct place p;
    int r;

    if (rule == NULL)
        return;
    r = place_find(dir, &p, &err);
    if (r == 0)
        r = load_rules(&p, &g, &path, &err);
    if (r == 0)
        r = look_up(app, g, rule, &err);
    if (r < 0) {
        app_print(app, MSG_NODE_RULE_NOT_LOOKED_UP, rule);
        (void)app_fail(app, path, &err);
    }
    g = generation_unref(g);
}
