/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_ADMIN_H
#define CANH_NODE_DESK_ADMIN_H
/*
 * What a node tells of itself (control/node.h): read from its folders, its configuration and the
 * page of wire/status.h. Nothing is changed here.
 */
#include "config/config.h"
#include "config/place.h"
#include "control/act.h"
#include "net/tls.h"
#include "office/bundle_wire.h"

/* How long a certificate lasts that `source add --certificate` hands out. */
enum { DESK_SENDER_DAYS = 397 };

struct admin_certificate {
    const char *name;            /* console, ingest, ca */
    int64_t end;                 /* TIME_NONE: there is none, or it cannot be read */
    char print[TLS_FINGERPRINT]; /* its SHA-256 */
    char file[PLACE_PATH];
};

/* Reads what the certificate says; of what is none nothing is known. */
void admin_certificate_read(struct admin_certificate *c, struct slice pem);

struct admin_inbox {
    int64_t since; /* the gateway hands out nothing; 0: it does */
    struct slice why;
};

struct admin_ctx {
    const struct place *place;
    const struct config *config;
    int status_fd; /* status.h; -1: none */
    const struct admin_certificate *certificates;
    size_t certificate_count;
    struct admin_inbox inbox;
};

/* part: enum control_node_part. */
CANH_MUST_USE int admin_tell(const struct admin_ctx *c, unsigned part, struct control_job *job,
                             struct err *err);

/* A collection that was handed in and tried: its folder's name; fewer: it may have fewer rules than
 * the one that it replaces. */
struct admin_rules {
    const struct bundle *bundle;
    struct slice name;
    bool fewer;
};
/* Writes it, from any thread. -CE_MISSING: no rule of it can be used, or canh.conf names no folder
 * within the node's; -CE_CONFLICT: it would be a tenth fewer; -CE_SYNTAX: the name. */
CANH_MUST_USE int admin_rules_put(const struct admin_ctx *c, const struct admin_rules *x,
                                  struct err *err);
/* The folder of [detect] rules; false: it is none within the node's, so nothing is put there. */
bool admin_rules_folder(const struct admin_ctx *c, struct buf *ret);
/* Files of rules below a folder; 0: there is none. */
uint64_t admin_count_rules(const char *folder);

/* Bytes that come in a day, when `stored` came since `oldest`; 0: too little is there to tell. */
uint64_t admin_a_day(uint64_t stored, int64_t oldest, int64_t now);
/* Bytes that the disk of a folder still has for the node, and percent; false: nobody knows. */
bool admin_disk_free(const char *folder, unsigned *ret_percent, uint64_t *ret_bytes);

#endif
