/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_H
#define CANH_DECODE_BINXML_H
/*
 * Windows binary XML, as EVTX chunks hold it, straight to fields; only evtx.c calls this.
 * After [MS-EVEN6] 2.2.12-2.2.18 and Metz, "Windows XML Event Log (EVTX) format" (libyal).
 *
 * A fragment (a record, or a value of type BinXML) is a template with substitution values, or
 * elements written out. Either is scanned (binxml_scan.c) into a canonical form that has no chunk
 * offsets: for an element written out, its texts become the substitution values, so that such
 * records share templates, too. The canonical form is looked up in a cache; a new one is compiled
 * (binxml_compile.c) into a program: a flat list of operations with the field keys resolved.
 * Running a program over the values gives fields (binxml_run.c) or JSON (binxml_json.c).
 *
 * Every offset, size and count is checked against the chunk. Depth is limited by the caller's
 * limits, work by BX_STEPS_MAX a record and BX_SCAN_MAX a chunk. Not thread-safe: one struct bx a
 * thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "decode/decode.h"
#include "event/event.h"
#include "lang/err_decode.h"

enum {
    BX_DEPTH_MAX = 64, /* elements and values in each other, whatever the limits say */
    BX_NAMES_DEEP = 2 * BX_DEPTH_MAX, /* names of a path and of what it stands under */
    BX_VALUES_MAX = 8192,             /* substitution values of one record, nested ones included */
    BX_STEPS_MAX = 1 << 16,           /* operations and array items of one record */
    BX_OPS_MAX = 16384,               /* operations of one program */
    BX_CANON_MAX = 256 * 1024,        /* bytes of one canonical form */
    BX_SCAN_MAX = 2 * 1024 * 1024,    /* canonical bytes of one chunk */
    BX_SCRATCH = 1024 * 1024,         /* rendered text of one record's fields */
    BX_SCRATCH_JSON = 256 * 1024,     /* behind it: of one value of its JSON */
    BX_CACHE_BYTES = 8 * 1024 * 1024,
    BX_CACHE_PROGS = 4096,
    BX_CONTEXTS_MAX = 256,
    BX_NAMES_MAX = 1 << 14,
    BX_TABLE = 1024,   /* templates remembered by their offset in the chunk */
    BX_LOST_MAX = 64,  /* templates of leftovers looked for in a chunk */
    BX_SID_HEADER = 8, /* revision, number of parts, authority */
    BX_SID_PARTS = 15,
    BX_PUT_MAX = 32 + BX_SID_PARTS * 11, /* longest rendering but for text and bytes: a SID's */
};

/* A template instance in a record, and the definition that may follow it. */
enum {
    BX_TOKEN_TEMPLATE = 0x0C,
    BX_INSTANCE_BYTES = 10,   /* token, version, identifier, offset */
    BX_DEFINITION_BYTES = 24, /* next, GUID, size */
    BX_DESCRIPTOR = 4,        /* of a value */
};

#define BX_NO_DEP 0xFFFFu

enum bx_type {
    BX_NULL = 0x00,
    BX_STRING = 0x01,
    BX_ANSI = 0x02,
    BX_I8 = 0x03,
    BX_U8 = 0x04,
    BX_I16 = 0x05,
    BX_U16 = 0x06,
    BX_I32 = 0x07,
    BX_U32 = 0x08,
    BX_I64 = 0x09,
    BX_U64 = 0x0A,
    BX_F32 = 0x0B,
    BX_F64 = 0x0C,
    BX_BOOL = 0x0D,
    BX_BINARY = 0x0E,
    BX_GUID = 0x0F,
    BX_SIZE = 0x10,
    BX_FILETIME = 0x11,
    BX_SYSTEMTIME = 0x12,
    BX_SID = 0x13,
    BX_HEX32 = 0x14,
    BX_HEX64 = 0x15,
    BX_HANDLE = 0x20,
    BX_BINXML = 0x21,
    BX_XML = 0x23,
    BX_ARRAY = 0x80, /* bit */
};

struct bx_value {
    const uint8_t *p;
    uint32_t n;
    uint8_t type;
};

/* One value as text: a slice of the chunk, of the program, or of the scratch memory. */
struct bx_text {
    const uint8_t *p;
    uint32_t n;
    uint8_t type, form; /* as in struct field */
};

/* The canonical form is a sequence of these, each followed by what is said. */
enum bx_canon {
    CANON_ELEMENT = 1, /* dependency u16, name: length u16, UTF-16 */
    CANON_ATTRIBUTE,   /* name */
    CANON_CONTENT,     /* the attributes are over */
    CANON_TEXT,        /* length u16, UTF-16 */
    CANON_VALUE,       /* index u16 */
    CANON_END,         /* of the element */
};

enum bx_op_kind {
    OP_ELEMENT,   /* has attributes or children; `next` is behind its OP_END */
    OP_ATTRIBUTE, /* always right behind its element */
    OP_TEXT,      /* a run of text inside an element */
    OP_LEAF,      /* an element of one run of text or none, without attributes */
    OP_END,
};

enum bx_source { SRC_NONE, SRC_VALUE, SRC_LITERAL, SRC_MIXED };

enum bx_op_flag {
    BX_DISTINCT = 1 << 0,   /* element: all names of its JSON members are known and differ */
    BX_SILENT = 1 << 1,     /* attribute that declares a namespace: no field */
    BX_NAMES_DATA = 1 << 2, /* Name attribute that is a substitution: names its element */
    BX_BARE = 1 << 3,       /* element, end: has neither text nor children, only attributes */
    BX_BETWEEN = 1 << 4,    /* text beside child elements: blanks alone are no text */
    BX_HIDDEN = 1 << 5,     /* attribute that evtx_dump's JSON leaves out */
    BX_UNNAMED = 1 << 6,    /* Data element without a name: an array is its #text */
    BX_TWIN = 1 << 7,       /* and there are several of them: each is #text */
};

struct bx_op {
    uint8_t kind, source, flags;
    uint16_t index;   /* SRC_VALUE */
    uint16_t dep;     /* value without which the element is left out, or BX_NO_DEP */
    uint16_t key[2];  /* of the element or attribute itself */
    uint16_t text[2]; /* of its #text, when it has attributes */
    uint32_t next;
    uint32_t n;       /* bytes of a literal, or number of parts */
    const void *data; /* UTF-16, or struct bx_part */
};

struct bx_part {
    const uint8_t *p; /* a literal, or NULL */
    uint32_t n;
    uint16_t index;
};

struct bx_path {
    const struct bx_path *parent;
    struct slice name;
    uint32_t depth; /* 1 for a root */
};

/* What only naming, nesting and JSON need; parallel to the operations. */
struct bx_info {
    struct slice name; /* JSON member name, escaped, framed (binxml_write.h) */
    const struct bx_path *path;
    uint32_t context; /* the path as a context + 1, once one was needed */
};

struct bx_plan;

/* What is known of a program's results (binxml_plan.h). */
struct bx_plans {
    struct bx_plan *first;
    uint32_t count, wanted;
};

struct bx_program {
    struct bx_op *ops;
    struct bx_info *info;
    uint32_t count;
    uint32_t context;
    bool values;            /* it has substitutions */
    struct bx_plans *plans; /* NULL: it does not stay */
};

/* The path that a fragment's elements stand under. */
struct bx_context {
    struct slice names[BX_DEPTH_MAX];
    uint32_t count;
};

struct bx_known {
    uint32_t generation, offset, context;
    const struct bx_program *program; /* NULL: failed */
    int code;
    uint32_t fail_offset;
    unsigned reason;
};

struct bx_cache {
    struct arena arena;
    struct map by_canon;
    struct bx_program *programs[BX_CACHE_PROGS];
    uint32_t count;
    struct bx_context *contexts[BX_CONTEXTS_MAX];
    uint32_t context_count;
    struct map names;
    struct arena names_arena;
    uint16_t (*name_keys)[2];
    uint32_t name_count;
};

/* Where the template with an identifier stands now; offset 0: nowhere. */
struct bx_lost {
    uint32_t id, offset;
};

/* The fragment's program and its values (the newest count of b->values). */
struct bx_frame {
    const struct bx_program *program;
    const struct bx_value *values;
    const uint8_t *described; /* size, type and zero of each; NULL: nothing says them */
    uint32_t count;
    uint32_t values_before; /* of b->value_count, to be restored behind the fragment */
    struct bx_plan *plan;   /* NULL: there is none, or it was not looked for */
};

struct bx {
    const struct keys *keys;
    struct decode_limits limits;
    struct slice chunk;
    struct bx_cache cache;
    struct bx_known known[BX_TABLE];
    uint32_t generation;
    size_t scanned; /* canonical bytes in this chunk */
    bool planless;
    bool leftovers; /* templates may stand elsewhere in the chunk than records say */
    struct bx_lost lost[BX_LOST_MAX];
    uint32_t lost_count;

    /* the current record */
    struct bx_value *values;
    uint32_t value_count;
    uint8_t *scratch;
    size_t scratch_used, scratch_max;
    bool cut; /* for some text there was not room enough */
    uint32_t steps, max_fields;
    uint32_t evict; /* see event_room_over() */
    struct event *event;
    struct arena record;    /* programs that the cache had no room for */
    struct bx_frame opened; /* its frame; there is one: program */
    uint32_t opened_from;   /* where it begins */
    struct bx_frame nested; /* the last inside it, as long as its values are there: program */
    uint32_t nested_from;
    struct bx_tape *tape; /* fields are not added, but how is noted */
    uint32_t time_at;     /* of the fields; none: UINT32_MAX */
    uint64_t time;        /* it as a FILETIME */

    struct bx_member *members; /* of the JSON that is being written, BX_MEMBERS_MAX */
    uint32_t *tags;            /* theirs */

    uint8_t *canon;
    size_t canon_len;
    struct buf name_buf, path_buf;
    struct buf recorded; /* by bx_record() */

    /* why the last call failed; no reason: for want of room in out */
    uint32_t fail_offset;
    unsigned reason;
    int64_t day; /* rendered in day_text */
    uint8_t day_text[24];
    uint32_t day_len;
    uint8_t sid[BX_SID_HEADER + 4 * BX_SID_PARTS]; /* rendered in sid_text */
    uint8_t sid_text[BX_PUT_MAX];
    uint32_t sid_len;
};

CANH_MUST_USE int bx_init(struct bx *b, const struct keys *keys, const struct decode_limits *l);
void bx_done(struct bx *b);
/* The chunk must stay until the next call; fields point into it. */
void bx_chunk(struct bx *b, struct slice chunk);

/* Decodes the fragment at bytes from..to of the chunk into e, whose fields the caller owns. */
CANH_MUST_USE int bx_fields(struct bx *b, uint32_t from, uint32_t to, struct event *e);
/* Appends the fragment that was decoded last as JSON. -CE_NOT_FOUND: it could not be opened;
 * -CE_TOO_BIG: there is not room enough for a text that the fields have whole. */
CANH_MUST_USE int bx_json(struct bx *b, struct buf *out);

/* The offset of the template's definition, wherever it stands in the chunk; 0: nowhere. */
uint32_t bx_lost_template(struct bx *b, uint32_t id);

/* Notes where and why, returns -code. */
int bx_fail(struct bx *b, enum ce code, size_t offset, unsigned reason);

CANH_MUST_USE int bx_open(struct bx *b, uint32_t from, uint32_t to, uint32_t context,
                          struct bx_frame *ret);
/* The context for BinXML inside the element of operation `at`. Negative on failure. */
CANH_MUST_USE int64_t bx_context_of(struct bx *b, const struct bx_program *p, uint32_t at);
/* The names from the root down to the path's, with those that the program stands under; how many.
 */
uint32_t bx_names(const struct bx *b, const struct bx_program *p, const struct bx_path *path,
                  struct slice ret[BX_NAMES_DEEP]);

/*
 * Scans a template definition's fragment, or elements written out (then texts become values), into
 * b->canon, from context's number on. *pos is moved behind it.
 */
CANH_MUST_USE int bx_scan(struct bx *b, uint32_t *pos, uint32_t end, uint32_t context,
                          bool definition);
/* Compiles a canonical form, which must stay as long as the program. */
CANH_MUST_USE int bx_compile(struct bx *b, struct arena *a, struct slice canon, uint32_t context,
                             struct bx_program **ret);
/* The keys of a path. */
void bx_resolve(struct bx *b, const struct slice *path, size_t n, uint16_t ret[2]);
/* Appends a string without the zeros at its end. */
void bx_utf8(struct slice utf16, struct buf *out);

/* Room for n bytes of text, or for as many as are left; then the text is cut, which is noted. */
uint8_t *bx_scratch(struct bx *b, size_t n, size_t *ret_room);
/* Renders a value that is no array and no BinXML. */
void bx_value_text(struct bx *b, const struct bx_value *v, struct bx_text *ret);
/* The array's items one after another; at starts as 0. False at the end. */
bool bx_next_item(const struct bx_value *array, uint32_t *at, struct bx_value *ret);
/* Writes a value of fixed size, at most BX_PUT_MAX bytes, and returns behind it. */
typedef uint8_t *bx_put(struct bx *b, uint8_t *to, const struct bx_value *v);
/* Whether values of the type can have certain sizes only. */
bool bx_has_sizes(uint8_t type);
/* How values of this one's type and size are written, in quotes or without. NULL: their bytes
 * decide, too. */
bx_put *bx_value_put(const struct bx_value *v, uint8_t *ret_type);
/* Of a value that bx_is_sid(). */
bx_put bx_put_sid;
/* Appends a value of fixed size as JSON. False: it is none, or a floating-point number. */
bool bx_value_json(struct bx *b, const struct bx_value *v, struct buf *out);
/* What an operation's source says, parts joined; null for arrays and BinXML. */
void bx_source_text(struct bx *b, const struct bx_op *op, const struct bx_frame *f,
                    struct bx_text *ret);

extern const struct bx_value bx_no_value; /* null */

/* Whether its bytes are a SID. */
CANH_INLINE bool bx_is_sid(const struct bx_value *v)
{
    return v->type == BX_SID && v->n >= BX_SID_HEADER && v->p[1] <= BX_SID_PARTS &&
           v->n >= BX_SID_HEADER + 4u * v->p[1];
}

/* The value of an operation with SRC_VALUE; a null value when there is none. */
CANH_INLINE const struct bx_value *bx_value_at(const struct bx_frame *f, uint32_t index)
{
    return CANH_LIKELY(index < f->count) ? &f->values[index] : &bx_no_value;
}

/* The element of this operation is left out: the value it depends on is null. */
CANH_INLINE bool bx_left_out(const struct bx_frame *f, const struct bx_op *op)
{
    return op->dep != BX_NO_DEP && bx_value_at(f, op->dep)->type == BX_NULL;
}

/* An attribute of this source is left out. */
CANH_INLINE bool bx_is_null(const struct bx_frame *f, const struct bx_op *op)
{
    const struct bx_value *v = bx_value_at(f, op->index);

    return op->source == SRC_VALUE && (v->type == BX_NULL || (v->n == 0 && v->type != BX_STRING));
}

/* A string without the zeros at its end. */
CANH_INLINE struct bx_text bx_string(const uint8_t *p, uint32_t n)
{
    n &= ~1u;
    while (n >= 2 && (p[n - 1] | p[n - 2]) == 0)
        n -= 2;
    return (struct bx_text){p, n, VALUE_STRING, FORM_UTF16};
}

bool bx_blank(const struct bx_text *t);
/* The name that a Data element gets from the value of its Name attribute (operation at): UTF-8. */
struct slice bx_data_name(struct bx *b, const struct bx_frame *f, uint32_t at);
/* Appends the inside of a JSON string. */
void bx_json_escape(struct buf *out, const struct bx_text *t);

CANH_INLINE uint16_t bx_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

CANH_INLINE uint32_t bx_u32(const uint8_t *p)
{
    return (uint32_t)bx_u16(p) | (uint32_t)bx_u16(p + 2) << 16;
}

CANH_INLINE uint64_t bx_u64(const uint8_t *p)
{
    return (uint64_t)bx_u32(p) | (uint64_t)bx_u32(p + 4) << 32;
}

#endif
