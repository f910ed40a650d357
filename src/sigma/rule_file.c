/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of one rule file, each on its own: a bad one hides none of the rest. */
#include <limits.h>

#include "lang/err_sigma.h"
#include "sigma/correlation.h"
#include "sigma/reader.h"
#include "yaml/pack.h"

enum {
    BROKEN_PARTS_MAX = 100, /* of one file; behind the last the rest is left */
    YAML_ARENA_MAX = 256 * 1024 * 1024,
};

/* A whole collection may come as one file. */
static const struct yaml_limits file_limits = {.max_bytes = 8 * 1024 * 1024,
                                               .max_nodes = 500000,
                                               .max_depth = 64,
                                               .max_docs = 20000,
                                               .merge = true};

/* One file being read. */
struct rule_reader {
    struct arena *arena, yaml;
    struct slice path, text;
    struct build build;
    struct err err;
    struct rule_file *file;
    const struct yaml_keeper *keeper;
    const struct yaml_node *doc, *refused; /* being read; the last one with a problem */
    uint32_t rules_cap, filters_cap, correlations_cap, problems_cap, warnings_cap;
    unsigned hashed_line; /* line at which hashed_at stands */
    size_t hashed_at;
};

/* The array, moved to a larger place in the arena when it has no room for one more item. */
static void *rule_file_grown(struct arena *arena, void *array, uint32_t count, uint32_t *cap,
                             size_t size)
{
    uint32_t want = *cap ? *cap * 2 : 1;
    void *to;

    if (count < *cap)
        return array;
    to = arena_array(arena, want, size);
    if (to == NULL)
        return NULL;
    if (count)
        memcpy(to, array, count * size);
    *cap = want;
    return to;
}

static int read_rule(struct rule_reader *g, const struct yaml_node *doc, uint64_t hash)
{
    struct sigma_rule *rule = arena_new(g->arena, struct sigma_rule), **all;
    int r;

    all =
        rule_file_grown(g->arena, g->file->rules, g->file->rule_count, &g->rules_cap, sizeof(rule));
    if (rule == NULL || all == NULL)
        return build_no_memory(&g->build);
    g->file->rules = all;
    rule->path = g->path;
    rule->content_hash = hash;
    r = reader_rule(&g->build, doc, rule);
    if (r == 0)
        g->file->rules[g->file->rule_count++] = rule;
    return r;
}

static struct rule_problem make_problem(struct rule_reader *g, const struct yaml_node *doc,
                                        const struct err *err)
{
    struct slice title = yaml_get_text(doc, "title");

    return (struct rule_problem){.path = g->path,
                                 .title = title.n ? arena_dup(g->arena, title) : SLICE_NULL,
                                 .err = *err};
}

/* Notes what stopped a document or a part of the file. */
static int add_problem(struct rule_reader *g, const struct yaml_node *doc, const struct err *err)
{
    struct rule_file *f = g->file;
    struct rule_problem *all =
        rule_file_grown(g->arena, f->problems, f->problem_count, &g->problems_cap, sizeof(*all));

    if (all == NULL)
        return -CE_NOMEM;
    f->problems = all;
    all[f->problem_count] = make_problem(g, doc, err);
    all[f->problem_count++].again = doc != NULL && doc == g->refused;
    g->refused = doc;
    return 0;
}

static int add_warning(struct rule_reader *g, const struct yaml_node *doc, const struct err *err)
{
    struct rule_file *f = g->file;
    struct rule_problem *all =
        rule_file_grown(g->arena, f->warnings, f->warning_count, &g->warnings_cap, sizeof(*all));

    if (all == NULL)
        return -CE_NOMEM;
    f->warnings = all;
    all[f->warning_count++] = make_problem(g, doc, err);
    return 0;
}

static int read_filter(struct rule_reader *g, const struct yaml_node *doc)
{
    struct sigma_filter *f = NULL, **all;
    int r;

    all = rule_file_grown(g->arena, g->file->filters, g->file->filter_count, &g->filters_cap,
                          sizeof(f));
    if (all == NULL)
        return build_no_memory(&g->build);
    g->file->filters = all;
    r = filter_read(&g->build, doc, g->path, &f);
    if (r == 0)
        g->file->filters[g->file->filter_count++] = f;
    if (r == 0 && f->keeps) {
        const struct yaml_node *at = yaml_get(yaml_get(doc, "filter"), "condition");
        struct err warning = ERR_INIT;

        (void)err_fail_at(&warning, CE_CONFLICT, at->line, at->col, ERR_SIGMA_FILTER_KEEPS);
        r = add_warning(g, doc, &warning);
    }
    return r;
}

/* A mistake in the correlation that is being read. */
static int add_mistake(void *ctx)
{
    struct rule_reader *g = ctx;

    return add_problem(g, g->doc, &g->err);
}

static int read_correlation(struct rule_reader *g, const struct yaml_node *doc, uint64_t hash)
{
    const struct correlation_sink sink = {add_mistake, g};
    struct sigma_correlation *c = arena_new(g->arena, struct sigma_correlation), **all;

    all = rule_file_grown(g->arena, g->file->correlations, g->file->correlation_count,
                          &g->correlations_cap, sizeof(c));
    if (c == NULL || all == NULL)
        return build_no_memory(&g->build);
    g->file->correlations = all;
    g->file->correlations[g->file->correlation_count++] = c;
    g->doc = doc;
    c->rule.path = g->path;
    c->rule.content_hash = hash;
    return correlation_read(&g->build, doc, sink, c);
}

static int read_document(struct rule_reader *g, const struct yaml_node *doc, uint64_t hash)
{
    const struct yaml_node *action = yaml_get(doc, "action");

    if (doc->kind != YAML_MAP)
        return build_fail(&g->build, doc, CE_SYNTAX, ERR_SIGMA_RULE_MAP_TITLE_LOGSOURCE_DETECTION);
    if (action != NULL)
        return build_fail(&g->build, action, CE_UNKNOWN, ERR_SIGMA_ACTION_NO_LONGER_PART_SIGMA);
    if (yaml_get(doc, "correlation") != NULL)
        return read_correlation(g, doc, hash);
    if (yaml_get(doc, "filter") != NULL)
        return read_filter(g, doc);
    if (yaml_get(doc, "detection") == NULL)
        return build_fail(&g->build, doc, CE_SYNTAX, ERR_SIGMA_NO_SIGMA_RULE_NEITHER_DETECTION);
    return read_rule(g, doc, hash);
}

/* Where a line begins that is not before the one last asked for. */
static size_t line_start(struct rule_reader *g, unsigned line)
{
    while (g->hashed_line < line && g->hashed_at < g->text.n) {
        size_t n = slice_find_byte(slice_from(g->text, g->hashed_at), '\n');

        g->hashed_at = n == SIZE_MAX ? g->text.n : g->hashed_at + n + 1;
        g->hashed_line++;
    }
    return g->hashed_at;
}

/* FNV-1a, 64 bits: kept in records, so it is the same everywhere and always. */
static uint64_t content_hash(struct slice s)
{
    uint64_t h = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * 0x100000001b3ULL;
    return h;
}

static int read_documents(struct rule_reader *g, const struct yaml_docs *docs, unsigned end_line)
{
    int r = 0;

    for (size_t i = 0; i < docs->count && r != -CE_NOMEM; i++) {
        const struct yaml_node *doc = docs->roots[i];
        size_t from = line_start(g, doc->line), to;

        to = line_start(g, i + 1 < docs->count ? docs->roots[i + 1]->line : end_line);
        if (yaml_is_null(doc))
            continue;
        build_clear(&g->build);
        r = read_document(g, doc, content_hash(slice_of(g->text.p + from, to - from)));
        if (r < 0 && r != -CE_NOMEM)
            r = add_problem(g, doc, &g->err);
    }
    return r == -CE_NOMEM ? r : 0;
}

/*
 * Where the first document behind the first line of text begins that stands at line `from` or
 * later (last: the last one that stands at line `from` or earlier). text.n (last: 0) when there is
 * none. first: the number of text's first line.
 */
static size_t find_document(struct slice text, unsigned first, unsigned from, bool last,
                            unsigned *ret_line)
{
    size_t found = last ? 0 : text.n;
    unsigned line = first;

    for (size_t at = 0; at < text.n; line++) {
        struct slice rest = slice_from(text, at);
        size_t n = slice_find_byte(rest, '\n');

        if (last && line > from)
            break;
        if (line > first && slice_starts(rest, SLICE("---")) && (last || line >= from)) {
            found = at;
            *ret_line = line;
            if (!last)
                break;
        }
        at = n == SIZE_MAX ? text.n : at + n + 1;
    }
    return found;
}

/* What is left of a file: reading goes on document by document where YAML breaks off. */
struct rest {
    struct slice text;
    unsigned line;   /* of its first line in the file */
    unsigned broken; /* problems so far */
    unsigned broken_line, broken_col;
};

/*
 * Parses as much of the rest as can be; *ret_n is how much that was, when it went well. Bytes that
 * are no text stop a parse before it begins, so the documents before them are parsed alone.
 */
static int parse_part(struct rule_reader *g, const struct rest *rest, struct yaml_docs *ret_docs,
                      size_t *ret_n, unsigned *ret_line, struct err *err)
{
    int r = rest->line > 1
                ? yaml_parse_from(&g->yaml, rest->text, rest->line, &file_limits, ret_docs, err)
                : yaml_parse_kept(g->keeper, &g->yaml, rest->text, &file_limits, ret_docs, err);
    size_t good;

    *ret_n = rest->text.n;
    *ret_line = UINT_MAX;
    if (r != -CE_ENCODING)
        return r;
    good = find_document(rest->text, rest->line, err->line, true, ret_line);
    if (good == 0)
        return r;
    *ret_n = good;
    return yaml_parse_from(&g->yaml, slice_head(rest->text, good), rest->line, &file_limits,
                           ret_docs, err);
}

/* Notes broken YAML; returns where to go on. What breaks at the place of the last break is the
 * same document seen once more. */
static int note_broken(struct rule_reader *g, struct rest *rest, struct err *err, size_t *ret_n,
                       unsigned *ret_line)
{
    bool again = err->line == rest->broken_line && err->col == rest->broken_col;

    *ret_n = rest->text.n;
    if (rest->broken < BROKEN_PARTS_MAX)
        *ret_n = find_document(rest->text, rest->line, err->line, false, ret_line);
    else
        (void)err_fail_at(err, CE_TOO_BIG, err->line, err->col,
                          ERR_SIGMA_TOO_MANY_BROKEN_DOCUMENTS_FILE);
    rest->broken_line = err->line;
    rest->broken_col = err->col;
    rest->broken += !again;
    return again ? 0 : add_problem(g, NULL, err);
}

/* Reads documents up to the end, or up to YAML that breaks off and then from the next one on. */
static int read_part(struct rule_reader *g, struct rest *rest)
{
    struct yaml_docs docs;
    struct err broken = ERR_INIT;
    unsigned next_line, end_line;
    size_t next;
    int bad = parse_part(g, rest, &docs, &next, &next_line, &broken), r;

    if (bad == -CE_NOMEM)
        return bad;
    /* the last document is hashed no further than to where YAML breaks off */
    end_line = bad < 0 && broken.line > 0 ? CANH_MIN(next_line, broken.line) : next_line;
    r = read_documents(g, &docs, end_line);
    if (r == 0 && bad < 0)
        r = note_broken(g, rest, &broken, &next, &next_line);
    rest->text = slice_from(rest->text, next);
    rest->line = next_line;
    arena_clear(&g->yaml);
    return r;
}

static int read_parts(struct rule_reader *g)
{
    struct rest rest = {.text = g->text, .line = 1};
    int r = 0;

    while (rest.text.n && r == 0)
        r = read_part(g, &rest);
    return r;
}

int rule_read(struct arena *arena, struct slice path, struct slice text,
              const struct rule_options *options, struct rule_file *ret)
{
    struct rule_reader g = {.arena = arena,
                            .yaml = ARENA_INIT(YAML_ARENA_MAX),
                            .text = text,
                            .file = ret,
                            .keeper = options ? options->keeper : NULL,
                            .hashed_line = 1};
    int r = 0;

    *ret = (struct rule_file){0};
    build_init(&g.build, arena, options, text, &g.err);
    g.path = arena_dup(arena, path);
    r = g.path.p ? read_parts(&g) : -CE_NOMEM;
    build_done(&g.build);
    arena_done(&g.yaml);
    return r;
}
