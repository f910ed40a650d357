/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_SEARCH_H
#define CANH_NODE_DESK_SEARCH_H
/* Looks at the journal, see control/search.h. */
#include "control/search.h"
#include "node/desk/desk.h"

/*
 * act: search, around. Rows and the end go to `client`, a connection that speaks control/wire.h and
 * stays the caller's. 0: it will be answered; else nothing is.
 */
CANH_MUST_USE int desk_search(struct desk *d, const struct state_actor *actor, struct slice act,
                              const struct control_args *args, int client, struct err *err);
/* keep has written down who looks: canh-search may begin. */
CANH_MUST_USE int desk_receive_granted(void *u, struct frame *f, struct err *err);
/* The heads of the journal's chains (seal.c). */
CANH_MUST_USE int desk_receive_heads(void *u, struct frame *f, struct err *err);
/* keep has ended: whoever waits for it is told. */
void desk_searches_end(struct desk *d);
/* For faces within this process. */
struct search_host desk_search_host(struct desk *d);

#endif
