/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of people, with how to reach them and what they may do. */
#include "import/work.h"
#include "lang/collate.h"
#include "lang/msg_import.h"
#include "lang/value.h"
#include "state/people.h"

enum { CODE, NAME, UNIT, TITLE, MOBILE, PHONE, EMAIL, SKILLS, ROLE, FROM };

static const struct header_column columns[] = {
    [CODE] = {"Mã cán bộ|Mã|Mã nhân viên|Mã số|Staff code|Code", false},
    [NAME] = {"Họ và tên|Họ tên|Tên|Tên cán bộ|Cán bộ|Full name|Name", true},
    [UNIT] = {"Mã đơn vị|Đơn vị|Tên đơn vị|Cơ quan|Đơn vị công tác|Unit", false},
    [TITLE] = {"Chức vụ|Chức danh|Vị trí|Position|Title", false},
    [MOBILE] = {"Di động|Số điện thoại|Điện thoại|Điện thoại di động|Số di động|SĐT|ĐT|ĐTDĐ|Mobile|"
                "Phone",
                false},
    [PHONE] = {"Điện thoại cơ quan|Điện thoại cố định|Cố định|Máy bàn|Điện thoại|Số điện thoại|"
               "Office phone",
               false},
    [EMAIL] = {"Thư điện tử|Email|E-mail|Thư công vụ|Hộp thư|Địa chỉ thư điện tử|Mail", false},
    [SKILLS] = {"Kỹ năng|Chuyên môn|Năng lực|Skills", false},
    [ROLE] = {"Vai trò|Quyền|Role", false},
    [FROM] = {"Từ ngày|Ngày bắt đầu|From", false},
};

static const msg_id hints[] = {
    [CODE] = MSG_IMPORT_HINT_PERSON_CODE, [NAME] = MSG_IMPORT_HINT_PERSON_NAME,
    [UNIT] = MSG_IMPORT_HINT_OF_UNIT,     [TITLE] = MSG_IMPORT_HINT_TITLE,
    [MOBILE] = MSG_IMPORT_HINT_MOBILE,    [PHONE] = MSG_IMPORT_HINT_PHONE,
    [EMAIL] = MSG_IMPORT_HINT_EMAIL,      [SKILLS] = MSG_IMPORT_HINT_SKILLS,
    [ROLE] = MSG_IMPORT_HINT_ROLE,        [FROM] = MSG_IMPORT_HINT_FROM,
};

/* What the sheet may call a role of canh; the column of the role's number says the rest. */
static const struct {
    const char *names;
    enum state_role role;
} roles[] = {
    {"duty|Cán bộ trực|Trực|Cán bộ trực ATTT", STATE_DUTY},
    {"sysadmin|Quản trị hệ thống|Quản trị|Quản trị mạng", STATE_SYSADMIN},
    {"head|Thủ trưởng|Thủ trưởng đơn vị|Lãnh đạo|Lãnh đạo đơn vị", STATE_HEAD},
    {"responder|Thành viên đội ứng cứu|Đội ứng cứu|Ứng cứu sự cố", STATE_RESPONDER},
    {"coordinator|Điều phối|Trực điều phối", STATE_COORDINATOR},
    {"official|Cán bộ|Công chức|Viên chức|Cán bộ, công chức", STATE_OFFICIAL},
    {"observer|Quan sát|Theo dõi", STATE_OBSERVER},
    {"admin|Quản trị canh", STATE_ADMIN},
};

/* -- the person ------------------------------------------------------------------------------ */

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

/* 0 and the person; -CE_NOT_FOUND; other failures are noted. Without a code by name, if only one
 * has it. */
static int find(struct work *w, struct state_id unit, struct slice code, struct slice name,
                struct state_person *x)
{
    struct state_query q = {.unit = unit};
    struct state_person *all = NULL;
    struct err err = ERR_INIT;
    size_t n = 0, same = 0;
    int r;

    if (code.n) {
        r = state_person_find(w->s, w->a, unit, code, &w->scratch, x, &err);
    } else {
        r = state_person_list(w->s, w->a, &q, &w->scratch, &all, &n, &err);
        for (size_t i = 0; r == 0 && i < n; i++) {
            if (!viet_same(all[i].name, name))
                continue;
            *x = all[i];
            same++;
        }
        if (same > 1)
            work_error(w, NAME, MSG_IMPORT_MANY_PEOPLE, SLICE_ARG(slice_brief(name)));
        if (r == 0)
            return same == 1 ? 0 : same ? -CE_CONFLICT : -CE_NOT_FOUND;
    }
    if (r < 0 && r != -CE_NOT_FOUND)
        work_failed(w, &err);
    return r;
}

static bool same_person(const struct state_person *a, const struct state_person *b)
{
    return slice_eq(a->name, b->name) && slice_eq(a->title, b->title) &&
           slice_eq(a->skills, b->skills);
}

/* -- contacts -------------------------------------------------------------------------------- */

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
static bool put_contact(struct work *w, const struct state_person *p, int32_t kind,
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

/* A phone cell as E.164 or a short number; numbers that lost their 0 get it back. */
static struct slice take_phone(struct work *w, uint32_t column)
{
    struct slice cell = work_text(w, column);
    char e164[PHONE_SIZE];
    struct slice ret = SLICE_NULL;
    int r;

    if (cell.n == 0)
        return SLICE_NULL;
    r = cell_phone(header_cell(&w->header, w->row, column), e164);
    if (r == -CE_UNKNOWN)
        work_error(w, column, MSG_IMPORT_OLD_PHONE, SLICE_ARG(slice_brief(cell)));
    else if (r == 0 || phone_short(cell, e164) == 0)
        ret = arena_dup(&w->scratch, slice_str(e164));
    else
        work_error(w, column, MSG_IMPORT_BAD_PHONE, SLICE_ARG(slice_brief(cell)));
    return ret;
}

static struct slice take_email(struct work *w)
{
    struct slice cell = work_text(w, EMAIL);
    size_t at = slice_find_byte(cell, '@');

    if (cell.n &&
        (at == SIZE_MAX || at == 0 || at + 1 == cell.n || slice_find_byte(cell, ' ') != SIZE_MAX)) {
        work_error(w, EMAIL, MSG_IMPORT_BAD_EMAIL, SLICE_ARG(slice_brief(cell)));
        return SLICE_NULL;
    }
    return cell;
}

/* -- roles ----------------------------------------------------------------------------------- */

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

static bool put_grant(struct work *w, const struct state_person *p, enum state_role role)
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

/* Roles apart by semicolons; what the sheet no longer names is not taken away. */
static bool put_roles(struct work *w, const struct state_person *p)
{
    struct slice cell = work_text(w, ROLE), part;
    bool changed = false;

    while (cell.n && slice_cut(&cell, ';', &part)) {
        struct slice word = slice_trim(part);
        enum state_role role = role_of(word);

        if (word.n == 0)
            continue;
        if (role == STATE_ROLE_NONE)
            work_error(w, ROLE, MSG_IMPORT_UNKNOWN_GRANT, SLICE_ARG(slice_brief(word)));
        else
            changed = put_grant(w, p, role) || changed;
    }
    return changed;
}

/* -- the row --------------------------------------------------------------------------------- */

static enum import_change put_all(struct work *w, struct state_person *x, bool is_new, bool changed)
{
    struct slice mobile = take_phone(w, MOBILE), phone = take_phone(w, PHONE);
    struct slice email = take_email(w);
    struct err err = ERR_INIT;

    if (w->bad)
        return IMPORT_FAILED;
    if ((is_new || changed) && state_person_put(w->s, w->a, x, &err) < 0)
        return work_failed(w, &err), IMPORT_FAILED;
    if (is_new)
        (void)work_first(w, NAME, x->id, true);
    changed = put_contact(w, x, STATE_CONTACT_MOBILE, 1, mobile) || changed;
    changed = put_contact(w, x, STATE_CONTACT_EMAIL, 2, email) || changed;
    changed = put_contact(w, x, STATE_CONTACT_PHONE, 3, phone) || changed;
    changed = put_roles(w, x) || changed;
    return is_new ? IMPORT_ADDED : changed ? IMPORT_CHANGED : IMPORT_SAME;
}

static enum import_change put(struct work *w, struct slice *ret_what)
{
    struct slice code = work_text(w, CODE), name = work_needed(w, NAME);
    struct state_id unit = work_unit(w, UNIT);
    struct state_person x = {.version = 0}, before;
    bool bare; /* without a number: nothing by which two of one name differ */
    int r;

    *ret_what = name;
    if (w->bad)
        return IMPORT_FAILED;
    r = find(w, unit, code, name, &x);
    if (r < 0 && r != -CE_NOT_FOUND)
        return IMPORT_FAILED;
    if (r == -CE_NOT_FOUND)
        x = (struct state_person){.unit = unit,
                                  .code = code.n ? code : code_of_name(w, name),
                                  .invented = w->opt->invented};
    before = x;
    x.name = name;
    work_take(w, TITLE, &x.title);
    work_take(w, SKILLS, &x.skills);
    if (x.version == 0)
        work_date(w, FROM, &x.valid_from);
    bare = work_text(w, MOBILE).n + work_text(w, EMAIL).n + work_text(w, PHONE).n == 0;
    if (x.version != 0 &&
        !work_first(w, code.n ? CODE : NAME, x.id, bare && same_person(&x, &before)))
        return IMPORT_FAILED;
    return put_all(w, &x, before.version == 0, !same_person(&x, &before));
}

const struct importer import_people = {columns, hints, CANH_LEN(columns), put};
