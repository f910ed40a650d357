/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_ZONE_FILE_H
#define CANH_IMPORT_ZONE_FILE_H
/*
 * Time zones by name from this machine's copy of the IANA database (/usr/share/zoneinfo), as the
 * text that is kept: calendar/zone.h says how it is read again, then without any file.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/zone.h"

/*
 * Asia/Ho_Chi_Minh, UTC and +07:00 stay as they are; Europe/Berlin becomes "Europe/Berlin
 * CET-1CEST,M3.5.0,M10.5.0/3", in the arena. -CE_NOT_FOUND: no such name. -CE_UNKNOWN: its clock
 * follows no rule. -CE_CORRUPT, -CE_NOMEM.
 */
CANH_MUST_USE int zone_file_find(struct arena *arena, struct slice name, struct slice *ret);

/* The same with all changes that the database knows, those of the past too. */
CANH_MUST_USE int zone_file_read(struct arena *arena, struct slice name, struct zone *ret);

#endif
