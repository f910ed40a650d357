/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_WRITE_H
#define CANH_DECODE_BINXML_WRITE_H
/*
 * JSON objects written member by member while it is not yet known whether an element is a text, an
 * object or nothing, nor whether a name comes again. Only binxml_json.c uses it.
 */
#include "decode/evtx/binxml.h"

enum { BX_MEMBERS_MAX = 16384 };

/*
 * A framed name has `,"` before it and `":` behind, and from the comma on BX_NAME_ROOM bytes at
 * least can be read, so that it is copied with what stands around it and mostly without a loop.
 */
enum { BX_NAME_BEFORE = 2, BX_NAME_AROUND = 4, BX_NAME_ROOM = 32 };
/* Frames an escaped name; p NULL without memory. */
struct slice bx_frame_name(struct arena *arena, struct slice name);

/* "name":value, finished, of an object that is being written; all are offsets in out. */
struct bx_member {
    size_t name, name_end, value, end;
    uint32_t next, last; /* of the same name */
    bool twin;           /* not the first of its name */
};

enum bx_shape { SHAPE_NOTHING, SHAPE_SCALAR, SHAPE_OBJECT };

struct bx_object {
    enum bx_shape shape;
    bool in_attributes;
    bool data;      /* a Data element: its array is wrapped */
    bool distinct;  /* BX_DISTINCT: its members are not noted */
    size_t start;   /* of its value in out */
    uint32_t first; /* of its members */
};

struct bx_writer {
    struct bx *b;
    struct buf *out;
    struct bx_member *members;
    uint32_t *tags; /* of the members' names: twins have equal ones */
    uint32_t count;
    bool recording; /* marks are written for values (binxml_plan.h) */
    bool vetoed;    /* and not only their types decide */
};

/*
 * Writes `,"name":` of a framed name. The member is the newest; whoever writes its value calls
 * bx_end_value(), for an object behind bx_end_object(). Text written before becomes the member
 * "#text".
 */
CANH_MUST_USE int bx_begin_member(struct bx_writer *w, struct bx_object *o, struct slice name);
/* The same inside "#attributes", which is opened by the first and closed by any other member. */
CANH_MUST_USE int bx_begin_attribute(struct bx_writer *w, struct bx_object *o, struct slice name);
CANH_MUST_USE int bx_begin_text(struct bx_writer *w, struct bx_object *o); /* its name: #text */
void bx_end_value(struct bx_writer *w, const struct bx_object *o);
/* Closes the object: members of the same name become one array in the place of the first. */
CANH_MUST_USE int bx_end_object(struct bx_writer *w, struct bx_object *o);
void bx_write_text(struct bx_writer *w, const struct bx_text *t);
/* A value that is no array and no BinXML. */
void bx_write_value(struct bx_writer *w, const struct bx_value *v);
/* A member with such a value. */
CANH_MUST_USE int bx_write_member(struct bx_writer *w, struct bx_object *o, struct slice name,
                                  const struct bx_value *v);

#endif
