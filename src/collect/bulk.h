/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_BULK_H
#define CANH_COLLECT_BULK_H
/*
 * The body of Elasticsearch's _bulk: pairs of lines, what is to be done and the document. Source:
 * Elasticsearch's reference, "Bulk API". Nothing is ever changed or deleted here: `index` and
 * `create` add a record, `update` and `delete` are refused item by item. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum { BULK_ACTION_BYTES = 8 * 1024 };

enum bulk_op { BULK_INDEX, BULK_CREATE, BULK_UPDATE, BULK_DELETE };

struct bulk_item {
    enum bulk_op op;
    struct slice index, id; /* id empty: none was given */
    struct slice document;  /* one line, without its end */
    bool object;            /* it looks like an object of JSON */
};

struct bulk_reader {
    struct slice rest;
    struct slice index; /* of the path, for items that name none */
    struct arena *arena;
};

const char *bulk_op_name(enum bulk_op op);

/* 1, 0 at the end, -CE_SYNTAX: the line is no action, so that nothing behind it can be understood,
 * -CE_TRUNCATED: its document is missing, -CE_TOO_BIG. Texts lie in the arena or the body. */
CANH_MUST_USE int bulk_next(struct bulk_reader *b, struct bulk_item *ret);

#endif
