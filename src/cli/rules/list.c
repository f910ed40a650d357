/* SPDX-License-Identifier: Apache-2.0 */
/* canh rules list: the rules and correlations that a scan would use. */
#include "cli/listing.h"
#include "cli/rules/rules.h"
#include "lang/msg_rules.h"
#include "view/rules.h"

struct list_options {
    struct load_options load;
    struct listing_options listing;
};

static const struct list_options defaults = {.load = {.status = LOAD_STATUS_DEFAULT}};

static const struct option_spec options[] = {
    LOAD_OPTIONS_BUT_RULES(struct list_options, load),
    LISTING_OPTIONS(struct list_options, listing),
};

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct load_options load = o->load;
    const struct view_ctx ctx = listing_face(app);
    struct err err = ERR_INIT;
    struct loaded loaded;
    struct table t;
    int status = listing_check(app, &o->listing);

    if (status != 0)
        return status;
    load.rules = rules_operands(operands);
    status = load_ruleset(app, &load, &loaded);
    if (status != 0)
        return status;
    status = view_rules(&ctx, loaded.rs, &t, &err) < 0 ? app_fail(app, NULL, &err)
                                                       : listing_print(app, &t, &o->listing);
    table_done(&t);
    status = status ? status : loaded.status;
    load_done(&loaded);
    return status;
}

const struct verb verb_rules_list = {
    .name = "list",
    .summary = MSG_RULES_LIST_SUMMARY,
    .about = MSG_RULES_LIST_ABOUT,
    .operands = "[FILE|DIR…]",
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct list_options, &defaults),
    .run = run,
};
