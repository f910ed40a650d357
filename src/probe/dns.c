/* SPDX-License-Identifier: Apache-2.0 */
/* dns resolves a name. The value is the time in milliseconds. */
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ip.h"
#include "probe/net.h"

static bool is_address(const struct addrinfo *a, const char *text)
{
    struct ip want;
    char seen[64];
    struct ip got;

    if (getnameinfo(a->ai_addr, a->ai_addrlen, seen, sizeof(seen), NULL, 0, NI_NUMERICHOST) != 0)
        return false;
    return ip_parse(slice_str(text), &want) == 0 && ip_parse(slice_str(seen), &got) == 0 &&
           want.v6 == got.v6 && memcmp(want.bytes, got.bytes, sizeof(want.bytes)) == 0;
}

void probe_run_dns(struct probe_run *run)
{
    const char *address = probe_text(run, "address");
    int64_t start = probe_monotonic();
    struct addrinfo *list = net_resolve(run, run->target, 0, SOCK_STREAM);
    bool found = address == NULL;
    unsigned count = 0;
    double ms;

    if (list == NULL)
        return;
    for (struct addrinfo *a = list; a != NULL; a = a->ai_next, count++)
        found = found || is_address(a, address);
    freeaddrinfo(list);
    ms = probe_ms_since(start);
    probe_report(run, CHECK_OK, ms, RESULT_ADDRESSES, RESULT_NUMBER(count, 0),
                 RESULT_NUMBER(ms, 0));
    if (!found)
        probe_worsen(run, CHECK_CRITICAL, RESULT_NOT_AMONG, RESULT_TEXT(address));
}
