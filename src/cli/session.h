/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SESSION_H
#define CANH_CLI_SESSION_H
/*
 * What a verb holds while it works with the state: opened as whoever signed in (`canh login`), else
 * as the local administrator (whoever may read and write the folder); units and people by their
 * codes, times as people write them, whom "my" means.
 *
 * Functions that return int give 0, or the exit status of a failure that was already said.
 */
#include "base/arena.h"
#include "base/assert.h"
#include "cli/app.h"
#include "lang/msg_node.h"
#include "lang/msg_plan.h"
#include "lang/zone.h"
#include "state/act.h"
#include "state/people.h"
#include "state/state.h"
#include "state/units.h"

struct session {
    struct app *app;
    struct state *s;
    struct state_actor actor;
    struct arena arena;
};

struct session_options {
    const char *dir; /* NULL: place_state() */
    enum state_mode mode;
    bool demo;      /* with STATE_CREATE: a new state becomes a demonstration */
    bool anonymous; /* whatever session `canh login` keeps for this state */
};

/*
 * Opens. A demonstration's clock stands at $CANH_DEMO_NOW (a time as session_time() reads it) when
 * that is set; with any other state it is refused, so that no real record gets a time of choice.
 */
CANH_MUST_USE int session_open_as(struct app *app, const struct session_options *opt,
                                  struct session *ret);
/* The same; dir NULL: the default. */
CANH_MUST_USE int session_open(struct app *app, const char *dir, enum state_mode mode,
                               struct session *ret);
void session_close(struct session *st);
/* Whether there is a state in the folder (NULL: the default). */
bool session_exists(const char *dir);
/* What everything shown of a demonstration bears; empty for any other state. */
struct slice session_banner(const struct session *st);
/* Whether readers of files may run with as much of the sandbox as the system has
 * (CANH_SANDBOX=degrade). */
bool session_degrades(void);
/* What an act is given (state/act.h), in this state and arena; claimed: --at, or 0. */
struct act_ctx session_act(struct session *st, int64_t claimed);
/* Says err; its exit status, never 0. */
CANH_INLINE int session_fail(struct session *st, const struct err *err)
{
    int status = app_fail(st->app, NULL, err);

    canh_assert(status != 0);
    return status;
}

CANH_MUST_USE int session_unit(struct session *st, const char *code, struct state_unit *ret);
/*
 * A person by code or name, of a unit or, as UNIT/CODE, of any; NULL: none. Names are told apart by
 * their tones; typed without any they must fit one person alone.
 */
CANH_MUST_USE int session_person(struct session *st, struct state_id unit, const char *text,
                                 struct state_id *ret);
/* A span in nanoseconds: 90s, 15m, 24h, 7d. false: it is none. */
CANH_MUST_USE bool session_span(const char *text, int64_t *ret);
/* A time in any way that canh prints or people write one (2026-12-01, 2026-12-01T07:30,
 * 01/12/2026 07:30, 07:30 01/12/2026), local, or a length from now on (+2h, +7d); NULL: *ret stays.
 * whole: a date alone means the end of that day. */
CANH_MUST_USE int session_time(struct app *app, const char *option, const char *text, bool whole,
                               int64_t *ret);
/* A whole file, or standard input for "-", into the arena. */
CANH_MUST_USE int session_read(struct app *app, struct arena *arena, const char *path,
                               struct slice *ret);
/* Appends 07:30 01/12/2026 (local), or a dash for 0 and never. */
void session_write_time(struct buf *out, int64_t t);
/* The same as an end: a day ends at its 24:00. */
void session_write_end(struct buf *out, int64_t t);

/*
 * Whose unit and which person "my" means, so that a day's work takes fewer keys: $CANH_UNIT and
 * $CANH_PERSON, else `unit = CODE` and `person = CODE` in $XDG_CONFIG_HOME/canh/settings (else
 * ~/.config/canh/settings). `place = NAME` ($CANH_PLACE) is where papers are dated from. They
 * choose what is shown and give no right.
 */
struct session_own {
    const char *unit, *person; /* NULL: not said */
    const char *place;         /* that papers are dated from; NULL: the unit's */
};

/* In the arena. A line of the file that is not understood is said: an exit status. */
CANH_MUST_USE int session_own(struct app *app, struct arena *arena, struct session_own *ret);

/* The code of one's own unit for *unit, where none is given. */
CANH_MUST_USE int session_own_unit(struct app *app, struct arena *arena, const char **unit);
/* The unit that a listing is about: of --unit, else one's own. Neither said: *ret stays as it is,
 * and all are meant. */
CANH_MUST_USE int session_listed(struct session *st, const char *unit, struct state_unit *ret);

/* An option that every verb with a state has, and with it the node that the state is of. */
#define SESSION_STATE(type, field)                                                                 \
    OPTION_TEXT("state", 0, type, field, "DIR", COMPLETE_FOLDER, MSG_PLAN_OPT_STATE)
#define SESSION_OPTION(type, field)                                                                \
    SESSION_STATE(type, field), OPTION_BELOW("dir", type, field, "/state", MSG_NODE_OPT_DIR)

#endif
