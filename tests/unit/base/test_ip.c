/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip.h"

#include <arpa/inet.h>

#include "base/err.h"
#include "tap.h"

/* The C library is the judge of what is an address. */
static void agrees(const char *text)
{
    struct ip ip = {0};
    uint8_t want[16] = {0};
    bool v6 = strchr(text, ':') != NULL;
    bool valid = inet_pton(v6 ? AF_INET6 : AF_INET, text, want) == 1;
    int r = ip_parse(slice_str(text), &ip);

    ok((r == 0) == valid && (r < 0 || (ip.v6 == v6 && memcmp(ip.bytes, want, 16) == 0)), "%s",
       text[0] ? text : "(empty)");
}

static bool in(const char *address, const char *net, unsigned bits)
{
    struct ip a, n;

    return ip_parse(slice_str(address), &a) == 0 && ip_parse(slice_str(net), &n) == 0 &&
           ip_in_net(&a, n.bytes, bits, n.v6);
}

static void test_writing(void)
{
    static const char *const texts[] = {"192.0.2.1",
                                        "0.0.0.0",
                                        "::",
                                        "::1",
                                        "1::",
                                        "2001:db8::1",
                                        "1:2:3:4:5:6:7:8",
                                        "1:0:3:4:5:6:7:8",
                                        "2001:db8:0:0:1::",
                                        "::2:0:0:3",
                                        "1:0:0:2::",
                                        "::ffff:192.0.2.1",
                                        "fe80::abcd:ef01"};

    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        char system[INET6_ADDRSTRLEN] = "";
        struct buf ours = BUF_INIT(64);
        struct ip ip;

        is_int(ip_parse(slice_str(texts[i]), &ip), 0, "%s", texts[i]);
        ip_write(&ours, &ip);
        (void)inet_ntop(ip.v6 ? AF_INET6 : AF_INET, ip.bytes, system, sizeof(system));
        is_slice(buf_slice(&ours), slice_str(system), "is written so");
        buf_done(&ours);
    }
}

static void test_networks(void)
{
    static const struct {
        const char *text;
        int r;
        unsigned bits;
    } nets[] = {{"10.1.0.0/16", 0, 16},
                {"192.0.2.1", 0, 32},
                {"2001:db8::/32", 0, 32},
                {"::1", 0, 128},
                {"0.0.0.0/0", 0, 0},
                {"10.1.0.0/33", -CE_RANGE, 0},
                {"2001:db8::/129", -CE_RANGE, 0},
                {"10.1.0.0/", -CE_RANGE, 0},
                {"10.1.0.0/-1", -CE_RANGE, 0},
                {"10.1.0/16", -CE_SYNTAX, 0},
                {"/16", -CE_SYNTAX, 0},
                {"", -CE_SYNTAX, 0}};

    for (size_t i = 0; i < CANH_LEN(nets); i++) {
        struct ip ip;
        unsigned bits = 0;

        is_int(ip_net_parse(slice_str(nets[i].text), &ip, &bits), nets[i].r, "'%s'", nets[i].text);
        is_int(bits, nets[i].bits, "its bits");
    }
    ok(ip_is_address(SLICE("::1")) && !ip_is_address(SLICE("::1/128")), "an address is no network");
}

int main(void)
{
    static const char *const texts[] = {"192.0.2.1",
                                        "255.255.255.255",
                                        "0.0.0.0",
                                        "256.1.1.1",
                                        "1.2.3",
                                        "1.2.3.4.5",
                                        "01.2.3.4",
                                        "1.2.3.4 ",
                                        "",
                                        "a.b.c.d",
                                        "1..2.3",
                                        "::",
                                        "::1",
                                        "1::",
                                        "2001:db8::1",
                                        "1:2:3:4:5:6:7:8",
                                        "1:2:3:4:5:6:7",
                                        "1:2:3:4:5:6:7:8:9",
                                        "1:2:3:4:5:6:7::",
                                        "::2:3:4:5:6:7:8",
                                        "1::2::3",
                                        ":::",
                                        ":",
                                        "1:",
                                        ":1",
                                        "12345::",
                                        "::ffff:192.0.2.1",
                                        "::1.2.3",
                                        "1:2:3:4:5:6:1.2.3.4",
                                        "1:2:3:4:5:6:7:1.2.3.4",
                                        "fe80::1%eth0",
                                        "[::1]",
                                        "::g",
                                        "ABCD:ef01::",
                                        "1.2.3.4::"};

    for (size_t i = 0; i < CANH_LEN(texts); i++)
        agrees(texts[i]);
    ok(in("192.168.1.77", "192.168.0.0", 16), "inside a network");
    ok(!in("192.169.1.77", "192.168.0.0", 16), "outside");
    ok(in("10.127.255.255", "10.64.0.0", 10) && !in("10.128.0.0", "10.64.0.0", 10), "odd prefix");
    ok(in("1.2.3.4", "0.0.0.0", 0), "everything");
    ok(in("::1", "::1", 128) && !in("::2", "::1", 128), "one IPv6 address");
    ok(in("::ffff:10.1.2.3", "10.0.0.0", 8), "mapped IPv4 in an IPv4 network");
    ok(!in("2001:db8::1", "10.0.0.0", 8) && !in("10.0.0.1", "::", 0), "families apart");
    test_writing();
    test_networks();
    return tap_done();
}
