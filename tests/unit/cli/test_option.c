/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include "base/err.h"
#include "cli/app.h"
#include "tap.h"

static const char *const levels[] = {"low", "high", NULL};

struct watch_options {
    struct option_list rules;
    const char *output;
    int64_t threads;
    int level;
    bool quiet, json;
};

static const struct watch_options watch_defaults = {.threads = 4, .level = 1};

static const struct option_spec watch_specs[] = {
    OPTION_LIST("rules", 'r', struct watch_options, rules, "FILE", COMPLETE_FILE, MSG_NONE),
    OPTION_TEXT("output", 'o', struct watch_options, output, "FILE", COMPLETE_FILE, MSG_NONE),
    OPTION_NUMBER("threads", 't', struct watch_options, threads, "N", 1, 64, MSG_NONE),
    OPTION_CHOICE("level", 0, struct watch_options, level, levels, MSG_NONE),
    OPTION_FLAG("quiet", 'q', struct watch_options, quiet, MSG_NONE),
    OPTION_FLAG("json", 'j', struct watch_options, json, MSG_NONE),
};

static const struct verb verb_watch = {
    .name = "watch",
    .operands = "PATH…",
    .min_operands = 1,
    .max_operands = 3,
    VERB_OPTIONS(watch_specs),
    VERB_DEFAULTS(struct watch_options, &watch_defaults),
};
static const char *const shells[] = {"bash", NULL};
static const struct verb verb_deep = {.name = "deep",
                                      .operands = "SHELL",
                                      .max_operands = 1,
                                      .operand_words = shells};
static const struct verb *const group_subs[] = {&verb_deep, NULL};
static const struct verb verb_group = {.name = "group", .subs = group_subs};
static const struct verb *const subs[] = {&verb_watch, &verb_group, NULL};
static const struct verb root = {.name = "canh", .subs = subs};

enum { ARGS_MAX = 16 };

static int parse(const char *line, struct command_line *c, struct buf *why)
{
    static char text[512];
    static char *argv[ARGS_MAX + 1];
    int argc = 0;

    (void)snprintf(text, sizeof(text), "canh %s", line);
    for (char *at = text; *at && argc < ARGS_MAX;) {
        argv[argc++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = 0;
    }
    argv[argc] = NULL;
    return command_line_parse(&root, argc, argv, LANG_EN, c, why);
}

static void test_values(void)
{
    struct buf why = BUF_INIT(4096);
    struct command_line c;
    const struct watch_options *o;

    is_int(parse("watch -r a --rules b --rules=c= -qj -t8 -o - x - -- --y", &c, &why), 0,
           "a full line");
    o = c.options;
    is_int(o->rules.count, 3, "three rules");
    is_str(o->rules.items[0], "a", "first");
    is_str(o->rules.items[2], "c=", "a value may hold =");
    ok(o->quiet && o->json, "flags together");
    is_int(o->threads, 8, "a number at its letter");
    is_str(o->output, "-", "a dash as value");
    is_int(c.operands.count, 3, "operands");
    is_str(c.operands.items[1], "-", "a dash as operand");
    is_str(c.operands.items[2], "--y", "behind -- everything is an operand");
    is_int(o->level, 1, "default choice");
    command_line_done(&c);

    is_int(parse("watch x", &c, &why), 0, "nothing given");
    o = c.options;
    is_int(o->threads, 4, "default number");
    is_int(o->rules.count, 0, "empty list");
    ok(o->output == NULL && !o->quiet, "absent text and flag");
    command_line_done(&c);

    is_int(parse("watch x --threads 2 --threads=3 --level low --lang=vi", &c, &why), 0, "repeated");
    o = c.options;
    is_int(o->threads, 3, "the last one counts");
    is_int(o->level, 0, "choice");
    is_int(c.common.lang, LANG_VI, "common option");
    command_line_done(&c);
    buf_done(&why);
}

static void test_errors(void)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"", "say what to do: watch, group"},
        {"wacth x", "unknown verb 'wacth' (did you mean 'watch'?)"},
        {"zzz", "unknown verb 'zzz'"},
        {"group", "say what to do: deep"},
        {"group deep sh", "'sh' is none of bash"},
        {"watch", "PATH… is missing"},
        {"watch a b c d", "one operand too many: 'd'"},
        {"watch --thread 3 x", "unknown option --thread (did you mean --threads?)"},
        {"watch --frobnicate x", "unknown option --frobnicate"},
        {"watch -qx", "unknown option -x in -qx"},
        {"watch --quiet=yes x", "--quiet takes no value"},
        {"watch x --threads", "--threads needs a value"},
        {"watch x -t", "--threads needs a value"},
        {"watch x -t 65", "--threads: '65' is not a number from 1 to 64"},
        {"watch x -t ''", "--threads: '''' is not a number from 1 to 64"},
        {"watch x --level mid", "--level: 'mid' is none of low, high"},
        {"watch --lang xx x", "--lang: 'xx' is none of vi, en"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct buf why = BUF_INIT(4096);
        struct command_line c;

        is_int(parse(rows[i].line, &c, &why), -CE_SYNTAX, "refused: %s", rows[i].line);
        is_slice(buf_slice(&why), slice_str(rows[i].why), "says why");
        command_line_done(&c);
        buf_done(&why);
    }
}

static void test_path(void)
{
    struct buf why = BUF_INIT(4096), name = BUF_INIT(256);
    struct command_line c;

    is_int(parse("group --help deep x y", &c, &why), 0, "--help needs no sensible rest");
    ok(c.common.help, "help is asked for");
    is_str(command_line_verb(&c)->name, "group", "of the group");
    command_line_done(&c);
    is_int(parse("group deep bash", &c, &why), 0, "a subverb");
    command_line_name(&c, &name);
    is_slice(buf_slice(&name), SLICE("canh group deep"), "its full name");
    command_line_done(&c);
    is_int(parse("group deep", &c, &why), 0, "an operand that may lack");
    command_line_done(&c);
    buf_done(&why);
    buf_done(&name);
}

static void test_lang(void)
{
    char a0[] = "canh", a1[] = "--bad", a2[] = "--lang", a3[] = "vi", a4[] = "--lang=xx";
    char *plain[] = {a0, a1, NULL}, *given[] = {a0, a1, a2, a3, NULL}, *odd[] = {a0, a4, NULL};

    is_int(command_line_lang(2, plain), LANG_MAX, "no language asked for");
    is_int(command_line_lang(4, given), LANG_VI, "asked for behind an error");
    is_int(command_line_lang(2, odd), LANG_MAX, "one that there is not");
}

int main(void)
{
    test_values();
    test_errors();
    test_path();
    test_lang();
    return tap_done();
}
