/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_LOAD_H
#define CANH_CLI_LOAD_H
/*
 * From the options of a verb to a compiled ruleset: mappings, placeholder values, rule files from
 * files and folders, those that came with the program and those that were imported.
 */
#include "base/arena.h"
#include "cli/app.h"
#include "cli/option.h"
#include "lang/msg_scan.h"
#include "sigma/ruleset.h"

/* The options that every verb with rules has; a verb's options struct begins with it. */
struct load_options {
    struct option_list rules;
    struct option_list mappings;
    const char *placeholders;
    int level;  /* enum rule_level */
    int status; /* index into load_statuses */
};

/* Indexes into load_statuses. */
enum { LOAD_STATUS_DEFAULT = 2, LOAD_STATUS_ALL = 4 };
extern const char *const load_levels[], *const load_statuses[];

#define LOAD_OPTIONS_BUT_RULES(type, field)                                                        \
    OPTION_LIST("mappings", 'm', type, field.mappings, "FILE|DIR", COMPLETE_FILE,                  \
                MSG_SCAN_OPT_MAPPINGS),                                                            \
        OPTION_TEXT("placeholders", 0, type, field.placeholders, "FILE", COMPLETE_FILE,            \
                    MSG_SCAN_OPT_PLACEHOLDERS),                                                    \
        OPTION_CHOICE("level", 'l', type, field.level, load_levels, MSG_SCAN_OPT_LEVEL),           \
        OPTION_CHOICE("status", 0, type, field.status, load_statuses, MSG_SCAN_OPT_STATUS)
#define LOAD_OPTIONS(type, field)                                                                  \
    OPTION_LIST("rules", 'r', type, field.rules, "FILE|DIR", COMPLETE_FILE, MSG_SCAN_OPT_RULES),   \
        LOAD_OPTIONS_BUT_RULES(type, field)

struct loaded {
    struct ruleset *rs;
    struct ruleset_counts counts;
    uint32_t files;  /* that rules were looked for in */
    uint32_t others; /* YAML files in folders that are no rules */
    int status;      /* of what could not be read: 0 or a sysexits status; it has been said */
    struct arena arena;
};

/*
 * 0, or the exit status when nothing can be done (said on standard error). Rules that are refused
 * are no failure: see ruleset_problems().
 */
CANH_MUST_USE int load_ruleset(struct app *app, const struct load_options *options,
                               struct loaded *ret);
void load_done(struct loaded *l);

/*
 * A repository of rules holds other YAML too (test descriptions, workflows). A rule, however
 * broken, has one of its keys (title, detection, …) at the start of a line.
 */
bool load_looks_like_rule(struct slice text);

/* The folder of imported rules: $XDG_DATA_HOME/canh/rules or ~/.local/share/canh/rules. False when
 * neither variable is set. */
CANH_MUST_USE bool load_import_folder(struct buf *out);

#endif
