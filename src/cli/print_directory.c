/* SPDX-License-Identifier: Apache-2.0 */
/* Danh bạ khẩn, and how people are reached on other papers. */
#include "cli/print_duty.h"
#include "lang/collate.h"
#include "lang/value.h"

enum { PHONES_MAX = 4 };

/* -- contacts -------------------------------------------------------------------------------- */

bool sheet_is_phone(const struct state_contact *c)
{
    return c->kind == STATE_CONTACT_MOBILE || c->kind == STATE_CONTACT_PHONE;
}

/* The value as people dial it, or the hint when values are not wanted. */
int sheet_put_value(struct duty_sheet *d, const struct state_contact *c, struct buf *out)
{
    struct buf value = BUF_INIT(4096);
    struct err err = ERR_INIT;
    int r = 0;

    if (c->hint.n == 0)
        return 0;
    if (out->len)
        buf_putc(out, '\n');
    if (d->o->masked) {
        buf_put_slice(out, c->hint);
        return 0;
    }
    r = state_contact_reveal(d->s.st.s, &d->s.st.actor, c->id, &value, &err);
    if (r == 0 && sheet_is_phone(c) && value.len > 0 && value.p[0] == '+')
        phone_put(out, buf_slice(&value));
    else if (r == 0)
        buf_put_slice(out, buf_slice(&value));
    buf_done(&value);
    return r < 0 ? ledger_fail(&d->s.st, &err) : 0;
}

/* Phones of a person in the order to try them. */
int sheet_phones(struct duty_sheet *d, struct state_id person, struct buf *out)
{
    struct state_query q = {.ref = person};
    struct state_contact *rows;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n, put = 0;

    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n && put < PHONES_MAX; i++) {
        if (!sheet_is_phone(&rows[i]) || rows[i].hint.n == 0)
            continue;
        status = sheet_put_value(d, &rows[i], out);
        put++;
    }
    return status;
}

/* -- danh bạ --------------------------------------------------------------------------------- */

struct directory {
    struct duty_sheet *d;
    struct viet *viet;
    struct print_contact *items;
    size_t count, max;
};

/* One person, or one role of the unit, with all ways to reach them. */
static int put_contact(struct directory *dir, const struct state_contact *rows, size_t n,
                       struct slice group, struct slice name, struct slice role)
{
    struct duty_sheet *d = dir->d;
    struct print_contact *to = &dir->items[dir->count];
    struct buf phones = BUF_INIT(64 * 1024), mail = BUF_INIT(64 * 1024);
    int64_t proven = 0;
    int status = 0;

    if (dir->count == dir->max)
        return 0;
    for (size_t i = 0; status == 0 && i < n; i++) {
        status = sheet_put_value(d, &rows[i], sheet_is_phone(&rows[i]) ? &phones : &mail);
        proven = CANH_MAX(proven, rows[i].proven_at);
    }
    *to = (struct print_contact){.group = group,
                                 .name = name,
                                 .role = role,
                                 .phones = sheet_keep(d, &phones),
                                 .mail = sheet_keep(d, &mail),
                                 .proven = proven ? papers_day(proven) : PRINT_NEVER};
    dir->count++;
    return status;
}

static int put_person(struct directory *dir, const struct state_person *p, struct slice group)
{
    struct state_query q = {.ref = p->id};
    struct duty_sheet *d = dir->d;
    struct state_contact *rows;
    struct err err = ERR_INIT;
    size_t n;

    if (p->valid_from > d->r.now || p->valid_to <= d->r.now)
        return 0;
    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    return n ? put_contact(dir, rows, n, group, p->name, p->title) : 0;
}

/* Roles without a person: NCSC, the named officer …; empty until somebody fills them in. */
static int put_roles(struct directory *dir, struct state_id unit, struct slice group)
{
    struct state_query q = {.unit = unit};
    struct duty_sheet *d = dir->d;
    struct state_contact *rows;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n;

    if (state_contact_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (id_is_none(rows[i].person))
            status = put_contact(dir, &rows[i], 1, group, rows[i].label, SLICE(""));
    }
    return status;
}

static int put_unit(struct directory *dir, const struct state_unit *u)
{
    struct state_query q = {.unit = u->id};
    struct duty_sheet *d = dir->d;
    struct state_person *rows;
    struct err err = ERR_INIT;
    int status = put_roles(dir, u->id, u->name);
    size_t n;

    if (status == 0 &&
        state_person_list(d->s.st.s, &d->s.st.actor, &q, &d->s.st.arena, &rows, &n, &err) < 0)
        status = ledger_fail(&d->s.st, &err);
    for (size_t i = 1; status == 0 && i < n; i++) {
        struct state_person x = rows[i];
        size_t k = i;

        for (; k > 0 && viet_cmp_name(dir->viet, rows[k - 1].name, x.name) > 0; k--)
            rows[k] = rows[k - 1];
        rows[k] = x;
    }
    for (size_t i = 0; status == 0 && i < n; i++)
        status = put_person(dir, &rows[i], u->name);
    return status;
}

int sheet_directory(struct duty_sheet *d)
{
    struct directory dir = {.d = d, .max = 5000};
    struct print_directory sheet = {.head = d->s.head};
    struct state_unit *units;
    struct err err = ERR_INIT;
    int status = 0;
    size_t n;

    dir.items = sheet_room(d, dir.max, sizeof(*dir.items));
    if (!dir.items)
        return sheet_no_memory(d);
    if (state_units_at(d->s.st.s, &d->s.st.actor, d->r.now, &d->s.st.arena, &units, &n, &err) < 0 ||
        viet_new(&dir.viet, &err) < 0)
        return ledger_fail(&d->s.st, &err);
    for (size_t i = 0; status == 0 && i < n; i++) {
        if (id_eq(units[i].id, d->s.unit.id) ||
            state_unit_below(d->s.st.s, units[i].id, d->s.unit.id, d->r.now))
            status = put_unit(&dir, &units[i]);
    }
    (void)viet_free(dir.viet);
    sheet.contacts = dir.items;
    sheet.count = dir.count;
    if (status == 0)
        print_directory(&d->s.paper, &sheet);
    return status;
}
