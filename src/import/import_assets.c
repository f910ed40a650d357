/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of assets. */
#include "import/work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"
#include "lang/value.h"
#include "state/assets.h"

enum { CODE, NAME, UNIT, KIND, ROLES, SYSTEM, LEVEL, EXPOSURE, PROVIDER, PLACE, FROM, NOTE };

static const struct header_column columns[] = {
    [CODE] = {"Mã tài sản|Mã|Mã thiết bị|Mã TS|Mã TB|Mã hệ thống|Mã máy chủ|Ký hiệu|"
              "Asset code|Code",
              true},
    [NAME] = {"Tên tài sản|Tên|Tên thiết bị|Tên hệ thống|Tên tài sản, thiết bị|Tên máy chủ|"
              "Tài sản|Thiết bị|Asset|Name",
              true},
    [UNIT] = {"Mã đơn vị|Đơn vị|Tên đơn vị|Đơn vị quản lý|Mã ĐV|Tên ĐV|Cơ quan|Đơn vị sử dụng|"
              "Đơn vị chủ quản|Đơn vị vận hành|Đơn vị quản lý, vận hành|"
              "Đơn vị quản lý, sử dụng|Unit",
              false},
    [KIND] = {"Loại tài sản|Loại|Loại thiết bị|Chủng loại|Phân loại|Nhóm tài sản|Loại TS|Kind",
              false},
    [ROLES] = {"Vai trò|Chức năng|Roles|Role", false},
    [SYSTEM] = {"Thuộc hệ thống|Hệ thống|Hệ thống thông tin|System", false},
    [LEVEL] = {"Cấp độ|Cấp độ ATTT|Cấp độ an toàn|Level", false},
    [EXPOSURE] = {"Kết nối|Phạm vi kết nối|Exposure", false},
    [PROVIDER] = {"Nhà cung cấp|Đơn vị cung cấp|Đơn vị cung cấp hạ tầng|Provider", false},
    [PLACE] = {"Vị trí|Nơi đặt|Nơi lắp đặt|Địa điểm|Vị trí lắp đặt|Place", false},
    [FROM] = {"Từ ngày|Ngày đưa vào sử dụng|Hiệu lực từ|From", false},
    [NOTE] = {"Ghi chú|Note", false},
};

static const msg_id hints[] = {
    [CODE] = MSG_IMPORT_HINT_ASSET_CODE,   [NAME] = MSG_IMPORT_HINT_ASSET_NAME,
    [UNIT] = MSG_IMPORT_HINT_OF_UNIT,      [KIND] = MSG_IMPORT_HINT_ASSET_KIND,
    [ROLES] = MSG_IMPORT_HINT_ASSET_ROLES, [SYSTEM] = MSG_IMPORT_HINT_SYSTEM,
    [LEVEL] = MSG_IMPORT_HINT_LEVEL,       [EXPOSURE] = MSG_IMPORT_HINT_EXPOSURE,
    [PROVIDER] = MSG_IMPORT_HINT_PROVIDER, [PLACE] = MSG_IMPORT_HINT_PLACE,
    [FROM] = MSG_IMPORT_HINT_FROM,         [NOTE] = MSG_IMPORT_HINT_NOTE,
};

/* Words for where an asset can be reached from; the first of each row is what is stored. */
static const char *const exposures[][4] = {
    {"internet", "Internet", "Mạng Internet", "Công khai"},
    {"intranet", "Mạng nội bộ", "Nội bộ", "Mạng TSLCD"},
    {"none", "Không kết nối", "Không", "Độc lập"},
};

static void read_exposure(struct work *w, struct slice *to)
{
    struct slice cell = work_text(w, EXPOSURE);

    if (cell.n == 0)
        return;
    for (size_t i = 0; i < CANH_LEN(exposures); i++) {
        for (size_t k = 0; k < CANH_LEN(exposures[i]); k++) {
            if (viet_same(slice_str(exposures[i][k]), cell)) {
                *to = slice_str(exposures[i][0]);
                return;
            }
        }
    }
    work_error(w, EXPOSURE, MSG_IMPORT_UNKNOWN_WORD, SLICE_ARG(slice_brief(cell)),
               "internet, intranet, none");
}

static void read_level(struct work *w, int32_t *to)
{
    struct slice cell = work_text(w, LEVEL);
    int64_t v;

    if (cell.n == 0)
        return;
    if (cell_count(header_cell(&w->header, w->row, LEVEL), &v) < 0 || v < 1 || v > 5)
        work_error(w, LEVEL, MSG_IMPORT_BAD_LEVEL, SLICE_ARG(slice_brief(cell)));
    else
        *to = (int32_t)v;
}

/* “Máy chủ thư; cổng” is words apart by commas or semicolons; each an id or title of a role. */
static bool write_role(struct work *w, struct slice word, const struct state_asset_role *roles,
                       size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!viet_same(roles[i].code, word) && !viet_same(roles[i].name_vi, word) &&
            !viet_same(roles[i].name_en, word))
            continue;
        if (out->len)
            buf_putc(out, ' ');
        buf_append_slice(out, roles[i].code);
        return true;
    }
    work_error(w, ROLES, MSG_IMPORT_UNKNOWN_ROLE, SLICE_ARG(slice_brief(word)));
    return false;
}

static void read_roles(struct work *w, struct slice *to)
{
    struct slice cell = work_text(w, ROLES), rest, part, word;
    struct state_asset_role *roles = NULL;
    struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;
    size_t n = 0;

    if (cell.n == 0)
        return;
    if (state_asset_role_list(w->s, w->a, NULL, &w->scratch, &roles, &n, &err) < 0) {
        work_failed(w, &err);
        return;
    }
    while (slice_cut(&cell, ',', &rest))
        while (slice_cut(&rest, ';', &part))
            if ((word = slice_trim(part)).n)
                (void)write_role(w, word, roles, n, &out);
    *to = arena_dup(&w->scratch, buf_slice(&out));
    buf_done(&out);
}

/* A kind of the catalogue by any of its words. What is stored since older times may stay. */
static void read_kind(struct work *w, struct slice *to)
{
    struct slice cell = work_text(w, KIND);
    const struct import_word *word = import_word_find(w->opt->kinds, w->opt->kind_count, cell);
    struct buf all = BUF_INIT(4000);

    if (cell.n == 0 || slice_eq(cell, *to))
        return;
    if (word || w->opt->kind_count == 0) {
        *to = word ? word->id : cell;
        return;
    }
    work_write_kinds(&all, w);
    work_error(w, KIND, MSG_IMPORT_UNKNOWN_ASSET_KIND, SLICE_ARG(slice_brief(cell)),
               buf_cstr(&all));
    buf_done(&all);
}

static bool assets_same(const struct state_asset *a, const struct state_asset *b)
{
    return slice_eq(a->name, b->name) && slice_eq(a->kind, b->kind) &&
           slice_eq(a->roles, b->roles) && slice_eq(a->system, b->system) && a->level == b->level &&
           slice_eq(a->exposure, b->exposure) && slice_eq(a->provider, b->provider) &&
           slice_eq(a->place, b->place) && slice_eq(a->note, b->note);
}

static void read_cells(struct work *w, struct state_asset *x)
{
    read_kind(w, &x->kind);
    read_roles(w, &x->roles);
    work_replace(w, SYSTEM, &x->system);
    read_level(w, &x->level);
    read_exposure(w, &x->exposure);
    work_replace(w, PROVIDER, &x->provider);
    work_replace(w, PLACE, &x->place);
    work_replace(w, NOTE, &x->note);
    if (x->version == 0)
        work_date(w, FROM, &x->valid_from);
    if (x->kind.n == 0)
        x->kind = SLICE("other");
}

static enum import_change assets_write(struct work *w, struct slice *ret_what)
{
    struct slice code = work_needed(w, CODE), name = work_needed(w, NAME);
    struct state_id unit = work_unit(w, UNIT);
    struct state_asset x, before;
    struct err err = ERR_INIT;
    struct buf what = BUF_INIT(4096);
    int r;

    buf_printf(&what, SLICE_FMT "  " SLICE_FMT, SLICE_ARG(code), SLICE_ARG(name));
    *ret_what = arena_dup(&w->scratch, buf_slice(&what));
    buf_done(&what);
    if (w->bad)
        return IMPORT_FAILED;
    r = state_asset_find(w->s, w->a, unit, code, &w->scratch, &x, &err);
    if (r == -CE_NOT_FOUND)
        x = (struct state_asset){.unit = unit, .code = code, .invented = w->opt->invented};
    else if (r < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    before = x;
    x.name = name;
    read_cells(w, &x);
    if (w->bad)
        return IMPORT_FAILED;
    if (x.version != 0 && !work_first(w, CODE, x.id, assets_same(&x, &before)))
        return IMPORT_FAILED;
    if (x.version != 0 && assets_same(&x, &before))
        return IMPORT_SAME;
    if (state_asset_put(w->s, w->a, &x, &err) < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    if (before.version == 0)
        (void)work_first(w, CODE, x.id, true);
    return before.version == 0 ? IMPORT_ADDED : IMPORT_CHANGED;
}

const struct importer import_assets = {.columns = columns,
                                       .hints = hints,
                                       .column_count = CANH_LEN(columns),
                                       .unit = UNIT,
                                       .put = assets_write};
