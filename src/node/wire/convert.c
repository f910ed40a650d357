/* SPDX-License-Identifier: Apache-2.0 */
#include "node/wire/convert.h"

#include "base/utf.h"
#include "os/frame.h"

enum { MAGIC = 0x32564e43 };

void convert_file_begin(struct buf *out)
{
    frame_put_u8(out, CONVERT_READ);
}

void convert_file_end(struct buf *out)
{
    frame_put_u32(out, (uint32_t)(out->len - 1));
}

static int get_whole(struct slice s, struct slice *ret)
{
    size_t n = s.n - CANH_MIN(s.n, sizeof(uint32_t));
    struct frame_reader f = frame_reader(slice_from(s, n));

    *ret = slice_head(s, n);
    return frame_get_u32(&f) != n || f.bad ? -CE_PEER : 0;
}

int convert_file_get(struct slice s, struct convert_file *ret)
{
    struct frame_reader f = frame_reader(s);
    uint8_t fate = frame_get_u8(&f);

    *ret = (struct convert_file){.read = fate == CONVERT_READ};
    if (f.bad || fate > CONVERT_REFUSED)
        return -CE_PEER;
    if (ret->read)
        return get_whole(f.rest, &ret->bytes);
    ret->vi = frame_get_text(&f, CONVERT_WHY_MAX);
    ret->en = frame_get_text(&f, CONVERT_WHY_MAX);
    return frame_end(&f) < 0 || !utf8_valid(ret->vi) || !utf8_valid(ret->en) ? -CE_PEER : 0;
}

static void write_text(struct buf *out, struct slice s)
{
    frame_put_text(out, slice_head(s, CANH_MIN(s.n, (size_t)CONVERT_TEXT_MAX)));
}

void convert_write(struct buf *out, const struct convert_answer *x)
{
    frame_put_u32(out, MAGIC);
    frame_put_u64(out, x->events);
    frame_put_u64(out, x->logs);
    frame_put_u64(out, x->alerts);
    frame_put_u64(out, x->unreadable);
    frame_put_u64(out, x->damaged);
    frame_put_u32(out, x->row_count);
    for (uint32_t i = 0; i < x->row_count; i++) {
        const struct convert_row *r = &x->rows[i];

        frame_put_u32(out, (uint32_t)r->level);
        write_text(out, r->title);
        write_text(out, r->title_vi);
        write_text(out, r->advice);
        write_text(out, r->advice_vi);
        write_text(out, r->description);
        write_text(out, r->rule);
        write_text(out, r->host);
        frame_put_u64(out, r->count);
        frame_put_i64(out, r->first);
        frame_put_i64(out, r->last);
    }
}

static void get_row(struct frame_reader *f, struct convert_row *r)
{
    uint32_t level = frame_get_u32(f);

    r->level = (int32_t)CANH_MIN(level, 5u);
    r->title = frame_get_text(f, CONVERT_TEXT_MAX);
    r->title_vi = frame_get_text(f, CONVERT_TEXT_MAX);
    r->advice = frame_get_text(f, CONVERT_TEXT_MAX);
    r->advice_vi = frame_get_text(f, CONVERT_TEXT_MAX);
    r->description = frame_get_text(f, CONVERT_TEXT_MAX);
    r->rule = frame_get_text(f, CONVERT_TEXT_MAX);
    r->host = frame_get_text(f, CONVERT_TEXT_MAX);
    r->count = frame_get_u64(f);
    r->first = frame_get_i64(f);
    r->last = frame_get_i64(f);
}

int convert_get(struct slice s, struct arena *arena, struct convert_answer *ret)
{
    struct frame_reader f = frame_reader(s);
    uint32_t magic = frame_get_u32(&f);

    *ret = (struct convert_answer){.events = frame_get_u64(&f)};
    ret->logs = frame_get_u64(&f);
    ret->alerts = frame_get_u64(&f);
    ret->unreadable = frame_get_u64(&f);
    ret->damaged = frame_get_u64(&f);
    ret->row_count = frame_get_u32(&f);
    if (f.bad || magic != MAGIC || ret->row_count > CONVERT_ROWS_MAX)
        return -CE_PEER;
    ret->rows = arena_new_array(arena, ret->row_count + 1, struct convert_row);
    for (uint32_t i = 0; ret->rows && i < ret->row_count; i++)
        get_row(&f, &ret->rows[i]);
    return ret->rows == NULL ? -CE_NOMEM : frame_end(&f) < 0 ? -CE_PEER : 0;
}
