/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_NODE_H
#define CANH_CONTROL_NODE_H
/*
 * What a node that runs tells of itself beyond its health (doctor.h): the acts `node_rules`,
 * `node_backups`, `node_retention`, `node_gateways`, `node_certificates` and `node_settings`, for
 * who sees every unit, and `node_listeners`, for everybody. Nothing of it is a secret: of addresses
 * with a key in them the host alone.
 *
 *     rules         loaded, own and carried: how many, since when, the day of the newest; a
 *                   collection: files of rules in a folder of [detect] rules, since when; refused:
 *                   the last generation that was not taken
 *     backups       shelf: where they lie; backup: one of them, the newest first
 *     retention     class: events or alerts, kept for `days`, take `stored` bytes, `a_day` more a
 *                   day, so `wanted` in all, where there is `room`; with the argument `days` as if
 *                   events were kept so long, at most CONTROL_NODE_DAYS_MAX
 *     gateways      way: one that canh.conf may name, with what became of the newest messages;
 *                   reason: why some did not go out; inbox: whether SMS come in
 *     certificates  certificate: when it ends, its SHA-256; key: where it lies
 *     listeners     an address of [listen] as the node began with it, which canh serve --port-base
 *                   may have shifted; port 0: off
 *     settings      file: canh.conf; key: what counts, and the line that says so (0: the preset)
 */
#include "control/act.h"

enum { CONTROL_NODE_DAYS_MAX = 36500 };

enum control_node_part {
    CONTROL_NODE_RULES,
    CONTROL_NODE_BACKUPS,
    CONTROL_NODE_RETENTION,
    CONTROL_NODE_GATEWAYS,
    CONTROL_NODE_CERTIFICATES,
    CONTROL_NODE_SETTINGS,
    CONTROL_NODE_LISTENERS,
    CONTROL_NODE_PARTS
};

#endif
