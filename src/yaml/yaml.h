/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_YAML_H
#define CANH_YAML_YAML_H
/*
 * YAML 1.2 text → a tree of nodes that remember their line and column, so that every later error
 * can point at its place. Parsing is libfyaml's; nothing here interprets scalars except
 * yaml_scalar_type(), which resolves plain scalars by the YAML 1.2 core schema.
 *
 * Nodes live in the caller's arena and borrow nothing from the text. An alias is the same node
 * again: the tree may share, and `weight` and `height` count it each time, so that a consumer that
 * walks the tree is bounded by limits.max_nodes and limits.max_depth. An alias inside the node
 * that it names is an error, so the tree has no loops.
 *
 * Input is UTF-8 (a byte order mark is skipped). Merge keys (<<) are YAML 1.1: they
 * are resolved where limits.merge says so, and ordinary keys elsewhere.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQ, YAML_MAP };

enum yaml_type { YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT, YAML_STRING };

struct yaml_node {
    enum yaml_kind kind;
    bool plain;              /* scalar without quotes and not a block scalar */
    unsigned line, col;      /* from 1 */
    uint32_t count;          /* items of a sequence, pairs of a map */
    uint32_t weight;         /* nodes in this subtree, aliases expanded */
    uint32_t height;         /* 1 for a scalar, else 1 + that of the highest kid */
    struct slice text;       /* scalar; zero-terminated outside the slice */
    struct slice tag;        /* explicit tag as written, or empty */
    struct yaml_node **kids; /* sequence: count items; map: 2 × count, key then value */
};

struct yaml_limits {
    size_t max_bytes; /* of text */
    uint32_t max_nodes;
    unsigned max_depth;
    unsigned max_docs;
    bool merge; /* resolve merge keys */
};

/* 1 MiB, 200,000 nodes, depth 64, 1,000 documents. */
extern const struct yaml_limits yaml_default_limits;

struct yaml_docs {
    struct yaml_node **roots;
    size_t count;
};

/*
 * Parses all documents of a text. An empty document has a null scalar as its root; a text without
 * any document gives none. Two scalar keys with the same text in one map are an error. On failure
 * err has line and column; *ret then holds the documents that were complete before the error.
 */
CANH_MUST_USE int yaml_parse(struct arena *arena, struct slice text,
                             const struct yaml_limits *limits, struct yaml_docs *ret,
                             struct err *err);

/* The root of a text of exactly one document, which most files are; -CE_SYNTAX for any other. */
CANH_MUST_USE int yaml_parse_one(struct arena *arena, struct slice text,
                                 const struct yaml_limits *limits, struct yaml_node **ret,
                                 struct err *err);

/*
 * The same as yaml_parse() for a text that begins at `first_line` (from 1) of its file: all
 * positions are the file's. For going on behind a broken document.
 */
CANH_MUST_USE int yaml_parse_from(struct arena *arena, struct slice text, unsigned first_line,
                                  const struct yaml_limits *limits, struct yaml_docs *ret,
                                  struct err *err);

/* libfyaml's: another one may read a text in another way. */
const char *yaml_library_version(void);

/* The value under a key of a map, or NULL (also when node is NULL or no map). */
struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);
/* A scalar's text under a key, or an empty slice with p NULL. */
struct slice yaml_get_text(const struct yaml_node *node, const char *key);
/* By an explicit tag where there is one (!!str, !!int, …, !), else plain scalars by the core
 * schema; every other scalar is a string, and so is one whose text does not fit its tag. */
enum yaml_type yaml_scalar_type(const struct yaml_node *node);
/* True for a null scalar and for NULL. */
bool yaml_is_null(const struct yaml_node *node);
/* A bool scalar; false when it is none. */
bool yaml_bool(const struct yaml_node *node, bool *ret);
/* An integer scalar of the core schema (decimal, 0o, 0x). */
bool yaml_int(const struct yaml_node *node, int64_t *ret);
/* An integer or finite float scalar. */
bool yaml_double(const struct yaml_node *node, double *ret);

#endif
