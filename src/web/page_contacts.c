/* SPDX-License-Identifier: Apache-2.0 */
/* "Danh bạ khẩn": how people and roles are reached, hints only; test calls, and what proves that a
 * number or an address works. */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdlib.h>

#include "alert/test_call.h"
#include "base/map.h"
#include "lang/collate.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "lang/msg_contact.h"
#include "lang/said.h"
#include "state/people.h"
#include "state/units.h"
#include "web/api.h"

struct contact_list {
    struct visit *v;
    struct state_unit *units;
    struct state_person *people;
    struct state_contact *rows;
    size_t unit_count, person_count, count;
    struct map units_by, people_by; /* by id */
};

struct calling {
    const struct contact_list *list;
    struct viet *order;
};

static int index_rows(struct map *to, const void *rows, size_t n, size_t size, size_t id)
{
    map_init(to, n);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *key = (const uint8_t *)rows + i * size + id;

        if (map_put(to, slice_of(key, sizeof(struct state_id)), (uint32_t)i) < 0)
            return -CE_NOMEM;
    }
    return 0;
}

static int read_all(struct contact_list *l, struct err *err)
{
    struct visit *v = l->v;
    const struct state_query q = {.unit = v->who.actor.unit, .below = true};
    int r = state_units_at(v->s, &v->who.actor, 0, v->arena, &l->units, &l->unit_count, err);

    if (r == 0)
        r = state_person_list(v->s, &v->who.actor, &q, v->arena, &l->people, &l->person_count, err);
    if (r == 0)
        r = state_contact_list(v->s, &v->who.actor, &q, v->arena, &l->rows, &l->count, err);
    if (r < 0)
        return r;
    if (index_rows(&l->units_by, l->units, l->unit_count, sizeof(*l->units),
                   offsetof(struct state_unit, id)) < 0 ||
        index_rows(&l->people_by, l->people, l->person_count, sizeof(*l->people),
                   offsetof(struct state_person, id)) < 0)
        return err_nomem(err);
    return 0;
}

static struct slice unit_of(const struct contact_list *l, const struct state_contact *x)
{
    uint32_t at;

    return map_get(&l->units_by, id_slice(&x->unit), &at) ? l->units[at].code : SLICE_NULL;
}

/* A person's name, or the role. */
static struct slice who_of(const struct contact_list *l, const struct state_contact *x)
{
    uint32_t at;

    return map_get(&l->people_by, id_slice(&x->person), &at) ? l->people[at].name : x->label;
}

/* As one is called: unit by unit, its people by name, then their ways as they are tried. */
static int calling_order(const void *a, const void *b, void *u)
{
    const struct state_contact *x = a, *y = b;
    struct calling *c = u;
    int order = viet_cmp(c->order, unit_of(c->list, x), unit_of(c->list, y));

    if (order == 0) /* roles come behind people */
        order = id_is_none(x->person) - id_is_none(y->person);
    if (order == 0)
        order = viet_cmp_name(c->order, who_of(c->list, x), who_of(c->list, y));
    if (order == 0)
        order = id_cmp(x->person, y->person);
    return order ? order : (x->position > y->position) - (x->position < y->position);
}

static int sort_contacts(struct contact_list *l, struct err *err)
{
    struct calling c = {.list = l};
    int r = viet_new(&c.order, err);

    if (r == 0 && l->count > 1)
        qsort_r(l->rows, l->count, sizeof(*l->rows), calling_order, &c);
    c.order = viet_free(c.order);
    return r;
}

/* Every word that is looked for stands in the name or is the unit. */
static bool is_found(const struct contact_list *l, const struct state_contact *x,
                     struct slice folded)
{
    struct slice word;
    bool found = true;

    while (found && slice_cut(&folded, ' ', &word))
        found = viet_contains(who_of(l, x), word) || viet_contains(unit_of(l, x), word);
    return found;
}

static void keep_found(struct contact_list *l)
{
    struct buf folded = BUF_INIT(4096);
    size_t kept = 0;

    viet_fold(visit_query(l->v, "find"), &folded);
    for (size_t i = 0; i < l->count; i++)
        if (is_found(l, &l->rows[i], buf_slice(&folded)))
            l->rows[kept++] = l->rows[i];
    l->count = kept;
    buf_done(&folded);
}

/* What became of the last test call. */
static int write_test(struct contact_list *l, struct page_scope *row, struct state_id person,
                      struct err *err)
{
    static const msg_id words[] = {0, MSG_CONSOLE_TEST_WAITS, MSG_CONSOLE_TEST_WAITS,
                                   MSG_CONSOLE_TEST_NOBODY, MSG_CONSOLE_TEST_ANSWERED};
    const struct act_ctx ctx = visit_ctx(l->v);
    struct state_call call;
    bool sent = true;
    int r = test_call_last(&ctx, person, &call, err);

    if (r < 0 || !call.version || call.state <= 0 || (size_t)call.state >= CANH_LEN(words))
        return r;
    if (call.state == STATE_CALL_NOBODY)
        r = test_call_sent(&ctx, &call, &sent, err);
    page_set_text(row, "contact_test",
                  lang_text(l->v->lang, sent ? words[call.state] : MSG_CONSOLE_TEST_NO_CHANNEL));
    page_set_when(row, "contact_tested", call.began, 0);
    return r;
}

static int write_contact(struct contact_list *l, const struct state_contact *x, struct err *err)
{
    static const msg_id kinds[] = {0,
                                   MSG_CONTACT_KIND_MOBILE,
                                   MSG_CONTACT_KIND_PHONE,
                                   MSG_CONTACT_KIND_EMAIL,
                                   MSG_CONTACT_KIND_RADIO,
                                   MSG_CONTACT_KIND_OTHER};
    struct page_scope *row = page_add(l->v->page, "contacts");
    struct buf id = BUF_INIT(64), person = BUF_INIT(64);
    bool way = x->kind == STATE_CONTACT_MOBILE || x->kind == STATE_CONTACT_EMAIL;

    id_write(&id, x->id);
    page_set_buf(row, "contact", &id);
    page_set(row, "contact_who", who_of(l, x));
    page_set(row, "contact_unit", unit_of(l, x));
    if (x->kind > 0 && (size_t)x->kind < CANH_LEN(kinds))
        page_set_text(row, "contact_kind", lang_text(l->v->lang, kinds[x->kind]));
    page_set(row, "contact_hint", x->hint);
    page_set_recorded(l->v, row, "contact_proven", x->proven_at, false);
    page_set_flag(row, "contact_is_proven", x->proven_at != 0);
    page_set_flag(row, "contact_there", x->hint.n > 0);
    if (id_is_none(x->person) || !way || x->hint.n == 0)
        return 0;
    id_write(&person, x->person);
    page_set_buf(row, "contact_person", &person);
    return write_test(l, row, x->person, err);
}

static void write_done(struct visit *v)
{
    static const char *const counts[] = {"asked", "waiting", "no-way"};
    static const char *const names[] = {"tests_asked", "tests_waiting", "tests_no_way"};

    for (size_t i = 0; i < CANH_LEN(counts); i++) {
        struct slice n = visit_query(v, counts[i]);

        if (n.n > 0 && n.n < 6 && !slice_is(n, "0"))
            page_set(v->page, names[i], n);
    }
    page_set_flag(v->page, "tests_told", visit_query(v, "asked").n > 0);
    page_set_flag(v->page, "proved", visit_query(v, "proved").n > 0);
}

static int show_contacts(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    struct contact_list l = {.v = v};
    struct buf find = BUF_INIT(URI_TARGET_MAX);
    int64_t now = state_now(v->s);
    int r = read_all(&l, err);

    if (r == 0) {
        struct page_part part;

        keep_found(&l);
        r = sort_contacts(&l, err);
        part = visit_part(v, v->page, l.count, PART_ROWS);
        for (size_t i = part.from; r == 0 && i < part.until; i++)
            r = write_contact(&l, &l.rows[i], err);
    }
    map_done(&l.units_by);
    map_done(&l.people_by);
    if (r < 0)
        return r;
    visit_write_list_tabs(v, "contacts");
    uri_write_escaped(&find, visit_query(v, "find"));
    page_set_buf(v->page, "find_query", &find);
    page_set(v->page, "find", visit_query(v, "find"));
    page_set_i64(v->page, "contact_count", (int64_t)l.count);
    page_set(v->page, "message", message);
    write_done(v);
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "contacts", err);
    v->x->reply.status = status;
    return r;
}

int page_contacts(struct visit *v, struct err *err)
{
    return show_contacts(v, SLICE_NULL, 200, err);
}

/* Acts. */

static int ask_one(struct visit *v, struct state_id person, enum test_call_outcome *ret,
                   struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    int r = test_call_ask(&ctx, &v->who.actor, person, ret, err);

    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

/* Several contacts of one person are one call. */
static bool was_named(const struct visit *v, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (slice_is(v->given.items[k].name, "person") &&
            slice_eq(v->given.items[k].value, v->given.items[i].value))
            return true;
    return false;
}

int post_contacts_test(struct visit *v, struct err *err)
{
    enum test_call_outcome outcome = TEST_CALL_NO_WAY;
    struct buf path = BUF_INIT(200);
    int64_t count[TEST_CALL_MAX] = {0};
    struct state_id person;
    size_t named = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->given.count; i++) {
        if (!slice_is(v->given.items[i].name, "person") || was_named(v, i))
            continue;
        named++;
        if (id_parse(v->given.items[i].value, &person) < 0)
            return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
        r = ask_one(v, person, &outcome, err);
        count[outcome]++;
    }
    if (r == 0 && named == 0)
        r = err_fail(err, CE_MISSING, ERR_WEB_NOBODY_TICKED);
    if (r < 0)
        return r;
    buf_printf(&path, "/contacts?asked=%lld&waiting=%lld&no-way=%lld",
               (long long)count[TEST_CALL_ASKED], (long long)count[TEST_CALL_WAITING],
               (long long)count[TEST_CALL_NO_WAY]);
    r = visit_done(v, buf_slice(&path));
    buf_done(&path);
    return r;
}

/* By the codes of unit and person, as the lists have them. */
int api_contacts_test(struct visit *v, struct err *err)
{
    enum test_call_outcome outcome;
    struct state_unit unit;
    struct state_person p;
    int r = state_unit_find(v->s, &v->who.actor, STATE_ID_NONE, visit_given(v, "unit"), v->arena,
                            &unit, NULL);

    if (r < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_WHICH_UNIT);
    if (state_person_find(v->s, &v->who.actor, unit.id, visit_given(v, "person"), v->arena, &p,
                          NULL) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_WHICH_PERSON);
    r = ask_one(v, p.id, &outcome, err);
    if (r < 0)
        return r;
    api_reply_outcome(v, test_call_word(outcome));
    return 0;
}

int post_contacts_answer(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct state_contact proved;
    struct err why = ERR_INIT;
    int r = test_call_answer(&ctx, &v->who.actor, visit_given(v, "code"), &proved, &why);
    struct buf text = BUF_INIT(2000);

    if (r == 0)
        return visit_done(v, SLICE("/contacts?proved=1"));
    if (v->api || r != -CE_NOT_FOUND) {
        *err = why;
        return r;
    }
    error_write(&text, v->lang, &why);
    page_set(v->page, "typed_code", visit_given(v, "code"));
    r = show_contacts(v, buf_slice(&text), 422, err);
    buf_done(&text);
    return r;
}

/* Somebody dialled and it was answered. */
int post_contact_prove(struct visit *v, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    struct state_contact x;
    int r = visit_id(v, 0, &id, err);

    if (r == 0 && state_contact_get(v->s, &v->who.actor, id, v->arena, &x, NULL) < 0)
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0 && !state_may_write(v->s, &v->who.actor, x.unit))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0)
        r = state_contact_prove(v->s, &v->who.actor, id, 0, said_words(SAID_TESTED), err);
    return r < 0 ? r : visit_done(v, SLICE("/contacts?proved=1"));
}
