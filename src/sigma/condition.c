/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/condition.h"

#include "base/ascii.h"
#include "lang/err_sigma.h"
#include "lang/near.h"

struct word {
    struct slice text; /* empty at the end */
    size_t at;
};

struct parser {
    struct build *b;
    const struct yaml_node *node;
    const struct selection *selections;
    uint32_t selection_count;
    struct slice text;
    struct word word; /* the current one */
    unsigned words, depth;
    uint32_t weight_left;
};

static int parse_or(struct parser *p);

static bool condition_parenthesis(uint8_t c)
{
    return c == '(' || c == ')';
}

static struct word word_from(const struct parser *p, size_t at)
{
    struct slice s = p->text;
    size_t end;

    while (at < s.n && ascii_is_space(s.p[at]))
        at++;
    end = at + (at < s.n && condition_parenthesis(s.p[at]));
    if (end == at) {
        while (end < s.n && !ascii_is_space(s.p[end]) && !condition_parenthesis(s.p[end]))
            end++;
    }
    return (struct word){.text = slice_of(s.p + at, end - at), .at = at};
}

static struct word condition_following(const struct parser *p)
{
    return word_from(p, p->word.at + p->word.text.n);
}

static void condition_advance(struct parser *p)
{
    p->word = condition_following(p);
    p->words++;
}

static bool at_word(const struct parser *p, const char *word)
{
    return slice_is(p->word.text, word);
}

#define fail(p, code, ...) build_fail_inside((p)->b, (p)->node, (p)->word.at, (code), __VA_ARGS__)

/* The current word as a message shows it. */
#define WORD(p) slice_brief((p)->word.text)

static int check_limits(struct parser *p)
{
    if (p->words > CONDITION_WORDS_MAX)
        return fail(p, CE_TOO_BIG, ERR_SIGMA_CONDITION_MORE_THAN_WORDS, CONDITION_WORDS_MAX);
    if (p->depth > CONDITION_DEPTH_MAX)
        return fail(p, CE_DEPTH, ERR_SIGMA_CONDITION_NESTED_DEEPER_THAN_LEVELS,
                    CONDITION_DEPTH_MAX);
    return 0;
}

/* Whole-name match; * is any run of bytes. */
static bool name_matches(struct slice pattern, struct slice name)
{
    size_t i = 0, j = 0, star = SIZE_MAX, resume = 0;

    while (j < name.n) {
        if (i < pattern.n && pattern.p[i] == '*') {
            star = i++;
            resume = j;
        } else if (i < pattern.n && pattern.p[i] == name.p[j]) {
            i++;
            j++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            j = ++resume;
        } else {
            return false;
        }
    }
    while (i < pattern.n && pattern.p[i] == '*')
        i++;
    return i == pattern.n;
}

static int push_selection(struct parser *p, const struct selection *s)
{
    if (s->weight > p->weight_left)
        return fail(p, CE_TOO_BIG, ERR_SIGMA_CONDITION_REPEATS_SELECTIONS_TOO_OFTEN);
    p->weight_left -= s->weight;
    return build_push(p->b, s->expr);
}

/* "AND" and the like; 0 when the current word is none of them. */
static int check_lower_case(struct parser *p)
{
    static const char *const words[] = {"and", "or", "not", "of", "them", "all"};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_eq_nocase(p->word.text, slice_str(words[i])) && !at_word(p, words[i]))
            return fail(p, CE_SYNTAX, ERR_SIGMA_OPERATORS_WRITTEN_LOWER_CASE, WORD(p));
    }
    return 0;
}

static bool is_number(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n > 0;
}

static bool operator_word(const struct parser *p)
{
    return at_word(p, "and") || at_word(p, "or") || at_word(p, "of") || at_word(p, "them");
}

static int no_such_selection(struct parser *p)
{
    struct word next = condition_following(p);
    int r = check_lower_case(p);
    size_t near;

    if (r < 0)
        return r;
    if (is_number(p->word.text) && slice_eq_nocase(next.text, SLICE("of"))) {
        p->word = next;
        return check_lower_case(p);
    }
    if (operator_word(p))
        return fail(p, CE_SYNTAX, ERR_SIGMA_SELECTION_EXPECTED_HERE_NOT, WORD(p));
    if (slice_find_byte(p->word.text, '|') != SIZE_MAX)
        return fail(p, CE_UNKNOWN, ERR_SIGMA_AGGREGATIONS_BEHIND_NO_LONGER_PART, WORD(p));
    if (slice_find_byte(p->word.text, '*') != SIZE_MAX)
        return fail(p, CE_UNKNOWN, ERR_SIGMA_PATTERN_WRITE_1_OR_ALL, WORD(p));
    near =
        near_find(p->word.text, &p->selections->name, p->selection_count, sizeof(*p->selections));
    if (near == SIZE_MAX)
        return fail(p, CE_UNKNOWN, ERR_SIGMA_NO_SELECTION_CALLED, WORD(p));
    return fail(p, CE_UNKNOWN, ERR_SIGMA_NO_SELECTION_CALLED_DID_YOU, WORD(p),
                p->selections[near].name);
}

static int parse_name(struct parser *p)
{
    for (uint32_t i = 0; i < p->selection_count; i++) {
        if (slice_eq(p->selections[i].name, p->word.text)) {
            int r = push_selection(p, &p->selections[i]);

            condition_advance(p);
            return r;
        }
    }
    return no_such_selection(p);
}

/* The current word is what stands behind "of". */
static int parse_of(struct parser *p, enum expr_op op)
{
    struct slice pattern = p->word.text;
    bool them = slice_is(pattern, "them"), hidden = pattern.n && pattern.p[0] == '_';
    uint32_t from = p->b->count;
    int r = 0;

    if (pattern.n == 0 || condition_parenthesis(pattern.p[0]))
        return fail(p, CE_SYNTAX, ERR_SIGMA_BEHIND_STANDS_THEM_OR_PATTERN);
    for (uint32_t i = 0; i < p->selection_count && r == 0; i++) {
        const struct selection *s = &p->selections[i];

        if (!hidden && s->name.n && s->name.p[0] == '_')
            continue;
        if (them || name_matches(pattern, s->name))
            r = push_selection(p, s);
    }
    if (r == 0 && p->b->count == from)
        r = check_lower_case(p);
    if (r == 0 && p->b->count == from)
        r = fail(p, CE_UNKNOWN, ERR_SIGMA_NO_SELECTION_FITS, WORD(p));
    if (r == 0)
        r = build_join(p->b, from, op, p->node);
    condition_advance(p);
    return r;
}

static int parse_one(struct parser *p)
{
    bool one = at_word(p, "1") || at_word(p, "any"), all = at_word(p, "all");
    int r;

    if (p->word.text.n == 0)
        return p->words ? fail(p, CE_SYNTAX, ERR_SIGMA_CONDITION_ENDS)
                        : fail(p, CE_SYNTAX, ERR_SIGMA_CONDITION_EMPTY);
    if (slice_is(condition_following(p).text, "of") && (one || all || is_number(p->word.text))) {
        if (!one && !all)
            return fail(p, CE_SYNTAX, ERR_SIGMA_ONLY_1_ANY_AND_ALL, WORD(p));
        condition_advance(p);
        condition_advance(p);
        return parse_of(p, all ? EXPR_AND : EXPR_OR);
    }
    if (at_word(p, ")"))
        return fail(p, CE_SYNTAX, ERR_SIGMA_SELECTION_EXPECTED_HERE_NOT_2);
    if (!at_word(p, "("))
        return parse_name(p);
    condition_advance(p);
    r = parse_or(p);
    if (r == 0)
        r = check_lower_case(p);
    if (r < 0)
        return r;
    if (!at_word(p, ")"))
        return fail(p, CE_SYNTAX, ERR_SIGMA_MISSING_HERE);
    condition_advance(p);
    return 0;
}

static int parse_not(struct parser *p)
{
    int r;

    p->depth++;
    r = check_limits(p);
    if (r == 0 && at_word(p, "not")) {
        condition_advance(p);
        r = parse_not(p);
        if (r == 0)
            r = build_not(p->b, p->node);
    } else if (r == 0) {
        r = parse_one(p);
    }
    p->depth--;
    return r;
}

static int parse_and(struct parser *p)
{
    uint32_t from = p->b->count;
    int r = parse_not(p);

    while (r == 0 && at_word(p, "and")) {
        condition_advance(p);
        r = parse_not(p);
    }
    return r < 0 ? r : build_join(p->b, from, EXPR_AND, p->node);
}

static int parse_or(struct parser *p)
{
    uint32_t from = p->b->count;
    int r = parse_and(p);

    while (r == 0 && at_word(p, "or")) {
        condition_advance(p);
        r = parse_and(p);
    }
    return r < 0 ? r : build_join(p->b, from, EXPR_OR, p->node);
}

/* Behind a complete condition nothing may follow. */
static int parse_end(struct parser *p)
{
    int r = check_lower_case(p);

    if (r < 0 || p->word.text.n == 0)
        return r;
    if (p->word.text.p[0] == '|')
        return no_such_selection(p);
    if (at_word(p, ")"))
        return fail(p, CE_SYNTAX, ERR_SIGMA_WITHOUT);
    return fail(p, CE_SYNTAX, ERR_SIGMA_AND_OR_OR_EXPECTED_BEFORE, WORD(p));
}

static int parse_text(struct parser *p, const struct yaml_node *node)
{
    int r;

    p->node = node;
    if (node->kind != YAML_SCALAR)
        return build_fail(p->b, node, CE_SYNTAX, ERR_SIGMA_CONDITION_TEXT_OR_LIST_TEXTS);
    if (node->text.n > CONDITION_TEXT_MAX)
        return build_fail(p->b, node, CE_TOO_BIG, ERR_SIGMA_CONDITION_LONGER_THAN_BYTES,
                          CONDITION_TEXT_MAX);
    p->text = node->text;
    p->word = word_from(p, 0);
    p->words = 0;
    r = parse_or(p);
    return r < 0 ? r : parse_end(p);
}

int condition_build(struct build *b, const struct yaml_node *node,
                    const struct selection *selections, uint32_t count)
{
    struct parser p = {.b = b,
                       .selections = selections,
                       .selection_count = count,
                       .weight_left = RULE_WEIGHT_MAX};
    uint32_t from = b->count;
    int r = 0;

    if (node->kind != YAML_SEQ)
        return parse_text(&p, node);
    if (node->count == 0)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_EMPTY_LIST_CONDITIONS);
    for (uint32_t i = 0; i < node->count && r == 0; i++)
        r = parse_text(&p, node->kids[i]);
    return r < 0 ? r : build_join(b, from, EXPR_OR, node);
}
