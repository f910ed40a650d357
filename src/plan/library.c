/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/library.h"

#include "lang/err_plan.h"
#include "plan/terms.h"
#include "yaml/fields.h"

enum { TERM_MAX = 200 };

static int parse_root(struct arena *arena, struct slice text, struct yaml_node **ret,
                      struct err *err)
{
    static const char *const keys[] = {"library", "model", "audiences", "obligations", NULL};
    int r = yaml_parse_one(arena, text, &yaml_default_limits, ret, err);

    return r < 0 ? r : yaml_only_keys(*ret, keys, err);
}

int library_model(struct arena *arena, struct slice text, struct slice *ret, struct err *err)
{
    struct err here = ERR_INIT, *e = err ? err : &here;
    struct yaml_node *root = NULL, *model = NULL;

    if (parse_root(arena, text, &root, e) < 0 || yaml_need(root, "model", &model, e) < 0)
        return -e->code;
    return yaml_name(model, ret, e);
}

static int read_term(struct arena *arena, const struct yaml_node *node, struct library_term *t,
                     struct err *err)
{
    struct slice rest, part;

    if (node->kind != YAML_SCALAR || node->text.n == 0 || node->text.n > TERM_MAX)
        return yaml_fail(node, err, CE_SYNTAX, ERR_PLAN_TERM_AT_MOST_BYTES_WANTED, TERM_MAX);
    t->text = rest = node->text;
    while (slice_cut(&rest, '+', &part)) {
        struct library_piece *p = &t->pieces[t->count];

        if (t->count == LIBRARY_PIECES_MAX)
            return yaml_fail(node, err, CE_TOO_BIG, ERR_PLAN_AT_MOST_PARTS_TERM,
                             LIBRARY_PIECES_MAX);
        p->key = terms_key(arena, part, false);
        p->plain = terms_key(arena, part, true);
        if (p->key.n <= 2 || p->plain.n <= 2)
            return yaml_fail(node, err, CE_SYNTAX, ERR_PLAN_PART_TERM_NO_LETTERS);
        t->count++;
    }
    return 0;
}

static int read_terms(struct arena *arena, const struct yaml_node *map, struct library_term **ret,
                      uint32_t *ret_count, struct err *err)
{
    struct yaml_node *list;
    uint32_t count;

    if (yaml_read_list(map, "terms", LIBRARY_TERMS_MAX, &list, &count, err) < 0)
        return -err->code;
    if (count == 0)
        return yaml_fail(map, err, CE_MISSING, ERR_PLAN_TERMS_MISSING);
    *ret = arena_new_array(arena, count, struct library_term);
    if (*ret == NULL)
        return err_nomem(err);
    for (*ret_count = 0; *ret_count < count; ++*ret_count) {
        if (read_term(arena, yaml_item(list, *ret_count), &(*ret)[*ret_count], err) < 0)
            return -err->code;
    }
    return 0;
}

static int read_audience(struct arena *arena, const struct yaml_node *map,
                         struct library_audience *a, struct err *err)
{
    static const char *const keys[] = {"id", "terms", NULL};
    struct yaml_node *id;

    if (yaml_only_keys(map, keys, err) < 0 || yaml_need(map, "id", &id, err) < 0 ||
        yaml_name(id, &a->id, err) < 0)
        return -err->code;
    return read_terms(arena, map, &a->terms, &a->term_count, err);
}

static int read_entry(struct arena *arena, const struct library *lib, const struct yaml_node *map,
                      struct library_entry *e, struct err *err)
{
    static const char *const keys[] = {"like", "audience", "terms", NULL};
    const struct yaml_node *audience = yaml_get(map, "audience");
    struct yaml_node *like;

    if (yaml_only_keys(map, keys, err) < 0 || yaml_need(map, "like", &like, err) < 0)
        return -err->code;
    e->obligation = plan_find_obligation(lib->model, like->text);
    if (e->obligation == PLAN_NONE)
        return yaml_fail(like, err, CE_UNKNOWN, ERR_PLAN_MODEL_NO_OBLIGATION,
                         slice_head(like->text, 60));
    e->audience = UINT32_MAX;
    for (uint32_t i = 0; audience && i < lib->audience_count; i++) {
        if (slice_eq(lib->audiences[i].id, audience->text))
            e->audience = i;
    }
    if (audience && e->audience == UINT32_MAX)
        return yaml_fail(audience, err, CE_UNKNOWN, ERR_PLAN_NO_AUDIENCE_CALLED,
                         slice_head(audience->text, 60));
    return read_terms(arena, map, &e->terms, &e->term_count, err);
}

static int read_library(struct arena *arena, struct library *lib, const struct yaml_node *root,
                        struct err *err)
{
    struct yaml_node *audiences, *entries;
    uint32_t n_audiences, n_entries;

    if (yaml_read_list(root, "audiences", LIBRARY_AUDIENCES_MAX, &audiences, &n_audiences, err) <
            0 ||
        yaml_read_list(root, "obligations", PLAN_OBLIGATIONS_MAX, &entries, &n_entries, err) < 0)
        return -err->code;
    lib->audiences = arena_new_array(arena, n_audiences + 1, struct library_audience);
    lib->entries = arena_new_array(arena, n_entries + 1, struct library_entry);
    if (lib->audiences == NULL || lib->entries == NULL)
        return err_nomem(err);
    for (; lib->audience_count < n_audiences; lib->audience_count++) {
        if (read_audience(arena, yaml_item(audiences, lib->audience_count),
                          &lib->audiences[lib->audience_count], err) < 0)
            return -err->code;
    }
    for (; lib->entry_count < n_entries; lib->entry_count++) {
        if (read_entry(arena, lib, yaml_item(entries, lib->entry_count),
                       &lib->entries[lib->entry_count], err) < 0)
            return -err->code;
    }
    return 0;
}

int library_parse(struct arena *arena, struct slice text, const struct plan *model,
                  const struct library **ret, struct err *err)
{
    struct err here = ERR_INIT, *e = err ? err : &here;
    struct library *lib = arena_new(arena, struct library);
    struct yaml_node *root;
    int r;

    if (lib == NULL)
        return err_nomem(err);
    lib->model = model;
    r = parse_root(arena, text, &root, e);
    if (r == 0)
        r = read_library(arena, lib, root, e);
    if (r == 0)
        *ret = lib;
    return r;
}

bool library_term_in(const struct library_term *t, struct slice key, struct slice plain,
                     bool *ret_unmarked)
{
    uint32_t marked = 0, unmarked = 0;

    for (uint32_t i = 0; i < t->count; i++) {
        marked += terms_found(key, t->pieces[i].key);
        unmarked += plain.n > 0 && terms_found(plain, t->pieces[i].plain);
    }
    *ret_unmarked = marked < t->count;
    return marked == t->count || (plain.n > 0 && unmarked == t->count);
}
