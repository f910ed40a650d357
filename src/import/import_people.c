/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of people, with how to reach them and what they may do. */
#include "base/ascii.h"
#include "import/roster_words.h"
#include "import/work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"
#include "lang/value.h"
#include "state/people.h"

enum { CODE, NAME, FAMILY, UNIT, TITLE, MOBILE, PHONE, EMAIL, SKILLS, ROLE, FROM };

static const struct header_column columns[] = {
    [CODE] = {"Mã cán bộ|Mã CB|Mã CBCC|Mã NV|Mã|Mã nhân viên|Mã số|Staff code|Code", false},
    [NAME] = {"Họ và tên|Họ tên|Tên|Họ và tên cán bộ|Họ tên CB|Họ và tên CB|Họ tên cán bộ|"
              "Tên cán bộ|Cán bộ|Tên CB|Họ, tên|Họ và tên khai sinh|Họ và tên CBCC|Họ tên CBCCVC|"
              "Họ tên nhân viên|Nhân viên|Người phụ trách|Đầu mối|Cán bộ đầu mối|Full name|"
              "Given name|Name",
              true},
    [FAMILY] = {"Họ|Họ đệm|Họ và đệm|Họ và tên đệm|Họ và chữ lót|Họ lót|Họ và chữ đệm|Family name",
                .quiet = true},
    [UNIT] = {"Mã đơn vị|Đơn vị|Tên đơn vị|Cơ quan|Đơn vị công tác|Cơ quan, đơn vị|Nơi công tác|"
              "Cơ quan công tác|Mã ĐV|Mã CQ|Mã cơ quan|Tên ĐV|ĐV|Tên cơ quan|Tên cơ quan, đơn vị|"
              "Phòng, đơn vị|Phòng/đơn vị|Unit",
              false},
    [TITLE] = {"Chức vụ|Chức danh|Vị trí|Chức vụ, chức danh|Chức vụ/chức danh|Vị trí công tác|"
               "Vị trí việc làm|Chức vụ công tác|Chức vụ hiện tại|CV|Position|Title",
               false},
    [MOBILE] =
        {"Di động|Số điện thoại|Điện thoại|Điện thoại di động|Số di động|SĐT|ĐT|ĐTDĐ|"
         "Số ĐT|Số ĐTDĐ|SĐT di động|SĐT/Zalo|Zalo|ĐT/Zalo|Điện thoại/Zalo|Số điện thoại/Zalo|"
         "Số điện thoại di động|Di động/Zalo|Số ĐT di động|ĐT liên hệ|SĐT liên hệ|"
         "Điện thoại liên hệ|Số điện thoại liên hệ|Điện thoại 1|SĐT 1|Số điện thoại 1|"
         "Di động 1|SĐT cá nhân|Số ĐT cá nhân|Di động cá nhân|"
         "Mobile|Phone",
         false},
    [PHONE] = {"Điện thoại cơ quan|Điện thoại cố định|Cố định|Máy bàn|Điện thoại|Số điện thoại|"
               "Office phone",
               false},
    [EMAIL] = {"Thư điện tử|Email|E-mail|Thư công vụ|Hộp thư|Địa chỉ thư điện tử|Email công vụ|"
               "Thư điện tử công vụ|Hộp thư công vụ|Địa chỉ email|Email liên hệ|Mail công vụ|"
               "Địa chỉ thư điện tử công vụ|Địa chỉ thư công vụ|Hộp thư điện tử|Gmail|Mail",
               false},
    [SKILLS] = {"Kỹ năng|Chuyên môn|Năng lực|Trình độ chuyên môn|Skills", false},
    [ROLE] = {"Vai trò|Quyền|Nhiệm vụ|Nhiệm vụ được giao|Phân công nhiệm vụ|Phân công|"
              "Nhiệm vụ được phân công|Công việc được giao|Role",
              false},
    [FROM] = {"Từ ngày|Ngày bắt đầu|From", false},
};

static const msg_id hints[] = {
    [CODE] = MSG_IMPORT_HINT_PERSON_CODE, [NAME] = MSG_IMPORT_HINT_PERSON_NAME,
    [FAMILY] = MSG_IMPORT_HINT_FAMILY,    [UNIT] = MSG_IMPORT_HINT_OF_UNIT,
    [TITLE] = MSG_IMPORT_HINT_TITLE,      [MOBILE] = MSG_IMPORT_HINT_MOBILE,
    [PHONE] = MSG_IMPORT_HINT_PHONE,      [EMAIL] = MSG_IMPORT_HINT_EMAIL,
    [SKILLS] = MSG_IMPORT_HINT_SKILLS,    [ROLE] = MSG_IMPORT_HINT_ROLE,
    [FROM] = MSG_IMPORT_HINT_FROM,
};

/* What the sheet may call a role of canh; the column of the role's number says the rest. */
static const struct {
    const char *names;
    enum state_role role;
} roles[] = {
    {"duty|Cán bộ trực|Trực|Cán bộ trực ATTT|Trực ca|Trực ATTT|Người trực|Trực ban|"
     "Trực an toàn thông tin",
     STATE_DUTY},
    {"sysadmin|Quản trị hệ thống|Quản trị|Quản trị mạng|Quản trị viên|Cán bộ quản trị|"
     "Phụ trách CNTT|"
     "Cán bộ CNTT|Cán bộ công nghệ thông tin|Phụ trách công nghệ thông tin|Chuyên trách CNTT",
     STATE_SYSADMIN},
    {"head|Thủ trưởng|Thủ trưởng đơn vị|Lãnh đạo|Lãnh đạo đơn vị|Người đứng đầu|"
     "Thủ trưởng cơ quan|Lãnh đạo cơ quan",
     STATE_HEAD},
    {"responder|Thành viên đội ứng cứu|Đội ứng cứu|Ứng cứu sự cố|Ứng cứu|"
     "Thành viên đội ƯCSC|Đội ƯCSC|Thành viên ƯCSC|Đội ứng cứu sự cố|Thành viên đội ứng cứu sự cố",
     STATE_RESPONDER},
    {"coordinator|Điều phối|Trực điều phối|Điều phối viên|Cán bộ điều phối", STATE_COORDINATOR},
    {"official|Cán bộ|Công chức|Viên chức|Cán bộ, công chức", STATE_OFFICIAL},
    {"observer|Quan sát|Theo dõi", STATE_OBSERVER},
    {"admin|Quản trị canh", STATE_ADMIN},
};

/* A code for somebody who has none: the name without tones, so that the next import finds it. */
static struct slice code_of_name(struct work *w, struct slice name)
{
    struct buf key = BUF_INIT(2000);
    struct slice ret;

    viet_key(name, &key);
    for (size_t i = 0; i < key.len; i++)
        if (key.p[i] == ' ')
            key.p[i] = '-';
    ret = arena_dup(&w->scratch, buf_slice(&key));
    buf_done(&key);
    return ret;
}

/* The one whose name is most alike, if only one is. */
static int find_by_name(struct work *w, struct state_id unit, struct slice name,
                        struct state_person *x, struct err *err)
{
    struct known_match m;
    int r = known_people_read(&w->people, w->s, w->a, unit, err);

    if (r < 0)
        return r;
    m = known_people_find(&w->people, name);
    if (m.count == 0)
        return err_code(err, CE_NOT_FOUND);
    r = state_person_get(w->s, w->a, m.id, &w->scratch, x, err);
    if (r < 0)
        return r;
    if (m.how == OTHER_TONES)
        work_error(w, NAME, MSG_IMPORT_OTHER_TONES, SLICE_ARG(slice_brief(name)),
                   SLICE_ARG(slice_brief(x->name)));
    else if (m.count > 1)
        work_error(w, NAME, MSG_IMPORT_MANY_PEOPLE, SLICE_ARG(slice_brief(name)));
    return m.how == OTHER_TONES || m.count > 1 ? -CE_CONFLICT : 0;
}

/* 0 and the person; -CE_NOT_FOUND; other failures are noted. Without a code by name. */
static int people_find(struct work *w, struct state_id unit, struct slice code, struct slice name,
                       struct state_person *x)
{
    struct err err = ERR_INIT;
    int r = code.n ? state_person_find(w->s, w->a, unit, code, &w->scratch, x, &err)
                   : find_by_name(w, unit, name, x, &err);

    if (r < 0 && r != -CE_NOT_FOUND && r != -CE_CONFLICT)
        work_failed(w, &err);
    return r;
}

static bool same_person(const struct state_person *a, const struct state_person *b)
{
    return slice_eq(a->name, b->name) && slice_eq(a->title, b->title) &&
           slice_eq(a->skills, b->skills);
}

/* The contact of a person of that kind and position; version 0 when there is none. */
static int find_contact(struct work *w, const struct state_person *p, int32_t kind,
                        int32_t position, struct state_contact *x)
{
    struct state_query q = {.ref = p->id};
    struct state_contact *all = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;
    int r = state_contact_list(w->s, w->a, &q, &w->scratch, &all, &n, &err);

    *x = (struct state_contact){.unit = p->unit,
                                .person = p->id,
                                .kind = kind,
                                .position = position};
    if (r < 0) {
        work_failed(w, &err);
        return r;
    }
    for (size_t i = 0; i < n; i++)
        if (all[i].kind == kind && all[i].position == position)
            *x = all[i];
    return 0;
}

/* True when something was written. */
static bool write_contact(struct work *w, const struct state_person *p, int32_t kind,
                          int32_t position, struct slice value)
{
    struct state_contact x;
    struct err err = ERR_INIT;
    bool same = false;
    int r = 0;

    if (value.n == 0 || find_contact(w, p, kind, position, &x) < 0)
        return false;
    if (x.version != 0)
        r = state_contact_same(w->s, w->a, x.id, value, &same, &err);
    if (r == 0 && same)
        return false;
    x.value = value;
    if (r == 0)
        r = state_contact_put(w->s, w->a, &x, &err);
    if (r < 0)
        work_failed(w, &err);
    return r == 0;
}

/* The first of several in a cell, or what stands before a bracket: “0987 654 321 (Zalo)”; all of a
 * cell that begins with one. */
static struct slice first_of(struct slice cell)
{
    static const char *const ends[] = {";",   ",",      "/",    "\n",      "(",    " - ",
                                       " – ", " hoặc ", " và ", " máy lẻ", " ext", " số lẻ"};
    size_t end = cell.n;

    for (size_t i = 0; i < CANH_LEN(ends); i++)
        end = CANH_MIN(end, slice_find(cell, slice_str(ends[i])));
    return slice_trim(end > 0 ? slice_head(cell, end) : cell);
}

/* A text behind the first that is no remark in brackets is not taken over: told. */
static void note_rest(struct work *w, uint32_t column, struct slice cell, struct slice first)
{
    struct slice rest = slice_trim(slice_from(cell, (size_t)(first.p - cell.p) + first.n));
    bool remark = rest.n > 1 && rest.p[0] == '(' && rest.p[rest.n - 1] == ')';

    if (rest.n > 0 && !remark)
        work_note(w, column, true, MSG_IMPORT_FIRST_OF_CELL);
}

/* “DĐ: 0912 …”, “'0912 …”: the number alone. */
static struct slice without_label(struct slice cell)
{
    static const char labels[] =
        "đt|sđt|dđ|di động|điện thoại|đtdđ|zalo|mobile|tel|phone|máy bàn|cố định|cq|nr|hotline";
    size_t colon = slice_find_byte(cell, ':');

    if (colon < cell.n && words_any(labels, slice_head(cell, colon)))
        cell = slice_from(cell, colon + 1);
    if (cell.n > 0 && cell.p[0] == '\'') /* typed to keep a number's 0 */
        cell = slice_from(cell, 1);
    return slice_trim(cell);
}

/* “-”, “không có”: no number or address, said. */
static bool is_none(struct slice cell)
{
    static const char none[] = "không|không có|chưa có|chưa|chưa cập nhật|trống|n/a|none";
    struct buf key = BUF_INIT(1000);
    bool empty;

    viet_key(slice_head(cell, 200), &key);
    empty = slice_trim(buf_slice(&key)).n == 0;
    buf_done(&key);
    return empty || words_any(none, cell);
}

/* A phone cell as E.164 or a short number; numbers that lost their 0 get it back. */
static struct slice read_phone(struct work *w, uint32_t column)
{
    struct slice cell = work_text(w, column);
    char e164[PHONE_SIZE];
    struct slice ret = SLICE_NULL, first = first_of(without_label(cell));
    const struct cell one = {.p = first.p, .n = (uint32_t)first.n, .kind = CELL_TEXT};
    int r;

    if (is_none(cell))
        return SLICE_NULL;
    r = cell_phone(header_cell(&w->header, w->row, column), e164);
    if (r < 0 && r != -CE_UNKNOWN && first.n < cell.n && phone_short(cell, e164) < 0 &&
        cell_phone(&one, e164) == 0) {
        note_rest(w, column, cell, first);
        r = 0;
    }
    if (r == -CE_UNKNOWN)
        work_error(w, column, MSG_IMPORT_OLD_PHONE, SLICE_ARG(slice_brief(cell)));
    else if (r == 0 || phone_short(cell, e164) == 0)
        ret = arena_dup(&w->scratch, slice_str(e164));
    else
        work_error(w, column, MSG_IMPORT_BAD_PHONE, SLICE_ARG(slice_brief(cell)));
    return ret;
}

static struct slice read_email(struct work *w)
{
    struct slice whole = work_text(w, EMAIL), cell = first_of(whole);
    size_t at = slice_find_byte(cell, '@');

    if (is_none(whole))
        return SLICE_NULL;
    if (cell.n < whole.n)
        note_rest(w, EMAIL, whole, cell);
    if (cell.n &&
        (at == SIZE_MAX || at == 0 || at + 1 == cell.n || slice_find_byte(cell, ' ') != SIZE_MAX)) {
        work_error(w, EMAIL, MSG_IMPORT_BAD_EMAIL, SLICE_ARG(slice_brief(cell)));
        return SLICE_NULL;
    }
    return cell;
}

static enum state_role role_of(struct slice word)
{
    for (size_t i = 0; i < CANH_LEN(roles); i++) {
        struct slice rest = slice_str(roles[i].names), name;

        while (slice_cut(&rest, '|', &name))
            if (viet_same(name, word))
                return roles[i].role;
    }
    return STATE_ROLE_NONE;
}

/* The known words for roles in the reader's language: the first of a row is English. */
static void name_roles(enum lang lang, struct buf *out)
{
    for (size_t i = 0; i < CANH_LEN(roles); i++) {
        struct slice rest = slice_str(roles[i].names), name = SLICE_NULL;

        (void)slice_cut(&rest, '|', &name);
        if (lang == LANG_VI)
            (void)slice_cut(&rest, '|', &name);
        buf_puts(out, i ? "; " : "");
        buf_append_slice(out, name);
    }
}

static bool write_grant(struct work *w, const struct state_person *p, enum state_role role)
{
    struct state_query q = {.ref = p->id, .from = w->now, .to = w->now + 1};
    struct state_grant *all = NULL, x = {.unit = p->unit,
                                         .person = p->id,
                                         .role = role,
                                         .source = slice_head(w->opt->source, 1000)};
    struct err err = ERR_INIT;
    size_t n = 0;
    int r = state_grant_list(w->s, w->a, &q, &w->scratch, &all, &n, &err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (all[i].role == (int32_t)role && id_eq(all[i].unit, p->unit))
            return false;
    if (r == 0)
        r = state_grant_put(w->s, w->a, &x, &err);
    if (r < 0)
        work_failed(w, &err);
    return r == 0;
}

static bool write_role(struct work *w, const struct state_person *p, struct slice word)
{
    enum state_role role = role_of(word);
    struct buf known = BUF_INIT(2000);

    if (word.n == 0)
        return false;
    if (role != STATE_ROLE_NONE)
        return write_grant(w, p, role);
    name_roles(w->opt->lang, &known);
    work_error(w, ROLE, MSG_IMPORT_UNKNOWN_GRANT, SLICE_ARG(slice_brief(word)), buf_cstr(&known));
    buf_done(&known);
    return false;
}

/* Roles apart by semicolons, lines, commas, / or +; what the sheet no longer names is not taken
 * away. */
static bool write_roles(struct work *w, const struct state_person *p)
{
    static const char joints[] = {',', '/', '+'};
    struct slice cell = work_text(w, ROLE);
    bool changed = false;

    while (cell.n > 0) {
        size_t end = 0;

        while (end < cell.n && cell.p[end] != ';' && cell.p[end] != '\n')
            end++;
        for (size_t i = 0; i < CANH_LEN(joints); i++) {
            /* “Cán bộ, công chức” is one */
            if (role_of(slice_head(cell, end)) == STATE_ROLE_NONE)
                end = CANH_MIN(end, slice_find_byte(cell, joints[i]));
        }
        changed = write_role(w, p, slice_trim(slice_head(cell, end))) || changed;
        cell = slice_from(cell, end + 1);
    }
    return changed;
}

static enum import_change write_all(struct work *w, struct state_person *x, bool is_new,
                                    bool changed)
{
    struct slice mobile = read_phone(w, MOBILE), phone = read_phone(w, PHONE);
    struct slice email = read_email(w);
    struct err err = ERR_INIT;

    if (w->bad)
        return IMPORT_FAILED;
    if ((is_new || changed) && state_person_put(w->s, w->a, x, &err) < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    if (known_people_note(&w->people, x, &err) < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    if (is_new)
        (void)work_first(w, NAME, x->id, true);
    changed = write_contact(w, x, STATE_CONTACT_MOBILE, 1, mobile) || changed;
    changed = write_contact(w, x, STATE_CONTACT_EMAIL, 2, email) || changed;
    changed = write_contact(w, x, STATE_CONTACT_PHONE, 3, phone) || changed;
    changed = write_roles(w, x) || changed;
    return is_new ? IMPORT_ADDED : changed ? IMPORT_CHANGED : IMPORT_SAME;
}

/* One heading “Họ và tên” over two columns. */
static bool is_double_heading(const struct work *w)
{
    const struct row *head = &w->sheet->rows[w->header.row_index];
    uint32_t col = w->header.col[NAME];
    const struct cell *a = row_cell(head, col), *b = row_cell(head, col + 1);

    return !(a->flags & CELL_COVERED) && (b->flags & CELL_COVERED) &&
           slice_eq(cell_text(a), cell_text(b));
}

/* One person a row: “Lê An, Đỗ Bình” are two, and “(2)” is none. */
static void collect_one(struct work *w, struct slice name)
{
    static const char *const joints[] = {"\n", ",", ";", "/", "+", " và ", " & "};
    struct buf key = BUF_INIT(4096);
    bool letters = false;

    viet_key(name, &key);
    for (size_t i = 0; i < key.len; i++)
        letters = letters || ascii_is_lower(key.p[i]);
    buf_done(&key);
    if (!letters)
        work_error(w, NAME, MSG_IMPORT_NO_NAME, SLICE_ARG(slice_brief(name)));
    for (size_t i = 0; letters && i < CANH_LEN(joints); i++) {
        if (slice_find(name, slice_str(joints[i])) == SIZE_MAX)
            continue;
        work_error(w, NAME, MSG_IMPORT_SEVERAL_PEOPLE, SLICE_ARG(slice_brief(name)));
        return;
    }
}

/* What stands behind a name is its position, or told. */
static void note_name(struct work *w, struct slice cell, struct slice name,
                      struct slice *ret_position)
{
    size_t at = (size_t)(name.p - cell.p) + name.n;
    size_t end = ret_position->n > 0 ? (size_t)(ret_position->p - cell.p) : cell.n;
    struct slice rest = slice_trim(slice_head(slice_from(cell, at), end - at));

    collect_one(w, name);
    if (rest.n > 2 && rest.p[0] == '(' && rest.p[rest.n - 1] == ')')
        rest = slice_trim(slice_head(slice_from(rest, 1), rest.n - 2));
    if (ret_position->n == 0 && words_is_position(rest))
        *ret_position = rest;
    else if (rest.n > 0 && !is_none(rest))
        work_note(w, NAME, true, MSG_IMPORT_BEHIND_NAME);
}

/* Family and given names may have columns of their own, or one heading over both. What stands
 * around a name is no part of it; a position behind it is one. */
static struct slice read_name(struct work *w, struct slice *ret_position)
{
    struct slice given = work_needed(w, NAME), family = work_text(w, FAMILY);
    struct buf whole = BUF_INIT(4096);
    const struct cell *next = row_cell(w->row, w->header.col[NAME] + 1);

    if (w->header.col[FAMILY] == 0 && w->header.col[NAME] > 0 && is_double_heading(w) &&
        !(next->flags & CELL_COVERED)) {
        family = given;
        given = slice_trim(cell_text(next));
    }
    buf_append_slice(&whole, family);
    if (family.n && given.n)
        buf_putc(&whole, ' ');
    buf_append_slice(&whole, given);
    given = arena_dup(&w->scratch, buf_slice(&whole));
    buf_done(&whole);
    family = words_person(given, ret_position);
    if (family.n > 0)
        note_name(w, given, family, ret_position);
    return family;
}

static enum import_change people_write(struct work *w, struct slice *ret_what)
{
    struct slice position, code = work_text(w, CODE), name = read_name(w, &position);
    struct state_id unit = work_unit(w, UNIT);
    struct state_person x = {.version = 0}, before;
    bool bare; /* without a number: nothing by which two of one name differ */
    int r;

    *ret_what = name;
    if (w->bad)
        return IMPORT_FAILED;
    r = people_find(w, unit, code, name, &x);
    if (r < 0 && r != -CE_NOT_FOUND)
        return IMPORT_FAILED;
    if (r == -CE_NOT_FOUND)
        x = (struct state_person){.unit = unit,
                                  .code = code.n ? code : code_of_name(w, name),
                                  .invented = w->opt->invented};
    before = x;
    /* capitals or missing tones say nothing new of a known name */
    if (x.version == 0 || people_liken(x.name, name) < TONELESS ||
        (people_liken(x.name, name) == TONELESS && words_has_tones(name)))
        x.name = name;
    x.title = position.n ? position : x.title;
    work_replace(w, TITLE, &x.title);
    work_replace(w, SKILLS, &x.skills);
    if (x.version == 0)
        work_date(w, FROM, &x.valid_from);
    bare = work_text(w, MOBILE).n + work_text(w, EMAIL).n + work_text(w, PHONE).n == 0;
    if (x.version != 0 &&
        !work_first(w, code.n ? CODE : NAME, x.id, bare && same_person(&x, &before)))
        return IMPORT_FAILED;
    return write_all(w, &x, before.version == 0, !same_person(&x, &before));
}

const struct importer import_people = {.columns = columns,
                                       .hints = hints,
                                       .column_count = CANH_LEN(columns),
                                       .unit = UNIT,
                                       .put = people_write};
