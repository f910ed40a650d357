/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of units. */
#include "import/work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"

enum { CODE, NAME, SHORT, KIND, PARENT, LEAD, AREA, ADDRESS, FROM, NOTE };

static const struct header_column columns[] = {
    [CODE] = {"Mã đơn vị|Mã|Mã định danh|Ký hiệu|Mã ĐV|Mã CQ|Mã cơ quan|Unit code|Code", true},
    [NAME] = {"Tên đơn vị|Tên|Đơn vị|Tên cơ quan|Tên ĐV|Tên cơ quan, đơn vị|Cơ quan, đơn vị|"
              "Cơ quan|Tên xã, phường|Xã, phường|Tên doanh nghiệp|Unit|Name",
              true},
    [SHORT] = {"Tên viết tắt|Viết tắt|Tên ngắn|Tên gọi tắt|Short name", false},
    [KIND] = {"Loại đơn vị|Loại|Loại hình|Nhóm|Loại cơ quan|Phân loại|Khối|Kind", false},
    [PARENT] = {"Đơn vị cấp trên|Mã đơn vị cấp trên|Cấp trên|Trực thuộc|Đơn vị chủ quản|"
                "Cơ quan chủ quản|Cơ quan cấp trên|Thuộc|Parent",
                false},
    [LEAD] = {"Cơ quan chủ trì|Đơn vị chủ trì|Chủ trì|Cơ quan theo dõi|Lead authority|Led by",
              false},
    [AREA] = {"Địa bàn|Khu vực|Area", false},
    [ADDRESS] = {"Địa chỉ|Trụ sở|Địa chỉ trụ sở|Address", false},
    [FROM] = {"Từ ngày|Ngày thành lập|Hiệu lực từ|Ngày bắt đầu|From|Valid from", false},
    [NOTE] = {"Ghi chú|Note", false},
};

static const msg_id hints[] = {
    [CODE] = MSG_IMPORT_HINT_UNIT_CODE, [NAME] = MSG_IMPORT_HINT_UNIT_NAME,
    [SHORT] = MSG_IMPORT_HINT_SHORT,    [KIND] = MSG_IMPORT_HINT_KIND,
    [PARENT] = MSG_IMPORT_HINT_PARENT,  [LEAD] = MSG_IMPORT_HINT_LEAD,
    [AREA] = MSG_IMPORT_HINT_AREA,      [ADDRESS] = MSG_IMPORT_HINT_ADDRESS,
    [FROM] = MSG_IMPORT_HINT_FROM,      [NOTE] = MSG_IMPORT_HINT_NOTE,
};

/* True when the cell is the word's id, title, one part of a title (“Xã” of “Xã, phường”), or one of
 * the names that people have for it. */
static bool is_name(const struct import_word *w, struct slice cell)
{
    const struct {
        struct slice names;
        char mark;
    } lists[] = {{w->vi, ','}, {w->en, ','}, {w->also, ';'}};

    if (viet_same(w->id, cell))
        return true;
    for (size_t i = 0; i < CANH_LEN(lists); i++) {
        struct slice rest = lists[i].names, part;

        if (rest.n > 0 && viet_same(rest, cell))
            return true;
        while (rest.n > 0 && slice_cut(&rest, lists[i].mark, &part))
            if (viet_same(slice_trim(part), cell))
                return true;
    }
    return false;
}

/* The same of a cell of several words, when each of them is the kind's: “Xã, phường”. */
static bool is_word(const struct import_word *w, struct slice cell)
{
    struct slice part;

    if (is_name(w, cell))
        return true;
    if (slice_find_byte(cell, ',') == SIZE_MAX)
        return false;
    while (cell.n > 0 && slice_cut(&cell, ',', &part)) {
        part = slice_trim(part);
        if (part.n > 0 && !is_name(w, part))
            return false;
    }
    return true;
}

const struct import_word *import_word_find(const struct import_word *words, size_t count,
                                           struct slice text)
{
    for (size_t i = 0; i < count; i++) {
        if (is_word(&words[i], text))
            return &words[i];
    }
    return NULL;
}

void import_words_write(struct buf *out, const struct import_word *words, size_t count,
                        enum lang lang)
{
    for (size_t i = 0; i < count; i++) {
        buf_puts(out, i ? "; " : "");
        buf_append_slice(out, lang == LANG_VI ? words[i].vi : words[i].en);
    }
}

void work_write_kinds(struct buf *out, const struct work *w)
{
    import_words_write(out, w->opt->kinds, w->opt->kind_count, w->opt->lang);
}

static void read_kind(struct work *w, struct slice *kind)
{
    struct slice cell = work_text(w, KIND);
    const struct import_word *word = import_word_find(w->opt->kinds, w->opt->kind_count, cell);
    struct buf all = BUF_INIT(2000);

    if (cell.n == 0)
        return;
    if (word) {
        *kind = word->id;
        return;
    }
    work_write_kinds(&all, w);
    work_error(w, KIND, MSG_IMPORT_UNKNOWN_KIND, SLICE_ARG(slice_brief(cell)), buf_cstr(&all));
    buf_done(&all);
}

/* The parent: what the cell names, in the state or in a row above; else the one of the options. */
static void read_parent(struct work *w, struct state_unit *x)
{
    struct slice cell = work_text(w, PARENT);
    const struct state_unit *u;
    bool many;

    if (cell.n == 0) {
        if (x->version == 0)
            x->parent = w->opt->unit;
        return;
    }
    u = work_find_unit(w, cell, &many);
    if (u == NULL)
        work_error(w, PARENT, MSG_IMPORT_UNKNOWN_PARENT, SLICE_ARG(slice_brief(cell)));
    else if (many)
        work_error(w, PARENT, MSG_IMPORT_MANY_UNITS, SLICE_ARG(slice_brief(cell)));
    else
        x->parent = u->id;
}

/* The unit is led by the other one, unless it is already. */
static bool write_lead(struct work *w, struct state_id unit, struct state_id lead)
{
    struct state_query q = {.ref = unit, .from = w->now, .to = w->now + 1};
    struct state_unit_link *all = NULL, x = {.unit = unit,
                                             .other = lead,
                                             .kind = STATE_LINK_LEAD,
                                             .source = slice_head(w->opt->source, 1000)};
    struct err err = ERR_INIT;
    size_t n = 0;
    int r = state_unit_link_list(w->s, w->a, &q, &w->scratch, &all, &n, &err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (all[i].kind == STATE_LINK_LEAD && id_eq(all[i].other, lead))
            return false;
    if (r == 0)
        r = state_unit_link_put(w->s, w->a, &x, &err);
    if (r < 0)
        work_failed(w, &err);
    return r == 0;
}

/* Lead authorities apart by semicolons; what the sheet no longer names is not taken away. */
static bool write_leads(struct work *w, const struct state_unit *x)
{
    struct slice cell = work_text(w, LEAD), part;
    bool changed = false, many;

    while (cell.n && slice_cut(&cell, ';', &part)) {
        struct slice name = slice_trim(part);
        const struct state_unit *u;

        if (name.n == 0)
            continue;
        u = work_find_unit(w, name, &many);
        if (u == NULL)
            work_error(w, LEAD, MSG_IMPORT_UNKNOWN_LEAD, SLICE_ARG(slice_brief(name)));
        else if (many)
            work_error(w, LEAD, MSG_IMPORT_MANY_UNITS, SLICE_ARG(slice_brief(name)));
        else if (id_eq(u->id, x->id))
            work_error(w, LEAD, MSG_IMPORT_OWN_LEAD);
        else
            changed = write_lead(w, x->id, u->id) || changed;
    }
    return changed;
}

static bool units_same(const struct state_unit *a, const struct state_unit *b)
{
    return slice_eq(a->name, b->name) && slice_eq(a->short_name, b->short_name) &&
           slice_eq(a->kind, b->kind) && slice_eq(a->area, b->area) &&
           slice_eq(a->address, b->address) && slice_eq(a->note, b->note) &&
           id_eq(a->parent, b->parent);
}

static void report_what(struct work *w, struct slice code, struct slice name, struct slice *ret)
{
    struct buf what = BUF_INIT(4096);

    buf_printf(&what, SLICE_FMT "  " SLICE_FMT, SLICE_ARG(code), SLICE_ARG(name));
    *ret = arena_dup(&w->scratch, buf_slice(&what));
    buf_done(&what);
}

static enum import_change units_write(struct work *w, struct slice *ret_what)
{
    struct slice code = work_needed(w, CODE), name = work_needed(w, NAME);
    struct state_unit x, before;
    struct err err = ERR_INIT;
    bool changed;
    int r;

    report_what(w, code, name, ret_what);
    if (w->bad)
        return IMPORT_FAILED;
    r = state_unit_find(w->s, w->a, STATE_ID_NONE, code, &w->scratch, &x, &err);
    if (r == -CE_NOT_FOUND)
        x = (struct state_unit){.code = code, .invented = w->opt->invented};
    else if (r < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    before = x;
    x.name = name;
    work_replace(w, SHORT, &x.short_name);
    read_kind(w, &x.kind);
    read_parent(w, &x);
    work_replace(w, AREA, &x.area);
    work_replace(w, ADDRESS, &x.address);
    work_replace(w, NOTE, &x.note);
    if (x.version == 0)
        work_date(w, FROM, &x.valid_from);
    if (x.kind.n == 0 && !w->bad)
        work_error(w, KIND, MSG_IMPORT_CELL_EMPTY);
    if (w->bad)
        return IMPORT_FAILED;
    changed = x.version == 0 || !units_same(&x, &before);
    if (x.version != 0 && !work_first(w, CODE, x.id, !changed))
        return IMPORT_FAILED;
    if (changed && state_unit_put(w->s, w->a, &x, &err) < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    if (before.version == 0 && work_first(w, CODE, x.id, true))
        work_add_unit(w, &x);
    changed = write_leads(w, &x) || changed;
    return before.version == 0 ? IMPORT_ADDED : changed ? IMPORT_CHANGED : IMPORT_SAME;
}

const struct importer import_units = {.columns = columns,
                                      .hints = hints,
                                      .column_count = CANH_LEN(columns),
                                      .unit = PARENT,
                                      .put = units_write};
