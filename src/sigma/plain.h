/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PLAIN_H
#define CANH_SIGMA_PLAIN_H
/*
 * A pattern as one line of text and back, for the transformations of pipelines: they see a value
 * as its rule wrote it ("*\powershell.exe"), with a literal * or ? as \* or \?. Beside every byte
 * stands what it is, so that a part copied elsewhere keeps its meaning: in "\Run\*" nothing else
 * tells a backslash before a wildcard from an escape.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "sigma/pattern.h"

enum { PLAIN_MAX = 64 * 1024 }; /* bytes of one value */

enum plain_kind {
    PLAIN_TEXT,
    PLAIN_WILDCARD, /* a * or ? that is one */
    PLAIN_ESCAPE,   /* a backslash that only protects the next byte */
};

struct plain {
    struct buf text; /* errors stick in either */
    struct buf kind; /* one enum plain_kind a byte of text */
};

#define PLAIN_INIT ((struct plain){BUF_INIT(PLAIN_MAX), BUF_INIT(PLAIN_MAX)})

void plain_done(struct plain *p);
void plain_clear(struct plain *p);

void plain_write_pattern(struct plain *p, const struct pattern *pattern);
/* Bytes from..to of another one, their kinds with them. */
void plain_write_range(struct plain *p, const struct plain *from, size_t start, size_t end);
/* Text in which * and ? are wildcards unless a backslash protects them; every other backslash is
 * itself. */
void plain_write_special(struct plain *p, struct slice text);
/* Text in which nothing is special. */
void plain_write_literal(struct plain *p, struct slice text);

/* The pattern that bytes start..end mean; strings are copied into the arena. */
CANH_MUST_USE int plain_pattern(const struct plain *p, size_t start, size_t end,
                                struct arena *arena, struct pattern *ret);

#endif
