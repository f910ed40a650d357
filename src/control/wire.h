/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_WIRE_H
#define CANH_CONTROL_WIRE_H
/*
 * What travels over run/control (SOCK_SEQPACKET, frames of os/frame.h):
 *
 *     client → node   CONTROL_ACT   text name, u32 count, count × (text key, text value)
 *     node → client   CONTROL_ROW   u32 count, count × text
 *                     CONTROL_END   u32 code (enum ce, 0: done), text why
 *
 * Several acts may follow each other on a connection. Numbers and times (nanoseconds) travel in
 * decimal, flags as 0 and 1, ids in hexadecimal.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "os/frame.h"

enum { CONTROL_ACT = 1, CONTROL_ROW = 2, CONTROL_END = 3 };

enum {
    CONTROL_ARGS_MAX = 128,
    CONTROL_TEXT_MAX = 8192,
    CONTROL_CELLS_MAX = 24,
    CONTROL_LINE_MAX = 60 * 1024,
};

struct control_arg {
    struct slice key, value;
};

struct control_args {
    struct control_arg items[CONTROL_ARGS_MAX];
    size_t count;
};

/* Empty when it was not given. */
struct slice control_text(const struct control_args *args, const char *key);
/* Whoever asks reads this language; Vietnamese when they do not say. */
enum lang control_lang(const struct control_args *args);
/* preset when it was not given; -CE_RANGE, -CE_SYNTAX. */
CANH_MUST_USE int control_number(const struct control_args *args, const char *key, int64_t preset,
                                 int64_t *ret, struct err *err);
CANH_INLINE bool control_flag(const struct control_args *args, const char *key)
{
    return slice_is(control_text(args, key), "1");
}
/* False when there are too many. */
bool control_write(struct control_args *args, const char *key, struct slice value);

CANH_MUST_USE int control_args_read(struct slice body, struct slice *ret_name,
                                    struct control_args *ret, struct err *err);
void control_args_write(struct buf *out, struct slice name, const struct control_args *args);

#endif
