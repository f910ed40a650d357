/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rule.h"

#include "sigma/detection.h"
#include "sigma/reader.h"

enum {
    BROKEN_PARTS_MAX = 100, /* of one file; behind the last the rest is left */
    YAML_ARENA_MAX = 256 * 1024 * 1024,
};

/* A whole collection may come as one file. */
static const struct yaml_limits file_limits = {.max_bytes = 8 * 1024 * 1024,
                                               .max_nodes = 1000000,
                                               .max_depth = 64,
                                               .max_docs = 20000};

static const char *const level_names[LEVEL_MAX] = {"informational", "low", "medium", "high",
                                                   "critical"};
static const char *const status_names[STATUS_MAX] = {"none",         "unsupported", "deprecated",
                                                     "experimental", "test",        "stable"};

const char *rule_level_to_str(enum rule_level level)
{
    return level < LEVEL_MAX ? level_names[level] : "?";
}

const char *rule_status_to_str(enum rule_status status)
{
    return status < STATUS_MAX ? status_names[status] : "?";
}

/* One file being read. */
struct reading {
    struct arena *arena, yaml;
    struct slice path, text;
    struct build build;
    struct err err;
    struct rule_file *file;
    uint32_t rules_cap, filters_cap, problems_cap;
    unsigned hashed_line; /* line at which hashed_at stands */
    size_t hashed_at;
};

/* The array, moved to a larger place in the arena when it has no room for one more item. */
static void *grown(struct arena *arena, void *array, uint32_t count, uint32_t *cap, size_t size)
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

int reader_text(struct build *b, const struct yaml_node *doc, const char *key, struct slice *ret)
{
    const struct yaml_node *node = yaml_get(doc, key);

    *ret = SLICE_NULL;
    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SCALAR)
        return build_fail(b, node, CE_SYNTAX, "'%s' is text, not a list or a map", key);
    *ret = arena_dup(b->arena, node->text);
    return ret->p ? 0 : build_no_memory(b);
}

int reader_title(struct build *b, const struct yaml_node *doc, struct slice *ret)
{
    int r = reader_text(b, doc, "title", ret);

    return r == 0 && ret->n == 0 ? build_fail(b, doc, CE_MISSING, "'title' is missing") : r;
}

int reader_logsource(struct build *b, const struct yaml_node *doc, struct logsource *ret)
{
    const struct yaml_node *node = yaml_get(doc, "logsource");
    int r;

    if (node == NULL)
        return build_fail(b, doc, CE_MISSING, "'logsource' is missing");
    if (node->kind != YAML_MAP)
        return build_fail(b, node, CE_SYNTAX, "'logsource' is a map");
    r = reader_text(b, node, "category", &ret->category);
    if (r == 0)
        r = reader_text(b, node, "product", &ret->product);
    if (r == 0)
        r = reader_text(b, node, "service", &ret->service);
    if (r == 0 && ret->category.n + ret->product.n + ret->service.n == 0)
        r = build_fail(b, node, CE_MISSING,
                       "'logsource' names neither category, product nor service");
    return r;
}

/* The text under a key as an index into names; *ret stays as it is when the key is absent. */
static int read_word(struct build *b, const struct yaml_node *doc, const char *key,
                     const char *const *names, unsigned first, unsigned count, unsigned *ret)
{
    const struct yaml_node *node = yaml_get(doc, key);

    if (yaml_is_null(node))
        return 0;
    for (unsigned i = first; i < count && node->kind == YAML_SCALAR; i++) {
        if (slice_is(node->text, names[i])) {
            *ret = i;
            return 0;
        }
    }
    if (node->kind != YAML_SCALAR)
        return build_fail(b, node, CE_SYNTAX, "'%s' is one word", key);
    return build_fail(b, node, CE_UNKNOWN, "unknown %s '" SLICE_FMT "'", key,
                      SLICE_ARG(slice_head(node->text, 60)));
}

static int read_tags(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    const struct yaml_node *node = yaml_get(doc, "tags");

    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SEQ)
        return build_fail(b, node, CE_SYNTAX, "'tags' is a list");
    rule->tags = arena_new_array(b->arena, node->count, struct slice);
    if (rule->tags == NULL)
        return build_no_memory(b);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i]->kind != YAML_SCALAR)
            return build_fail(b, node->kids[i], CE_SYNTAX, "a tag is text");
        rule->tags[i] = arena_dup(b->arena, node->kids[i]->text);
        if (rule->tags[i].p == NULL)
            return build_no_memory(b);
    }
    rule->tag_count = node->count;
    return 0;
}

static int read_metadata(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    const struct {
        const char *key;
        struct slice *to;
    } texts[] = {
        {"id", &rule->id},         {"name", &rule->name}, {"description", &rule->description},
        {"author", &rule->author}, {"date", &rule->date}, {"modified", &rule->modified},
    };
    unsigned level = LEVEL_MEDIUM, status = STATUS_NONE;
    int r = reader_title(b, doc, &rule->title);

    for (size_t i = 0; i < CANH_LEN(texts) && r == 0; i++)
        r = reader_text(b, doc, texts[i].key, texts[i].to);
    if (r == 0)
        r = read_word(b, doc, "level", level_names, 0, LEVEL_MAX, &level);
    if (r == 0)
        r = read_word(b, doc, "status", status_names, STATUS_NONE + 1, STATUS_MAX, &status);
    rule->level = level;
    rule->status = status;
    return r < 0 ? r : read_tags(b, doc, rule);
}

static int read_rule(struct reading *g, const struct yaml_node *doc, uint64_t hash)
{
    struct sigma_rule *rule = arena_new(g->arena, struct sigma_rule), **all;
    int r;

    all = grown(g->arena, g->file->rules, g->file->rule_count, &g->rules_cap, sizeof(rule));
    if (rule == NULL || all == NULL)
        return build_no_memory(&g->build);
    g->file->rules = all;
    rule->path = g->path;
    rule->line = doc->line;
    rule->content_hash = hash;
    r = read_metadata(&g->build, doc, rule);
    if (r == 0)
        r = reader_logsource(&g->build, doc, &rule->logsource);
    if (r == 0)
        r = detection_build(&g->build, doc, yaml_get(doc, "detection"), DETECTION_OF_RULE,
                            &rule->condition);
    if (r == 0)
        g->file->rules[g->file->rule_count++] = rule;
    return r;
}

static int read_filter(struct reading *g, const struct yaml_node *doc)
{
    struct sigma_filter *f = NULL, **all;
    int r;

    all = grown(g->arena, g->file->filters, g->file->filter_count, &g->filters_cap, sizeof(f));
    if (all == NULL)
        return build_no_memory(&g->build);
    g->file->filters = all;
    r = filter_read(&g->build, doc, g->path, &f);
    if (r == 0)
        g->file->filters[g->file->filter_count++] = f;
    return r;
}

static int read_document(struct reading *g, const struct yaml_node *doc, uint64_t hash)
{
    const struct yaml_node *action = yaml_get(doc, "action");

    if (doc->kind != YAML_MAP)
        return build_fail(&g->build, doc, CE_SYNTAX,
                          "a rule is a map: title, logsource, detection");
    if (action != NULL)
        return build_fail(&g->build, action, CE_UNKNOWN,
                          "'action' is no longer part of Sigma; write each rule as a whole");
    if (yaml_get(doc, "correlation") != NULL) {
        g->file->correlations++;
        return 0;
    }
    if (yaml_get(doc, "filter") != NULL)
        return read_filter(g, doc);
    if (yaml_get(doc, "detection") == NULL)
        return build_fail(&g->build, doc, CE_SYNTAX,
                          "no Sigma rule: it has neither 'detection', 'correlation' nor 'filter'");
    return read_rule(g, doc, hash);
}

/* Notes what stopped a document or a part of the file. */
static int add_problem(struct reading *g, const struct yaml_node *doc, const struct err *err)
{
    struct rule_file *f = g->file;
    struct slice title = yaml_get_text(doc, "title");
    struct rule_problem *p =
        grown(g->arena, f->problems, f->problem_count, &g->problems_cap, sizeof(*p));

    if (p == NULL)
        return -CE_NOMEM;
    f->problems = p;
    p += f->problem_count++;
    p->path = g->path;
    p->title = title.n ? arena_dup(g->arena, title) : SLICE_NULL;
    p->err = *err;
    return 0;
}

/* Where a line begins that is not before the one last asked for. */
static size_t line_start(struct reading *g, unsigned line)
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

static int read_documents(struct reading *g, const struct yaml_docs *docs, unsigned end_line)
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

/* The next line from `line` on, other than the first of the text, at which a document begins. */
static size_t next_document(struct slice text, unsigned first, unsigned from, unsigned *ret_line)
{
    unsigned line = first;

    for (size_t at = 0; at < text.n; line++) {
        struct slice rest = slice_from(text, at);
        size_t n = slice_find_byte(rest, '\n');

        if (line > first && line >= from && slice_starts(rest, SLICE("---"))) {
            *ret_line = line;
            return at;
        }
        at = n == SIZE_MAX ? text.n : at + n + 1;
    }
    return text.n;
}

/*
 * Reads the documents up to the end of *rest or up to YAML that breaks off, which ends one
 * document, not the file: *rest then begins at the next one.
 */
static int read_part(struct reading *g, struct slice *rest, unsigned *line, bool last)
{
    struct yaml_docs docs;
    struct err broken = ERR_INIT;
    unsigned next_line = UINT32_MAX;
    size_t next = rest->n;
    int bad = yaml_parse_from(&g->yaml, *rest, *line, &file_limits, &docs, &broken), r;

    if (bad == -CE_NOMEM)
        return bad;
    if (bad < 0 && !last)
        next = next_document(*rest, *line, broken.line, &next_line);
    r = read_documents(g, &docs, next_line);
    if (bad < 0 && last)
        (void)err_at(&broken, CE_TOO_BIG, broken.line, broken.col,
                     "too many broken documents: the file is not read behind this place");
    if (r == 0 && bad < 0)
        r = add_problem(g, NULL, &broken);
    *rest = slice_from(*rest, next);
    *line = next_line;
    arena_clear(&g->yaml);
    return r;
}

static int read_parts(struct reading *g)
{
    struct slice rest = g->text;
    unsigned line = 1;
    int r = 0;

    for (int broken = 0; rest.n && r == 0; broken++)
        r = read_part(g, &rest, &line, broken == BROKEN_PARTS_MAX);
    return r;
}

int rule_read(struct arena *arena, struct slice path, struct slice text,
              const struct rule_options *options, struct rule_file *ret)
{
    struct reading g = {.arena = arena,
                        .yaml = ARENA_INIT(YAML_ARENA_MAX),
                        .text = text,
                        .file = ret,
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
