/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_OPTION_H
#define CANH_CLI_OPTION_H
/*
 * Command lines from const tables. A verb is a row that names its options, operands, subverbs and
 * the function that runs it; parsing, --help, usage errors, completion and the test of the man
 * pages all read the same rows.
 *
 *     struct scan_options { struct option_list rules; int64_t threads; bool quiet; };
 *
 *     static const struct option_spec options[] = {
 *         OPTION_LIST("rules", 'r', struct scan_options, rules, "FILE|DIR", COMPLETE_FILE,
 *                     MSG_SCAN_OPT_RULES),
 *         OPTION_NUMBER("threads", 't', struct scan_options, threads, "N", 0, 256,
 *                       MSG_SCAN_OPT_THREADS),
 *         OPTION_FLAG("quiet", 'q', struct scan_options, quiet, MSG_SCAN_OPT_QUIET),
 *     };
 *     const struct verb verb_scan = {
 *         .name = "scan", .summary = MSG_SCAN_SUMMARY, .operands = "PATH… | -", .min_operands = 1,
 *         .max_operands = OPERANDS_ANY, .complete = COMPLETE_FILE, VERB_OPTIONS(options),
 *         VERB_DEFAULTS(struct scan_options, &defaults), .run = scan_run,
 *     };
 *
 * Syntax: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, flags together (-qj), `--` ends options,
 * options and operands in any order, `-` is an operand. Names are never abbreviated. A scalar given
 * twice keeps the last value. --help, --lang (and --version at the top) belong to every verb.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "lang/lang.h"

enum option_kind {
    OPTION_KIND_FLAG,   /* bool */
    OPTION_KIND_TEXT,   /* const char * */
    OPTION_KIND_NUMBER, /* int64_t in min..max */
    OPTION_KIND_CHOICE, /* int, index into choices */
    OPTION_KIND_LIST,   /* struct option_list, may be repeated */
};

enum complete { COMPLETE_NONE, COMPLETE_FILE, COMPLETE_FOLDER };

struct option_list {
    const char *const *items;
    uint32_t count;
};

struct option_spec {
    const char *name; /* long, without dashes */
    char letter;      /* short, or 0 */
    enum option_kind kind;
    enum complete complete;
    const char *arg;            /* what --help calls the value; choices are listed instead */
    const char *const *choices; /* CHOICE: ends with NULL */
    int64_t min, max;           /* NUMBER */
    const char *below;          /* TEXT: what the value is followed by, or NULL */
    size_t offset;              /* of the value in the verb's options struct */
    msg_id help;
};

/* offsetof that does not compile when the field has another type than the kind stores */
#define OPTION_AT(type, field, want)                                                               \
    (offsetof(type, field) + 0 * sizeof(_Generic(((type *)0)->field, want : 1)))
#define OPTION_FLAG(n, l, type, field, h)                                                          \
    {                                                                                              \
        .name = (n), .letter = (l), .kind = OPTION_KIND_FLAG,                                      \
        .offset = OPTION_AT(type, field, bool), .help = (h)                                        \
    }
#define OPTION_TEXT(n, l, type, field, a, c, h)                                                    \
    {                                                                                              \
        .name = (n), .letter = (l), .kind = OPTION_KIND_TEXT, .arg = (a), .complete = (c),         \
        .offset = OPTION_AT(type, field, const char *), .help = (h)                                \
    }
/* A folder, of which the verb wants what lies below it ("/state"). */
#define OPTION_BELOW(n, type, field, part, h)                                                      \
    {                                                                                              \
        .name = (n), .kind = OPTION_KIND_TEXT, .arg = "DIR", .complete = COMPLETE_FOLDER,          \
        .below = (part), .offset = OPTION_AT(type, field, const char *), .help = (h)               \
    }
#define OPTION_NUMBER(n, l, type, field, a, low, high, h)                                          \
    {                                                                                              \
        .name = (n), .letter = (l), .kind = OPTION_KIND_NUMBER, .arg = (a), .min = (low),          \
        .max = (high), .offset = OPTION_AT(type, field, int64_t), .help = (h)                      \
    }
#define OPTION_CHOICE(n, l, type, field, c, h)                                                     \
    {                                                                                              \
        .name = (n), .letter = (l), .kind = OPTION_KIND_CHOICE, .choices = (c),                    \
        .offset = OPTION_AT(type, field, int), .help = (h)                                         \
    }
#define OPTION_LIST(n, l, type, field, a, c, h)                                                    \
    {                                                                                              \
        .name = (n), .letter = (l), .kind = OPTION_KIND_LIST, .arg = (a), .complete = (c),         \
        .offset = OPTION_AT(type, field, struct option_list), .help = (h)                          \
    }

struct app;
struct operands {
    const char *const *items;
    uint32_t count;
};

#define OPERANDS_ANY UINT32_MAX

struct verb {
    const char *name;
    msg_id summary;           /* one line, for the list of verbs and the top of --help */
    msg_id about;             /* a paragraph under it; MSG_NONE when there is none */
    const struct verb *alone; /* of subs: the one that no word means; NULL: a word is needed */
    const char *operands;
    uint32_t min_operands, max_operands;
    enum complete complete;           /* of operands */
    const char *const *operand_words; /* the only operands there are (of any number:
                                         the first), ends with NULL; or NULL */
    const struct option_spec *options;
    size_t option_count;
    const void *defaults; /* the options struct as it is before any option, or NULL: all zero */
    size_t options_size;
    const struct verb *const *subs; /* ends with NULL; a verb has subs or run, never both */
    /* Returns the exit status. options points at the verb's own struct. */
    int (*run)(struct app *app, const void *options, const struct operands *operands);
};

#define VERB_OPTIONS(table)         .options = (table), .option_count = CANH_LEN(table)
#define VERB_DEFAULTS(type, values) .defaults = (values), .options_size = sizeof(type)

/* What every verb takes besides its own. */
struct common_options {
    bool help, version;
    bool clock_is_right; /* whatever seems wrong with the clock of the machine */
    int lang;            /* enum lang, or -1 when not given */
};
extern const struct option_spec common_options[];
extern const size_t common_option_count;
/* Whether it is told of at the top alone, not with every verb. */
bool common_option_is_top(const struct option_spec *option);

enum { VERB_DEPTH_MAX = 3 };

struct command_line {
    const struct verb *path[VERB_DEPTH_MAX]; /* root, verb, subverb */
    unsigned depth;
    struct common_options common;
    void *options;
    struct operands operands;
    struct arena arena; /* all of the above that is not in argv */
};

/*
 * Parses argv[1…] for the tree of verbs under root. 0, or -CE_SYNTAX with one line for the person
 * in why (in language lang); path and depth are right even then. With --help or --version the rest
 * of the line is not required to make sense. argv must outlive ret; command_line_done() frees.
 */
CANH_MUST_USE int command_line_parse(const struct verb *root, int argc, char **argv, enum lang lang,
                                     struct command_line *ret, struct buf *why);
void command_line_done(struct command_line *c);

/* The verb at the end of the path. */
const struct verb *command_line_verb(const struct command_line *c);
/* Appends "canh rules check". */
void command_line_name(const struct command_line *c, struct buf *out);
/* The language asked for anywhere on the command line, else LANG_MAX: for errors of the rest. */
enum lang command_line_lang(int argc, char **argv);

#endif
