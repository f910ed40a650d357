/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_OTHER_H
#define CANH_DECODE_OTHER_H
/*
 * Lines of another format than their input's: a log whose format changes in the middle, or back and
 * forth. JSON in a text log is a document that fills a line; text in a log of JSON is a line that
 * begins and ends as no document does and that some format of lines is sure of. Line formats read
 * each other's lines themselves (text/lines.h).
 */
#include "decode/decoder.h"

struct decoder_other;

CANH_MUST_USE struct decoder_other *decoder_other_new(const struct keys *keys,
                                                      const struct decode_limits *limits);
void decoder_other_free(struct decoder_other *o); /* NULL is fine */

void decoder_other_open(struct decoder_other *o, const struct decode_block *block);

/* An event of the format's that has nothing but its line: if that is JSON, *e is what it says. */
void decoder_other_event(struct decoder_other *o, const struct format *format, struct event *e);

/*
 * A record that the format cannot read. 1: *e instead; 0: the same line has been read before, so
 * that there is nothing to say; -1: the fault stands.
 */
int decoder_other_fault(struct decoder_other *o, const struct format *format,
                        const struct decode_fault *fault, struct event *e);

#endif
