/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/err.h"
#include "decode/decode.h"

enum { NAME_MAX_BYTES = 4096 };

static void add_name(const struct keys *keys, struct slice name, struct shape_names *ret)
{
    uint32_t key = keys_find(keys, name);

    if (key == KEY_NONE || ret->count >= CANH_LEN(ret->keys))
        return;
    if (ret->count == 1 && ret->keys[0] == key)
        return;
    ret->keys[ret->count++] = (uint16_t)key;
}

static void join_path(const struct slice *path, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_putc(out, '.');
        buf_put_slice(out, path[i]);
    }
}

struct shape_names shape_resolve(const struct keys *keys, const struct slice *path, size_t n)
{
    struct shape_names ret = {0};
    struct buf name = BUF_INIT(NAME_MAX_BYTES);

    join_path(path, n, &name);
    if (name.err == 0)
        add_name(keys, buf_slice(&name), &ret);
    buf_done(&name);
    return ret;
}
