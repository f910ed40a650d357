/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <sodium.h>

#include "base/hex.h"
#include "base/time.h"
#include "lang/err_notify.h"
#include "notify/inbox.h"

enum { BODY_MAX = 64 << 10, ANSWER_MAX = 256 << 10, URL_MAX = 1000 };

/* Ways that are no letter's: the question to the inbox, and what is done there. */
enum { WAY_ASK = 16, WAY_DONE = 17 };

struct transfer {
    struct notify *notify;
    struct transfer *next;
    CURL *easy;
    struct curl_slist *headers, *to;
    struct buf body;
    size_t sent; /* of a mail's body */
    uint8_t id[16];
    int way; /* enum notify_way, or one of those above */
    char why[CURL_ERROR_SIZE];
};

struct notify {
    const struct notify_settings *settings;
    CURLM *multi;
    struct transfer *transfers;
    notify_fn *fn;
    notify_inbox_fn *inbox;
    bool asking;
    void *u;
};

static bool is_here(struct slice url)
{
    size_t at = slice_find(url, SLICE("://"));
    struct slice host = at == SIZE_MAX ? SLICE_NULL : slice_from(url, at + 3);

    return slice_starts(host, SLICE("127.0.0.1")) || slice_starts(host, SLICE("[::1]")) ||
           slice_starts(host, SLICE("localhost"));
}

static int check_url(struct slice url, const char *plain, const char *tls, struct err *err)
{
    if (url.n == 0)
        return 0;
    if (url.n > URL_MAX ||
        !(slice_starts(url, slice_str(plain)) || slice_starts(url, slice_str(tls))))
        return err_fail(err, CE_SYNTAX, ERR_NOTIFY_URL_BEGINS, url, plain, tls);
    return 0;
}

int notify_new(struct notify **ret, const struct notify_settings *settings, notify_fn *fn, void *u,
               struct err *err)
{
    struct notify *n;
    int r = check_url(settings->smtp, "smtp://", "smtps://", err);

    if (r == 0)
        r = check_url(settings->sms, "http://", "https://", err);
    if (r == 0)
        r = check_url(settings->webhook, "http://", "https://", err);
    if (r == 0)
        r = check_url(settings->inbox, "http://", "https://", err);
    if (r == 0 && settings->smtp.n > 0 && !letter_address_ok(settings->from))
        r = err_fail(err, CE_SYNTAX, ERR_NOTIFY_FROM_IS_AN_ADDRESS);
    if (r < 0)
        return r;
    n = calloc(1, sizeof(*n));
    if (n == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || sodium_init() < 0 ||
        (n->multi = curl_multi_init()) == NULL) {
        free(n);
        return err_nomem(err);
    }
    n->settings = settings;
    n->fn = fn;
    n->u = u;
    *ret = n;
    return 0;
}

static void transfer_free(struct transfer *t)
{
    struct transfer **at = &t->notify->transfers;

    while (*at && *at != t)
        at = &(*at)->next;
    if (*at)
        *at = t->next;
    if (t->easy) {
        (void)curl_multi_remove_handle(t->notify->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->headers);
    curl_slist_free_all(t->to);
    buf_done(&t->body);
    free(t);
}

struct notify *notify_free(struct notify *n)
{
    if (n == NULL)
        return NULL;
    while (n->transfers)
        transfer_free(n->transfers);
    (void)curl_multi_cleanup(n->multi);
    free(n);
    curl_global_cleanup();
    return NULL;
}

bool notify_busy(const struct notify *n)
{
    return n->transfers != NULL;
}

static size_t read_body(char *to, size_t size, size_t count, void *u)
{
    struct transfer *t = u;
    size_t n = CANH_MIN(size * count, t->body.len - t->sent);

    memcpy(to, t->body.p + t->sent, n);
    t->sent += n;
    return n;
}

static size_t drop_answer(char *p, size_t size, size_t count, void *u)
{
    (void)p;
    (void)u;
    return size * count;
}

/* More than ANSWER_MAX is no answer. */
static size_t keep_answer(char *p, size_t size, size_t count, void *u)
{
    struct transfer *t = u;

    buf_append(&t->body, p, size * count);
    return t->body.err ? 0 : size * count;
}

/* A text of at most 2,000 bytes for a function that wants it ended by 0. */
static const char *notify_text(char to[2001], struct slice s)
{
    size_t n = CANH_MIN(s.n, (size_t)2000);

    if (n)
        memcpy(to, s.p, n);
    to[n] = 0;
    return to;
}

static bool notify_add(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer)
        *list = longer;
    return longer != NULL;
}

static bool set_up(struct transfer *t, struct slice url)
{
    char line[2001];
    CURL *e = t->easy;
    bool mail = t->way == NOTIFY_MAIL;

    return curl_easy_setopt(e, CURLOPT_URL, notify_text(line, url)) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, mail ? "smtp,smtps" : "http,https") ==
               CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_USE_SSL,
                            mail && !is_here(url) ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE) ==
               CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, (long)NOTIFY_CONNECT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_TIMEOUT, (long)NOTIFY_SECONDS) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->why) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop_answer) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PRIVATE, t) == CURLE_OK;
}

static bool set_mail(struct transfer *t, const struct letter *l)
{
    const struct notify_settings *s = t->notify->settings;
    char line[2001];
    CURL *e = t->easy;

    letter_write_mail(&t->body, l, s->from, time_now() / TIME_SECOND);
    if (s->smtp_user.n > 0 &&
        (curl_easy_setopt(e, CURLOPT_USERNAME, notify_text(line, s->smtp_user)) != CURLE_OK ||
         curl_easy_setopt(e, CURLOPT_PASSWORD, notify_text(line, s->smtp_password)) != CURLE_OK))
        return false;
    return notify_add(&t->to, notify_text(line, l->to)) &&
           curl_easy_setopt(e, CURLOPT_MAIL_FROM, notify_text(line, s->from)) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_MAIL_RCPT, t->to) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_READFUNCTION, read_body) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_READDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_UPLOAD, 1L) == CURLE_OK;
}

/* X-Canh-Signature: sha256=HMAC-SHA256 of the body, in hexadecimal. */
static bool notify_sign(struct transfer *t, struct slice key)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state h;
    struct buf line = BUF_INIT(200);
    bool done;

    crypto_auth_hmacsha256_init(&h, key.p, key.n);
    crypto_auth_hmacsha256_update(&h, (const uint8_t *)t->body.p, t->body.len);
    crypto_auth_hmacsha256_final(&h, mac);
    buf_puts(&line, "X-Canh-Signature: sha256=");
    buf_append_hex(&line, mac, sizeof(mac));
    done = notify_add(&t->headers, buf_cstr(&line));
    buf_done(&line);
    return done;
}

static bool set_bearer(struct transfer *t)
{
    const struct notify_settings *s = t->notify->settings;
    struct buf bearer = BUF_INIT(2000);
    bool good = true;

    buf_printf(&bearer, "Authorization: Bearer " SLICE_FMT, SLICE_ARG(s->sms_token));
    if (s->sms_token.n > 0)
        good = notify_add(&t->headers, buf_cstr(&bearer));
    buf_done(&bearer);
    return good;
}

static bool set_post(struct transfer *t, const struct letter *l)
{
    const struct notify_settings *s = t->notify->settings;
    bool good = notify_add(&t->headers, "Content-Type: application/json") &&
                notify_add(&t->headers, "Expect:");

    if (t->way == NOTIFY_SMS) {
        letter_write_sms(&t->body, l);
        good = good && set_bearer(t);
    } else {
        letter_write_hook(&t->body, l);
        good = good && (s->webhook_key.n == 0 || notify_sign(t, s->webhook_key));
    }
    return good && !t->body.err &&
           curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)t->body.len) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, buf_cstr(&t->body)) == CURLE_OK;
}

static struct slice url_of(const struct notify *n, enum notify_way way)
{
    return way == NOTIFY_MAIL  ? n->settings->smtp
           : way == NOTIFY_SMS ? n->settings->sms
                               : n->settings->webhook;
}

static struct transfer *transfer_new(struct notify *n, int way, size_t most)
{
    struct transfer *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return NULL;
    *t = (struct transfer){.notify = n, .next = n->transfers, .way = way, .body = BUF_INIT(most)};
    n->transfers = t;
    t->easy = curl_easy_init();
    return t;
}

void notify_inbox_ask(struct notify *n, notify_inbox_fn *fn)
{
    struct transfer *t;

    if (n->asking || n->settings->inbox.n == 0)
        return;
    t = transfer_new(n, WAY_ASK, ANSWER_MAX);
    if (t == NULL)
        return;
    n->inbox = fn;
    n->asking = t->easy && set_up(t, n->settings->inbox) && set_bearer(t) &&
                curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
                curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, keep_answer) == CURLE_OK &&
                curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t) == CURLE_OK &&
                curl_multi_add_handle(n->multi, t->easy) == CURLM_OK;
    if (!n->asking)
        transfer_free(t);
}

void notify_inbox_done(struct notify *n, struct slice id)
{
    struct transfer *t = transfer_new(n, WAY_DONE, BODY_MAX);
    bool good;

    if (t == NULL)
        return;
    inbox_write_done(&t->body, id);
    good = t->easy && set_up(t, n->settings->inbox) && set_bearer(t) &&
           notify_add(&t->headers, "Content-Type: application/json") &&
           notify_add(&t->headers, "Expect:") &&
           curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)t->body.len) == CURLE_OK &&
           curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, buf_cstr(&t->body)) == CURLE_OK &&
           curl_multi_add_handle(n->multi, t->easy) == CURLM_OK;
    if (!good)
        transfer_free(t);
}

static bool is_sound(enum notify_way way, const struct letter *l)
{
    return way == NOTIFY_MAIL  ? letter_address_ok(l->to)
           : way == NOTIFY_SMS ? letter_number_ok(l->to)
                               : way == NOTIFY_HOOK;
}

void notify_send(struct notify *n, const uint8_t id[16], enum notify_way way,
                 const struct letter *letter)
{
    struct slice url = url_of(n, way);
    struct transfer *t;
    bool good;

    if (url.n == 0 || !is_sound(way, letter)) {
        n->fn(n->u, id, NOTIFY_FAILED, url.n == 0 ? SLICE("no way out") : SLICE("bad address"));
        return;
    }
    t = transfer_new(n, (int)way, BODY_MAX);
    if (t == NULL) {
        n->fn(n->u, id, NOTIFY_FAILED, SLICE("no memory"));
        return;
    }
    memcpy(t->id, id, sizeof(t->id));
    good = t->easy && set_up(t, url) &&
           (way == NOTIFY_MAIL ? set_mail(t, letter) : set_post(t, letter));
    if (!good || t->body.err || curl_multi_add_handle(n->multi, t->easy) != CURLM_OK) {
        n->fn(n->u, id, NOTIFY_FAILED, SLICE("no memory"));
        transfer_free(t);
    }
}

/* What is known to have not gone out; anything else may have. */
static enum notify_outcome outcome_of(const struct transfer *t, CURLcode code, long answer)
{
    switch (code) {
    case CURLE_OK:
        return t->way == NOTIFY_MAIL || (answer >= 200 && answer < 300) ? NOTIFY_SENT
                                                                        : NOTIFY_FAILED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_USE_SSL_FAILED:
    case CURLE_LOGIN_DENIED:
    case CURLE_URL_MALFORMAT:
        return NOTIFY_FAILED;
    default:
        /* a mail whose body was not begun has not gone out; a gateway that answers with garbage, or
         * not at all, has the letter */
        return t->way == NOTIFY_MAIL && t->sent == 0 ? NOTIFY_FAILED : NOTIFY_UNKNOWN;
    }
}

static void finish_question(struct transfer *t, bool answered, struct slice why)
{
    t->notify->asking = false;
    t->notify->inbox(t->notify->u, answered, answered ? buf_slice(&t->body) : why);
}

static void notify_finish(struct transfer *t, CURLcode code)
{
    struct buf why = BUF_INIT(400);
    long answer = 0;
    enum notify_outcome outcome;

    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &answer);
    outcome = outcome_of(t, code, answer);
    if (t->way == WAY_ASK && t->body.err)
        buf_puts(&why, "answer too long");
    else if (code != CURLE_OK)
        buf_puts(&why, t->why[0] ? t->why : curl_easy_strerror(code));
    else if (outcome != NOTIFY_SENT)
        buf_printf(&why, "HTTP %ld", answer);
    if (t->way == WAY_ASK)
        finish_question(t, outcome == NOTIFY_SENT, buf_slice(&why));
    else if (t->way != WAY_DONE)
        t->notify->fn(t->notify->u, t->id, outcome, buf_slice(&why));
    buf_done(&why);
    transfer_free(t);
}

void notify_run(struct notify *n)
{
    int running = 0, left = 0;
    CURLMsg *m;

    (void)curl_multi_perform(n->multi, &running);
    while ((m = curl_multi_info_read(n->multi, &left)) != NULL) {
        struct transfer *t = NULL;
        CURLcode code = m->data.result;

        if (m->msg == CURLMSG_DONE &&
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t) == CURLE_OK && t)
            notify_finish(t, code);
    }
}
