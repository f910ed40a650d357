/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_CLIENT_H
#define CANH_CONTROL_CLIENT_H
/*
 * The other end of run/control: one connection, one act after the other.
 */
#include "control/wire.h"

struct control_client {
    struct channel channel;
    int (*row)(void *u, const struct slice *cells, size_t n);
    void *u;
    bool ended;
    struct err *err;
    int code; /* of the end */
};

/* Connects to the socket at path. -CE_NOT_FOUND: no node listens there; -CE_DENIED. */
CANH_MUST_USE int control_connect(struct control_client *c, const char *path, struct err *err);
void control_close(struct control_client *c);

/*
 * Runs an act and gives its rows to row(), whose non-zero result closes the connection and is
 * returned. 0, or what the act failed with.
 */
CANH_MUST_USE int control_run(struct control_client *c, struct slice name,
                              const struct control_args *args,
                              int (*row)(void *u, const struct slice *cells, size_t n), void *u,
                              struct err *err);

#endif
