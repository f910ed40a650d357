/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_CALL_TEXT_H
#define CANH_ALERT_CALL_TEXT_H
/*
 * What messages say: in the language that the person chose, in Vietnamese else.
 */
#include "alert/outbox.h"
#include "lang/lang.h"
#include "state/alerts.h"

/* What the title of everything of a drill begins with. */
void call_text_mark(struct buf *out, enum lang lang);

/* Of one call; of all that a message tells of, of which `call` came last. */
void call_text_one(struct buf *out, struct state *s, const struct outbox_ways *ways,
                   const struct state_call *call, const struct state_message *m);
void call_text_many(struct buf *out, struct state *s, const struct outbox_ways *ways,
                    const struct state_call *call, const struct state_message *m);
/* What may be told of an alert by other ways: like a message, without a code. */
void call_text_copy(struct buf *out, enum lang lang, struct state *s, const struct state_alert *x);
/* Of a letter. */
void call_text_subject(struct buf *out, struct state *s, const struct outbox_ways *ways,
                       const struct state_call *call, const struct state_message *m);

#endif
