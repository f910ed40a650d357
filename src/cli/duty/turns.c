/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty turns: how turns fall on people. */
#include <stdlib.h>

#include "cli/duty/duty.h"
#include "data/data.h"
#include "lang/collate.h"
#include "lang/msg_duty.h"
#include "roster/turns.h"
#include "view/duty.h"

#define DUTY_TYPE struct turns_options

struct turns_options {
    struct duty_where where;
    struct listing_options listing;
    const char *from, *until;
};

static const struct option_spec turns_options[] = {
    DUTY_WHERE, DUTY_TEXT("from", 0, from, "DATE", MSG_DUTY_OPT_FROM),
    DUTY_TEXT("until", 0, until, "DATE", MSG_DUTY_OPT_UNTIL), DUTY_LISTING};

/* People in the order of the dictionary, so that no number leads the list. */
static int sort_turns(struct duty_run *r, struct duty_turns *list, size_t n)
{
    struct err err = ERR_INIT;
    struct viet *v;

    if (viet_new(&v, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = 1; i < n; i++) {
        struct duty_turns x = list[i];
        size_t k = i;

        for (; k > 0 && viet_cmp_name(v, r->picture.load.names[list[k - 1].person],
                                      r->picture.load.names[x.person]) > 0;
             k--)
            list[k] = list[k - 1];
        list[k] = x;
    }
    (void)viet_free(v);
    return 0;
}

static int read_holidays(struct duty_run *r, const struct calendar **ret)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *file = folder ? data_find(folder, SLICE("holidays-vn.yaml")) : NULL;
    struct err err = ERR_INIT;

    if (calendar_parse(&r->st->arena, file ? data_bytes(file) : SLICE_NULL, ret, &err) < 0)
        return app_fail(r->app, "holidays-vn.yaml", &err);
    return 0;
}

static int show_turns(struct duty_run *r, const struct listing_options *listing,
                      const struct duty_turns *list, size_t n)
{
    struct view_ctx ctx = listing_ctx(r->st, r->now);
    struct err err = ERR_INIT;
    struct table t;

    return duty_print_table(r, &t, listing, view_turns(&ctx, &r->picture.load, list, n, &t, &err),
                            &err);
}

static int count_turns(struct duty_run *r, const struct listing_options *listing, int64_t from,
                       int64_t until)
{
    struct duty_turns *list =
        arena_array(&r->st->arena, r->picture.load.person_count + 1, sizeof(*list));
    const struct calendar *calendar;
    struct err err = ERR_INIT;
    size_t n = 0;
    int status = read_holidays(r, &calendar);

    if (list == NULL)
        return app_fail(r->app, NULL, &(struct err){.code = CE_NOMEM});
    for (size_t i = 0; i < r->picture.load.person_count; i++)
        list[i].person = (uint32_t)i;
    for (r->post = 0; status == 0 && r->post < r->picture.load.asked; r->post++) {
        if (duty_is_asked(r, r->post) &&
            duty_turns_add(&r->picture.load.plan, r->post, from, until,
                           r->picture.load.terms[r->post], calendar, list,
                           r->picture.load.person_count, &err) < 0)
            status = duty_run_fail(r, &err);
    }
    for (size_t i = 0; i < r->picture.load.person_count; i++) {
        if (list[i].shifts > 0)
            list[n++] = list[i];
    }
    if (status == 0)
        status = sort_turns(r, list, n);
    if (status != 0)
        return status;
    return show_turns(r, listing, list, n);
}

/* The year around, when no time is asked about. */
static int run_turns(struct app *app, const void *values, const struct operands *operands)
{
    const struct turns_options *o = values;
    int64_t from = 0, until = 0;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = session_time(app, "from", o->from, false, &from);
    if (status == 0)
        status = session_time(app, "until", o->until, true, &until);
    if (status != 0)
        return status;
    status = duty_run_begin(&r, app, &o->where, STATE_READ, TIME_DAY);
    if (status != 0)
        return status;
    from = from ? from : r.now - 180 * TIME_DAY;
    until = until ? until : from + 360 * TIME_DAY;
    r.from = from;
    r.until = until;
    status = until <= from ? app_usage(app, MSG_DUTY_EMPTY_TIME) : duty_run_again(&r);
    if (status == 0)
        status = count_turns(&r, &o->listing, from, until);
    duty_run_done(&r);
    return status;
}

const struct verb duty_turns_verb = {.name = "turns",
                                     .summary = MSG_DUTY_TURNS_SUMMARY,
                                     .about = MSG_DUTY_TURNS_ABOUT,
                                     VERB_OPTIONS(turns_options),
                                     .options_size = sizeof(struct turns_options),
                                     .run = run_turns};
