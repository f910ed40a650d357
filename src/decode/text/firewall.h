/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_FIREWALL_H
#define CANH_DECODE_TEXT_FIREWALL_H
/* Firewalls whose lines are lists of values rather than wordings. */
#include "decode/decoder.h"
#include "decode/text/fields.h"

/* The LOG target of iptables and nftables, ufw: `prefix IN=… OUT=… SRC=… DST=… PROTO=…`. */
bool netfilter_parse(struct fields *f, struct slice message, const struct decode_context *context);
/* filterlog of pfSense and OPNsense: values with commas between, by place. */
bool filterlog_parse(struct fields *f, struct slice message, const struct decode_context *context);
/* Takes `%FACILITY-SEVERITY-NAME: ` of Cisco off the message: event.code, and the device's level.
 */
struct slice cisco_prepare(struct fields *f, struct slice message);
/* Takes the topics of MikroTik off the message. */
struct slice mikrotik_prepare(struct fields *f, struct slice message);
/* True for a message that begins like one of theirs. */
bool cisco_begins(struct slice message);
bool mikrotik_begins(struct slice message);

#endif
