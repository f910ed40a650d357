/* SPDX-License-Identifier: Apache-2.0 */
/* Style sheet, modules, pictures: constant bytes of the program. */
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

static int reply_file(struct visit *v, struct slice name, const char *type, struct err *err)
{
    const struct data_folder *folder = data_folder("console");
    const struct data_file *f = folder ? data_find(folder, name) : NULL;

    if (f == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    v->x->reply.status = 200;
    v->x->reply.type = type;
    v->x->reply.constant = data_bytes(f);
    http_reply_header(v->x, "Cache-Control", SLICE("max-age=300"));
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

int get_openapi(struct visit *v, struct err *err)
{
    return reply_file(v, SLICE("openapi.json"), "application/json", err);
}
