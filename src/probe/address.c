/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/address.h"

#include <netinet/in.h>
#include <string.h>

#include "base/ip.h"

/* IANA special-purpose address registries: what is not of the public Internet. */
static const struct {
    uint8_t net[16];
    unsigned bits;
    bool v6;
} near[] = {
    {{0}, 8, false},         {{10}, 8, false},         {{100, 64}, 10, false},
    {{127}, 8, false},       {{169, 254}, 16, false},  {{172, 16}, 12, false},
    {{192, 168}, 16, false}, {{0}, 127, true}, /* :: and ::1 */
    {{0xfc}, 7, true},       {{0xfe, 0x80}, 10, true},
};

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
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
        if (ip_in_net(&ip, near[i].net, near[i].bits, near[i].v6))
            return true;
    return false;
}
