/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_JSON_TREE_H
#define CANH_COLLECT_JSON_TREE_H
/*
 * A JSON text (RFC 8259) as a tree in an arena, for what senders wrap around records: the lines of
 * _bulk and OTLP's envelope. Records themselves are decode/'s. Pure.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum json_kind {
    JSON_NULL,
    JSON_WORD /* true, false, number */,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

enum { JSON_TREE_DEPTH = 24 };

struct json_node {
    enum json_kind kind;
    struct slice key;  /* of a member, escapes resolved */
    struct slice text; /* of a string, escapes resolved; else as it stands */
    struct json_node *first, *next;
};

/* 0, -CE_SYNTAX, -CE_DEPTH, -CE_TOO_BIG: more than the arena holds. Texts borrow from json. */
CANH_MUST_USE int json_tree_read(struct slice json, struct arena *arena, struct json_node **ret);

/* The member of that name, or NULL; NULL of a NULL. */
const struct json_node *json_member(const struct json_node *object, const char *key);
/* Its text when it is a string, number or word; else empty. */
struct slice json_text_of(const struct json_node *node);

#endif
