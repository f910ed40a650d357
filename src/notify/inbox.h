/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NOTIFY_INBOX_H
#define CANH_NOTIFY_INBOX_H
/*
 * What the gateway hands out as received SMS: a JSON object a line, {"id", "from", "text"}; other
 * members are passed over. Pure.
 */
#include "base/arena.h"
#include "base/buf.h"

enum { INBOX_MESSAGES_MAX = 100, INBOX_ID_MAX = 100, INBOX_TEXT_MAX = 2000 };

struct inbox_message {
    struct slice id, from, text;
};

/* The first INBOX_MESSAGES_MAX, texts in the arena. *ret_bad: lines that are none. */
size_t inbox_read(struct slice body, struct arena *arena,
                  struct inbox_message ret[INBOX_MESSAGES_MAX], size_t *ret_bad);
/* {"done": [id]}: the gateway need not hand it out again. */
void inbox_write_done(struct buf *out, struct slice id);

#endif
