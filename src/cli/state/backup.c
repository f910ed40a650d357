/* SPDX-License-Identifier: Apache-2.0 */
/* canh backup, canh restore: the state as a folder that can be carried away, and back. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "cli/state/node_copy.h"
#include "cli/state/state.h"
#include "lang/err_cli.h"
#include "lang/msg_plan.h"
#include "lang/msg_store.h"
#include "state/backup.h"
#include "view/json.h"

struct backup_options {
    const char *state, *scratch, *dir;
    bool journal, with_key, unverified, verify, replace, json;
};

/* The folder beside the state that holds backups made without a name. */
static int backups_dir(struct app *app, const char *state, struct buf *out)
{
    struct err err = ERR_INIT;
    struct buf dir = BUF_INIT(4096);
    int r = 0;

    if (state != NULL)
        buf_puts(&dir, state);
    else
        r = place_state(&dir, &err);
    state_backup_shelf(buf_slice(&dir), out);
    buf_done(&dir);
    return r < 0 ? app_fail(app, NULL, &err) : 0;
}

/* The newest backup of the folder. */
static int backup_newest(struct app *app, const char *state, struct buf *out)
{
    struct state_backup_item last;
    int status = backups_dir(app, state, out);

    if (status != 0)
        return status;
    if (state_backup_list(buf_cstr(out), &last, 1) == 0) {
        app_print(app, MSG_STORE_NO_BACKUP, buf_cstr(out));
        return EX_NOINPUT;
    }
    buf_printf(out, "/%s", last.name);
    return 0;
}

static void backup_show(struct app *app, msg_id what, const char *path,
                        const struct state_backup_report *rep, bool verified, bool json)
{
    struct buf *out = &app->out.buf;

    if (json) {
        view_json_backup(out, slice_str(path), rep, verified);
        return;
    }
    lang_write_checked(out, app->lang, what, path);
    lang_write(out, app->lang, MSG_STORE_HOLDS, rep->tables, rep->rows, rep->files,
               rep->audit_entries);
    lang_write_bytes(out, app->lang, rep->bytes);
    buf_puts(out, lang_text(app->lang, MSG_STORE_MADE));
    session_write_time(out, rep->made_at);
    buf_puts(out, ".\n");
    if (verified)
        buf_puts(out, lang_text(app->lang, MSG_STORE_VERIFIED));
    if (rep->swept)
        lang_write(out, app->lang, MSG_STORE_SWEPT, rep->swept);
    if (rep->absent)
        app_print(app, MSG_STORE_ABSENT, rep->absent);
}

/*
 * What root makes beside somebody's state is theirs, who could not remove it otherwise: it is made
 * as them. Whose they are: of the folder of backups, and before there is one of that around it.
 */
static int act_as_owner(const char *folder, struct err *err)
{
    const char *slash = strrchr(folder, '/');
    struct buf above = BUF_INIT(4096);
    struct stat st;
    int r;

    if (geteuid() != 0)
        return 0;
    if (slash)
        buf_append(&above, folder, (size_t)(slash + 1 - folder));
    else
        buf_putc(&above, '.');
    r = stat(folder, &st) == 0 || stat(buf_cstr(&above), &st) == 0 ? 0 : -1;
    if (r == 0 && st.st_uid != 0)
        r = setegid(st.st_gid) < 0 || seteuid(st.st_uid) < 0 ? -1 : 0;
    buf_done(&above);
    return r < 0 ? err_fail_sys(err, errno, ERR_BASE_FILE, folder) : 0;
}

static void act_as_before(void)
{
    if (seteuid(getuid()) < 0 || setegid(getgid()) < 0)
        abort(); /* what follows would be done as somebody else */
}

static int make_backup(struct app *app, const struct backup_options *o, struct buf *to, bool named,
                       struct state_backup_report *rep)
{
    struct err err = ERR_INIT;
    struct session st;
    int status = session_open(app, o->state, STATE_WRITE, &st);

    if (status != 0)
        return status;
    if (!named) {
        if (act_as_owner(buf_cstr(to), &err) < 0 || file_mkdirs(buf_cstr(to), 0700, &err) < 0)
            status = session_fail(&st, &err);
        state_backup_stamp(state_now(st.s), to);
    }
    if (status == 0 && state_backup(st.s, &st.actor, buf_cstr(to), o->with_key, rep, &err) < 0)
        status = session_fail(&st, &err);
    act_as_before();
    session_close(&st);
    return status;
}

/* The state first: its offsets are never ahead of the journal that is copied after it. */
static int save_node(struct app *app, const struct place *p, const struct backup_options *o,
                     const char *to)
{
    struct backup_options of_state = *o;
    struct node_copy copy = {.keys = o->with_key, .journal = o->journal};
    struct state_backup_report rep = {.swept = 0};
    struct buf state = BUF_INIT(4096);
    struct err err = ERR_INIT;
    int status;

    of_state.state = p->state;
    buf_printf(&state, "%s/state", to);
    if (file_mkdirs(to, 0700, &err) < 0)
        return app_fail(app, NULL, &err);
    status = make_backup(app, &of_state, &state, true, &rep);
    if (status == 0 && (node_copy_save(p, to, &copy, &err) < 0 ||
                        state_backup_verify(buf_cstr(&state), o->scratch, &rep, &err) < 0))
        status = app_fail(app, NULL, &err);
    if (status == 0) {
        backup_show(app, MSG_STORE_SAVED, to, &rep, true, o->json);
        if (!o->json)
            lang_write(&app->out.buf, app->lang, MSG_STORE_NODE_FILES, copy.files,
                       copy.bytes >> 20);
        if (!o->json && !o->with_key)
            lang_write(&app->out.buf, app->lang, MSG_STORE_NODE_WITHOUT_KEYS, p->keys);
    }
    buf_done(&state);
    return status;
}

static int backup_node(struct app *app, const struct backup_options *o, const char *to)
{
    struct err err = ERR_INIT;
    struct place p;
    int lock = -1, r = place_find(o->dir, &p, &err), status;
    bool runs = r == 0 && place_is_locked(&p);

    if (r == 0 && to == NULL)
        return app_usage(app, MSG_STORE_NODE_NEEDS_FOLDER);
    if (r == 0 && o->journal && runs)
        r = err_fail(&err, CE_BUSY, ERR_CLI_JOURNAL_IN_USE, p.dir);
    if (r == 0 && !runs)
        r = place_lock(&p, &lock, &err);
    if (r < 0)
        return app_fail(app, NULL, &err);
    status = save_node(app, &p, o, to);
    fd_closep(&lock);
    return status;
}

/* Whether a state that belongs to no node is meant. */
static bool means_lone_state(const struct backup_options *o)
{
    return o->dir == NULL && (o->state || place_lone_state());
}

static bool means_node(const struct backup_options *o)
{
    struct place p;

    return o->dir ||
           (!means_lone_state(o) && place_find(NULL, &p, NULL) == 0 && access(p.conf, F_OK) == 0);
}

static int run_backup(struct app *app, const void *values, const struct operands *operands)
{
    const struct backup_options *o = values;
    struct state_backup_report rep = {.swept = 0};
    struct buf to = BUF_INIT(4096);
    struct err err = ERR_INIT;
    bool named = operands->count > 0;
    unsigned swept;
    int status = 0;

    if ((named || o->journal || o->dir) && means_node(o))
        return backup_node(app, o, named ? operands->items[0] : NULL);
    if (o->journal)
        return app_usage(app, MSG_STORE_JOURNAL_OF_NODE);
    if (named)
        buf_puts(&to, operands->items[0]);
    else
        status = backups_dir(app, o->state, &to);
    if (status == 0)
        status = make_backup(app, o, &to, named, &rep);
    swept = status == 0 ? rep.swept : 0;
    if (status == 0 && !o->unverified &&
        state_backup_verify(buf_cstr(&to), o->scratch, &rep, &err) < 0) {
        app_print(app, MSG_STORE_NOT_VERIFIED, buf_cstr(&to));
        status = app_fail(app, NULL, &err);
    }
    rep.swept += o->unverified ? 0 : swept;
    if (status == 0) {
        backup_show(app, MSG_STORE_SAVED, buf_cstr(&to), &rep, !o->unverified, o->json);
        if (!o->with_key && !o->json)
            buf_puts(&app->out.buf, lang_text(app->lang, MSG_STORE_WITHOUT_KEY));
        if (!named && !o->json)
            buf_puts(&app->out.buf, lang_text(app->lang, MSG_STORE_SAME_DISK));
    }
    buf_done(&to);
    return status;
}

static const struct option_spec backup_specs[] = {
    SESSION_STATE(struct backup_options, state),
    OPTION_TEXT("dir", 0, struct backup_options, dir, "DIR", COMPLETE_FOLDER, MSG_STORE_OPT_DIR),
    OPTION_FLAG("journal", 0, struct backup_options, journal, MSG_STORE_OPT_JOURNAL),
    OPTION_FLAG("with-key", 0, struct backup_options, with_key, MSG_STORE_OPT_WITH_KEY),
    OPTION_FLAG("unverified", 0, struct backup_options, unverified, MSG_STORE_OPT_UNVERIFIED),
    OPTION_TEXT("scratch", 0, struct backup_options, scratch, "DIR", COMPLETE_FOLDER,
                MSG_STORE_OPT_SCRATCH),
    OPTION_FLAG("json", 'j', struct backup_options, json, MSG_PLAN_OPT_JSON),
};

const struct verb verb_backup = {
    .name = "backup",
    .summary = MSG_STORE_BACKUP_SUMMARY,
    .about = MSG_STORE_BACKUP_ABOUT,
    .operands = "[FOLDER]",
    .max_operands = 1,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(backup_specs),
    .options_size = sizeof(struct backup_options),
    .run = run_backup,
};

/* A backup without its key restores everything but how to reach people. */
static void describe_key(struct app *app, const char *dir)
{
    struct buf path = BUF_INIT(4096);

    buf_printf(&path, "%s/key", dir);
    if (access(buf_cstr(&path), F_OK) < 0)
        app_print(app, MSG_STORE_NO_KEY, buf_cstr(&path));
    buf_done(&path);
}

/* Where the state of before went. */
static void describe_aside(struct app *app, const char *dir)
{
    struct buf path = BUF_INIT(4096), last = BUF_INIT(4096);

    for (unsigned i = 1; i < 1000; i++) {
        path.len = 0;
        buf_printf(&path, "%s.before-restore-%u", dir, i);
        if (access(buf_cstr(&path), F_OK) < 0)
            break;
        last.len = 0;
        buf_append_slice(&last, buf_slice(&path));
    }
    if (last.len)
        lang_write(&app->out.buf, app->lang, MSG_STORE_ASIDE, buf_cstr(&last));
    buf_done(&path);
    buf_done(&last);
}

static void describe_extra(struct app *app, const struct state_backup_report *rep)
{
    if (rep->extra)
        app_print(app, MSG_STORE_EXTRA, rep->extra, rep->first_extra);
}

/* A node that runs would go on writing into what is moved aside. */
static int refuse_running(struct slice state, struct err *err)
{
    const struct slice last = SLICE("/state");
    struct buf dir = BUF_INIT(4096);
    struct place place;
    int r = 0;

    while (slice_ends(state, SLICE("/")))
        state = slice_head(state, state.n - 1);
    if (slice_ends(state, last) && state.n > last.n) {
        buf_append_slice(&dir, slice_head(state, state.n - last.n));
        r = place_find(buf_cstr(&dir), &place, err);
        if (r == 0 && place_is_locked(&place))
            r = err_fail(err, CE_BUSY, ERR_CLI_NODE_RUNS, place.dir);
    }
    buf_done(&dir);
    return r;
}

static int backup_restore(struct app *app, const struct backup_options *o, const char *from)
{
    struct state_backup_report rep;
    struct buf dir = BUF_INIT(4096);
    struct err err = ERR_INIT;
    bool there = session_exists(o->state);
    int status = 0;

    if (o->state != NULL)
        buf_puts(&dir, o->state);
    else if (place_state(&dir, &err) < 0)
        status = app_fail(app, NULL, &err);
    if (status == 0 && there && !o->replace) {
        app_print(app, MSG_STORE_IN_THE_WAY, buf_cstr(&dir));
        status = EX_CANTCREAT;
    }
    if (status == 0 && (refuse_running(buf_slice(&dir), &err) < 0 ||
                        state_restore(from, buf_cstr(&dir), o->replace, &rep, &err) < 0 ||
                        node_chown_on(buf_cstr(&dir), &err) < 0))
        status = app_fail(app, NULL, &err);
    if (status == 0) {
        backup_show(app, MSG_STORE_RESTORED, buf_cstr(&dir), &rep, true, o->json);
        if (there && !o->json)
            describe_aside(app, buf_cstr(&dir));
        describe_key(app, buf_cstr(&dir));
        describe_extra(app, &rep);
        if (rep.plugins_off)
            app_print(app, MSG_STORE_PLUGINS_OFF, rep.plugins_off);
    }
    buf_done(&dir);
    return status;
}

static int load_node(struct app *app, const struct place *p, const struct backup_options *o,
                     const char *from)
{
    struct state_backup_report rep;
    struct node_copy copy;
    struct buf state = BUF_INIT(4096);
    struct err err = ERR_INIT;
    int r = node_copy_load(from, NULL, &copy, &err);

    buf_printf(&state, "%s/state", from);
    if (r == 0)
        r = state_restore(buf_cstr(&state), p->state, false, &rep, &err);
    if (r == 0)
        r = node_copy_load(from, p, &copy, &err);
    if (r == 0)
        r = file_mkdirs(p->run, 0700, &err);
    if (r == 0)
        r = node_chown(p, NULL, &err);
    buf_done(&state);
    if (r < 0)
        return app_fail(app, NULL, &err);
    backup_show(app, MSG_STORE_RESTORED, p->dir, &rep, true, o->json);
    if (!o->json)
        lang_write(&app->out.buf, app->lang, MSG_STORE_NODE_FILES, copy.files, copy.bytes >> 20);
    if (!copy.keys)
        app_print(app, MSG_STORE_NODE_NO_KEYS, p->keys);
    if (!copy.journal)
        app_print(app, MSG_STORE_NODE_NO_JOURNAL);
    if (rep.plugins_off)
        app_print(app, MSG_STORE_PLUGINS_OFF, rep.plugins_off);
    return 0;
}

static int restore_node(struct app *app, const struct backup_options *o, const char *from)
{
    struct err err = ERR_INIT;
    struct place p;
    int lock = -1, r = place_find(o->dir, &p, &err), status;

    if (r == 0 && session_exists(p.state)) {
        app_print(app, MSG_STORE_NODE_IN_THE_WAY, p.dir);
        return EX_CANTCREAT;
    }
    if (r == 0)
        r = file_mkdirs(p.run, 0700, &err);
    if (r == 0)
        r = place_lock(&p, &lock, &err);
    if (r < 0)
        return app_fail(app, NULL, &err);
    status = load_node(app, &p, o, from);
    fd_closep(&lock);
    return status;
}

static int backup_verify(struct app *app, const struct backup_options *o, const char *from)
{
    struct state_backup_report rep;
    struct node_copy copy;
    struct buf state = BUF_INIT(4096);
    struct err err = ERR_INIT;
    bool node = node_copy_is(from);
    int r = node ? node_copy_load(from, NULL, &copy, &err) : 0;

    buf_printf(&state, node ? "%s/state" : "%s", from);
    if (r == 0)
        r = state_backup_verify(buf_cstr(&state), o->scratch, &rep, &err);
    buf_done(&state);
    if (r < 0) {
        app_print(app, MSG_STORE_NOT_VERIFIED, from);
        return app_fail(app, NULL, &err);
    }
    backup_show(app, MSG_STORE_CHECKED, from, &rep, true, o->json);
    describe_extra(app, &rep);
    return 0;
}

static bool is_lone_state(const char *from)
{
    struct buf path = BUF_INIT(4096);
    bool is;

    buf_printf(&path, "%s/MANIFEST", from);
    is = access(buf_cstr(&path), F_OK) == 0 && !node_copy_is(from);
    buf_done(&path);
    return is;
}

static int restore_into_place(struct app *app, const struct backup_options *o, const char *from)
{
    if (o->dir && is_lone_state(from)) {
        app_print(app, MSG_STORE_LONE_STATE, from, o->dir, from);
        return EX_DATAERR;
    }
    return o->dir || (node_copy_is(from) && !means_lone_state(o)) ? restore_node(app, o, from)
                                                                  : backup_restore(app, o, from);
}

static int run_restore(struct app *app, const void *values, const struct operands *operands)
{
    const struct backup_options *o = values;
    struct buf from = BUF_INIT(4096);
    int status = 0;

    if (operands->count)
        buf_puts(&from, operands->items[0]);
    else
        status = backup_newest(app, o->state, &from);
    if (status == 0)
        status = o->verify ? backup_verify(app, o, buf_cstr(&from))
                           : restore_into_place(app, o, buf_cstr(&from));
    buf_done(&from);
    return status;
}

static const struct option_spec restore_specs[] = {
    SESSION_STATE(struct backup_options, state),
    OPTION_TEXT("dir", 0, struct backup_options, dir, "DIR", COMPLETE_FOLDER,
                MSG_STORE_OPT_RESTORE_DIR),
    OPTION_FLAG("verify", 0, struct backup_options, verify, MSG_STORE_OPT_VERIFY),
    OPTION_FLAG("replace", 0, struct backup_options, replace, MSG_STORE_OPT_REPLACE),
    OPTION_TEXT("scratch", 0, struct backup_options, scratch, "DIR", COMPLETE_FOLDER,
                MSG_STORE_OPT_SCRATCH),
    OPTION_FLAG("json", 'j', struct backup_options, json, MSG_PLAN_OPT_JSON),
};

const struct verb verb_restore = {
    .name = "restore",
    .summary = MSG_STORE_RESTORE_SUMMARY,
    .about = MSG_STORE_RESTORE_ABOUT,
    .operands = "[FOLDER]",
    .max_operands = 1,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(restore_specs),
    .options_size = sizeof(struct backup_options),
    .run = run_restore,
};
