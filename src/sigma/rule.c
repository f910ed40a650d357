/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rule.h"

#include <limits.h>

#include "lang/err_sigma.h"
#include "lang/level.h"
#include "lang/near.h"
#include "sigma/detection.h"
#include "sigma/reader.h"

static const struct slice status_names[STATUS_MAX] = {
    SLICE_INIT("none"),         SLICE_INIT("unsupported"), SLICE_INIT("deprecated"),
    SLICE_INIT("experimental"), SLICE_INIT("test"),        SLICE_INIT("stable")};

struct slice rule_title(const struct sigma_rule *rule, bool vietnamese)
{
    return vietnamese && rule->title_vi.n > 0 ? rule->title_vi : rule->title;
}

struct slice rule_meaning(const struct sigma_rule *rule, bool vietnamese)
{
    return slice_trim(vietnamese && rule->meaning_vi.n > 0 ? rule->meaning_vi : rule->description);
}

struct slice rule_advice(const struct sigma_rule *rule, bool vietnamese)
{
    return slice_trim(vietnamese && rule->advice_vi.n > 0 ? rule->advice_vi : rule->advice);
}

const char *rule_level_to_str(enum rule_level level)
{
    return level < LEVEL_MAX ? level_names[level] : "?";
}

const char *rule_status_to_str(enum rule_status status)
{
    return status < STATUS_MAX ? (const char *)status_names[status].p : "?";
}

int reader_text(struct build *b, const struct yaml_node *doc, const char *key, struct slice *ret)
{
    const struct yaml_node *node = yaml_get(doc, key);

    *ret = SLICE_NULL;
    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SCALAR)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_TEXT_NOT_LIST_OR_MAP, key);
    *ret = arena_dup(b->arena, node->text);
    return ret->p ? 0 : build_no_memory(b);
}

int reader_title(struct build *b, const struct yaml_node *doc, struct slice *ret)
{
    int r = reader_text(b, doc, "title", ret);

    return r == 0 && ret->n == 0 ? build_fail(b, doc, CE_MISSING, ERR_SIGMA_TITLE_MISSING) : r;
}

int reader_logsource(struct build *b, const struct yaml_node *doc, struct logsource *ret)
{
    const struct yaml_node *node = yaml_get(doc, "logsource");
    int r;

    if (node == NULL)
        return build_fail(b, doc, CE_MISSING, ERR_SIGMA_LOGSOURCE_MISSING);
    if (node->kind != YAML_MAP)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_LOGSOURCE_MAP);
    r = reader_text(b, node, "category", &ret->category);
    if (r == 0)
        r = reader_text(b, node, "product", &ret->product);
    if (r == 0)
        r = reader_text(b, node, "service", &ret->service);
    if (r == 0 && ret->category.n + ret->product.n + ret->service.n == 0)
        r = build_fail(b, node, CE_MISSING, ERR_SIGMA_LOGSOURCE_NAMES_NEITHER_CATEGORY_PRODUCT);
    return r;
}

/* The text under a key as an index into names; *ret stays as it is when the key is absent. */
static int read_word(struct build *b, const struct yaml_node *doc, const char *key,
                     const struct slice *names, size_t count, unsigned *ret)
{
    const struct yaml_node *node = yaml_get(doc, key);
    size_t near;

    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SCALAR)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_ONE_WORD, key);
    for (unsigned i = 0; i < count; i++) {
        if (slice_eq(node->text, names[i])) {
            *ret = i;
            return 0;
        }
    }
    near = near_find(node->text, names, count, sizeof(*names));
    if (near == SIZE_MAX)
        return build_fail(b, node, CE_UNKNOWN, ERR_SIGMA_UNKNOWN, key, slice_brief(node->text));
    return build_fail(b, node, CE_UNKNOWN, ERR_SIGMA_UNKNOWN_DID_YOU_MEAN, key,
                      slice_brief(node->text), names[near]);
}

static int read_tags(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    const struct yaml_node *node = yaml_get(doc, "tags");

    if (yaml_is_null(node))
        return 0;
    if (node->kind != YAML_SEQ)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_TAGS_LIST);
    rule->tags = arena_new_array(b->arena, node->count, struct slice);
    if (rule->tags == NULL)
        return build_no_memory(b);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i]->kind != YAML_SCALAR)
            return build_fail(b, node->kids[i], CE_SYNTAX, ERR_SIGMA_TAG_TEXT);
        rule->tags[i] = arena_dup(b->arena, node->kids[i]->text);
        if (rule->tags[i].p == NULL)
            return build_no_memory(b);
    }
    rule->tag_count = node->count;
    return 0;
}

static int read_attributes(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    const struct {
        const char *key;
        struct slice *to;
    } texts[] = {
        {"id", &rule->id},         {"name", &rule->name}, {"description", &rule->description},
        {"author", &rule->author}, {"date", &rule->date}, {"modified", &rule->modified},
    };
    struct slice levels[LEVEL_MAX];
    unsigned level = LEVEL_MEDIUM, status = UINT_MAX;
    int r = reader_title(b, doc, &rule->title);

    for (size_t i = 0; i < CANH_LEN(texts) && r == 0; i++)
        r = reader_text(b, doc, texts[i].key, texts[i].to);
    for (size_t i = 0; i < LEVEL_MAX; i++)
        levels[i] = slice_str(level_names[i]);
    if (r == 0)
        r = read_word(b, doc, "level", levels, LEVEL_MAX, &level);
    if (r == 0)
        r = read_word(b, doc, "status", status_names + 1, STATUS_MAX - 1, &status);
    rule->level = level;
    rule->status = status == UINT_MAX ? STATUS_NONE : status + 1;
    return r < 0 ? r : read_tags(b, doc, rule);
}

/* canh: {title_vi: …, meaning_vi: …, advice: …, advice_vi: …}, of canh's own rules. */
static int read_own(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    const struct yaml_node *own = yaml_get(doc, "canh");
    const struct {
        const char *key;
        struct slice *to;
    } texts[] = {{"title_vi", &rule->title_vi},
                 {"meaning_vi", &rule->meaning_vi},
                 {"advice", &rule->advice},
                 {"advice_vi", &rule->advice_vi}};
    int r = 0;

    if (own == NULL || own->kind != YAML_MAP)
        return 0;
    for (size_t i = 0; i < CANH_LEN(texts) && r == 0; i++)
        r = reader_text(b, own, texts[i].key, texts[i].to);
    return r;
}

int reader_metadata(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    int r = read_attributes(b, doc, rule);

    rule->line = doc->line;
    return r < 0 ? r : read_own(b, doc, rule);
}

int reader_rule(struct build *b, const struct yaml_node *doc, struct sigma_rule *rule)
{
    int r = reader_metadata(b, doc, rule);

    if (r == 0)
        r = reader_logsource(b, doc, &rule->logsource);
    if (r == 0)
        r = detection_build(b, doc, yaml_get(doc, "detection"), DETECTION_OF_RULE,
                            &rule->condition);
    return r;
}
