/* SPDX-License-Identifier: Apache-2.0 */
/* Danh sách gọi: of each post of a unit who is called, in which order, after how many minutes. */
#include "base/time.h"
#include "lang/msg_papers.h"
#include "papers/papers_build.h"
#include "report/print_common.h"

enum { COLUMNS = 5 };

#define TEXT(list, id) slice_str(lang_text((list)->p->lang, id))

/* A list being laid out. */
struct call_list {
    struct papers_ctx *p;
    const struct duty_load *load;
    struct paper_table *table;
    bool masked;
    unsigned number; /* of the last row of the group */
    struct err *err;
};

static void write_group(struct call_list *l, struct slice text)
{
    struct paper_row *row = paper_row(l->table, 0);
    struct paper_cell *cell = paper_cell(l->table, COLUMNS, 1);

    l->number = 0;
    if (row)
        row->keep_next = true;
    if (cell) {
        cell->fill = PRINT_SHADE;
        (void)paper_para(&cell->flow, &print_bold, text);
    }
}

/* One to call; the last cell is for the pen. */
static void write_row(struct call_list *l, struct slice when, struct slice name, struct slice role,
                      struct slice phones)
{
    struct buf number = BUF_INIT(100);
    struct paper_cell *cell;

    (void)paper_row(l->table, 0);
    buf_append_u64(&number, ++l->number);
    (void)print_cell(l->table, &print_centre, buf_slice(&number));
    (void)print_cell(l->table, &print_centre, when);
    cell = print_cell(l->table, &print_bold, name);
    if (cell && role.n)
        (void)paper_para(&cell->flow, &print_plain, role);
    cell = phones.n ? print_cell(l->table, &print_bold, phones)
                    : print_cell(l->table, &print_plain, TEXT(l, MSG_PAPERS_CALL_NO_PHONE));
    if (cell && phones.n == 0)
        cell->fill = PRINT_RED;
    (void)print_cell(l->table, &print_plain, SLICE(""));
    buf_done(&number);
}

static const msg_id call_roles[DUTY_TELL_MAX] = {
    [DUTY_TELL_PERSON] = MSG_PAPERS_CALL_PERSON,
    [DUTY_TELL_DEPUTY] = MSG_PAPERS_CALL_DEPUTY,
    [DUTY_TELL_HEAD] = MSG_PAPERS_CALL_HEAD,
    [DUTY_TELL_HUB] = MSG_PAPERS_CALL_HUB,
};

/* “Thủ trưởng · Phó Giám đốc · Sở A”: as what, by which position, and of which other unit. */
static struct slice role_of(struct call_list *l, enum duty_tell tell,
                            const struct state_person *person)
{
    const struct state_actor sys = state_actor_system();
    struct papers_ctx *p = l->p;
    struct state_unit unit;
    struct buf text = BUF_INIT(4000);

    buf_puts(&text, lang_text(p->lang, call_roles[tell]));
    if (person->title.n)
        buf_printf(&text, " · " SLICE_FMT, SLICE_ARG(person->title));
    if (!id_eq(person->unit, p->unit.id) &&
        state_unit_get(p->s, &sys, person->unit, p->arena, &unit, NULL) == 0)
        buf_printf(&text, " · " SLICE_FMT, SLICE_ARG(unit.name));
    return papers_keep(p, &text);
}

static struct slice when_of(struct call_list *l, const struct duty_step *step)
{
    struct buf when = BUF_INIT(200);

    lang_write(&when, l->p->lang, MSG_PAPERS_CALL_AFTER, (unsigned)step->minutes);
    return papers_keep(l->p, &when);
}

/* Nobody on duty, no head: whoever calls must know it, and go on to the next step. */
static void write_nobody(struct call_list *l, const struct duty_step *step)
{
    struct paper_cell *cell;

    (void)paper_row(l->table, 0);
    (void)print_cell(l->table, &print_centre, SLICE("–"));
    (void)print_cell(l->table, &print_centre, when_of(l, step));
    cell = print_cell(l->table, &print_bold, TEXT(l, MSG_PAPERS_CALL_NOBODY));
    if (cell) {
        cell->fill = PRINT_RED;
        (void)paper_para(&cell->flow, &print_plain, TEXT(l, call_roles[step->tell]));
    }
    (void)print_cell(l->table, &print_plain, SLICE(""));
    (void)print_cell(l->table, &print_plain, SLICE(""));
}

/* Whoever may read a post may know whom it calls; numbers are the reader's right alone. */
static int write_person(struct call_list *l, const struct duty_step *step, struct state_id id)
{
    const struct state_actor sys = state_actor_system();
    struct papers_ctx *p = l->p;
    struct buf phones = BUF_INIT(64 * 1024);
    struct state_person person;
    int r = state_person_get(p->s, &sys, id, p->arena, &person, l->err);

    if (r == 0)
        r = papers_write_phones(p, id, l->masked, &phones, l->err);
    if (r < 0) {
        buf_done(&phones);
        return r;
    }
    write_row(l, when_of(l, step), person.name, role_of(l, step->tell, &person),
              papers_keep(p, &phones));
    return 0;
}

/* “Trực giám sát (TT): 07:00 05/10/2020 – 07:00 06/10/2020”. */
static void write_post(struct call_list *l, uint32_t post, const struct duty_shift *shift)
{
    const struct state_post *of = &l->load->posts[post];
    struct buf text = BUF_INIT(4000);

    buf_printf(&text, SLICE_FMT " (" SLICE_FMT ")", SLICE_ARG(of->name), SLICE_ARG(of->code));
    if (shift) {
        buf_puts(&text, ": ");
        print_moment(&text, papers_minutes(shift->from));
        buf_puts(&text, " – ");
        print_moment(&text, papers_minutes(shift->until));
    }
    write_group(l, papers_keep(l->p, &text));
}

/* The steps of the post's terms, for the shift that stands now or begins within a day. */
static int write_steps(struct call_list *l, uint32_t post)
{
    struct papers_ctx *p = l->p;
    const struct duty_terms *terms = l->load->terms[post];
    int64_t now = state_now(p->s);
    struct duty_recipients told;
    struct duty_shift *shifts = NULL;
    size_t n = 0;
    int r =
        duty_shift_list(&l->load->plan, post, now, now + TIME_DAY, p->arena, &shifts, &n, l->err);

    if (r < 0)
        return r;
    write_post(l, post, n ? &shifts[0] : NULL);
    if (n == 0)
        return 0;
    r = duty_recipients_of(p->s, l->load, &shifts[0], now, p->arena, &told, l->err);
    for (size_t i = 0; r == 0 && i < terms->step_count; i++) {
        const struct duty_step *step = &terms->ladder[i];
        bool wanted = step->tell == DUTY_TELL_PERSON || step->tell == DUTY_TELL_HEAD;

        if (wanted && told.count[step->tell] == 0)
            write_nobody(l, step);
        for (size_t k = 0; r == 0 && k < told.count[step->tell]; k++)
            r = write_person(l, step, told.people[step->tell][k]);
    }
    return r;
}

/* Roles of the unit without a person: NCSC, the provider's desk … */
static int write_others(struct call_list *l)
{
    struct papers_ctx *p = l->p;
    struct state_query q = {.unit = p->unit.id};
    struct state_contact *rows = NULL;
    size_t n = 0;
    bool any = false;
    int r = state_contact_list(p->s, &p->actor, &q, p->arena, &rows, &n, l->err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct buf phone = BUF_INIT(4096);

        if (!id_is_none(rows[i].person) || !papers_is_phone(&rows[i]))
            continue;
        if (!any)
            write_group(l, TEXT(l, MSG_PAPERS_CALL_OTHERS));
        any = true;
        r = papers_write_contact(p, &rows[i], l->masked, &phone, l->err);
        write_row(l, SLICE(""), rows[i].label, SLICE(""), papers_keep(p, &phone));
    }
    return r;
}

static void call_list_begin(struct call_list *l)
{
    static const float widths[COLUMNS] = {10, 25, 72, 38, 30};
    static const msg_id heads[COLUMNS] = {MSG_PAPERS_CALL_NO, MSG_PAPERS_CALL_WHEN,
                                          MSG_PAPERS_CALL_WHO, MSG_PAPERS_CALL_PHONE,
                                          MSG_PAPERS_CALL_CALLED};
    struct papers_ctx *p = l->p;

    print_begin(&p->paper, &p->head, TEXT(l, MSG_PAPERS_CALL_TITLE), TEXT(l, MSG_PAPERS_CALL_NOTE));
    l->table = paper_table(&p->paper.body, COLUMNS, widths, true);
    print_heads(l->table, &p->head, heads, COLUMNS);
}

int papers_call_list(struct papers_ctx *p, const struct duty_load *load, bool masked,
                     struct err *err)
{
    struct call_list l = {.p = p, .load = load, .masked = masked, .err = err};
    bool any = false;
    int r = 0;

    call_list_begin(&l);
    for (uint32_t post = 0; r == 0 && post < load->asked; post++) {
        if (!id_eq(load->posts[post].unit, p->unit.id))
            continue;
        any = true;
        r = write_steps(&l, post);
    }
    if (r == 0 && !any)
        write_group(&l, TEXT(&l, MSG_PAPERS_CALL_NO_POST));
    return r < 0 ? r : write_others(&l);
}
