/* SPDX-License-Identifier: Apache-2.0 */
/* Source: HAProxy 2.6 configuration manual, 8.2.3 "HTTP log format". */
#include "base/ascii.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/web.h"

enum { ROW_PARTS = 6 };

/* fe be/srv Tq/Tw/Tc/Tr/Ta status bytes, behind the time in brackets. */
struct haproxy_row {
    struct slice client, status, bytes, request;
    struct clock_time time;
};

static bool read_row(struct slice text, struct haproxy_row *ret)
{
    struct slice part[ROW_PARTS], rest = text;
    size_t n, quote;

    if (!slice_cut(&rest, ' ', &ret->client) || rest.n < 2 || rest.p[0] != '[' ||
        slice_find_byte(ret->client, ':') == SIZE_MAX)
        return false;
    n = clock_clf(slice_from(rest, 1), &ret->time);
    if (n == 0 || n + 2 >= rest.n || rest.p[n + 1] != ']' || rest.p[n + 2] != ' ')
        return false;
    rest = slice_from(rest, n + 3);
    for (size_t i = 0; i < ROW_PARTS; i++) {
        if (!slice_cut(&rest, ' ', &part[i]) || rest.p == NULL)
            return false;
    }
    /* a TCP log has three times, and no request */
    if (slice_count_byte(part[1], '/') == 0 || slice_count_byte(part[2], '/') != 4)
        return false;
    quote = slice_find_byte(rest, '"');
    if (quote == SIZE_MAX)
        return false;
    ret->status = part[3];
    ret->bytes = part[4];
    rest = slice_from(rest, quote);
    ret->request = web_value(&rest);
    return true;
}

/* 192.0.2.5:51234, and of IPv6 the same. */
static void write_client(struct fields *f, struct slice client)
{
    size_t colon = client.n;

    while (colon > 0 && client.p[colon - 1] != ':')
        colon--;
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, slice_head(client, colon - 1));
    if (ascii_all(ascii_is_digit, slice_from(client, colon)) && colon < client.n)
        fields_digits(f, NAME_SOURCE_PORT, slice_from(client, colon));
}

bool haproxy_begins(struct slice text)
{
    struct haproxy_row row;

    return read_row(text, &row);
}

bool haproxy_row(struct fields *f, struct slice text)
{
    struct haproxy_row row;

    if (!read_row(text, &row))
        return false;
    fields_write(f, NAME_MODULE, SLICE("access"));
    write_client(f, row.client);
    web_request(f, row.request);
    if (row.status.n == 3 && ascii_all(ascii_is_digit, row.status)) {
        fields_digits(f, NAME_STATUS, row.status);
        fields_write(f, NAME_OUTCOME, row.status.p[0] < '4' ? SLICE("success") : SLICE("failure"));
    }
    if (row.bytes.n > 0 && ascii_all(ascii_is_digit, row.bytes))
        fields_digits(f, NAME_BODY_BYTES, row.bytes);
    fields_write(f, NAME_CATEGORY, SLICE("web"));
    if (f->time == TIME_NONE)
        fields_time(f, row.time.t, row.time.zoned, row.time.digits);
    return true;
}
