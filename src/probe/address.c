/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/address.h"

#include <netinet/in.h>
#include <string.h>

#include "base/ip.h"

/* IANA special-purpose address registries: what is not of the public Internet, or of nobody. */
static const struct {
    uint8_t net[16];
    unsigned bits;
    bool v6;
} near[] = {
    {{0}, 8, false},
    {{10}, 8, false},
    {{100, 64}, 10, false},
    {{127}, 8, false},
    {{169, 254}, 16, false},
    {{172, 16}, 12, false},
    {{192, 0, 0}, 24, false},
    {{192, 168}, 16, false},
    {{198, 18}, 15, false},
    {{224}, 3, false},                       /* multicast, reserved, broadcast */
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, true}, /* translated within a network */
    {{0xfc}, 7, true},
    {{0xfe, 0x80}, 10, true},
    {{0xfe, 0xc0}, 10, true},
    {{0xff}, 8, true},
};

/* Addresses of version 6 that stand for one of version 4, which begins at that byte. */
static const struct {
    uint8_t net[16];
    uint8_t bits, at;
} standing_for[] = {
    {{0}, 96, 12},                   /* ::10.0.0.1, of old; :: and ::1 are of 0.0.0.0/8 */
    {{0, 0x64, 0xff, 0x9b}, 96, 12}, /* RFC 6052: NAT64 */
    {{0x20, 0x02}, 16, 2},           /* RFC 3056: 6to4 */
};

static void address_unwrap(struct ip *ip)
{
    for (size_t i = 0; ip->v6 && i < CANH_LEN(standing_for); i++) {
        if (ip_in_net(ip, standing_for[i].net, standing_for[i].bits, true)) {
            ip->v6 = false;
            memmove(ip->bytes, ip->bytes + standing_for[i].at, 4);
        }
    }
}

bool address_is_near(const struct sockaddr *a)
{
    struct ip ip = {.v6 = a->sa_family == AF_INET6};

    if (a->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, a, sizeof(in));
        memcpy(ip.bytes, &in.sin_addr, 4);
    } else if (a->sa_family == AF_INET6) {
        struct sockaddr_in6 in;

        memcpy(&in, a, sizeof(in));
        memcpy(ip.bytes, &in.sin6_addr, 16);
    } else {
        return true;
    }
    address_unwrap(&ip);
    for (size_t i = 0; i < CANH_LEN(near); i++)
        if (ip_in_net(&ip, near[i].net, near[i].bits, near[i].v6))
            return true;
    return false;
}
