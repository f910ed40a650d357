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
 *    the full grammar (gap.c), which also finds the name of the value behind it; the bytes
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
#include "decode/decoder.h"
#include "decode/json/json.h"
#include "decode/json/split.h"
#include "lang/err_decode.h"

enum {
    JSON_CHUNK = 64 * 1024, /* scanned at a time; any size works, this one stays in the cache */
    JSON_NODES = 16 * 1024,
    JSON_EDGES = 16 * 1024,
    JSON_TEXT = 4 * 1024 * 1024, /* bytes of names and gaps kept */
    JSON_NAME_MAX = 1024,        /* longer names are not told apart and have no key */
    JSON_GAP_MAX = 1024,         /* longer gaps are parsed every time */
    JSON_EDGES_OF_NODE = 256,
    JSON_FORK_FROM = 4, /* a node with so many edges gets a fork */
    JSON_FORK_AT_MAX = 128,
    JSON_TRACES = 512,
    JSON_TRACE_MAX = 61,
    JSON_TRACE_MISSES = 16,
    JSON_PATH_MAX = 128, /* names in a path; limits.max_depth is no more than this */
    /* Room that a record finds when it starts; what it needs beyond is EVENT_FIELDS_LOST. */
    JSON_NODES_SPARE = JSON_NODES / 4,
    JSON_TEXT_SPARE = JSON_TEXT / 4,
};

enum json_node_kind { NODE_START, NODE_ROOT, NODE_MEMBER, NODE_ELEMENT };

/*
 * At a node with many edges: the 8 bytes of the gap from `at` on, hashed, tell which edge to try.
 */
struct json_fork {
    uint32_t at;
    uint32_t bits; /* 1 << bits slots */
    const struct json_edge *slots[];
};

/* One path from the root; array levels are nodes of their own. */
struct json_node {
    uint32_t edges; /* gaps seen behind a value here: the first one's number; 0: none */
    uint32_t edge_count;
    struct json_fork *fork; /* NULL while there are few */
    uint32_t depth;         /* containers around it */
    uint16_t keys[2];
    uint8_t names; /* how many of keys; 1 with KEY_NONE when nobody mentions it */
    uint8_t role;  /* enum shape_role */
    uint8_t ecs;   /* SHAPE_ECS: its number */
    uint8_t kind;
    struct json_node *parent;
    struct json_node *element; /* the child for array elements */
    struct slice name;         /* as it stands in the record, unescaped when it has escapes */
};

/* Without any, an edge leads to a string with one name and nothing else to do. */
enum json_edge_flag {
    EDGE_SCALAR = 1 << 0,    /* leads to a number or literal */
    EDGE_END = 1 << 1,       /* leads to the record's end */
    EDGE_GROUPS = 1 << 2,    /* enters containers whose names are mentioned */
    EDGE_PAIR_END = 1 << 3,  /* leaves a name-value pair, see value.c */
    EDGE_LONG = 1 << 4,      /* longer than the head */
    EDGE_KIND = 1 << 5,      /* leads to an event id: what follows depends on it */
    EDGE_NOT_PLAIN = 1 << 6, /* the node has more than one name, or a role */
    EDGE_NEVER = 1 << 7,     /* matches nothing */
    EDGE_EFFECTS = EDGE_GROUPS | EDGE_PAIR_END,
    EDGE_HARD = EDGE_NOT_PLAIN | EDGE_NEVER,
};

enum { EDGE_GROUPS_MAX = 4, EDGE_HEAD = 32 };

struct json_edge_more {
    uint16_t groups[EDGE_GROUPS_MAX];
    uint32_t group_count;
    uint8_t rest[] __attribute__((aligned(32))); /* bytes behind the first EDGE_HEAD, padded */
};

struct json_edge {
    uint8_t head[EDGE_HEAD];
    uint32_t mask; /* a bit for each byte of head that counts */
    uint16_t n;    /* bytes of the gap, up to the value's first byte */
    uint16_t key;  /* of the value, without flags */
    uint8_t flags;
    uint32_t next; /* of the same node; 0: none */
    struct json_node *to;
    struct json_edge_more *more; /* NULL when n ≤ EDGE_HEAD and there are no groups */
} __attribute__((aligned(64)));

/* Edges with a fixed number. */
enum {
    JSON_EDGE_NEVER,  /* matches nothing */
    JSON_EDGE_ORIGIN, /* before a record; its `to` is the start node */
    JSON_EDGE_SPARE,  /* stands for a gap that is not kept */
    JSON_EDGE_FIRST,
};

/*
 * Edges that followed each other the last time, JSON_EDGE_NEVER behind them. It is what the walk
 * tries first: behind an event id the trace of that id, so that each kind of event has its own.
 * Each edge of a trace leads on from where the one before leads to, so that comparing the bytes
 * is all that it takes to follow it.
 */
struct json_trace {
    uint16_t from;   /* number of the node behind which it begins */
    uint16_t misses; /* since something was cut off */
    uint16_t edges[JSON_TRACE_MAX + 1];
} __attribute__((aligned(128)));

/* Paths, learned from the records; forgotten as a whole when full. */
struct json_trie {
    const struct keys *keys;
    struct json_node *nodes;
    struct json_edge *edges;
    struct json_trace *traces; /* behind an edge, then behind an event id: JSON_TRACES each */
    /* Numbers of members by parent and name, open addressing, 2 × JSON_NODES; 0, which is none, for
     * none. */
    uint16_t *table;
    uint8_t *text;
    uint32_t node_count, edge_count;
    size_t text_used;
    uint64_t seed;
    struct json_node *root;
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

CANH_INLINE size_t json_fork_slot(const struct json_fork *fork, const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
    return (size_t)((v * 0x9E3779B97F4A7C15u) >> (64 - fork->bits));
}

/* A gap as json_gap() found it. */
struct json_gap {
    const uint8_t *end; /* the value's first byte; for a string, behind its quote */
    struct json_node *to;
    uint8_t flags; /* of enum json_edge_flag the first four */
    bool keep;     /* may become an edge */
    uint16_t groups[EDGE_GROUPS_MAX];
    uint32_t group_count;
};

/* Makes an edge of a gap; NULL where it is none to keep. */
const struct json_edge *json_trie_learn(struct json_trie *t, struct json_node *from,
                                        const uint8_t *text, const struct json_gap *gap);

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
    uint32_t evict; /* see event_room_over() */
    bool known;     /* the layout is: SHAPE_MARK */
    bool finding;   /* SHAPE_FINDING */
    bool unpacked;  /* some values come from a document inside a string */
    struct json_decoder *decoder;
    /* on failure */
    const uint8_t *bad_at;
    enum ce code;
    unsigned why;
};

enum json_scan_flag {
    SCAN_BAD = 1 << 0, /* control character in a string, wrong escape, unclosed string, no UTF-8 */
    SCAN_HIDES = 1 << 1, /* escapes that hide what EVENT_TEXT_IN_RAW promises */
};

/* Bytes a bitmap needs for n bytes of text. */
#define JSON_BITMAP(n) (((n) + 63) / 64 * 8 + 64)

/* The hot part, compiled once per processor level. */
struct json_engine {
    unsigned (*scan)(const uint8_t *p, size_t n, uint8_t *quotes, uint8_t *slashes);
    /* The byte behind the record that starts at p, or NULL. */
    const uint8_t *(*walk)(struct json_walk *w, const uint8_t *p);
};

extern const struct json_engine json_engine_base;
#ifdef CANH_JSON_X86
extern const struct json_engine json_engine_v3; /* AVX2, BMI */
extern const struct json_engine json_engine_v4; /* AVX-512 BW and VL */
#endif

/* Bitmaps of a scanned text; grown to the longest text seen. */
struct json_bitmaps {
    uint8_t *quotes, *slashes;
    size_t cap; /* bytes of text they have room for */
    bool hides; /* SCAN_HIDES of the last scan */
};

/* A field whose name depends on the event. */
struct json_ecs {
    uint32_t field; /* index */
    uint8_t ecs;
};

/* A string that may be a document: its role, and where its field stands. */
struct json_text {
    uint32_t field; /* index */
    uint8_t role;
};

/* What is put around a text to make a document of it. */
struct json_frame {
    struct slice before, behind;
};

enum {
    JSON_ECS_MAX = 64,
    JSON_COMPOSED_MAX = 16 * 1024,
    JSON_TEXTS_MAX = 8,
    JSON_FRAME_MAX = 64,
    JSON_NESTED_ROOM = DECODE_PADDING + (JSON_TEXTS_MAX + 1) * JSON_FRAME_MAX,
};

struct fields;

struct json_decoder {
    struct decoder base; /* first */
    struct json_ecs ecs[JSON_ECS_MAX];
    uint32_t ecs_count;
    struct buf composed; /* texts put together of several values */
    struct json_text texts[JSON_TEXTS_MAX];
    uint32_t text_count;
    uint32_t said;              /* 1 + index of the message, the longest of several; 0: none */
    uint32_t request;           /* 1 + index of a request's first line; 0: none */
    uint8_t *witness;           /* by key: it is one of rendered_witnesses */
    struct fields *xml;         /* NULL until a text is XML, or a message is taken apart */
    bool xml_used;              /* for this record */
    struct line_reader *reader; /* NULL until a message may be a line */
    int64_t line_time;          /* of such a line; TIME_NONE: the record's own counts */
    bool line_local;            /* it names no zone */
    struct json_trie trie;
    struct decode_limits limits;
    const struct json_engine *engine;
    struct json_bitmaps maps, nested_maps;
    struct buf nested; /* the texts of documents inside strings of the record */
    struct json_walk walk;
    /* the block being read */
    struct json_block block;
    const uint8_t *at, *end;
    const uint8_t *chunk_end;  /* JSON_LINES: scanned up to here */
    const uint8_t *bad_until;  /* up to here lines are scanned one by one */
    bool chunk_bad;            /* the chunk is one line, and the scan refuses it */
    const uint8_t *line_start; /* in the block */
    const uint8_t *text_of;    /* the line of which text is the first byte that is no blank */
    const uint8_t *text;
    uint64_t begun;     /* bytes of the line before line_start */
    const uint8_t *eol; /* of the line, when it is behind what has been read */
    uint64_t line;
    struct json_docs docs;
    struct buf columns, row; /* of the table that is being read; its row as a document */
    struct field fields[EVENT_FIELDS_MAX + JSON_TRACE_MAX + 1];
};

CANH_INLINE bool json_begins_scalar(uint8_t c)
{
    return (uint8_t)(c - '0') < 10 || c == '-' || c == 't' || c == 'f' || c == 'n';
}

int json_fail(struct json_walk *w, const uint8_t *at, enum ce code, unsigned why);

/* Parses the gap behind a value of `from` at p, by the grammar. 0 or negative (json_fail). */
CANH_MUST_USE int json_gap(struct json_walk *w, struct json_node *from, const uint8_t *p,
                           struct json_gap *ret);
/* The byte behind the number or literal at p, or NULL (json_fail). */
const uint8_t *json_number(struct json_walk *w, const uint8_t *p);
const uint8_t *json_literal(struct json_walk *w, const uint8_t *p);

/* Appends the groups of an edge and closes a pair. */
void json_edge_effects(struct json_walk *w, unsigned flags, const uint16_t *groups,
                       uint32_t group_count);
/* What a value means beyond itself; f is its field(s), count of them, already appended. */
void json_value_role(struct json_walk *w, const struct json_node *node, struct field *f,
                     size_t count);
/* Gives the fields in d->ecs the names that they have in the record's event, and adds its log where
 * only they tell it. */
void json_ecs_end(struct json_walk *w);
/* A finding is of no log: forgets what says so. */
void json_finding_end(struct json_walk *w);
/* Exports that name the provider alone: where its events stand in one log, that is the log. */
void json_log_of_provider(struct json_walk *w);
/* The log of an event that names neither log nor provider, where its id and the names in the record
 * (its bytes) tell it. */
void json_log_end(struct json_walk *w, struct slice record);
/* A value for which there is no more room: kept where somebody mentions it. */
void json_value_late(struct json_walk *w, const struct json_node *node, struct field value);
/* The same of a field that is complete. */
void json_field_late(struct json_walk *w, const struct field *f);
/* Decodes the JSON inside a string value; true when its fields were appended. */
bool json_nested(struct json_walk *w, const struct field *text);
/* The string's text, a frame around it, blanks at its ends gone; empty when there is no room. */
struct slice json_text_open(struct json_walk *w, const struct field *f,
                            const struct json_frame *frame);
/* Decodes such a text as a document; true when its fields were appended. */
bool json_document(struct json_walk *w, struct slice text);
/* Notes a string that may be a document (texts.c), to be looked into at the record's end. */
void json_text_note(struct json_walk *w, const struct json_node *node, const struct field *f);
/* For names that are known by now. False without memory. */
bool json_texts_init(struct json_decoder *d);
void json_texts_end(struct json_walk *w);
/* The data of an event of which only the message came along; when all else is known. */
void json_message_end(struct json_walk *w);
/* What a text tells that is a line of a log, where the record does not say itself what it is. */
void json_line_end(struct json_walk *w, const struct field *said);
/* What a text tells that is the first line of a request (`GET / HTTP/1.1`). */
void json_request_end(struct json_walk *w, const struct field *request);
void json_line_done(struct json_decoder *d);
/* The fields from `at` on whose names the record does not have. */
void json_append_reported(struct json_walk *w, const struct fields *from, uint32_t at);
void json_texts_done(struct json_decoder *d);
/* The text of the record's first value with the key, as it stands there; empty: none. */
struct slice json_raw_text(const struct json_walk *w, uint16_t key);

/* Says what is wrong in a text that scan() refused or that is not UTF-8. */
void json_explain(struct slice text, size_t *ret_at, enum ce *ret_code, unsigned *ret_why);
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
