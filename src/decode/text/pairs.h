/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_PAIRS_H
#define CANH_DECODE_TEXT_PAIRS_H
/*
 * Lines of key=value as FortiGate, Sophos, SonicWall and others write them, and CEF. The source's
 * own names are kept; ECS names are set beside those in the table.
 *
 * A value in quotes ends at the next quote without a backslash before it, so that nothing in it
 * becomes a key. Of a key that stands twice the first counts for the ECS name.
 */
#include <stdbool.h>

#include "base/slice.h"
#include "decode/decoder.h"
#include "decode/text/fields.h"

/* True for a text that begins with pairs: date=… time=…, or three pairs one behind the other. */
bool pairs_begins(struct slice text);
/* False, and nothing set, when the text does not begin with pairs. *ret_windows: their names are
 * those of a Windows event (LogName=, EventCode=); there a value goes on up to the next pair. */
bool pairs_parse(struct fields *f, struct slice text, bool *ret_windows);

/* ArcSight Common Event Format (Implementing CEF, revision 25). */
bool cef_begins(struct slice text);
/* Wherever in the text, which may have a head of syslog before it, it begins. */
bool cef_parse(struct fields *f, struct slice text);

/* Sets the ECS name that a key of a device stands for, if any. */
void pairs_write_ecs(struct fields *f, struct slice key, struct slice value);

#endif
