/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_IP_H
#define CANH_BASE_IP_H
/*
 * Internet addresses as text: IPv4 dotted decimal (four numbers, no leading zeros) and IPv6
 * (RFC 4291 section 2.2, with an embedded IPv4 tail). No ports, brackets, zones or host names.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

struct ip {
    uint8_t bytes[16]; /* network order; IPv4 in the first four */
    bool v6;
};

/* 0 or -CE_SYNTAX. */
CANH_MUST_USE int ip_parse(struct slice s, struct ip *ret);

bool ip_is_address(struct slice s);

/* An address, or a network as 10.1.0.0/16: an address is a network of all its bits. -CE_SYNTAX: no
 * address; -CE_RANGE: what stands behind the / is no count of bits, *ret is the address. */
CANH_MUST_USE int ip_net_parse(struct slice s, struct ip *ret, unsigned *ret_bits);

/* Appends it as it is usually written (RFC 5952). */
void ip_write(struct buf *out, const struct ip *ip);

/*
 * True when the address lies in net/bits (0..32, or 0..128 with net_v6). An IPv4-mapped IPv6
 * address (::ffff:a.b.c.d) is also in the IPv4 networks of a.b.c.d.
 */
bool ip_in_net(const struct ip *a, const uint8_t net[16], unsigned bits, bool net_v6);

#endif
