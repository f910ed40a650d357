/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_CORRELATE_H
#define CANH_NODE_WATCH_CORRELATE_H
/* Correlations of what watch records: correlate.c. */
#include "node/watch/watch.h"
#include "node/wire/status.h"

/* After rules and matching are there. */
CANH_MUST_USE int correlate_begin(struct watch *w);
void correlate_end(struct watch *w);
/* keep is there (again): asks how far was read. */
void correlate_link(struct watch *w);
/* Whether the answer to WIRE_INPUT was for it. */
bool correlate_input(struct watch *w, const uint8_t id[16], struct slice cursor);
CANH_MUST_USE int correlate_receive_block(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int correlate_receive_more(void *u, struct frame *f, struct err *err);
/* Something for it may be in the journal now. */
void correlate_more(struct watch *w);
/* There is room again. */
void correlate_resume(struct watch *w);
/* Whether it waits for what it asked keep for. */
bool correlate_is_reading(const struct watch *w);
void correlate_tick(struct watch *w);
void correlate_write_status(const struct watch *w, struct buf *out);

#endif
