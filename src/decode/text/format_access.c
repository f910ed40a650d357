/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access logs of Apache httpd, nginx and Amazon S3.
 *
 * Source: httpd mod_log_config (common, combined, vhost_combined); nginx ngx_http_log_module
 * ("combined"). Quoted values escape " and \ with a backslash.
 */
#include "base/ascii.h"
#include "base/ip.h"
#include "base/near.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "decode/text/web.h"
#include "lang/msg_decode.h"

enum { FRONT_MAX = 512 };

/* Whether the quotes of a request begin in s; those of a user's name are escaped. */
static bool request_begins(struct slice s)
{
    size_t at = near_byte(s, '"');

    return at != SIZE_MAX && (at == 0 || s.p[at - 1] != '\\');
}

/*
 * Where "[dd/Mmm/yyyy:" stands, within the first fields of the line. The name of a user may say a
 * time, too: the one before the request counts.
 */
static size_t find_time(struct slice line, struct clock_time *ret, size_t *ret_len)
{
    struct slice front = slice_head(line, FRONT_MAX);
    size_t at = 0, n, found = SIZE_MAX;
    struct clock_time t;

    while ((n = near_byte(slice_from(front, at), '[')) != SIZE_MAX) {
        if (found != SIZE_MAX && request_begins(slice_of(line.p + found, at + n - found)))
            break;
        at += n + 1;
        n = clock_clf(slice_from(line, at), &t);
        if (n == 0 || at == 1)
            continue;
        found = at - 1;
        *ret = t;
        *ret_len = n;
        if (slice_starts(slice_from(line, at + n), SLICE("] \"")))
            break;
    }
    return found;
}

/* The line from the word before its time on, where that is HAProxy's, whatever stands before. */
static struct slice balancer_row(struct slice line, size_t at, size_t n)
{
    size_t from = at;

    if (slice_starts(slice_from(line, at + n + 1), SLICE("] \"")) || at < 2)
        return SLICE_NULL;
    for (from--; from > 0 && line.p[from - 1] != ' ';)
        from--;
    line = slice_from(line, from);
    return haproxy_begins(line) ? line : SLICE_NULL;
}

static bool access_begins(struct slice line, const struct decode_context *context)
{
    struct clock_time t;
    size_t n, at = find_time(line, &t, &n);
    struct slice row;

    (void)context;
    if (at == SIZE_MAX || at + n + 2 >= line.n || line.p[at + n + 1] != ']')
        return false;
    row = balancer_row(line, at, n);
    if (row.p != NULL)
        return row.p == line.p; /* else syslog's */
    return near_byte(slice_head(slice_from(line, at + n), 64), '"') != SIZE_MAX;
}

/* Where the quotes close that s begins in; its end where they do not. */
static size_t quoted_end(struct slice s)
{
    size_t n = CANH_MIN(near_either(s, '"', '\\'), s.n);

    while (n < s.n && s.p[n] != '"')
        n += s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
    return CANH_MIN(n, s.n);
}

struct slice web_value(struct slice *s)
{
    struct slice rest = *s, value;
    size_t n = 0;

    while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t'))
        rest = slice_from(rest, 1);
    if (rest.n > 0 && rest.p[0] == '"') {
        rest = slice_from(rest, 1);
        n = quoted_end(rest);
        value = slice_head(rest, n);
        *s = slice_from(rest, n + 1);
        return value;
    }
    n = CANH_MIN(near_byte(rest, ' '), rest.n);
    value = slice_head(rest, n);
    *s = slice_from(rest, n);
    return value;
}

static void write_unless_dash(struct fields *f, enum field_name name, struct slice value)
{
    if (!slice_is(value, "-"))
        fields_write(f, name, value);
}

void web_request(struct fields *f, struct slice request)
{
    size_t gap = near_byte(request, ' '), end = request.n;
    struct slice version;

    if (gap == SIZE_MAX) {
        write_unless_dash(f, NAME_URL, request);
        return;
    }
    while (end > gap && request.p[end - 1] != ' ')
        end--;
    version = slice_from(request, end);
    if (!slice_starts(version, SLICE("HTTP/")) || end <= gap + 1) {
        version = SLICE_NULL;
        end = request.n + 1;
    }
    fields_write(f, NAME_METHOD, slice_head(request, gap));
    fields_write(f, NAME_HTTP_VERSION, slice_from(version, 5));
    fields_url(f, slice_of(request.p + gap + 1, end - gap - 2));
}

/* Before the time: [vhost[:port]] client ident user. */
static void write_client(struct fields *f, struct slice front)
{
    struct slice word[5];
    size_t count = 0, at = 0, port;

    while (count < CANH_LEN(word) && front.n > 0) {
        struct slice w = web_value(&front);

        if (w.n > 0)
            word[count++] = w;
    }
    if (count == 0)
        return;
    port = near_byte(word[0], ':');
    /* "www.example:443 192.0.2.1 - -": a name, then an address. After an address stands what the
     * client's identd says, not the client. */
    if (count >= 4 && !ip_is_address(word[0])) {
        uint32_t mark = f->count;

        if (fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, word[1]) &&
            fields_has(f, NAME_SOURCE_IP)) {
            fields_write(f, NAME_URL_DOMAIN,
                         port != SIZE_MAX &&
                                 near_byte(slice_from(word[0], port + 1), ':') == SIZE_MAX
                             ? slice_head(word[0], port)
                             : word[0]);
            at = 1;
        } else {
            f->count = mark;
        }
    }
    if (at == 0)
        (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, word[0]);
    if (count > at + 2)
        write_unless_dash(f, NAME_USER, word[at + 2]);
}

/* Amazon S3: owner and bucket before the time; address, requester, request and operation behind it.
 * *rest is put before the quoted request. Source: "Amazon S3 server access log format". */
static bool write_bucket(struct fields *f, struct slice front, struct slice *rest)
{
    struct slice behind = *rest, address = web_value(&behind);
    size_t quote = near_byte(behind, '"');

    if (quote == SIZE_MAX || !ip_is_address(address))
        return false;
    (void)web_value(&front);
    fields_write(f, NAME_URL_DOMAIN, web_value(&front));
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, address);
    write_unless_dash(f, NAME_USER, web_value(&behind));
    *rest = slice_from(*rest, (size_t)(behind.p - rest->p));
    *rest = slice_from(*rest, near_byte(*rest, '"'));
    return true;
}

static void skip_words(struct slice *s, int count)
{
    while (count-- > 0)
        (void)web_value(s);
}

static bool access_parse(struct line_reader *r, struct slice record)
{
    struct fields *f = &r->fields;
    struct clock_time t;
    size_t n, at = find_time(record, &t, &n);
    struct slice rest, value, status;
    bool bucket;

    if (at == SIZE_MAX || at + n + 1 >= record.n || record.p[at + n + 1] != ']')
        return false;
    value = balancer_row(record, at, n);
    if (value.p != NULL) {
        if (value.p != record.p)
            return false;
        fields_write(f, NAME_MESSAGE, record);
        return haproxy_row(f, record);
    }
    fields_time(f, t.t, t.zoned, t.digits);
    fields_write(f, NAME_MESSAGE, record);
    rest = slice_from(record, at + n + 2);
    bucket = !slice_starts(rest, SLICE(" \"")) && write_bucket(f, slice_head(record, at), &rest);
    if (!bucket)
        write_client(f, slice_head(record, at));
    web_request(f, web_value(&rest));
    status = web_value(&rest);
    if (!ascii_all(ascii_is_digit, status))
        status = SLICE_NULL;
    if (status.n > 0)
        fields_digits(f, NAME_STATUS, status);
    skip_words(&rest, bucket ? 1 : 0); /* an error's name */
    value = web_value(&rest);
    value = slice_head(value, near_byte(value, '/'));
    if (ascii_all(ascii_is_digit, value))
        fields_digits(f, NAME_BODY_BYTES, value);
    skip_words(&rest, bucket ? 3 : 0); /* size, times */
    write_unless_dash(f, NAME_REFERRER, web_value(&rest));
    write_unless_dash(f, NAME_USER_AGENT, web_value(&rest));
    fields_write(f, NAME_CATEGORY, SLICE("web"));
    if (status.n == 3)
        fields_write(f, NAME_OUTCOME, status.p[0] < '4' ? SLICE("success") : SLICE("failure"));
    return true;
}

const struct line_format line_access = {
    .name = "access",
    .begins = access_begins,
    .parse = access_parse,
    .sure = 90,
};
LINE_FORMAT(access, "access", .text = MSG_DECODE_FORMAT_ACCESS,
            .recognised = "[dd/Mmm/yyyy: and a quoted request",
            .fields = "source.ip, user.name, url.*, http.*, user_agent.original",
            .tested = "fail2ban nginx-bad-request 8 of 8 addresses; hard lines");
