/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/people/invitation.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "config/config.h"
#include "lang/msg_user.h"

enum { PEM_MAX = 64 << 10, LINK_MAX = 1000 };

/* The node's configuration; false: there is none that can be read. */
static bool load_config(const struct place *p, struct place *here, const struct place **ret,
                        struct config *c)
{
    if (p == NULL && place_find(NULL, here, NULL) < 0)
        return false;
    *ret = p ? p : here;
    return config_load(c, (*ret)->conf, true, NULL) == 0;
}

/* Where people open the console: as canh.conf says, else where it listens; on all of this machine's
 * addresses by the machine's name. */
static void write_console(struct buf *out, const struct config *c)
{
    char name[HOST_NAME_MAX + 1] = "";
    const char *host = c->console.host;

    if (c->site.url.n > 0) {
        buf_append_slice(out, c->site.url);
        return;
    }
    if ((strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0) &&
        gethostname(name, sizeof(name) - 1) == 0)
        host = name;
    buf_printf(out, strchr(host, ':') ? "https://[%s]:%u" : "https://%s:%u", host,
               (unsigned)c->console.port);
}

void invitation_write_site(struct buf *out)
{
    const struct place *p = NULL;
    struct place here;
    struct config c;

    if (!load_config(NULL, &here, &p, &c))
        return;
    buf_append_slice(out, c.site.url);
    config_done(&c);
}

void invitation_write(struct buf *out, const struct place *p, struct slice secret)
{
    struct place here;
    struct config c;

    if (load_config(p, &here, &p, &c)) {
        write_console(out, &c);
        config_done(&c);
    }
    buf_printf(out, "/welcome/" SLICE_FMT, SLICE_ARG(secret));
}

/* Of the first certificate in a file, AB:CD:…; false: there is none to be read. */
static bool write_fingerprint(struct buf *out, const char *path)
{
    struct buf pem = BUF_INIT(PEM_MAX), der = BUF_INIT(PEM_MAX);
    uint8_t hash[crypto_hash_sha256_BYTES];
    struct slice text;
    size_t at, n = 0;
    bool fits = false;

    if (file_read(path, &pem, NULL) == 0 && buf_reserve(&der, pem.len)) {
        text = buf_slice(&pem);
        at = slice_find(text, SLICE("-----BEGIN CERTIFICATE-----"));
        text = at == SIZE_MAX ? SLICE_NULL : slice_from(text, at + 27);
        text = slice_head(text, slice_find(text, SLICE("-----END")));
        fits =
            text.n > 0 && sodium_base642bin(der.p, pem.len, (const char *)text.p, text.n, " \r\n",
                                            &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
    }
    if (fits)
        (void)crypto_hash_sha256(hash, der.p, n);
    for (size_t i = 0; fits && i < sizeof(hash); i++)
        buf_printf(out, i ? ":%02X" : "%02X", hash[i]);
    buf_done(&pem);
    buf_done(&der);
    return fits;
}

static bool is_loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

void invitation_hint(struct app *app, const struct place *p)
{
    struct buf *out = &app->out.buf, crt = BUF_INIT(PLACE_PATH + 32), print = BUF_INIT(200);
    struct place here;
    struct config c;

    if (!load_config(p, &here, &p, &c))
        return;
    if (c.site.url.n == 0 && is_loopback(c.console.host))
        lang_write(out, app->lang, MSG_USER_LINK_LOCAL, (unsigned)c.console.port,
                   (unsigned)c.console.port);
    buf_printf(&crt, "%s/console.crt", p->keys);
    if (c.site.url.n == 0 && c.certificate.n == 0 && write_fingerprint(&print, buf_cstr(&crt)))
        lang_write(out, app->lang, MSG_USER_LINK_TRUST, buf_cstr(&print));
    if (!place_is_locked(p))
        lang_write(out, app->lang, MSG_USER_LINK_OFF, p->dir);
    buf_done(&crt);
    buf_done(&print);
    config_done(&c);
}

void invitation_describe(struct app *app, const struct place *p, struct slice secret)
{
    struct buf link = BUF_INIT(LINK_MAX);

    invitation_write(&link, p, secret);
    lang_write(&app->out.buf, app->lang, MSG_USER_LINK, buf_cstr(&link));
    invitation_hint(app, p);
    buf_done(&link);
}
