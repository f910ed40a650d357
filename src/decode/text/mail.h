/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_MAIL_H
#define CANH_DECODE_TEXT_MAIL_H
/* What wordings alone cannot say of mail servers' lines. */
#include "decode/decoder.h"
#include "decode/text/fields.h"

/* Takes the queue's id off; the rest is left to the rows (program.parse). */
struct slice postfix_prepare(struct fields *f, struct slice message);
/*
 * Logins and their failures: `(auth failed, 3 attempts): user=<U>, method=M, rip=A, lip=A, …` and
 * `driver(U,A,<session>): Password mismatch`. U is the client's, A is not: the last rip= counts.
 */
bool dovecot_parse(struct fields *f, struct slice message, const struct decode_context *context);

/* The domain of mail.from as a field of its own: letters are counted by it, never by person. */
void mail_write_domain(struct fields *f);

/* Takes time, process and message ids of Exim off; f may be NULL. */
struct slice exim_prepare(struct fields *f, struct slice message);

#endif
