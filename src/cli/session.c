/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "account/sign_in.h"
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "cli/session_token.h"
#include "config/place.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "lang/value.h"
#include "state/clock.h"

enum { FILE_MAX = 64 << 20 };

/* The clock of a demonstration, where somebody sets it. */
static int set_clock(struct session *st)
{
    const char *text = getenv("CANH_DEMO_NOW");
    struct err err = ERR_INIT;
    int64_t now = 0;
    int status;

    if (text == NULL || text[0] == 0)
        return 0;
    if (!state_is_demo(st->s)) {
        app_print(st->app, MSG_CLI_NO_DEMO, state_dir(st->s));
        return EX_USAGE;
    }
    status = session_time(st->app, "CANH_DEMO_NOW", text, false, &now);
    if (status == 0 && state_demo_clock(st->s, now, &err) < 0)
        status = session_fail(st, &err);
    return status;
}

static int open_failed(struct app *app, const char *dir, const struct err *err)
{
    if (err->code != CE_NOT_FOUND)
        return app_fail(app, NULL, err);
    app_print(app, MSG_CLI_NO_STATE, dir);
    return app_status(err);
}

/* As whom: the session that is kept for this state. One that is over is said to be, so that nobody
 * goes on as somebody else than they think. */
static int session_sign(struct session *st)
{
    struct err err = ERR_INIT;
    struct slice token = SLICE_NULL;
    struct visitor v;
    int r = session_token_get(&st->arena, state_dir(st->s), &token, &err);

    if (r == 0 && token.n)
        r = visitor_of(st->s, token, VISITOR_SEEN, &st->arena, &v, &err);
    if (r == 0 && token.n)
        st->actor = v.actor;
    if (r != -CE_DENIED || token.n == 0)
        return r < 0 ? session_fail(st, &err) : 0;
    app_print(st->app, MSG_CLI_SESSION_OVER);
    return EX_NOPERM;
}

static int session_open_state(struct session *st, const struct session_options *opt)
{
    struct buf own = BUF_INIT(PLACE_PATH);
    struct state_options o = {.dir = opt->dir,
                              .mode = opt->mode,
                              .demo = opt->demo,
                              .clock_is_right = st->app->clock_is_right};
    struct err err = ERR_INIT;
    int status = 0;

    if (o.dir == NULL && place_state(&own, &err) < 0)
        status = app_fail(st->app, NULL, &err);
    if (o.dir == NULL)
        o.dir = buf_cstr(&own);
    if (status == 0 && state_open(&st->s, &o, &err) < 0)
        status = open_failed(st->app, o.dir, &err);
    buf_done(&own);
    return status;
}

int session_open_as(struct app *app, const struct session_options *opt, struct session *ret)
{
    int status;

    *ret = (struct session){.app = app,
                            .actor = state_actor_local(),
                            .arena = ARENA_INIT((size_t)512 << 20)};
    status = session_open_state(ret, opt);
    if (status == 0)
        status = set_clock(ret);
    if (status == 0 && !opt->anonymous)
        status = session_sign(ret);
    if (status == 0 && opt->demo && !state_is_demo(ret->s)) {
        app_print(app, MSG_CLI_REAL_STATE, state_dir(ret->s));
        status = EX_USAGE;
    }
    if (status != 0)
        session_close(ret);
    return status;
}

int session_open(struct app *app, const char *dir, enum state_mode mode, struct session *ret)
{
    struct session_options opt = {.dir = dir, .mode = mode};

    return session_open_as(app, &opt, ret);
}

bool session_exists(const char *dir)
{
    struct buf path = BUF_INIT(4096);
    bool there;

    if (dir != NULL)
        buf_puts(&path, dir);
    else if (place_state(&path, NULL) < 0)
        path.len = 0;
    buf_puts(&path, "/state.db");
    there = access(buf_cstr(&path), F_OK) == 0;
    buf_done(&path);
    return there;
}

struct slice session_banner(const struct session *st)
{
    return state_is_demo(st->s) ? slice_str(lang_text(st->app->lang, MSG_CLI_DEMO_BANNER))
                                : SLICE_NULL;
}

void session_close(struct session *st)
{
    st->s = state_free(st->s);
    arena_done(&st->arena);
}

bool session_degrades(void)
{
    const char *how = getenv("CANH_SANDBOX");

    return how != NULL && strcmp(how, "degrade") == 0;
}

struct act_ctx session_act(struct session *st, int64_t claimed)
{
    return (
        struct act_ctx){.s = st->s, .arena = &st->arena, .claimed = claimed, .how = SLICE("cli")};
}

int session_unit(struct session *st, const char *code, struct state_unit *ret)
{
    struct err err = ERR_INIT;
    int r =
        state_unit_find(st->s, &st->actor, STATE_ID_NONE, slice_str(code), &st->arena, ret, &err);

    if (r == -CE_NOT_FOUND) {
        app_print(st->app, MSG_PLAN_NO_UNIT, code);
        /* under a clock set far back, what is in force today has not begun */
        return !st->app->clock_is_right && state_clock_doubtful(st->s, &err)
                   ? session_fail(st, &err)
                   : EX_NOINPUT;
    }
    return r < 0 ? session_fail(st, &err) : 0;
}

bool session_span(const char *text, int64_t *ret)
{
    struct slice s = slice_str(text);
    int64_t unit = 0;

    if (s.n > 1) {
        uint8_t c = s.p[s.n - 1];

        unit = c == 'd' ? TIME_DAY : c == 'h' ? TIME_HOUR : c == 'm' ? TIME_MINUTE : 0;
        unit = c == 's' ? TIME_SECOND : unit;
    }
    if (unit == 0 || num_range(slice_head(s, s.n - 1), 1, 3650 * INT64_C(86400), ret) < 0 ||
        *ret > 3650 * TIME_DAY / unit)
        return false;
    *ret *= unit;
    return true;
}

int session_time(struct app *app, const char *option, const char *text, bool whole, int64_t *ret)
{
    struct slice s = slice_str(text);
    int64_t days, t;
    int minutes;

    if (text == NULL)
        return 0;
    if (text[0] == '+' && session_span(text + 1, &t)) {
        *ret = time_now() + t;
        return 0;
    }
    if (time_parse(s, ZONE_OWN, &t, NULL) == 0) {
        *ret = whole && s.n == 10 ? t + TIME_DAY : t;
        return 0;
    }
    if (value_datetime(s, 0, &days, &minutes) == 0)
        t = minutes * TIME_MINUTE;
    else if (value_date(s, 0, &days) == 0)
        t = whole ? TIME_DAY : 0;
    else
        return app_usage(app, MSG_PLAN_BAD_TIME, option, text);
    *ret = days * TIME_DAY - ZONE_OWN * TIME_SECOND + t;
    return 0;
}

int session_read(struct app *app, struct arena *arena, const char *path, struct slice *ret)
{
    struct buf text = BUF_INIT(FILE_MAX);
    struct err err = ERR_INIT;
    bool standard = strcmp(path, "-") == 0;
    int r = standard ? file_read_fd(STDIN_FILENO, path, &text, &err) : file_read(path, &text, &err);

    if (r < 0) {
        buf_done(&text);
        return app_fail(app, NULL, &err);
    }
    *ret = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    if (ret->p == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    return 0;
}

static bool is_time(struct buf *out, int64_t t)
{
    bool known = t != 0 && t != TIME_NONE && t != INT64_MAX;

    if (!known)
        buf_puts(out, "–");
    return known;
}

void session_write_time(struct buf *out, int64_t t)
{
    if (is_time(out, t))
        moment_write(out, (t + ZONE_OWN * TIME_SECOND) / TIME_MINUTE);
}

void session_write_end(struct buf *out, int64_t t)
{
    if (is_time(out, t))
        end_write(out, (t + ZONE_OWN * TIME_SECOND) / TIME_MINUTE);
}
