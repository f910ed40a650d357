/* SPDX-License-Identifier: Apache-2.0 */
#include "view/contacts.h"

#include "lang/msg_contact.h"
#include "state/people.h"

static const struct table_column columns[] = {
    {.key = "unit", .title = MSG_CONTACT_COL_UNIT, .rank = 1},
    {.key = "role", .title = MSG_CONTACT_COL_WHO, .reader = TABLE_PROGRAMS},
    {.key = "person", .title = MSG_CONTACT_COL_WHO, .reader = TABLE_PROGRAMS},
    {.key = "who", .title = MSG_CONTACT_COL_WHO, .width = 20, .reader = TABLE_PEOPLE},
    {.key = "kind", .title = MSG_CONTACT_COL_KIND, .kind = TABLE_WORD},
    {.key = "position", .title = MSG_CONTACT_COL_POSITION, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "hint", .title = MSG_CONTACT_COL_HINT},
    {.key = "proven", .title = MSG_CONTACT_COL_PROVEN, .kind = TABLE_TIME},
};

struct contacts_ctx {
    const struct view_ctx *c;
    const struct view_contacts_query *q;
    struct table *t;
};

static const char *kind_of(const struct state_contact *x)
{
    static const char *const words[] = {"mobile", "phone", "email", "radio", "other"};

    return x->kind >= STATE_CONTACT_MOBILE && x->kind <= STATE_CONTACT_OTHER ? words[x->kind - 1]
                                                                             : "";
}

/* Programs find the one of role and person that it is of. */
static void write_whose(const struct contacts_ctx *x, const struct state_contact *k)
{
    struct slice name = view_person_name(x->c, k->person);
    struct slice who = name.n ? name : k->label;

    if (id_is_none(k->person)) {
        table_text(x->t, who);
        table_absent(x->t);
    } else {
        table_absent(x->t);
        table_text(x->t, who);
    }
    table_text(x->t, who);
}

static const struct view_word kind_words[] = {
    {"mobile", MSG_CONTACT_KIND_MOBILE}, {"phone", MSG_CONTACT_KIND_PHONE},
    {"email", MSG_CONTACT_KIND_EMAIL},   {"radio", MSG_CONTACT_KIND_RADIO},
    {"other", MSG_CONTACT_KIND_OTHER},
};

static int write_contact(void *u, const struct state_contact *k)
{
    struct contacts_ctx *x = u;
    enum lang lang = x->c->lang;

    if (!id_is_none(x->q->person)
            ? !id_eq(k->person, x->q->person)
            : x->q->role.n && !(id_is_none(k->person) && slice_eq(k->label, x->q->role)))
        return 0;
    table_text(x->t, view_unit_code(x->c, k->unit));
    write_whose(x, k);
    view_write_key(x->t, slice_str(kind_of(k)), kind_words, CANH_LEN(kind_words));
    table_number(x->t, k->position);
    table_text(x->t, k->hint);
    if (k->hint.n == 0)
        table_shown(x->t, slice_str(lang_text(lang, MSG_CONTACT_EMPTY)));
    view_write_recorded(x->c, x->t, k->proven_at, false);
    if (k->proven_at == 0) {
        table_shown(x->t, slice_str(lang_text(lang, MSG_CONTACT_UNPROVEN)));
        table_mark(x->t, TABLE_BAD);
    }
    table_row_end(x->t);
    return 0;
}

int view_contacts(const struct view_ctx *c, const struct view_contacts_query *q, struct table *ret,
                  struct err *err)
{
    struct state_query asked = {.unit = q->unit, .below = !id_is_none(q->unit)};
    struct contacts_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "contacts", columns);
    return view_end(ret, state_contact_each(c->state, c->actor, &asked, write_contact, &x, err),
                    err);
}

int view_contacts_below(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                        struct err *err)
{
    const struct view_contacts_query contacts = {.unit = q->unit};

    return view_contacts(c, &contacts, ret, err);
}
