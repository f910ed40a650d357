/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NOTIFY_LETTER_H
#define CANH_NOTIFY_LETTER_H
/*
 * What is sent, as bytes of its way. Pure. Nothing of a letter can become a header, an address or
 * a key of its own.
 */
#include "base/buf.h"
#include "base/slice.h"

struct letter {
    struct slice to;   /* a number or an address */
    struct slice code; /* the same at every try */
    struct slice subject, text;
    int32_t level;
};

/* Whether s is one plain mail address: no blanks, no brackets, one @. */
bool letter_address_ok(struct slice s);
/* A number: digits, perhaps + before them. */
bool letter_number_ok(struct slice s);

/* RFC 5322, MIME, UTF-8 in base64; lines end in CRLF. at: seconds since 1970. */
void letter_write_mail(struct buf *out, const struct letter *l, struct slice from, int64_t at);
/* {"id", "to", "text"} for a gateway, {"id", "level", "subject", "text"} for a webhook. */
void letter_write_sms(struct buf *out, const struct letter *l);
void letter_write_hook(struct buf *out, const struct letter *l);

#endif
