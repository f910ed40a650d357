/* SPDX-License-Identifier: Apache-2.0 */
/* re and its flags i, m, s: a regular expression, found anywhere in the value. */
#include "sigma/regex.h"
#include "base/array.h"

#include "base/fold.h"
#include "base/utf.h"
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/comparison.h"
#include "sigma/find.h"
#include "sigma/item_internal.h"
#include "sigma/test.h"

static int parse_regex(struct item *item, struct slice text)
{
    struct atom atom = {.op = ATOM_REGEX};
    struct err why = ERR_INIT;
    struct regex *compiled;
    unsigned flags = 0;
    int r = build_spend(item->b, item->at, text.n);

    if (r < 0)
        return r;
    flags |= item->mods & MOD_RE_NOCASE ? REGEX_NOCASE : 0;
    flags |= item->mods & MOD_RE_MULTILINE ? REGEX_MULTILINE : 0;
    flags |= item->mods & MOD_RE_DOTALL ? REGEX_DOTALL : 0;
    r = regex_new(text, flags, false, &compiled, &why);
    if (r < 0)
        return build_fail(item->b, item->at, (enum ce) - r, ERR_BASE_TEXT, &why);
    regex_free(compiled);
    atom.regex.text = arena_dup(item->b->arena, text);
    atom.regex.flags = flags;
    return atom.regex.text.p ? item_push(item, atom) : build_no_memory(item->b);
}

static void identify_regex(const struct atom *a, struct buf *out)
{
    buf_append_u64(out, a->regex.flags);
    buf_append_slice(out, a->regex.text);
}

/* Texts with a zero byte between them as a pattern, folded unless cased. */
static const struct pattern *texts_pattern(struct program_build *b, struct slice texts, bool cased)
{
    struct pattern *p = arena_new(&b->program->arena, struct pattern);

    texts = arena_dup(&b->program->arena, texts);
    if (p == NULL || texts.p == NULL ||
        regex_texts_pattern(&b->program->arena, program_text(b, texts, cased), p) < 0) {
        b->failed = true;
        return NULL;
    }
    return p;
}

/* What a regex cannot match without, or, where it says no more than that, what it means. */
static void use_texts(struct program_build *b, struct test *t)
{
    struct slice regex = t->atom->regex.text;
    struct buf texts = BUF_INIT(2 * REGEX_TEXT_MAX);
    const struct pattern *folded;

    t->texts = regex_is_texts(regex, &texts);
    t->cased = t->texts && !(t->atom->regex.flags & REGEX_NOCASE);
    if (!t->texts) {
        buf_clear(&texts);
        regex_required_texts(regex, &texts);
    }
    t->pattern = texts_pattern(b, buf_slice(&texts), t->cased);
    folded = texts_pattern(b, buf_slice(&texts), false);
    t->text = folded ? pattern_longest(folded) : SLICE("");
    buf_done(&texts);
}

static void prepare_regex(struct program_build *b, struct test *t)
{
    struct program *p = b->program;
    struct regex *r = regex_new_checked(t->atom->regex.text, t->atom->regex.flags, b->jit);

    if (r == NULL || !array_room(p->regexes, p->regex_count, b->regex_cap, TESTS_MAX)) {
        b->failed = true;
        (void)regex_free(r);
    } else {
        p->regexes[p->regex_count] = r;
        t->regex = p->regex_count++;
    }
    use_texts(b, t);
}

static struct need regex_need(struct program_build *b, const struct test *t)
{
    return t->text.n > 0 ? need_text(b, t, TEXT_CONTAINS, t->text) : need_value();
}

static bool holds_regex(struct runner *r, const struct test *t, struct value *v)
{
    enum regex_result result;
    struct slice plain;

    if (!test_has_required(r, t, v))
        return false;
    if (t->texts && (v->ascii || utf8_valid(test_plain(r, v))))
        return regex_texts_match(t->pattern, t->atom->regex.flags, test_text(r, t, v));
    if (!t->texts && t->pattern->count > 3 && !glob_match(t->pattern, v->fold))
        return false;
    plain = test_plain(r, v);
    result = regex_search(r->program->regexes[t->regex], r->regex, plain,
                          v->fold.p ? v->ascii : is_ascii(plain));
    r->regex_limits += result == REGEX_GAVE_UP;
    return result == REGEX_MATCH;
}

/*
 * A pattern of texts with .* between them can take a backtracking search for ever and is decided
 * without one. False when the pattern is of another kind.
 */
static bool texts_decide(struct explainer *x, const struct atom *a, struct slice text, bool *ret)
{
    struct buf texts = BUF_INIT(EXPLAIN_VALUE_MAX);
    bool nocase = (a->regex.flags & REGEX_NOCASE) != 0;
    bool simple = regex_is_texts(a->regex.text, &texts) && texts.err == 0 && utf8_valid(text);
    struct slice copy = simple ? arena_dup(x->arena, buf_slice(&texts)) : SLICE_NULL;
    struct pattern pattern;

    buf_done(&texts);
    if (nocase && copy.p != NULL) {
        copy = explain_folded(x, copy);
        text = explain_folded(x, text);
    }
    if (copy.p == NULL || text.p == NULL || regex_texts_pattern(x->arena, copy, &pattern) < 0)
        return false;
    *ret = regex_texts_match(&pattern, a->regex.flags, text);
    return true;
}

static int explain_regex(struct explainer *x, const struct atom *a, struct slice text,
                         struct verdict *v, bool *ret)
{
    struct err err = ERR_INIT;
    struct regex *regex;
    enum regex_result result;
    int r;

    if (x->regex == NULL && (x->regex = regex_context_new(1)) == NULL)
        return -CE_NOMEM;
    r = regex_new(a->regex.text, a->regex.flags, false, &regex, &err);
    if (r < 0)
        return r;
    result = regex_search(regex, x->regex, text, false);
    regex = regex_free(regex);
    *ret = result == REGEX_MATCH;
    if (result == REGEX_GAVE_UP && !texts_decide(x, a, text, ret))
        v->gave_up = true;
    return 0;
}

static struct atom_words regex_words(const struct atom *a, struct buf *want)
{
    buf_putc(want, '/');
    buf_append_slice(want, a->regex.text);
    buf_printf(want, "/%s%s%s", a->regex.flags & REGEX_NOCASE ? "i" : "",
               a->regex.flags & REGEX_MULTILINE ? "m" : "",
               a->regex.flags & REGEX_DOTALL ? "s" : "");
    return (struct atom_words){.verb = MSG_EXPLAIN_REGEX, .name = "re"};
}

const struct comparison comparison_regex = {
    .op = ATOM_REGEX,
    .identify = identify_regex,
    .prepare = prepare_regex,
    .cost = 200,
    .holds = holds_regex,
    .need = regex_need,
    .explain = explain_regex,
    .words = regex_words,
};

const struct modifier modifier_re = {
    .names = {SLICE_INIT("re")},
    .bit = MOD_RE,
    .keyword = true,
    .group = {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},
    .before = {{MODS_RE_FLAGS, ERR_SIGMA_WHY_FLAG}},
    .with = {MODS_RE_FLAGS | MOD_CASED | MOD_ALL | MOD_NEQ | MOD_EXPAND, ERR_SIGMA_WHY_RE},
    .parse = parse_regex,
};

const struct modifier modifier_re_nocase = {
    .names = {SLICE_INIT("i"), SLICE_INIT("ignorecase")},
    .bit = MOD_RE_NOCASE,
    .keyword = true,
    .without = {MOD_CASED, ERR_SIGMA_WHY_OPPOSITES},
    .needs = {MOD_RE, ERR_SIGMA_MODIFIER_FLAG_RE_WHICH_NOT},
};

const struct modifier modifier_re_multiline = {
    .names = {SLICE_INIT("m"), SLICE_INIT("multiline")},
    .bit = MOD_RE_MULTILINE,
    .keyword = true,
    .needs = {MOD_RE, ERR_SIGMA_MODIFIER_FLAG_RE_WHICH_NOT},
};

const struct modifier modifier_re_dotall = {
    .names = {SLICE_INIT("s"), SLICE_INIT("dotall")},
    .bit = MOD_RE_DOTALL,
    .keyword = true,
    .needs = {MOD_RE, ERR_SIGMA_MODIFIER_FLAG_RE_WHICH_NOT},
};
