/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DECODE_DECODE_H
#define CANH_CLI_DECODE_DECODE_H
/* canh decode and canh formats: what a line became, and what can be read. */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/option.h"
#include "view/event.h"

extern const struct verb verb_decode, verb_formats;

/* Lines of name and value; columns: of the terminal, or 0. */
void decode_write_text(struct buf *out, const struct view_event *x, enum lang lang,
                       unsigned columns);

#endif
