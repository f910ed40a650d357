/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_ACTOR_H
#define CANH_DETECT_ACTOR_H
/*
 * Which fields of an event name the user who acted, per kind of event: data, in actors/.
 *
 *     - channel: Security              # all that is given must be equal; neither: any event
 *       event_id: [4624, 4625]
 *       domain: TargetDomainName       # may be left out
 *       user: TargetUserName
 *
 * The first row that fits the event counts, also when its fields are empty or "-": then nobody is
 * named.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "event/event.h"
#include "sigma/ruleset.h"

struct actor_row {
    struct slice channel;
    const uint32_t *ids;
    uint32_t id_count;
    uint16_t user, domain; /* keys; KEY_NONE: none */
};

struct actor_table {
    struct actor_row *rows;
    uint32_t count;
};

/*
 * Reads the table that came with the program; its names become keys of the ruleset, which must not
 * be compiled yet. Everything lies in the arena.
 */
CANH_MUST_USE int actor_load(struct actor_table *t, struct arena *arena, struct ruleset *rs,
                             struct err *err);

/* Appends the user: "DOMAIN\name" or "name"; nothing when the event has none. */
void actor_write(const struct actor_table *t, const struct event *e, struct buf *out);

#endif
