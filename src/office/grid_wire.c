/* SPDX-License-Identifier: Apache-2.0 */
#include "office/grid_wire.h"

#include <math.h>
#include <string.h>

#include "os/frame.h"

enum { MAGIC = 0x31474e43, NAME_MAX_BYTES = 1000, CELL_MAX = 1 << 20 };

void grid_encode(struct buf *out, const struct grid_job *job)
{
    const struct grid *g = &job->grid;

    frame_put_u32(out, MAGIC);
    frame_put_text(out, slice_head(job->title, NAME_MAX_BYTES));
    frame_put_i64(out, job->created);
    frame_put_text(out, slice_head(g->name, NAME_MAX_BYTES));
    frame_put_u32(out, g->rows);
    frame_put_u32(out, g->cols);
    frame_put_u32(out, g->freeze_rows);
    frame_put_u8(out, g->landscape);
    for (size_t i = 0; i < (size_t)g->rows * g->cols; i++) {
        const struct grid_cell *c = &g->cells[i];
        uint64_t bits;

        frame_put_u8(out, (uint8_t)c->kind);
        frame_put_u8(out, (uint8_t)c->style);
        memcpy(&bits, &c->number, sizeof(bits));
        if (c->kind == GRID_TEXT)
            frame_put_text(out, c->text);
        else if (c->kind != GRID_EMPTY)
            frame_put_u64(out, bits);
    }
}

static bool get_cell(struct frame_reader *f, struct grid_cell *to)
{
    unsigned kind = frame_get_u8(f), style = frame_get_u8(f);

    *to = (struct grid_cell){.kind = (enum grid_kind)kind, .style = (enum grid_style)style};
    if (kind > GRID_DATETIME || style >= GRID_STYLE_MAX)
        return false;
    if (kind == GRID_TEXT) {
        to->text = frame_get_text(f, CELL_MAX);
    } else if (kind != GRID_EMPTY) {
        uint64_t bits = frame_get_u64(f);

        memcpy(&to->number, &bits, sizeof(bits));
    }
    return !f->bad && isfinite(to->number);
}

int grid_decode(struct slice bytes, struct arena *arena, struct grid_job *ret)
{
    struct frame_reader f = frame_reader(bytes);
    uint32_t magic = frame_get_u32(&f);
    struct grid_cell *cells;
    unsigned landscape;
    size_t n;

    *ret = (struct grid_job){.title = frame_get_text(&f, NAME_MAX_BYTES)};
    ret->created = frame_get_i64(&f);
    ret->grid.name = frame_get_text(&f, NAME_MAX_BYTES);
    ret->grid.rows = frame_get_u32(&f);
    ret->grid.cols = frame_get_u32(&f);
    ret->grid.freeze_rows = frame_get_u32(&f);
    landscape = frame_get_u8(&f);
    ret->grid.landscape = landscape == 1;
    n = (size_t)ret->grid.rows * ret->grid.cols;
    /* a cell takes two bytes at least: no more room is taken than what came is worth */
    if (f.bad || magic != MAGIC || landscape > 1 || ret->grid.rows > GRID_WIRE_ROWS ||
        ret->grid.cols > GRID_WIRE_COLS || ret->grid.freeze_rows > ret->grid.rows ||
        n > bytes.n / 2)
        return -CE_PEER;
    cells = arena_array(arena, n + 1, sizeof(*cells));
    if (cells == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (!get_cell(&f, &cells[i]))
            return -CE_PEER;
    ret->grid.cells = cells;
    return frame_end(&f) < 0 ? -CE_PEER : 0;
}
