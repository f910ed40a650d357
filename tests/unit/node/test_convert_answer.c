/* SPDX-License-Identifier: Apache-2.0 */
/* What canh-convert answers of a file: the whole of it is taken, and nothing that ends before. */
#include "node/wire/convert.h"
#include "tap.h"

static void answer_read(struct buf *out, struct slice bytes)
{
    buf_clear(out);
    convert_file_begin(out);
    buf_append_slice(out, bytes);
    convert_file_end(out);
}

int main(void)
{
    const struct slice files[] = {SLICE_INIT(""), SLICE_INIT("a"),
                                  SLICE_INIT("a file of some length")};
    struct buf answer = BUF_INIT(100);
    struct convert_file x;
    unsigned taken = 0;

    for (size_t i = 0; i < CANH_LEN(files); i++) {
        answer_read(&answer, files[i]);
        is_int(convert_file_get(buf_slice(&answer), &x), 0, "a file");
        ok(x.read && slice_eq(x.bytes, files[i]), "as it was");
        for (size_t n = 0; n < answer.len; n++)
            taken += convert_file_get(slice_head(buf_slice(&answer), n), &x) == 0;
        buf_putc(&answer, 0);
        taken += convert_file_get(buf_slice(&answer), &x) == 0;
    }
    is_int(taken, 0, "none that ends before its end, or after it");
    buf_done(&answer);
    return tap_done();
}
