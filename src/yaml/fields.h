/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_FIELDS_H
#define CANH_YAML_FIELDS_H
/*
 * Reading data files that people edit: maps with known keys, typed values, and errors that name
 * the place and the cure. Functions return 0 or -CE_* with err at the node's line and column; what
 * is optional and absent leaves *ret as it was and returns 0.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "yaml/yaml.h"

/* Like err_fail_at(): an error at a node (NULL: no place); worth -code. */
#define yaml_fail(at, err, code, id, ...)                                                          \
    ({                                                                                             \
        const struct yaml_node *at_ = (at);                                                        \
        err_fail_at(err, code, at_ ? at_->line : 0, at_ ? at_->col : 0, id, ##__VA_ARGS__);        \
    })
/*
 * The same at byte `offset` of a scalar's text, as exact as the scalar's style allows: a quoted
 * scalar begins one character before its text.
 */
#define yaml_fail_inside(at, offset, err, code, id, ...)                                           \
    ({                                                                                             \
        const struct yaml_node *at_ = (at);                                                        \
        err_fail_at(err, code, at_->line, at_->col + (unsigned)(offset) + !at_->plain, id,         \
                    ##__VA_ARGS__);                                                                \
    })

/* The node is a map whose keys all stand in `keys` (NULL-terminated); otherwise the nearest known
 * key is named. */
CANH_MUST_USE int yaml_only_keys(const struct yaml_node *map, const char *const *keys,
                                 struct err *err);
/* The value under a key; -CE_MISSING at the map when it is not there or null. */
CANH_MUST_USE int yaml_need(const struct yaml_node *map, const char *key, struct yaml_node **ret,
                            struct err *err);

/* Optional values. Text is any scalar, at most max bytes; bool also takes yes and no. */
CANH_MUST_USE int yaml_read_text(const struct yaml_node *map, const char *key, size_t max,
                                 struct slice *ret, struct err *err);
CANH_MUST_USE int yaml_read_bool(const struct yaml_node *map, const char *key, bool *ret,
                                 struct err *err);
CANH_MUST_USE int yaml_read_int(const struct yaml_node *map, const char *key, int64_t min,
                                int64_t max, int64_t *ret, struct err *err);
/* A date YYYY-MM-DD as days since 1970-01-01. */
CANH_MUST_USE int yaml_read_date(const struct yaml_node *map, const char *key, int64_t *ret_days,
                                 struct err *err);
/* A sequence or one scalar in its place: item i is yaml_item(node, i). Absent: count 0. */
CANH_MUST_USE int yaml_read_list(const struct yaml_node *map, const char *key, uint32_t max,
                                 struct yaml_node **ret, uint32_t *ret_count, struct err *err);
struct yaml_node *yaml_item(struct yaml_node *list, uint32_t i);

/* A name: a-z 0-9 . - _, at most 64 bytes, not empty. */
CANH_MUST_USE int yaml_name(const struct yaml_node *node, struct slice *ret, struct err *err);

#endif
