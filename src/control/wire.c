/* SPDX-License-Identifier: Apache-2.0 */
#include "control/wire.h"

#include "base/num.h"
#include "lang/err_control.h"

struct slice control_text(const struct control_args *args, const char *key)
{
    for (size_t i = 0; i < args->count; i++)
        if (slice_is(args->items[i].key, key))
            return args->items[i].value;
    return SLICE_NULL;
}

enum lang control_lang(const struct control_args *args)
{
    enum lang asked = lang_from_str(control_text(args, "lang"));

    return asked == LANG_MAX ? LANG_VI : asked;
}

int control_number(const struct control_args *args, const char *key, int64_t preset, int64_t *ret,
                   struct err *err)
{
    struct slice v = control_text(args, key);
    int r;

    *ret = preset;
    if (v.n == 0)
        return 0;
    r = num_i64(v, ret);
    return r < 0 ? err_fail(err, (enum ce) - r, ERR_CONTROL_NO_NUMBER, key) : 0;
}

bool control_write(struct control_args *args, const char *key, struct slice value)
{
    if (args->count == CONTROL_ARGS_MAX)
        return false;
    args->items[args->count++] = (struct control_arg){slice_str(key), value};
    return true;
}

int control_args_read(struct slice body, struct slice *ret_name, struct control_args *ret,
                      struct err *err)
{
    struct frame_reader r = frame_reader(body);
    uint32_t n;

    *ret_name = frame_get_text(&r, 64);
    n = frame_get_u32(&r);
    ret->count = 0;
    if (n > CONTROL_ARGS_MAX)
        return err_fail(err, CE_PEER, ERR_CONTROL_TOO_MANY_ARGUMENTS);
    for (uint32_t i = 0; i < n; i++) {
        ret->items[i].key = frame_get_text(&r, 64);
        ret->items[i].value = frame_get_text(&r, CONTROL_TEXT_MAX);
    }
    ret->count = n;
    return frame_end(&r) < 0 ? err_fail(err, CE_PEER, ERR_CONTROL_ACT_CANNOT_READ) : 0;
}

void control_args_write(struct buf *out, struct slice name, const struct control_args *args)
{
    frame_put_text(out, name);
    frame_put_u32(out, (uint32_t)args->count);
    for (size_t i = 0; i < args->count; i++) {
        frame_put_text(out, args->items[i].key);
        frame_put_text(out, args->items[i].value);
    }
}
