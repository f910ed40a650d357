/* SPDX-License-Identifier: Apache-2.0 */
#include "view/arrangements.h"

#include "lang/msg_duty.h"
#include "lang/msg_list.h"
#include "state/duty.h"
#include "state/people.h"

/* What a function for rows is given. */
struct rows_ctx {
    const struct view_ctx *c;
    const struct view_query *q;
    struct table *t;
};

static struct slice post_code(const struct view_ctx *c, struct state_id id)
{
    const struct state_actor all = state_actor_system();
    struct state_post post;

    return state_post_get(c->state, &all, id, c->arena, &post, &ERR_INIT) < 0 ? SLICE("")
                                                                              : post.code;
}

static bool is_wanted(const struct rows_ctx *x, struct state_id id, struct state_id post)
{
    if (!view_is_among(x->q, id))
        return false;
    return x->q->code.n == 0 || id_is_none(post) || slice_eq(post_code(x->c, post), x->q->code);
}

static void write_presence(struct table *t, int32_t presence)
{
    if (presence == STATE_ON_CALL)
        table_word(t, "on-call", MSG_DUTY_ON_CALL);
    else
        table_word(t, "on-site", MSG_DUTY_ON_SITE);
}

/* The state of what a head approves, and who did it when. */
static void write_approved(struct table *t, int64_t at)
{
    if (at)
        table_word(t, "approved", MSG_DUTY_STATE_APPROVED);
    else
        table_word(t, "asked", MSG_DUTY_STATE_ASKED);
    table_mark(t, at ? TABLE_GOOD : TABLE_WARN);
}

/* Who decided, for people with the time. */
static void write_who(const struct rows_ctx *x, struct state_id by, int64_t at, bool one_hand)
{
    struct slice name = view_person_name(x->c, by);
    struct buf text = BUF_INIT(4096);

    table_text(x->t, name);
    if (at != 0) {
        buf_append_slice(&text, name);
        buf_puts(&text, name.n ? ", " : "");
        table_time_write(&text, x->c->zone, at);
        buf_puts(&text, view_clock_sign(x->c, at, false));
        if (one_hand) {
            buf_puts(&text, ", ");
            buf_puts(&text, lang_text(x->c->lang, MSG_DUTY_BY_ONE_HAND));
        }
        table_shown(x->t, buf_slice(&text));
    }
    buf_done(&text);
}

static void write_who_when(const struct rows_ctx *x, struct state_id by, int64_t at)
{
    write_who(x, by, at, false);
    table_time(x->t, at);
}

/* Posts. */

static const struct table_column post_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT},
    {.key = "code", .title = MSG_LIST_CODE},
    {.key = "name", .title = MSG_DUTY_COL_POST_NAME, .wrap = true},
    {.key = "kind", .title = MSG_LIST_KIND, .kind = TABLE_WORD, .rank = 4},
    {.key = "needed", .title = MSG_DUTY_COL_NEEDED, .width = 12, .wrap = true},
    {.key = "people", .title = MSG_DUTY_COL_PEOPLE, .kind = TABLE_NUMBER, .rank = 2},
    {.key = "presence", .title = MSG_DUTY_COL_PRESENCE, .kind = TABLE_WORD, .rank = 1},
    {.key = "alive_every", .title = MSG_DUTY_COL_MARKS, .kind = TABLE_NUMBER, .rank = 3},
};

/* The kinds that canh's own plans speak of. */
static const struct view_word post_words[] = {
    {"security", MSG_DUTY_POST_SECURITY},         {"shift", MSG_DUTY_POST_SHIFT},
    {"control-room", MSG_DUTY_POST_CONTROL_ROOM}, {"rescue", MSG_DUTY_POST_RESCUE},
    {"coordination", MSG_DUTY_POST_COORDINATION},
};

static int write_post(void *u, const struct state_post *p)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;

    if (!view_is_among(x->q, p->id) || (x->q->code.n && !slice_eq(p->code, x->q->code)))
        return 0;
    table_text(t, view_unit_code(x->c, p->unit));
    table_text(t, p->code);
    table_text(t, p->name);
    view_write_key(t, p->kind, post_words, CANH_LEN(post_words));
    table_text(t, p->hours);
    table_number(t, p->people);
    write_presence(t, p->presence);
    table_number(t, p->mark_minutes);
    table_row_end(t);
    return 0;
}

int view_posts(const struct view_ctx *c, const struct view_query *q, struct table *ret,
               struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "posts", post_columns);
    return view_end(ret, state_post_each(c->state, c->actor, &asked, write_post, &x, err), err);
}

/* Layers of rosters. */

static const struct table_column layer_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 3},
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "layer", .title = MSG_DUTY_COL_LAYER},
    {.key = "position", .title = MSG_DUTY_COL_POSITION, .kind = TABLE_NUMBER, .rank = 6},
    {.key = "rule", .title = MSG_DUTY_COL_RULE, .rank = 4},
    {.key = "source", .title = MSG_DUTY_COL_SOURCE, .rank = 5},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 1},
    {.key = "approved",
     .title = MSG_DUTY_COL_APPROVED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
    {.key = "approved_by", .title = MSG_DUTY_COL_APPROVED_BY, .width = 10, .wrap = true},
    {.key = "one_hand",
     .title = MSG_DUTY_COL_ONE_HAND,
     .kind = TABLE_FLAG,
     .reader = TABLE_PROGRAMS},
};

static int write_layer(void *u, const struct state_layer *l)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;

    if (!is_wanted(x, l->id, l->post) || (x->q->kind.n && !slice_eq(l->code, x->q->kind)))
        return 0;
    table_text(t, view_unit_code(x->c, l->unit));
    table_text(t, post_code(x->c, l->post));
    table_text(t, l->code);
    table_number(t, l->position);
    table_text(t, l->rule);
    table_text(t, l->source);
    table_time(t, l->valid_from);
    view_write_end(x->c, t, l->valid_to);
    table_time(t, l->approved_at);
    write_who(x, l->approved_by, l->approved_at, l->one_hand);
    if (l->approved_at == 0)
        table_shown(t, slice_str(lang_text(x->c->lang, MSG_DUTY_NOT_APPROVED)));
    table_mark(t, l->approved_at ? TABLE_GOOD : TABLE_WARN);
    table_flag(t, l->one_hand);
    table_row_end(t);
    return 0;
}

int view_layers(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "layers", layer_columns);
    return view_end(ret, state_layer_each(c->state, c->actor, &asked, write_layer, &x, err), err);
}

/* Leave. */

static const struct table_column leave_columns[] = {
    {.key = "id", .title = MSG_DUTY_COL_ID, .kind = TABLE_ID},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME},
    {.key = "state", .title = MSG_DUTY_COL_STATE, .kind = TABLE_WORD},
    {.key = "person", .title = MSG_LIST_PERSON, .width = 10, .wrap = true},
    {.key = "kind", .title = MSG_LIST_KIND, .kind = TABLE_WORD, .rank = 4},
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 3},
    {.key = "approved_by", .title = MSG_DUTY_COL_APPROVED_BY, .width = 10, .rank = 1, .wrap = true},
    {.key = "approved",
     .title = MSG_DUTY_COL_APPROVED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
};

static const struct view_word leave_words[] = {
    {"leave", MSG_DUTY_LEAVE_LEAVE},
    {"mission", MSG_DUTY_LEAVE_MISSION},
    {"training", MSG_DUTY_LEAVE_TRAINING},
    {"sick", MSG_DUTY_LEAVE_SICK},
};

static int write_leave(void *u, const struct state_leave *l)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;

    if (!is_wanted(x, l->id, STATE_ID_NONE))
        return 0;
    view_write_id(t, l->id);
    table_time(t, l->start);
    view_write_end(x->c, t, l->stop);
    write_approved(t, l->approved_at);
    table_text(t, view_person_name(x->c, l->person));
    view_write_key(t, l->kind, leave_words, CANH_LEN(leave_words));
    table_text(t, view_unit_code(x->c, l->unit));
    write_who_when(x, l->approved_by, l->approved_at);
    table_row_end(t);
    return 0;
}

int view_leaves(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "leaves", leave_columns);
    return view_end(ret, state_leave_each(c->state, c->actor, &asked, write_leave, &x, err), err);
}

/* Swaps. */

static const struct table_column swap_columns[] = {
    {.key = "id", .title = MSG_DUTY_COL_ID, .kind = TABLE_ID},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 1},
    {.key = "state", .title = MSG_DUTY_COL_STATE, .kind = TABLE_WORD},
    {.key = "person", .title = MSG_DUTY_COL_WHOSE, .width = 10, .wrap = true},
    {.key = "other", .title = MSG_DUTY_COL_STANDS_IN, .width = 10, .wrap = true},
    {.key = "back_from", .title = MSG_DUTY_COL_BACK_FROM, .kind = TABLE_TIME, .rank = 5},
    {.key = "back_until", .title = MSG_DUTY_COL_BACK_UNTIL, .kind = TABLE_TIME, .rank = 6},
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 4},
    {.key = "post", .title = MSG_DUTY_COL_POST, .rank = 4},
    {.key = "approved_by", .title = MSG_DUTY_COL_APPROVED_BY, .width = 10, .rank = 2, .wrap = true},
    {.key = "approved",
     .title = MSG_DUTY_COL_APPROVED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
    {.key = "reason", .title = MSG_DUTY_COL_REASON, .rank = 7, .wrap = true},
    {.key = "one_hand",
     .title = MSG_DUTY_COL_ONE_HAND,
     .kind = TABLE_FLAG,
     .reader = TABLE_PROGRAMS},
};

static const struct view_word *swap_word(int32_t state)
{
    static const struct view_word words[] = {
        {"asked", MSG_DUTY_STATE_ASKED},     {"asked", MSG_DUTY_STATE_ASKED},
        {"agreed", MSG_DUTY_STATE_AGREED},   {"approved", MSG_DUTY_STATE_APPROVED},
        {"refused", MSG_DUTY_STATE_REFUSED}, {"cancelled", MSG_DUTY_STATE_CANCELLED},
    };

    return &words[state >= 0 && (size_t)state < CANH_LEN(words) ? state : 0];
}

/* Where one hand took two of the steps, that is said, too. */
static void write_swap_state(const struct view_ctx *c, struct table *t, const struct state_swap *s)
{
    const struct view_word *word = swap_word(s->state);
    struct buf shown = BUF_INIT(400);

    view_write_word(t, word);
    if (s->one_hand) {
        buf_puts(&shown, lang_text(c->lang, word->text));
        buf_puts(&shown, ", ");
        buf_puts(&shown, lang_text(c->lang, MSG_DUTY_BY_ONE_HAND));
        table_shown(t, buf_slice(&shown));
    }
    buf_done(&shown);
}

static int write_swap(void *u, const struct state_swap *s)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;

    if (!is_wanted(x, s->id, s->post))
        return 0;
    view_write_id(t, s->id);
    table_time(t, s->start);
    view_write_end(x->c, t, s->stop);
    write_swap_state(x->c, t, s);
    table_text(t, view_person_name(x->c, s->person));
    table_text(t, view_person_name(x->c, s->other));
    table_time(t, s->back_start);
    view_write_end(x->c, t, s->back_stop);
    table_text(t, view_unit_code(x->c, s->unit));
    table_text(t, post_code(x->c, s->post));
    write_who_when(x, s->approved_by, s->approved_at);
    table_text(t, s->reason);
    table_flag(t, s->one_hand);
    table_row_end(t);
    return 0;
}

int view_swaps(const struct view_ctx *c, const struct view_query *q, struct table *ret,
               struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "swaps", swap_columns);
    return view_end(ret, state_swap_each(c->state, c->actor, &asked, write_swap, &x, err), err);
}

/* Replacements. */

static const struct table_column replacement_columns[] = {
    {.key = "id", .title = MSG_DUTY_COL_ID, .kind = TABLE_ID},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 1},
    {.key = "state", .title = MSG_DUTY_COL_STATE, .kind = TABLE_WORD, .rank = 6},
    {.key = "kind", .title = MSG_LIST_KIND, .kind = TABLE_WORD},
    {.key = "person", .title = MSG_LIST_PERSON, .width = 10, .wrap = true},
    {.key = "other", .title = MSG_DUTY_COL_STANDS_IN, .width = 10, .wrap = true},
    {.key = "reason", .title = MSG_DUTY_COL_REASON, .rank = 2, .wrap = true},
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 5},
    {.key = "post", .title = MSG_DUTY_COL_POST, .rank = 5},
    {.key = "approved_by", .title = MSG_DUTY_COL_APPROVED_BY, .width = 10, .rank = 3, .wrap = true},
    {.key = "approved",
     .title = MSG_DUTY_COL_APPROVED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
};

static void write_kind(struct table *t, int32_t kind)
{
    if (kind == STATE_OVERRIDE_ADD)
        table_word(t, "add", MSG_DUTY_KIND_ADD);
    else if (kind == STATE_OVERRIDE_REMOVE)
        table_word(t, "remove", MSG_DUTY_KIND_REMOVE);
    else
        table_word(t, "replace", MSG_DUTY_KIND_REPLACE);
}

static int write_replacement(void *u, const struct state_override *o)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;

    if (!is_wanted(x, o->id, o->post))
        return 0;
    view_write_id(t, o->id);
    table_time(t, o->start);
    view_write_end(x->c, t, o->stop);
    write_approved(t, o->approved_at);
    write_kind(t, o->kind);
    table_text(t, view_person_name(x->c, o->person));
    table_text(t, view_person_name(x->c, o->other));
    table_text(t, o->reason);
    table_text(t, view_unit_code(x->c, o->unit));
    table_text(t, post_code(x->c, o->post));
    write_who_when(x, o->approved_by, o->approved_at);
    table_row_end(t);
    return 0;
}

int view_replacements(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                      struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "replacements", replacement_columns);
    return view_end(ret,
                    state_override_each(c->state, c->actor, &asked, write_replacement, &x, err),
                    err);
}

/* Coverage. */

static const struct table_column coverage_columns[] = {
    {.key = "id", .title = MSG_DUTY_COL_ID, .kind = TABLE_ID},
    {.key = "unit", .title = MSG_LIST_UNIT},
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "by_unit", .title = MSG_DUTY_COL_BY_UNIT},
    {.key = "by_post", .title = MSG_DUTY_COL_BY_POST},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME, .rank = 1},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME, .rank = 2},
    {.key = "state", .title = MSG_DUTY_COL_STATE, .kind = TABLE_WORD},
    {.key = "answered_by", .title = MSG_DUTY_COL_ANSWERED_BY, .width = 10, .rank = 3, .wrap = true},
    {.key = "answered",
     .title = MSG_DUTY_COL_ANSWERED,
     .kind = TABLE_TIME,
     .reader = TABLE_PROGRAMS},
};

static const struct view_word *coverage_word(int32_t state)
{
    static const struct view_word words[] = {
        {"asked", MSG_DUTY_STATE_ASKED},       {"asked", MSG_DUTY_STATE_ASKED},
        {"accepted", MSG_DUTY_STATE_ACCEPTED}, {"refused", MSG_DUTY_STATE_REFUSED},
        {"ended", MSG_DUTY_STATE_ENDED},
    };

    return &words[state >= 0 && (size_t)state < CANH_LEN(words) ? state : 0];
}

static int write_coverage(void *u, const struct state_coverage *v)
{
    struct rows_ctx *x = u;
    struct table *t = x->t;
    struct state_id unit = x->q->unit;

    if (!is_wanted(x, v->id, v->post) ||
        (!id_is_none(unit) && !id_eq(v->unit, unit) && !id_eq(v->other, unit)))
        return 0;
    view_write_id(t, v->id);
    table_text(t, view_unit_code(x->c, v->unit));
    table_text(t, post_code(x->c, v->post));
    table_text(t, view_unit_code(x->c, v->other));
    table_text(t, post_code(x->c, v->other_post));
    table_time(t, v->start);
    view_write_end(x->c, t, v->stop);
    view_write_word(t, coverage_word(v->state));
    write_who_when(x, v->accepted_by, v->accepted_at);
    table_row_end(t);
    return 0;
}

int view_coverage(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                  struct err *err)
{
    struct state_query any = {.limit = 0};
    struct rows_ctx x = {c, q, ret};

    VIEW_BEGIN(c, ret, "coverage", coverage_columns);
    return view_end(ret, state_coverage_each(c->state, c->actor, &any, write_coverage, &x, err),
                    err);
}
