/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal/local.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "case/case.h"
#include "cli/session.h"
#include "control/client.h"
#include "lang/err_cli.h"
#include "lang/msg_journal.h"
#include "state/audit.h"

static int keys_read(const struct place *place, struct journal_keys *ret, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(8192);
    int r;

    buf_printf(&path, "%s/journal.key", place->keys);
    r = file_read(buf_cstr(&path), &text, err);
    if (r == 0)
        r = journal_keys_parse(buf_slice(&text), ret, err);
    buf_done(&path);
    buf_done(&text);
    return r;
}

static int open_journal(struct app *app, const char *dir, bool write, struct local_journal *ret)
{
    struct journal_options o = {.folder = ret->place.journal,
                                .read_only = !write,
                                .keys = ret->keys.items,
                                .now = time_now()};
    struct err err = ERR_INIT;
    int r;

    ret->journal = NULL;
    r = place_find(dir, &ret->place, &err);
    if (r == 0 && place_is_locked(&ret->place))
        r = err_fail(&err, CE_BUSY, ERR_CLI_JOURNAL_IN_USE, ret->place.dir);
    if (r == 0)
        r = keys_read(&ret->place, &ret->keys, &err);
    o.key_count = ret->keys.count;
    if (r == 0)
        r = journal_open(&o, &ret->journal, &err);
    return r < 0 ? node_fail(app, &err) : 0;
}

int local_journal_open(struct app *app, const char *dir, struct local_journal *ret)
{
    return open_journal(app, dir, false, ret);
}

int local_journal_open_to_write(struct app *app, const char *dir, struct local_journal *ret)
{
    return open_journal(app, dir, true, ret);
}

struct slice machine_login(void)
{
    const char *login = getenv("SUDO_USER") ? getenv("SUDO_USER") : getenv("USER");

    return slice_str(login ? login : "admin");
}

void local_journal_close(struct local_journal *l)
{
    l->journal = journal_close(l->journal);
    journal_keys_wipe(&l->keys);
}

int care_ask(struct app *app, const struct place *place, const char *act, struct control_args *args,
             int (*row)(void *u, const struct slice *cells, size_t n), void *u, struct err *err)
{
    return node_ask(app, place, NODE_AS_MACHINE, act, args, row, u, err);
}

int care_call(struct app *app, const struct place *place, const char *act,
              struct control_args *args, int (*row)(void *u, const struct slice *cells, size_t n),
              void *u)
{
    struct err err = ERR_INIT;

    return care_ask(app, place, act, args, row, u, &err) < 0 ? node_fail(app, &err) : 0;
}

int care_no_row(void *u, const struct slice *cells, size_t n)
{
    (void)u;
    (void)cells;
    (void)n;
    return 0;
}

/* Names of people are seen for a case that is one. */
static int find_case(struct session *st, const char *number, struct err *err)
{
    struct act_ctx ctx = session_act(st, 0);
    struct state_case row;

    return number ? case_find(&ctx, &st->actor, slice_str(number), &row, err) : 0;
}

int access_audit(struct app *app, const struct place *place, const struct access_reason *why,
                 const char *action, struct slice content)
{
    struct slice purpose = slice_str(why->purpose ? why->purpose : "");
    struct err err = ERR_INIT;
    struct session st;
    int status, r;

    if (purpose.n == 0)
        purpose = slice_str(why->case_id ? why->case_id : "");
    if (purpose.n == 0)
        return app_usage(app, MSG_JOURNAL_NO_PURPOSE);
    status = session_open(app, place->state, STATE_WRITE, &st);
    if (status != 0)
        return status;
    st.actor.purpose = purpose;
    r = find_case(&st, why->case_id, &err);
    if (r == 0)
        r = state_audit_add(st.s, &st.actor, action, "events", STATE_ID_NONE, content, &err);
    session_close(&st);
    return r < 0 ? node_fail(app, &err) : 0;
}
