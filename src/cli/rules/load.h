/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_RULES_LOAD_H
#define CANH_CLI_RULES_LOAD_H
/*
 * From the options of a verb to a generation of rules (detect/generation.h). What is wrong is said
 * on standard error.
 */
#include "cli/app.h"
#include "cli/option.h"
#include "detect/generation.h"
#include "lang/level.h"
#include "lang/msg_scan.h"

/* The options that every verb with rules has; a verb's options struct begins with it. */
struct load_options {
    struct option_list rules;
    struct option_list mappings;
    const char *placeholders;
    int level; /* enum rule_level */
    bool sigma_2_2;
    int status; /* index into load_statuses */
};

/* Indexes into load_statuses. */
enum { LOAD_STATUS_DEFAULT = 2, LOAD_STATUS_ALL = 4 };
extern const char *const load_statuses[];

#define LOAD_OPTIONS_BUT_RULES(type, field)                                                        \
    OPTION_LIST("mappings", 'm', type, field.mappings, "FILE|DIR", COMPLETE_FILE,                  \
                MSG_SCAN_OPT_MAPPINGS),                                                            \
        OPTION_TEXT("placeholders", 0, type, field.placeholders, "FILE", COMPLETE_FILE,            \
                    MSG_SCAN_OPT_PLACEHOLDERS),                                                    \
        OPTION_FLAG("sigma-2.2", 0, type, field.sigma_2_2, MSG_SCAN_OPT_SIGMA_2_2),                \
        OPTION_CHOICE("level", 'l', type, field.level, level_names, MSG_SCAN_OPT_LEVEL),           \
        OPTION_CHOICE("status", 0, type, field.status, load_statuses, MSG_SCAN_OPT_STATUS)
#define LOAD_OPTIONS(type, field)                                                                  \
    OPTION_LIST("rules", 'r', type, field.rules, "FILE|DIR", COMPLETE_FILE, MSG_SCAN_OPT_RULES),   \
        LOAD_OPTIONS_BUT_RULES(type, field)

struct loaded {
    struct generation *generation;
    const struct ruleset *rs;     /* the generation's */
    struct ruleset_counts counts; /* of it */
    int status; /* of what could not be read: 0 or a sysexits status; it has been said */
};

/*
 * 0, or the exit status when nothing can be done (said on standard error). Rules that are refused
 * are no failure: see ruleset_problems().
 */
CANH_MUST_USE int load_ruleset(struct app *app, const struct load_options *options,
                               struct loaded *ret);

/* What a verb asks of events besides (generation_options.intern); it asks rules for no more than
 * what generation_options.brief leaves. */
struct load_names {
    int (*intern)(void *ctx, struct ruleset *rs, struct err *err);
    void *ctx;
    bool no_rules;                           /* and nothing else */
    const struct suppressions *suppressions; /* NULL: none */
};
CANH_MUST_USE int load_ruleset_and(struct app *app, const struct load_options *options,
                                   const struct load_names *names, struct loaded *ret);
void load_done(struct loaded *l);

/* The folder of imported rules: $XDG_DATA_HOME/canh/rules or ~/.local/share/canh/rules. False when
 * neither variable is set. */
CANH_MUST_USE bool load_import_folder(struct buf *out);
/* The one where rules once parsed are kept for the next run (generation_options.cache). */
bool load_cache_folder(struct buf *out);

#endif
