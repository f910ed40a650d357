/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_MARKUP_H
#define CANH_BASE_MARKUP_H
/*
 * Text as it stands in HTML and XML, between tags and within attribute values in either quotes.
 * XML 1.0 (2.2) cannot hold every character: on a screen U+FFFD shows that one was there, on paper
 * it is left out. Bad UTF-8 is such a character.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* Whether XML can hold c, as utf8_decode() gives it. */
bool markup_holds(uint32_t c);
void markup_write(struct buf *out, struct slice s);
void markup_write_paper(struct buf *out, struct slice s);

#endif
