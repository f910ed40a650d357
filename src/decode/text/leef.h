/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_LEEF_H
#define CANH_DECODE_TEXT_LEEF_H
/*
 * Pairs with a separator between, so that values may hold blanks: IBM's Log Event Extended Format,
 * and what WinCollect sends of Windows events (AgentDevice=WindowsLog, tabs).
 * Source: IBM, "QRadar LEEF Format Guide", versions 1.0 and 2.0; WinCollect's payloads.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "decode/text/fields.h"

bool leef_begins(struct slice text);
/* Own names and those of ECS, wherever in the text, which may have a head of syslog before it, it
 * begins; false, and nothing set, when the text is none. */
bool leef_parse(struct fields *f, struct slice text);

/*
 * Appends the event of Windows that a device's pairs (LEEF, WinCollect, CEF) tell of, as a record
 * of JSON: its head, its message, and of CEF the data whose place there is known; of pairs under
 * the names of Windows all of them. Nothing where they tell of none.
 */
void windows_pairs_write(const struct fields *f, struct buf *out);

#endif
