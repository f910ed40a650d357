/* SPDX-License-Identifier: Apache-2.0 */
#include "import/zone_file.h"

#include "base/buf.h"
#include "base/file.h"
#include "calendar/zone.h"

enum { FILE_MAX = 64 * 1024 };

static int read_file(struct slice name, struct buf *ret)
{
    struct buf path = BUF_INIT(200);
    int r = 0;

    buf_puts(&path, "/usr/share/zoneinfo/");
    buf_append_slice(&path, name);
    if (!zone_is_name(name) || file_read(buf_cstr(&path), ret, NULL) < 0)
        r = -CE_NOT_FOUND;
    buf_done(&path);
    return r;
}

int zone_file_read(struct arena *arena, struct slice name, struct zone *ret)
{
    struct buf bytes = BUF_INIT(FILE_MAX);
    int r = 0;

    *ret = (struct zone){.offset_s = 0};
    if (!zone_offset(name, &ret->offset_s)) {
        r = read_file(name, &bytes);
        if (r == 0)
            r = zone_of_file(arena, buf_slice(&bytes), ret);
    }
    buf_done(&bytes);
    return r;
}

int zone_file_find(struct arena *arena, struct slice name, struct slice *ret)
{
    struct buf bytes = BUF_INIT(FILE_MAX), text = BUF_INIT(400);
    struct slice rule, kept;
    int offset_s, r;

    if (zone_offset(name, &offset_s)) {
        *ret = name;
        return 0;
    }
    r = read_file(name, &bytes);
    if (r == 0)
        r = zone_rule_of_file(buf_slice(&bytes), &rule);
    if (r == 0) {
        buf_append_slice(&text, name);
        buf_putc(&text, ' ');
        buf_append_slice(&text, rule);
        kept = arena_dup(arena, buf_slice(&text));
        r = text.err || kept.p == NULL ? -CE_NOMEM : 0;
    }
    if (r == 0)
        *ret = kept;
    buf_done(&bytes);
    buf_done(&text);
    return r;
}
