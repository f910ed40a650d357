/* SPDX-License-Identifier: Apache-2.0 */
/* Style sheet, modules, pictures: constant bytes of the program. */
#include "base/hash.h"
#include "data/data.h"
#include "lang/err_web.h"
#include "web/web_internal.h"

static const struct {
    const char *end, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

/* Whether the browser has it already; a list of tags, weak ones among them, or any. */
static bool is_known(struct slice asked, struct slice tag)
{
    struct slice one;

    while (slice_cut(&asked, ',', &one)) {
        one = slice_trim(one);
        if (slice_starts(one, SLICE("W/")))
            one = slice_from(one, 2);
        if (slice_eq(one, tag) || slice_is(one, "*"))
            return true;
    }
    return false;
}

/* Kept for five minutes without asking; then asked whether it is still the same. */
static void reply_tagged(struct visit *v, struct slice bytes)
{
    struct buf tag = BUF_INIT(40);

    buf_printf(&tag, "\"%016llx\"", (unsigned long long)hash_bytes(bytes.p, bytes.n, 0));
    http_reply_header(v->x, "Cache-Control", SLICE("max-age=300"));
    http_reply_header(v->x, "ETag", buf_slice(&tag));
    if (is_known(http_header(v->x, "If-None-Match"), buf_slice(&tag)))
        v->x->reply.status = 304;
    else
        v->x->reply.constant = bytes;
    buf_done(&tag);
}

static int reply_file(struct visit *v, struct slice name, const char *type, struct err *err)
{
    const struct data_folder *folder = data_folder("console");
    const struct data_file *f = folder ? data_find(folder, name) : NULL;

    if (f == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    v->x->reply.status = 200;
    v->x->reply.type = type;
    reply_tagged(v, data_bytes(f));
    return 0;
}

int get_static(struct visit *v, struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(types); i++) {
        if (slice_ends(v->x->params[0], slice_str(types[i].end)))
            return reply_file(v, v->x->params[0], types[i].type, err);
    }
    return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
}

/* The paths of the description stand behind the console's prefix. */
int get_openapi(struct visit *v, struct err *err)
{
    struct slice prefix = v->web->site.prefix;
    int r = reply_file(v, SLICE("openapi.json"), "application/json", err);
    struct slice file = v->x->reply.constant;

    if (r < 0 || prefix.n == 0 || file.n == 0)
        return r;
    v->x->reply.constant = SLICE_NULL;
    buf_printf(&v->x->reply.body, "{\n  \"servers\": [{\"url\": \"" SLICE_FMT "\"}],",
               SLICE_ARG(prefix));
    buf_append_slice(&v->x->reply.body, slice_from(file, 1));
    return 0;
}
