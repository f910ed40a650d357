/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/fold.h"
#include "base/ip.h"
#include "journal/filter.h"
#include "journal/predicate.h"
#include "search/find_text.h"
#include "search/query.h"
#include "sigma/program.h"
#include "sigma/runner.h"

struct query_matcher {
    const struct query *query;
    struct background *background;
    struct program *program; /* NULL: no fields are asked for */
    struct runner runner;
    struct buf folded; /* the record's text, where it is not ASCII */
    /* of the present record */
    struct slice raw;
    const struct event *(*decode)(void *ctx);
    void *ctx;
    bool decoded, ran, has_folded;
    const struct query_node *needle_node; /* whose one part the needle is; NULL: there is none */
    size_t needle_from;                   /* before it the needle does not stand */
    uint64_t *holds;                      /* by atom, a bit each */
    struct expr *exprs;
};

enum { FOLDED_MAX = 16 * 1024 * 1024 };

static int make_program(struct query_matcher *m, const struct keys *keys, struct err *err)
{
    const struct query *q = m->query;
    struct program_input *inputs = calloc(q->atom_count, sizeof(*inputs));
    struct expr *exprs = calloc(q->atom_count, sizeof(*exprs));
    int r = 0;

    m->exprs = exprs;
    m->holds = calloc(q->atom_count / 64 + 1, sizeof(*m->holds));
    m->background = background_new();
    if (inputs == NULL || exprs == NULL || m->holds == NULL || m->background == NULL)
        r = err_nomem(err);
    for (uint32_t i = 0; r == 0 && i < q->atom_count; i++) {
        exprs[i] = (struct expr){.op = EXPR_ATOM, .atom = &q->atoms[i]->atom};
        inputs[i] = (struct program_input){.id = i, .expr = &exprs[i]};
    }
    if (r == 0)
        r = program_new(inputs, q->atom_count, keys, m->background, false, &m->program, err);
    free(inputs);
    if (r == 0 && (r = runner_fit(&m->runner, m->program)) < 0)
        r = err_nomem(err);
    return r;
}

/* The word that is looked for before all others; NULL: none is, or it may be written otherwise. */
static const struct query_node *first_word(const struct query *q)
{
    const struct query_node *n = q->root;

    while (n->op == QUERY_AND && n->count)
        n = n->kids[0];
    return n->op == QUERY_WORD && n->escaped == NULL ? n : NULL;
}

int query_matcher_new(const struct query *q, const struct keys *keys, struct query_matcher **ret,
                      struct err *err)
{
    struct query_matcher *m = calloc(1, sizeof(*m));
    int r;

    *ret = NULL;
    if (m == NULL)
        return err_nomem(err);
    m->query = q;
    m->needle_node = first_word(q);
    if (m->needle_node && m->needle_node->part_count != 1)
        m->needle_node = NULL;
    m->folded = BUF_INIT(FOLDED_MAX);
    r = runner_init(&m->runner);
    if (r < 0)
        r = err_nomem(err);
    else if (q->atom_count)
        r = make_program(m, keys, err);
    if (r < 0)
        m = query_matcher_free(m);
    *ret = m;
    return r;
}

struct query_matcher *query_matcher_free(struct query_matcher *m)
{
    if (m == NULL)
        return NULL;
    runner_done(&m->runner);
    m->program = program_free(m->program);
    m->background = background_free(m->background);
    buf_done(&m->folded);
    free(m->exprs);
    free(m->holds);
    free(m);
    return NULL;
}

/* The record's text in folded form; only texts that are not ASCII need it. */
static struct slice folded_text(struct query_matcher *m)
{
    if (!m->has_folded) {
        uint8_t *to;

        buf_clear(&m->folded);
        to = buf_reserve(&m->folded, fold_max(m->raw.n));
        if (to)
            m->folded.len = fold_text(m->raw, to);
        m->has_folded = true;
    }
    return buf_slice(&m->folded);
}

static bool is_ascii(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

static bool word_byte(uint8_t b)
{
    return b >= 0x80 || b == '_' || ascii_is_alnum(b);
}

/* A letter that only ends an escape of JSON: \n and its like. */
static bool is_escape_letter(struct slice text, size_t at)
{
    return at > 0 && text.p[at - 1] == '\\' && memchr("nrtbf", text.p[at], 5) != NULL;
}

/* A word must not go on where it begins or ends, unless a star stands there. */
static bool query_match_bounded(struct slice text, size_t at, struct slice part, bool open_before,
                                bool open_after)
{
    size_t end = at + part.n;

    if (!open_before && at > 0 && word_byte(part.p[0]) && word_byte(text.p[at - 1]) &&
        !is_escape_letter(text, at - 1))
        return false;
    return open_after || end >= text.n || !word_byte(part.p[part.n - 1]) || !word_byte(text.p[end]);
}

static size_t find_part(struct slice text, size_t from, struct slice part, bool open_before,
                        bool open_after)
{
    for (;;) {
        size_t at = find_text(slice_from(text, from), part);

        if (at == SIZE_MAX)
            return SIZE_MAX;
        at += from;
        if (query_match_bounded(text, at, part, open_before, open_after))
            return at;
        from = at + 1;
    }
}

/* The word's parts one after the other; stars stand between them. */
static bool has_parts(const struct query_node *n, struct slice text, size_t from)
{
    for (uint32_t i = 0; i < n->part_count; i++) {
        size_t at = find_part(text, from, n->parts[i], i > 0 || n->open_before,
                              i + 1 < n->part_count || n->open_after);

        if (at == SIZE_MAX)
            return false;
        from = at + n->parts[i].n;
    }
    return true;
}

static bool word_matches(struct query_matcher *m, const struct query_node *n)
{
    bool ascii = true;

    for (uint32_t i = 0; i < n->part_count; i++)
        ascii = ascii && is_ascii(n->parts[i]);
    if (has_parts(n, ascii ? m->raw : folded_text(m), n == m->needle_node ? m->needle_from : 0))
        return true;
    return n->escaped && has_parts(n->escaped, ascii ? m->raw : folded_text(m), 0);
}

static bool address_matches(const struct query_matcher *m, const struct query_node *n)
{
    size_t at = 0;
    struct ip ip;

    while (filter_next_ip(m->raw, &at, &ip))
        if (ip_in_net(&ip, n->net.address, n->net.bits, n->net.v6))
            return true;
    return false;
}

static bool atom_matches(struct query_matcher *m, const struct query_node *n)
{
    if (!m->decoded) {
        const struct event *e = m->decode ? m->decode(m->ctx) : NULL;

        m->decoded = true;
        m->ran = e != NULL;
        memset(m->holds, 0, (m->query->atom_count / 64 + 1) * sizeof(*m->holds));
        if (e)
            runner_run(&m->runner, m->program, e);
        for (uint32_t i = 0; e && i < m->runner.matched_count; i++) {
            uint32_t id = m->runner.matched[i];

            m->holds[id / 64] |= UINT64_C(1) << id % 64;
        }
    }
    return m->ran && (m->holds[n->number / 64] >> n->number % 64 & 1);
}

static bool query_match_matches(struct query_matcher *m, const struct query_node *n)
{
    switch (n->op) {
    case QUERY_ALL:
        return true;
    case QUERY_AND:
        for (uint32_t i = 0; i < n->count; i++)
            if (!query_match_matches(m, n->kids[i]))
                return false;
        return true;
    case QUERY_OR:
        for (uint32_t i = 0; i < n->count; i++)
            if (query_match_matches(m, n->kids[i]))
                return true;
        return false;
    case QUERY_NOT:
        return !query_match_matches(m, n->kids[0]);
    case QUERY_WORD:
        return word_matches(m, n);
    case QUERY_ADDRESS:
        return address_matches(m, n);
    case QUERY_ATOM:
        return atom_matches(m, n);
    }
    return false;
}

bool query_matches(struct query_matcher *m, struct slice raw,
                   const struct event *(*decode)(void *ctx), void *ctx)
{
    return query_matches_from(m, raw, 0, decode, ctx);
}

bool query_matches_from(struct query_matcher *m, struct slice raw, size_t from,
                        const struct event *(*decode)(void *ctx), void *ctx)
{
    m->needle_from = from;
    m->raw = raw;
    m->decode = decode;
    m->ctx = ctx;
    m->decoded = m->ran = m->has_folded = false;
    return query_match_matches(m, m->query->root);
}

bool query_is_word(const struct query_matcher *m)
{
    const struct query_node *n = m->query->root;

    return n == m->needle_node && is_ascii(n->parts[0]) &&
           slice_find_byte(n->parts[0], '\n') == SIZE_MAX;
}

size_t query_word(const struct query_matcher *m, struct slice text, size_t from)
{
    const struct query_node *n = m->needle_node;

    return find_part(text, from, n->parts[0], n->open_before, n->open_after);
}

struct slice query_needle(const struct query *q)
{
    const struct query_node *n = first_word(q);
    struct slice longest = SLICE("");

    if (n == NULL)
        return longest;
    for (uint32_t i = 0; i < n->part_count; i++)
        if (!is_ascii(n->parts[i]))
            return SLICE("");
    for (uint32_t i = 0; i < n->part_count; i++)
        if (n->parts[i].n > longest.n)
            longest = n->parts[i];
    return longest;
}

/* Words of a text that stand in it whole: at its ends only where it must end there. */
static bool words_may(const struct query_prune *p, struct slice text, bool open_before,
                      bool open_after)
{
    struct slice word;
    size_t at = 0;

    while (filter_next_word(text, &at, &word)) {
        bool first = word.p == text.p, last = word.p + word.n == text.p + text.n;

        if ((first && open_before) || (last && open_after))
            continue;
        if (!p->word(p->ctx, word))
            return false;
    }
    return true;
}

static bool word_can(const struct query_prune *p, const struct query_node *n)
{
    for (uint32_t i = 0; i < n->part_count; i++)
        if (!words_may(p, n->parts[i], i > 0 || n->open_before,
                       i + 1 < n->part_count || n->open_after))
            return false;
    return true;
}

static bool atom_can(const struct query_prune *p, const struct atom *a)
{
    const struct pattern *x = &a->pattern;

    if (!p->text_in_raw || a->op != ATOM_PATTERN)
        return true;
    for (uint32_t i = 0; i < x->count; i++)
        if (x->parts[i].kind == PART_TEXT &&
            !words_may(p, x->parts[i].text, i > 0, i + 1 < x->count))
            return false;
    return true;
}

static bool address_can(const struct query_prune *p, const struct query_node *n)
{
    return n->net.bits != (n->net.v6 ? 128 : 32) || p->address(p->ctx, &n->net);
}

static bool query_match_can(const struct query_prune *p, const struct query_node *n)
{
    switch (n->op) {
    case QUERY_AND:
        for (uint32_t i = 0; i < n->count; i++)
            if (!query_match_can(p, n->kids[i]))
                return false;
        return true;
    case QUERY_OR:
        for (uint32_t i = 0; i < n->count; i++)
            if (query_match_can(p, n->kids[i]))
                return true;
        return n->count == 0;
    case QUERY_WORD:
        return word_can(p, n) || (n->escaped && word_can(p, n->escaped));
    case QUERY_ADDRESS:
        return address_can(p, n);
    case QUERY_ATOM:
        return atom_can(p, &n->atom);
    case QUERY_ALL:
    case QUERY_NOT:
        break;
    }
    return true;
}

bool query_can_match(const struct query *q, const struct query_prune *prune)
{
    return query_match_can(prune, q->root);
}

/* As words_may(), but written down; how many values it leaves. */
static unsigned write_words(struct buf *out, struct slice text, bool open_before, bool open_after)
{
    struct slice word;
    unsigned n = 0;
    size_t at = 0;

    while (filter_next_word(text, &at, &word)) {
        bool first = word.p == text.p, last = word.p + word.n == text.p + text.n;

        if ((first && open_before) || (last && open_after))
            continue;
        predicate_add_word(out, word);
        n++;
    }
    return n;
}

static void write_word_node(struct buf *out, const struct query_node *n)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < n->part_count; i++)
        count += write_words(out, n->parts[i], i > 0 || n->open_before,
                             i + 1 < n->part_count || n->open_after);
    predicate_add_all(out, count);
}

static void append_node(struct buf *out, const struct query_node *n);

static void write_kids(struct buf *out, const struct query_node *n)
{
    for (uint32_t i = 0; i < n->count; i++)
        append_node(out, n->kids[i]);
    if (n->op == QUERY_AND)
        predicate_add_all(out, n->count);
    else if (n->count)
        predicate_add_any(out, n->count);
    else
        predicate_add_true(out);
}

static void append_node(struct buf *out, const struct query_node *n)
{
    struct ip ip = {.v6 = n->net.v6};

    switch (n->op) {
    case QUERY_AND:
    case QUERY_OR:
        write_kids(out, n);
        return;
    case QUERY_WORD:
        write_word_node(out, n);
        if (n->escaped) {
            write_word_node(out, n->escaped);
            predicate_add_any(out, 2);
        }
        return;
    case QUERY_ADDRESS:
        if (n->net.bits == (n->net.v6 ? 128 : 32)) {
            memcpy(ip.bytes, n->net.address, sizeof(ip.bytes));
            predicate_add_ip(out, &ip);
            return;
        }
        break;
    case QUERY_ATOM:
    case QUERY_ALL:
    case QUERY_NOT:
        break;
    }
    predicate_add_true(out);
}

void query_predicate(const struct query *q, struct buf *out)
{
    append_node(out, q->root);
    if (out->err == 0)
        return;
    buf_clear(out); /* too long a term: every block is opened */
    out->err = 0;
    predicate_add_true(out);
}
