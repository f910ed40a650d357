/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/num.h"
#include "cli/metavar.h"
#include "lang/msg_cli.h"
#include "lang/near.h"

const struct option_spec common_options[] = {
    OPTION_CHOICE("lang", 0, struct common_options, lang, lang_names, MSG_CLI_OPT_LANG),
    OPTION_FLAG("clock-is-right", 0, struct common_options, clock_is_right,
                MSG_CLI_OPT_CLOCK_IS_RIGHT),
    OPTION_FLAG("help", 'h', struct common_options, help, MSG_CLI_OPT_HELP),
    OPTION_FLAG("version", 0, struct common_options, version, MSG_CLI_OPT_VERSION),
};
const size_t common_option_count = CANH_LEN(common_options);

bool common_option_is_top(const struct option_spec *option)
{
    return strcmp(option->name, "version") == 0 || strcmp(option->name, "clock-is-right") == 0;
}

enum { ARENA_MAX = 16 * 1024 * 1024 };

struct parser {
    int argc, at;
    char **argv;
    enum lang lang;
    struct command_line *c;
    struct buf *why;
    const char **operands;
    bool only_operands;
};

const struct verb *command_line_verb(const struct command_line *c)
{
    return c->path[c->depth - 1];
}

void command_line_name(const struct command_line *c, struct buf *out)
{
    for (unsigned i = 0; i < c->depth; i++) {
        if (i > 0)
            buf_putc(out, ' ');
        buf_puts(out, c->path[i]->name);
    }
}

/* Keeps the candidate in *best when it is nearer to the word than all before. */
static void option_consider(struct slice word, const char *candidate, unsigned *nearest,
                            const char **best)
{
    unsigned d = near_distance(word, slice_str(candidate), 2);

    if (d < *nearest && d < word.n) {
        *nearest = d;
        *best = candidate;
    }
}

static const char *nearest_option(const struct verb *v, struct slice word)
{
    const char *best = NULL;
    unsigned nearest = 3;

    for (size_t i = 0; i < v->option_count; i++)
        option_consider(word, v->options[i].name, &nearest, &best);
    for (size_t i = 0; i < common_option_count; i++)
        option_consider(word, common_options[i].name, &nearest, &best);
    return best;
}

static const char *nearest_verb(const struct verb *v, struct slice word)
{
    const char *best = NULL;
    unsigned nearest = 3;

    for (size_t i = 0; v->subs[i]; i++)
        option_consider(word, v->subs[i]->name, &nearest, &best);
    return best;
}

static int unknown_option(struct parser *p, struct slice name)
{
    const char *near = nearest_option(command_line_verb(p->c), name);

    if (near)
        lang_write(p->why, p->lang, MSG_CLI_UNKNOWN_OPTION_NEAR, SLICE_ARG(name), near);
    else
        lang_write(p->why, p->lang, MSG_CLI_UNKNOWN_OPTION, SLICE_ARG(name));
    return -CE_SYNTAX;
}

/* Enters a verb: its options struct begins as its defaults. */
static int option_enter(struct parser *p, const struct verb *v)
{
    struct command_line *c = p->c;

    if (c->depth == VERB_DEPTH_MAX)
        return -CE_BUG;
    c->path[c->depth++] = v;
    if (v->options_size == 0)
        return 0;
    c->options = arena_array(&c->arena, 1, v->options_size);
    if (c->options == NULL)
        return -CE_NOMEM;
    if (v->defaults)
        memcpy(c->options, v->defaults, v->options_size);
    return 0;
}

/* The option of that long name or letter, and the struct that its value goes to. */
static const struct option_spec *find_option(struct parser *p, struct slice name, char letter,
                                             void **ret_to)
{
    const struct verb *v = command_line_verb(p->c);
    const struct option_spec *tables[] = {v->options, common_options};
    const size_t counts[] = {v->option_count, common_option_count};
    void *const to[] = {p->c->options, &p->c->common};

    for (size_t t = 0; t < CANH_LEN(tables); t++) {
        for (size_t i = 0; i < counts[t]; i++) {
            const struct option_spec *o = &tables[t][i];

            if (letter ? o->letter != letter : !slice_is(name, o->name))
                continue;
            *ret_to = to[t];
            return o;
        }
    }
    if (v->alone &&
        option_enter(p, v->alone) == 0) /* an option before any word is of the one meant */
        return find_option(p, name, letter, ret_to);
    return NULL;
}

static void write_choices(struct buf *out, const char *const *choices)
{
    for (size_t i = 0; choices[i]; i++) {
        if (i > 0)
            buf_puts(out, ", ");
        buf_puts(out, choices[i]);
    }
}

static int store_choice(struct parser *p, const struct option_spec *o, const char *value, int *to)
{
    struct buf list = BUF_INIT(4096);

    for (int i = 0; o->choices[i]; i++) {
        if (strcmp(o->choices[i], value) == 0) {
            *to = i;
            return 0;
        }
    }
    write_choices(&list, o->choices);
    lang_write(p->why, p->lang, MSG_CLI_BAD_CHOICE, o->name, value, buf_cstr(&list));
    buf_done(&list);
    return -CE_SYNTAX;
}

static int store_number(struct parser *p, const struct option_spec *o, const char *value,
                        int64_t *to)
{
    if (num_range(slice_str(value), o->min, o->max, to) == 0)
        return 0;
    lang_write(p->why, p->lang, MSG_CLI_BAD_NUMBER, o->name, value, o->min, o->max);
    return -CE_SYNTAX;
}

/* A list can hold as many items as there are arguments: allocated once, never grown. */
static int store_list(struct parser *p, const char *value, struct option_list *to)
{
    const char **items;

    if (to->items == NULL) {
        to->items = arena_array(&p->c->arena, (size_t)p->argc, sizeof(*items));
        to->count = 0;
    }
    if (to->items == NULL)
        return -CE_NOMEM;
    memcpy(&items, &to->items, sizeof(items)); /* const to everyone else */
    items[to->count++] = value;
    return 0;
}

static int store_text(struct parser *p, const struct option_spec *o, const char *value,
                      const char **to)
{
    size_t n = strlen(value), more = o->below ? strlen(o->below) : 0;
    char *joined;

    *to = value;
    if (o->below == NULL)
        return 0;
    joined = arena_array(&p->c->arena, n + more + 1, 1);
    if (joined == NULL)
        return -CE_NOMEM;
    memcpy(joined, value, n);
    memcpy(joined + n, o->below, more + 1);
    *to = joined;
    return 0;
}

static int option_store(struct parser *p, const struct option_spec *o, void *options,
                        const char *value)
{
    void *to = (char *)options + o->offset;

    switch (o->kind) {
    case OPTION_KIND_FLAG:
        *(bool *)to = true;
        return 0;
    case OPTION_KIND_TEXT:
        return store_text(p, o, value, to);
    case OPTION_KIND_NUMBER:
        return store_number(p, o, value, to);
    case OPTION_KIND_CHOICE:
        return store_choice(p, o, value, to);
    default:
        return store_list(p, value, to);
    }
}

/* The value behind the option itself (`attached`, or NULL) or in the next argument. */
static int option_read_value(struct parser *p, const struct option_spec *o, const char *attached,
                             const char **ret)
{
    if (attached == NULL && p->at < p->argc)
        attached = p->argv[p->at++];
    if (attached == NULL) {
        lang_write(p->why, p->lang, MSG_CLI_NO_VALUE, o->name);
        return -CE_SYNTAX;
    }
    *ret = attached;
    return 0;
}

static int parse_long(struct parser *p, const char *text)
{
    struct slice rest = slice_str(text), name;
    const char *value = strchr(text, '=');
    const struct option_spec *o;
    void *to;
    int r;

    (void)slice_cut(&rest, '=', &name);
    o = find_option(p, name, 0, &to);
    if (o == NULL)
        return unknown_option(p, name);
    if (o->kind == OPTION_KIND_FLAG && value) {
        lang_write(p->why, p->lang, MSG_CLI_NEEDS_NO_VALUE, o->name);
        return -CE_SYNTAX;
    }
    if (value)
        value++;
    if (o->kind != OPTION_KIND_FLAG && (r = option_read_value(p, o, value, &value)) < 0)
        return r;
    return option_store(p, o, to, value);
}

static int parse_short(struct parser *p, const char *text)
{
    for (const char *at = text; *at; at++) {
        const char *value = NULL;
        void *to;
        const struct option_spec *o = find_option(p, SLICE_NULL, *at, &to);
        int r;

        if (o == NULL) {
            lang_write(p->why, p->lang, MSG_CLI_UNKNOWN_LETTER, *at, text);
            return -CE_SYNTAX;
        }
        if (o->kind == OPTION_KIND_FLAG) {
            if ((r = option_store(p, o, to, NULL)) < 0)
                return r;
            continue;
        }
        r = option_read_value(p, o, at[1] ? at + 1 : NULL, &value);
        return r < 0 ? r : option_store(p, o, to, value);
    }
    return 0;
}

static int parse_word(struct parser *p, const char *word)
{
    const struct verb *v = command_line_verb(p->c);
    const char *near;

    if (v->subs == NULL) {
        p->operands[p->c->operands.count++] = word;
        return 0;
    }
    for (size_t i = 0; v->subs[i]; i++) {
        if (strcmp(v->subs[i]->name, word) == 0)
            return option_enter(p, v->subs[i]);
    }
    near = nearest_verb(v, slice_str(word));
    if (near)
        lang_write(p->why, p->lang, MSG_CLI_UNKNOWN_VERB_NEAR, word, near);
    else
        lang_write(p->why, p->lang, MSG_CLI_UNKNOWN_VERB, word);
    return -CE_SYNTAX;
}

static int parse_argument(struct parser *p)
{
    const char *text = p->argv[p->at++];

    if (p->only_operands || text[0] != '-' || text[1] == 0)
        return parse_word(p, text);
    if (text[1] != '-')
        return parse_short(p, text + 1);
    if (text[2] == 0) {
        p->only_operands = true;
        return 0;
    }
    return parse_long(p, text + 2);
}

/* A verb that knows its operands by name takes no others. */
static int check_words(struct parser *p, const struct verb *v)
{
    const struct operands *ops = &p->c->operands;
    struct buf list = BUF_INIT(4096);

    uint32_t words = v->max_operands == OPERANDS_ANY ? CANH_MIN(ops->count, 1u) : ops->count;

    for (uint32_t i = 0; v->operand_words && i < words; i++) {
        size_t at = 0;

        while (v->operand_words[at] && strcmp(v->operand_words[at], ops->items[i]) != 0)
            at++;
        if (v->operand_words[at])
            continue;
        write_choices(&list, v->operand_words);
        lang_write(p->why, p->lang, MSG_CLI_BAD_OPERAND, ops->items[i], buf_cstr(&list));
        buf_done(&list);
        return -CE_SYNTAX;
    }
    return 0;
}

static int check_operands(struct parser *p)
{
    const struct verb *v = command_line_verb(p->c);
    const struct operands *ops = &p->c->operands;

    if (v->subs && v->alone)
        return option_enter(p, v->alone);

    if (v->subs) {
        struct buf list = BUF_INIT(4096);

        for (size_t i = 0; v->subs[i]; i++)
            buf_printf(&list, "%s%s", i ? ", " : "", v->subs[i]->name);
        lang_write(p->why, p->lang, MSG_CLI_NO_VERB, buf_cstr(&list));
        buf_done(&list);
        return -CE_SYNTAX;
    }
    if (ops->count < v->min_operands) {
        struct buf name = BUF_INIT(1000);

        metavar_write(&name, p->lang, v->operands);
        lang_write(p->why, p->lang, MSG_CLI_NO_OPERAND, buf_cstr(&name));
        buf_done(&name);
        return -CE_SYNTAX;
    }
    if (ops->count > v->max_operands) {
        lang_write(p->why, p->lang, MSG_CLI_EXTRA_OPERAND, ops->items[v->max_operands]);
        return -CE_SYNTAX;
    }
    return check_words(p, v);
}

int command_line_parse(const struct verb *root, int argc, char **argv, enum lang lang,
                       struct command_line *ret, struct buf *why)
{
    struct parser p = {
        .argc = argc, .at = argc > 0 ? 1 : 0, .argv = argv, .lang = lang, .c = ret, .why = why};
    int r;

    *ret = (struct command_line){.common = {.lang = -1}, .arena = ARENA_INIT(ARENA_MAX)};
    ret->path[ret->depth++] = root;
    p.operands = arena_array(&ret->arena, (size_t)argc + 1, sizeof(*p.operands));
    if (p.operands == NULL)
        return -CE_NOMEM;
    ret->operands.items = p.operands;
    while (p.at < argc) {
        r = parse_argument(&p);
        if (r < 0)
            return r;
        if (ret->common.help || ret->common.version)
            return 0;
    }
    return check_operands(&p);
}

void command_line_done(struct command_line *c)
{
    arena_done(&c->arena);
}

enum lang command_line_lang(int argc, char **argv)
{
    enum lang found = LANG_MAX;

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        struct slice s = slice_str(argv[i]);

        if (slice_starts(s, SLICE("--lang=")))
            found = lang_from_str(slice_from(s, 7));
        else if (slice_is(s, "--lang") && i + 1 < argc)
            found = lang_from_str(slice_str(argv[i + 1]));
    }
    return found;
}
