/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_SEARCH_H
#define CANH_CONTROL_SEARCH_H
/*
 * Looks at the journal of a node that runs, on somebody's behalf: the acts `search` and `around` of
 * run/control, and the same within the desk for other faces (the console). canh-search does the
 * work; rows come as it finds them, in the event loop.
 *
 *     search  query, stream (events/default, alerts), purpose or case, unit, limit, back, from,
 * until (nanoseconds), follow (from the end on, or from `from`), rule (a Sigma rule's text, in pieces), count_by, step, bins around
 * id (of an alert, its beginning), before, after (spans; 15 minutes each), query, case, wide (all
 * sources of the unit, not the alert's alone), limit
 *
 * Nobody sees records of units beyond the actor's scope: keep, not the asker, sees to that. Without
 * a case accounts, addresses and mailboxes are masked (search/mask.h). `around` needs no purpose:
 * the alert is one. Every look at events stands in the journal's stream `audit` before the first
 * row comes, and in the state's audit.
 *
 * Rows: a word first, then
 *
 *     record   received (ns), offset, source id, unit id, text
 *     value    count, text                      with count_by
 *     bin      start (ns), count                with step
 *     summary  matches, damaged, undecoded, partly, gaps, redacted, other values, without, blocks,
 *              opened, gone
 */
#include "control/wire.h"
#include "state/state.h"

/* Who asked gets the rows, then end() once: 0, or why not. row: non-zero ends the look. */
struct search_sink {
    int (*row)(void *u, const struct slice *cells, size_t n);
    void (*end)(void *u, int code, struct slice why);
    void *u;
};

struct search_call; /* one that goes on */

/* Whoever can look: the desk. */
struct search_host {
    void *u;
    /* act: search, around. args and actor are copied. */
    int (*begin)(void *u, const struct state_actor *actor, struct slice act,
                 const struct control_args *args, const struct search_sink *sink,
                 struct search_call **ret, struct err *err);
    /* Nobody waits for it any longer: end() does not come. */
    void (*drop)(void *u, struct search_call *look);
};

#endif
