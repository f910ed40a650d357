/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_PAM_H
#define CANH_DECODE_TEXT_PAM_H
/*
 * Messages of PAM modules, which any program may write: pam_unix(service:type): text.
 *
 * An authentication failure counts as a failed login (event.outcome) only where the service does
 * not write a line of its own about it, so that one attempt is not counted twice.
 */
#include <stdbool.h>

#include "base/slice.h"
#include "decode/text/fields.h"

/* False when the message is none of PAM. */
bool pam_read(struct fields *f, struct slice program, struct slice message);

#endif
