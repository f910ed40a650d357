/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_RECORD_DECODER_H
#define CANH_SEARCH_RECORD_DECODER_H
/*
 * Records of a journal as events again, whatever their format: decoders are made when first asked
 * for. One thread. Pure.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "event/event.h"
#include "event/keys.h"
#include "journal/record.h"

enum { RECORD_FORMATS_MAX = 64 };

struct record_decoder {
    const struct keys *keys;
    struct decoder *decoders[RECORD_FORMATS_MAX];
    struct buf text;     /* the present record and padding behind it */
    struct slice within; /* records that stand in it are not copied, if it goes on so far */
    struct decode_context context;
    struct event event;
};

/* keys must be complete and are borrowed. max: bytes of a record. */
void record_decoder_init(struct record_decoder *d, const struct keys *keys, size_t max);
void record_decoder_done(struct record_decoder *d);

/* The record with padding behind it, as decoders want it; valid until the next call, or as long as
 * `within`. Empty without memory. */
struct slice record_padded(struct record_decoder *d, struct slice raw);
/* The format that the record seems to be of, or NULL. */
const struct format *record_format(struct slice raw);
/* The record's event, valid until the next call; NULL when the format cannot read it. */
const struct event *record_decode(struct record_decoder *d, const struct format *format,
                                  const struct journal_record *record);
/* Where the record stands for what its decoder asks. */
struct decode_context record_context(const struct journal_record *record);

#endif
