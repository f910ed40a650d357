/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_SCRIPTS_H
#define CANH_HUNT_SCRIPTS_H
/*
 * Script blocks that PowerShell logged in several parts (event 4104), put together again: a hit on
 * one part shows the whole.
 *
 *     workers: scripts_write()     writer: scripts_add()     scripts_end(); scripts_whole() …
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/scan.h"
#include "hunt/hit.h"
#include "hunt/session.h"

enum { SCRIPTS_WHOLE = 256 * 1024 /* bytes of a script that are put together */ };

struct scripts;

/* A part, if the event is one; nothing for scripts in one part. session: struct hunt_session. */
void scripts_write(void *session, const struct scan_event *e, struct buf *out);

CANH_MUST_USE struct scripts *scripts_new(uint64_t spill_max); /* NULL without memory */
struct scripts *scripts_free(struct scripts *s);               /* returns NULL */
CANH_MUST_USE int scripts_add(struct scripts *s, struct slice records);
CANH_MUST_USE int scripts_end(struct scripts *s);
/*
 * The whole script of which the hit is a part, appended; parts that no log has are marked “[…]”.
 * False: the hit is no part of one.
 */
bool scripts_whole(struct scripts *s, const struct hit *h, struct buf *out);

#endif
