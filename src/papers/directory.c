/* SPDX-License-Identifier: Apache-2.0 */
/* Danh bạ khẩn, and how people are reached on other papers. */
#include "base/time.h"
#include "lang/collate.h"
#include "lang/err_papers.h"
#include "lang/value.h"
#include "papers/papers_build.h"

enum { PHONES_MAX = 4, CONTACTS_MAX = 5000 };

bool papers_is_phone(const struct state_contact *c)
{
    return c->kind == STATE_CONTACT_MOBILE || c->kind == STATE_CONTACT_PHONE;
}

/* The value as people dial it, or the hint when values are not wanted. */
int papers_write_contact(struct papers_ctx *p, const struct state_contact *c, bool masked,
                         struct buf *out, struct err *err)
{
    struct buf value = BUF_INIT(4096);
    int r = 0;

    if (c->hint.n == 0)
        return 0;
    if (out->len)
        buf_putc(out, '\n');
    if (masked) {
        buf_append_slice(out, c->hint);
        return 0;
    }
    r = state_contact_reveal(p->s, &p->actor, c->id, &value, err);
    if (r == 0 && papers_is_phone(c) && value.len > 0 && value.p[0] == '+')
        phone_write(out, buf_slice(&value));
    else if (r == 0)
        buf_append_slice(out, buf_slice(&value));
    buf_done(&value);
    return r;
}

/* Phones of a person in the order to try them. */
int papers_write_phones(struct papers_ctx *p, struct state_id person, bool masked, struct buf *out,
                        struct err *err)
{
    struct state_query q = {.ref = person};
    struct state_contact *rows = NULL;
    size_t n = 0, put = 0;
    int r = state_contact_list(p->s, &p->actor, &q, p->arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (!papers_is_phone(&rows[i]) || rows[i].hint.n == 0)
            continue;
        if (put++ < PHONES_MAX)
            r = papers_write_contact(p, &rows[i], masked, out, err);
    }
    if (put > PHONES_MAX)
        buf_printf(out, "\n+%zu", put - PHONES_MAX);
    return r;
}

struct directory {
    struct papers_ctx *p;
    struct viet *viet;
    struct print_contact *items;
    size_t count;
    bool masked;
    int64_t now;
    struct err *err;
};

/* One person, or one role of the unit, with all ways to reach them. */
static int write_contact(struct directory *dir, const struct state_contact *rows, size_t n,
                         struct slice group, struct slice name, struct slice role)
{
    struct print_contact *to = &dir->items[dir->count];
    struct buf phones = BUF_INIT(64 * 1024), mail = BUF_INIT(64 * 1024);
    int64_t proven = 0;
    int r = 0;

    if (dir->count == CONTACTS_MAX)
        return err_fail(dir->err, CE_TOO_BIG, ERR_PAPERS_TOO_MANY_PEOPLE, CONTACTS_MAX);
    for (size_t i = 0; r == 0 && i < n; i++) {
        r = papers_write_contact(dir->p, &rows[i], dir->masked,
                                 papers_is_phone(&rows[i]) ? &phones : &mail, dir->err);
        proven = CANH_MAX(proven, rows[i].proven_at);
    }
    *to = (struct print_contact){.group = group,
                                 .name = name,
                                 .role = role,
                                 .phones = papers_keep(dir->p, &phones),
                                 .mail = papers_keep(dir->p, &mail),
                                 .proven = proven ? papers_day(proven) : PRINT_NEVER};
    dir->count++;
    return r;
}

static int write_person(struct directory *dir, const struct state_person *x, struct slice group)
{
    struct state_query q = {.ref = x->id};
    struct papers_ctx *p = dir->p;
    struct state_contact *rows;
    size_t n;
    int r;

    if (x->valid_from > dir->now || x->valid_to <= dir->now)
        return 0;
    r = state_contact_list(p->s, &p->actor, &q, p->arena, &rows, &n, dir->err);
    return r == 0 && n ? write_contact(dir, rows, n, group, x->name, x->title) : r;
}

/* Roles without a person: NCSC, the named officer …; empty until somebody fills them in. */
static int write_roles(struct directory *dir, struct state_id unit, struct slice group)
{
    struct state_query q = {.unit = unit};
    struct papers_ctx *p = dir->p;
    struct state_contact *rows = NULL;
    size_t n = 0;
    int r = state_contact_list(p->s, &p->actor, &q, p->arena, &rows, &n, dir->err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (id_is_none(rows[i].person))
            r = write_contact(dir, &rows[i], 1, group, rows[i].label, SLICE(""));
    }
    return r;
}

/* A person and when their turn to be called comes. */
struct callee {
    const struct state_person *person;
    unsigned turn;
};

/* As those on duty are told (plans/duty.yaml): who stands shifts, who mends, the others, the head.
 */
static unsigned turn_of(const struct state_grant *grants, size_t n, struct state_id person,
                        int64_t now)
{
    static const unsigned turns[STATE_ROLE_MAX] = {
        [STATE_ROLE_NONE] = 2, [STATE_OBSERVER] = 2,  [STATE_OFFICIAL] = 2,    [STATE_SYSADMIN] = 1,
        [STATE_HEAD] = 3,      [STATE_RESPONDER] = 1, [STATE_COORDINATOR] = 1, [STATE_ADMIN] = 2};
    unsigned turn = STATE_ROLE_MAX;

    for (size_t i = 0; i < n; i++) {
        if (id_eq(grants[i].person, person) && grants[i].role < STATE_ROLE_MAX &&
            grants[i].valid_from <= now && grants[i].valid_to > now)
            turn = CANH_MIN(turn, turns[grants[i].role]);
    }
    return turn == STATE_ROLE_MAX ? 2 : turn;
}

/* In the order to call; at one turn by given name. */
static void sort_callees(struct directory *dir, struct callee *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct callee x = v[i];
        size_t k = i;

        for (; k > 0; k--) {
            const struct callee *y = &v[k - 1];

            if (y->turn < x.turn || (y->turn == x.turn && viet_cmp_name(dir->viet, y->person->name,
                                                                        x.person->name) <= 0))
                break;
            v[k] = *y;
        }
        v[k] = x;
    }
}

static int write_unit(struct directory *dir, const struct state_unit *u)
{
    struct state_query q = {.unit = u->id};
    struct papers_ctx *p = dir->p;
    struct state_person *rows = NULL;
    struct state_grant *grants = NULL;
    struct callee *order;
    size_t n = 0, grant_count = 0;
    int r = write_roles(dir, u->id, u->name);

    if (r == 0)
        r = state_person_list(p->s, &p->actor, &q, p->arena, &rows, &n, dir->err);
    if (r == 0)
        r = state_grant_list(p->s, &p->actor, &q, p->arena, &grants, &grant_count, dir->err);
    if (r < 0)
        return r;
    order = arena_new_array(p->arena, n + 1, struct callee);
    if (!order)
        return err_nomem(dir->err);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct callee){&rows[i], turn_of(grants, grant_count, rows[i].id, dir->now)};
    sort_callees(dir, order, n);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_person(dir, order[i].person, u->name);
    return r;
}

int papers_directory(struct papers_ctx *p, bool masked, struct err *err)
{
    struct directory dir = {.p = p,
                            .items = arena_new_array(p->arena, CONTACTS_MAX, struct print_contact),
                            .masked = masked,
                            .now = state_now(p->s),
                            .err = err};
    struct print_directory sheet = {.head = p->head};
    struct state_unit *units = NULL;
    size_t n = 0;
    int r = dir.items ? state_units_at(p->s, &p->actor, dir.now, p->arena, &units, &n, err)
                      : err_nomem(err);

    if (r == 0)
        r = viet_new(&dir.viet, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (id_eq(units[i].id, p->unit.id) ||
            state_unit_below(p->s, units[i].id, p->unit.id, dir.now))
            r = write_unit(&dir, &units[i]);
    }
    (void)viet_free(dir.viet);
    sheet.contacts = dir.items;
    sheet.count = dir.count;
    if (r == 0)
        print_directory(&p->paper, &sheet);
    return r;
}
