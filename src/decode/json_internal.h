/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_INTERNAL_H
#define CANH_DECODE_JSON_INTERNAL_H
/*
 * How the JSON decoder works.
 *
 * 1. Scan: 64 bytes at a time, find quotes that are not escaped, and backslashes, as bitmaps;
 *    check control characters, escapes and UTF-8. Nothing else is looked at.
 * 2. Walk: a record is values with *gaps* between them. In logs the same gap, such as
 *    `", "Image": "`, follows the same value again and again. The first time a gap is parsed by
 *    the full grammar (json_gap.c), which also finds the name of the value behind it; the bytes
 *    are then kept as an edge from the node of the value before to the node of the value behind.
 *    From then on one comparison of the bytes passes the gap.
 *
 * This is exact: which gaps are allowed depends only on the containers that are open, and a node
 * stands for one path from the root, arrays included, so equal bytes at the same node mean the
 * same. A gap that contains anything skipped (too deep, no room for nodes) is never kept.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "decode/json.h"
#include "decode/json_split.h"

enum {
    JSON_CHUNK = 64 * 1024, /* scanned at a time; any size works, this one stays in the cache */
    JSON_NODES = 16 * 1024,
    JSON_EDGES = 16 * 1024,
    JSON_TEXT = 2 * 1024 * 1024, /* bytes of names and gaps kept */
    JSON_NAME_MAX = 1024,        /* longer names are not told apart and have no key */
    JSON_GAP_MAX = 1024,         /* longer gaps are parsed every time */
    JSON_EDGES_OF_NODE = 32,
    JSON_PATH_MAX = 128, /* names in a path; limits.max_depth is no more than this */
    /* Room that a record finds when it starts; what it needs beyond is EVENT_FIELDS_LOST. */
    JSON_NODES_SPARE = JSON_NODES / 4,
    JSON_TEXT_SPARE = JSON_TEXT / 4,
};

enum json_node_kind { NODE_START, NODE_ROOT, NODE_MEMBER, NODE_ELEMENT };

/* One path from the root; array levels are nodes of their own. */
struct json_node {
    struct json_edge *edges; /* gaps seen behind a value here, the last used first */
    uint16_t keys[2];
    uint8_t names; /* how many of keys; 1 with KEY_NONE when nobody mentions it */
    uint8_t role;  /* enum shape_role */
    uint8_t kind;
    uint8_t edge_count;
    uint32_t depth; /* containers around it */
    struct json_node *parent;
    struct json_node *element; /* the child for array elements */
    struct slice name;         /* as it stands in the record, unescaped when it has escapes */
};

enum json_edge_kind { EDGE_STRING, EDGE_SCALAR, EDGE_END };

enum json_edge_flag {
    EDGE_GROUPS = 1 << 0,   /* enters containers whose names are mentioned */
    EDGE_PAIR_END = 1 << 1, /* leaves a name-value pair, see json_value.c */
};

enum { EDGE_GROUPS_MAX = 4, EDGE_HEAD = 32 };

struct json_edge_more {
    const uint8_t *rest; /* bytes behind the first EDGE_HEAD */
    uint16_t groups[EDGE_GROUPS_MAX];
    uint32_t group_count;
};

struct json_edge {
    uint8_t head[EDGE_HEAD];
    uint32_t mask; /* a bit for each byte of head that counts */
    uint16_t n;    /* bytes of the gap, up to the value's first byte */
    uint8_t kind;
    uint8_t flags;
    struct json_node *to;
    struct json_edge *next;
    struct json_edge_more *more; /* NULL when n ≤ EDGE_HEAD and no flags need it */
} __attribute__((aligned(64)));

/* Paths, learned from the records; forgotten as a whole when full. */
struct json_trie {
    const struct keys *keys;
    struct json_node *nodes;
    struct json_edge *edges;
    struct json_node **table; /* by parent and name, open addressing, 2 × JSON_NODES */
    uint8_t *text;
    uint32_t node_count, edge_count;
    size_t text_used;
    uint64_t seed;
    struct json_node *start, *root;
};

CANH_MUST_USE int json_trie_init(struct json_trie *t, const struct keys *keys);
void json_trie_done(struct json_trie *t);
/* Forgets everything when there is not the room that a record should find. */
void json_trie_make_room(struct json_trie *t);
void json_trie_clear(struct json_trie *t);
/* The child with that name (escapes resolved), made when new; NULL when there is no room. */
struct json_node *json_trie_member(struct json_trie *t, struct json_node *parent,
                                   struct slice name);
struct json_node *json_trie_element(struct json_trie *t, struct json_node *parent);

/* A gap as json_gap() found it. */
struct json_gap {
    const uint8_t *end; /* the value's first byte; for a string, behind its quote */
    struct json_node *to;
    uint8_t kind;
    uint8_t flags;
    bool keep; /* may become an edge */
    uint16_t groups[EDGE_GROUPS_MAX];
    uint32_t group_count;
};

void json_trie_learn(struct json_trie *t, struct json_node *from, const uint8_t *text,
                     const struct json_gap *gap);

/* A name-value pair being collected: {"@Name": "X", "#text": "v"}. */
struct json_pair {
    uint16_t key; /* of the name, once seen; may be KEY_NONE */
    bool have_name, have_text;
    struct field *text; /* seen before the name */
};

/* Scanned text and what is being made of it. Positions are relative to base. */
struct json_walk {
    const uint8_t *base;
    const uint8_t *limit;   /* end of the text scanned */
    const uint8_t *quotes;  /* bitmaps, one bit per byte from base, readable 16 bytes further, */
    const uint8_t *slashes; /* all ones from the limit on in quotes */
    struct json_trie *trie;
    struct field *fields, *f, *fields_end;
    struct json_pair pair;
    uint32_t max_depth;
    bool lines;  /* line breaks end a record */
    bool nested; /* already inside a string of a record */
    bool lost;
    bool unpacked; /* some values come from a document inside a string */
    struct json_decoder *decoder;
    /* on failure */
    const uint8_t *bad_at;
    enum ce code;
    const char *why;
};

enum json_scan_flag {
    SCAN_BAD = 1 << 0,  /* control character in a string, wrong escape or unclosed string */
    SCAN_HIGH = 1 << 1, /* bytes ≥ 0x80 */
    SCAN_HIDES = 1 << 2, /* escapes that hide what EVENT_TEXT_IN_RAW promises */
};

/* Bytes a bitmap needs for n bytes of text. */
#define JSON_BITMAP(n) (((n) + 63) / 64 * 8 + 24)

/* The hot part, compiled once per processor level. */
struct json_engine {
    unsigned (*scan)(const uint8_t *p, size_t n, uint8_t *quotes, uint8_t *slashes);
    /* The byte behind the record that starts at p, or NULL. */
    const uint8_t *(*walk)(struct json_walk *w, const uint8_t *p);
};

extern const struct json_engine json_engine_base;
#ifdef CANH_JSON_V3
extern const struct json_engine json_engine_v3;
#endif

/* Bitmaps of a scanned text; grown to the longest text seen. */
struct json_bitmaps {
    uint8_t *quotes, *slashes;
    size_t cap; /* bytes of text they have room for */
    bool hides; /* SCAN_HIDES of the last scan */
};

struct json_decoder {
    struct json_trie trie;
    struct decode_limits limits;
    const struct json_engine *engine;
    struct json_bitmaps maps, nested_maps;
    struct buf nested; /* the text of a document inside a string */
    struct json_walk walk;
    struct decode_counts counts;
    /* the block being read */
    struct json_block block;
    const uint8_t *at, *end;
    const uint8_t *chunk_end;  /* JSON_LINES: scanned up to here */
    const uint8_t *bad_until;  /* up to here lines are scanned one by one */
    bool chunk_bad;            /* the chunk is one line, and the scan refuses it */
    const uint8_t *line_start; /* in the block */
    uint64_t begun;            /* bytes of the line before line_start */
    const uint8_t *eol;        /* of the line, when it is behind what has been read */
    uint64_t line;
    struct json_docs docs;
    struct field fields[EVENT_FIELDS_MAX];
};

CANH_INLINE bool json_begins_scalar(uint8_t c)
{
    return (uint8_t)(c - '0') < 10 || c == '-' || c == 't' || c == 'f' || c == 'n';
}

int json_fail(struct json_walk *w, const uint8_t *at, enum ce code, const char *why);

/* Parses the gap behind a value of `from` at p, by the grammar. 0 or negative (json_fail). */
CANH_MUST_USE int json_gap(struct json_walk *w, struct json_node *from, const uint8_t *p,
                           struct json_gap *ret);
/* The byte behind the number or literal at p, or NULL (json_fail). */
const uint8_t *json_number(struct json_walk *w, const uint8_t *p);
const uint8_t *json_literal(struct json_walk *w, const uint8_t *p);
/* The closing quote of the string whose first byte is p. */
const uint8_t *json_string_end(const struct json_walk *w, const uint8_t *p);
/* The byte behind the value at p, checked only; NULL (json_fail). */
const uint8_t *json_skip(struct json_walk *w, const uint8_t *p, uint32_t depth);

/* Appends the groups of an edge and closes a pair. */
void json_edge_effects(struct json_walk *w, unsigned flags, const uint16_t *groups,
                       uint32_t group_count);
/* What a value means beyond itself; f is its field(s), count of them, already appended. */
void json_value_role(struct json_walk *w, const struct json_node *node, struct field *f,
                     size_t count);
/* Decodes the JSON inside a string value; true when its fields were appended. */
bool json_nested(struct json_walk *w, const struct field *text);

/* Says what is wrong in a text that scan() refused or that is not UTF-8. */
void json_explain(struct slice text, size_t *ret_at, enum ce *ret_code, const char **ret_why);
/* The inside of a JSON string as UTF-8. */
void json_unescape(struct slice s, struct buf *out);

/* Scans text into maps. 0; -CE_SYNTAX when it cannot all be valid; -CE_NOMEM. */
CANH_MUST_USE int json_scan(const struct json_decoder *d, struct json_bitmaps *maps,
                            struct slice text);
void json_walk_init(struct json_decoder *d, struct json_walk *w, const struct json_bitmaps *maps,
                    struct slice text);
/* Walks the record at p in text that was scanned. The byte behind it, or NULL (json_fail). */
const uint8_t *json_walk(struct json_decoder *d, const uint8_t *p, struct event *ret);
/* Scans and walks text that must be one record. Counts, and tells what is wrong. */
CANH_MUST_USE int json_decode_one(struct json_decoder *d, struct slice record, struct event *ret,
                                  struct err *err);
void json_count(struct json_decoder *d, const struct event *e);
/* A record longer than the limit: its beginning as one text. */
void json_truncated(struct json_decoder *d, struct slice record, struct event *ret);
/* Whether line breaks end records from now on. */
void json_set_lines(struct json_decoder *d, bool lines);

#endif
