/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PIPELINE_INTERNAL_H
#define CANH_SIGMA_PIPELINE_INTERNAL_H
/*
 * Shared by the pipeline_*.c files: a pipeline as read, and one application of it to a rule.
 *
 * Reading (struct loader) checks everything that can be checked without a rule. Applying never
 * changes an expression: what a transformation alters is built anew in the caller's arena, what it
 * leaves alone is shared with the rule.
 */
#include "base/map.h"
#include "sigma/pipeline.h"
#include "sigma/plain.h"
#include "sigma/regex.h"
#include "yaml/yaml.h"

enum {
    PIPELINE_ITEMS_MAX = 4096,
    PIPELINE_NEST_MAX = 8,
    PIPELINE_MARKS_MAX = 64,      /* ids that conditions on items and fields may ask for */
    PIPELINE_DEPTH_MAX = 200,     /* of a rule's expression */
    PIPELINE_STEPS_MAX = 4000000, /* nodes of the expression visited for one rule */
};

struct apply;
struct cond;
struct transform;
struct loader;

enum cond_level {
    COND_RULE,  /* subject NULL: the rule as it stands */
    COND_ITEM,  /* subject: const struct expr *, a detection item */
    COND_FIELD, /* subject: const struct field_subject * */
    COND_LEVELS,
};

/* A field name, empty for keywords; with an item, also the names that its values refer to. */
struct field_subject {
    struct slice field;
    const struct expr *item;
};

/* Whether a condition holds: 1, 0 or an error. */
typedef int (*cond_test)(struct apply *a, const struct cond *c, const void *subject);

enum compare_op { OP_EQ, OP_NE, OP_GTE, OP_GT, OP_LTE, OP_LT, OP_IN, OP_NOT_IN, OP_COUNT };

struct cond {
    cond_test test;
    unsigned line, col;
    enum cond_level level;
    struct slice name; /* when the conditions are a map */
    bool used;         /* by the expression */
    union {
        struct logsource logsource;
        struct {
            struct slice field;
            const struct yaml_node *value; /* NULL: any */
        } contains;
        struct {
            struct slice id;
            uint32_t index; /* in pipeline.id_index or, on items and fields, a bit of the marks */
            struct cond *next; /* in loader.unresolved */
        } applied;
        struct {
            struct slice key;
            const struct yaml_node *value;
            enum compare_op op;
        } compare; /* processing_state, rule_attribute, tag */
        struct {
            const struct yaml_node *names;
            const struct regex **patterns; /* as many as names, or NULL */
            bool exclude;
        } fields;
        struct {
            const struct regex *regex;
            const struct yaml_node *value;
            bool all, negate;
        } value;
    };
};

struct cond_expr {
    enum { CX_COND, CX_NOT, CX_AND, CX_OR } op;
    const struct cond *cond;
    const struct cond_expr *a, *b;
};

struct cond_group {
    struct cond *conds;
    uint32_t count;
    bool any, negate;
    const struct cond_expr *expr; /* instead of any */
};

enum transform_flag {
    TRANSFORM_ITEMS = 1,         /* works on detection items, so may have conditions on them */
    TRANSFORM_UNCONDITIONAL = 2, /* may have no conditions at all */
    TRANSFORM_NESTS = 4,         /* holds further transformations */
};

struct transform_kind {
    const char *name;
    unsigned flags;
    const char *keys; /* its parameters, separated by blanks; a leading ! marks required ones */
    int (*parse)(struct loader *l, const struct yaml_node *n, struct transform *it);
    int (*apply)(struct apply *a, const struct transform *it); /* 0 or negative */
};

/* One pair of a mapping: a field, a prefix of fields or a text to one or more others. */
struct map_pair {
    struct slice from;
    bool keyword; /* from is null: values without a field */
    struct slice *to;
    uint32_t count;
};

struct transform {
    const struct transform_kind *kind;
    unsigned line, col;
    uint32_t id; /* number in pipeline.id_index, UINT32_MAX without one */
    struct cond_group when[COND_LEVELS];
    union {
        struct {
            struct map_pair *pairs;
            uint32_t count;
            struct map *index; /* from → pair; keyword under "" */
        } map;
        struct slice text; /* prefix, suffix, message */
        struct {
            const struct yaml_node *conditions;
            const struct expr *expr; /* what they mean; with template before substitution */
            bool template, negated;
        } add;
        struct logsource logsource;
        struct {
            const struct regex *regex;
            struct slice text; /* replacement, or prefix of the extracted fields */
            bool skip_special, interpret, keep;
        } regex;
        struct {
            struct slice key;
            const struct yaml_node *value;
            struct map *fields; /* of canh_fields, or NULL */
        } state;
        struct atom value; /* of set_value, without its field */
        struct {
            const struct yaml_node *algorithms, *fields;
            struct slice prefix;
            bool drop_algorithm;
        } hashes;
        int method; /* of case, regex, convert_type */
        struct {
            struct transform *items;
            uint32_t count;
        } nest;
    };
};

struct map_list {
    struct map map;
    struct map_list *next;
};

/* Compiled expressions, freed with the pipeline. */
struct regex_list {
    struct regex *regex;
    struct regex_list *next;
};

struct pipeline {
    struct arena arena;
    struct slice name, file;
    struct transform *items;
    uint32_t count;
    struct map id_index;                   /* of items: id → number, from 0 */
    uint32_t mark_ids[PIPELINE_MARKS_MAX]; /* ids that detection items and fields remember */
    uint32_t mark_count;
    struct regex_list *regexes;
    struct map_list *maps; /* to be freed */
    struct placeholder *placeholders;
    uint32_t placeholder_count;
};

/* pipeline_load.c */
struct loader {
    struct pipeline *p;
    struct err *err;
    const struct yaml_node *vars;
    struct cond *unresolved; /* conditions that name the id of an item */
    uint32_t items;
    unsigned depth;
};

CANH_MUST_USE int load_items(struct loader *l, const struct yaml_node *list, struct transform **ret,
                             uint32_t *ret_count);
CANH_MUST_USE int load_ids(struct loader *l);
/* Like err_fail_at(): the mapping is wrong at a node. */
#define load_bad(l, n, id, ...)                                                                    \
    err_fail_at((l)->err, CE_SYNTAX, (n)->line, (n)->col, id, ##__VA_ARGS__)
/* keys as in struct transform_kind; those in `more` are fine too. */
CANH_MUST_USE int load_keys(const struct loader *l, const struct yaml_node *n, const char *keys,
                            const char *more);
/* Parameters: 0 and the default when absent, an error when of the wrong kind. */
CANH_MUST_USE int load_text(const struct loader *l, const struct yaml_node *n, const char *key,
                            struct slice *ret);
CANH_MUST_USE int load_bool(const struct loader *l, const struct yaml_node *n, const char *key,
                            bool *ret);
/* One of several words, separated by blanks: its position. */
CANH_MUST_USE int load_word(const struct loader *l, const struct yaml_node *n, const char *key,
                            const char *words, int *ret);
CANH_MUST_USE int load_regex(const struct loader *l, const struct yaml_node *n,
                             const struct regex **ret);
/* A sequence of texts, or one text. */
CANH_MUST_USE int load_names(const struct loader *l, const struct yaml_node *n, const char *key,
                             const struct yaml_node **ret);
CANH_MUST_USE int load_logsource(const struct loader *l, const struct yaml_node *n,
                                 struct logsource *ret);
struct map *load_map(const struct loader *l, size_t max); /* NULL without memory */
int load_nomem(const struct loader *l);
/* Whether a name is in a sequence of texts or is that text. */
bool names_have(const struct yaml_node *names, struct slice name);

/* pipeline_condition.c; in each table the last has no name */
struct cond_kind {
    const char *name;
    const char *keys; /* as in struct transform_kind */
    int (*parse)(struct loader *l, const struct yaml_node *n, struct cond *c);
    cond_test test;
};

extern const struct cond_kind rule_conditions[], item_conditions[], field_conditions[];

/* pipeline_compare.c: the conditions processing_state and rule_attribute */
CANH_MUST_USE int compare_parse_state(struct loader *l, const struct yaml_node *n, struct cond *c);
int compare_test_state(struct apply *a, const struct cond *c, const void *subject);
CANH_MUST_USE int compare_parse_attribute(struct loader *l, const struct yaml_node *n,
                                          struct cond *c);
int compare_test_attribute(struct apply *a, const struct cond *c, const void *subject);

/* pipeline_group.c */
CANH_MUST_USE int load_conditions(struct loader *l, const struct yaml_node *item,
                                  enum cond_level level, struct cond_group *ret);
CANH_MUST_USE int group_test(struct apply *a, const struct cond_group *g, const void *subject);

/* pipeline_transform.c, pipeline_field.c, pipeline_value.c */
const struct transform_kind *transform_find(struct slice name);
/* In each table the last has no name. */
extern const struct transform_kind field_transforms[], value_transforms[], replace_transforms[],
    extract_transforms[];
CANH_MUST_USE int load_mapping(struct loader *l, const struct yaml_node *n, struct transform *it);

/* pipeline_text.c: an atom like `leaf`, with another value; NULL without memory. */
const struct expr *value_expr(struct apply *a, const struct expr *leaf, const struct atom *value);
const struct expr *pattern_expr(struct apply *a, const struct expr *leaf,
                                const struct pattern *pattern);
/* The same from a plain text, and what to say when there is none. */
CANH_MUST_USE int plain_expr(struct apply *a, const struct expr *leaf, const struct plain *p,
                             const struct expr **ret);
bool value_text(const struct atom *atom, bool numbers, struct plain *to);
/* Calls fn for the values of an item that are text, or numbers where those count too. */
typedef int (*text_fn)(struct apply *a, const struct expr *leaf, const struct plain *text,
                       const struct expr **ret);
CANH_MUST_USE int texts_of_item(struct apply *a, const struct expr *item, text_fn fn, bool numbers,
                                const struct expr **ret);
/* The same where the values come to stand under fields of their own. */
CANH_MUST_USE int split_item(struct apply *a, const struct expr *item, text_fn fn,
                             const struct expr **ret);

/* pipeline_add.c: the conditions of add_condition as an expression. logsource: for templates. */
CANH_MUST_USE int add_build(struct arena *arena, const struct yaml_node *conditions,
                            const struct logsource *logsource, struct err *err,
                            const struct expr **ret);

/* pipeline.c: one application to one rule. */
struct state {
    struct slice key;
    const struct yaml_node *value;
    bool attribute; /* set_custom_attribute */
};

struct mark {
    const struct expr *item; /* or */
    struct slice field;
    uint64_t bits;
};

struct apply {
    const struct pipeline *p;
    const struct sigma_rule *rule;
    struct arena *arena;  /* of the caller: what the variant keeps */
    struct arena scratch; /* freed at the end */
    struct err *err;
    struct logsource logsource;
    const struct expr *condition; /* NULL: everything was dropped */
    const struct expr **route;
    uint32_t route_count, route_cap;
    bool claimed;
    uint64_t *applied; /* bits by id */
    struct state *states;
    uint32_t state_count, state_cap;
    struct mark *marks;
    uint32_t mark_count, mark_cap;
    struct slice *mapped; /* names that field mappings took or gave */
    uint32_t mapped_count, mapped_cap;
    const struct map *fields; /* canh_fields */
    bool fields_strict;
    const struct transform *item; /* being applied */
    struct regex_context *rx;
    uint32_t steps;
};

CANH_MUST_USE int apply_items(struct apply *a, const struct transform *items, uint32_t count);
/* Refuses the rule, naming the item that does and the place in the rule (0: its document). */
#define apply_refuse(a, code, line, col, id, ...)                                                  \
    ({                                                                                             \
        struct err why_ = ERR_INIT;                                                                \
        (void)err_fail(&why_, code, id, ##__VA_ARGS__);                                            \
        apply_refuse_with(a, code, line, col, &why_);                                              \
    })
CANH_MUST_USE int apply_refuse_with(struct apply *a, enum ce code, unsigned line, unsigned col,
                                    const struct err *why);
int apply_nomem(struct apply *a);
CANH_MUST_USE int apply_step(struct apply *a);
/* Room for one more element in an array of the scratch arena. */
CANH_MUST_USE int apply_grow(struct apply *a, void *array, uint32_t count, uint32_t *cap,
                             size_t size);
bool apply_has_id(const struct apply *a, uint32_t id);
const struct yaml_node *apply_state(const struct apply *a, struct slice key, bool attribute);
uint64_t apply_marks(const struct apply *a, const struct expr *item, struct slice field);
/* Remembers bits for a detection item (or, with item NULL, a field name). */
CANH_MUST_USE int apply_mark(struct apply *a, const struct expr *item, struct slice field,
                             uint64_t bits);
/* The bit of the item being applied, or 0 when nobody asks for it. */
uint64_t apply_own_mark(const struct apply *a);
int apply_rx(struct apply *a, const struct regex *rx, struct slice text, size_t from, bool anchored,
             const size_t **ret);

/* pipeline_walk.c */
/* Changes one detection item: *ret is the item itself when nothing changed, NULL to drop it. */
typedef int (*item_fn)(struct apply *a, const struct expr *item, struct slice field,
                       const struct expr **ret);
/* Runs fn on every detection item for which the conditions of the item being applied hold, and
 * replaces a->condition. */
CANH_MUST_USE int walk_items(struct apply *a, item_fn fn);
/* Calls fn for every detection item (COND_LEVELS apart) until it returns non-zero. */
typedef int (*item_visit_fn)(struct apply *a, const struct expr *item, struct slice field,
                             void *ctx);
CANH_MUST_USE int each_item(struct apply *a, const struct expr *e, item_visit_fn fn, void *ctx);
/* Calls fn for every atom under e until it returns non-zero. */
typedef int (*atom_visit_fn)(struct apply *a, const struct atom *atom, void *ctx);
CANH_MUST_USE int each_atom(struct apply *a, const struct expr *e, atom_visit_fn fn, void *ctx);
/* Changes one atom: *ret stays as it is, becomes another expression, or NULL to drop it. */
typedef int (*atom_fn)(struct apply *a, const struct expr *leaf, void *ctx,
                       const struct expr **ret);
CANH_MUST_USE int map_atoms(struct apply *a, const struct expr *e, atom_fn fn, void *ctx,
                            const struct expr **ret);
/* An expression of an atom, copied with the place of `like`. */
const struct expr *make_atom(struct apply *a, const struct atom *atom, const struct expr *like);
const struct expr *make_group(struct apply *a, enum expr_op op, const struct expr **kids,
                              uint32_t count, const struct expr *like);

/* pipeline_reach.c: whether the rule says anything about events with only these fields. */
CANH_MUST_USE bool reach_is_open(const struct expr *condition, const struct map *fields,
                                 bool strict);

#endif
