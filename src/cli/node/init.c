/* SPDX-License-Identifier: Apache-2.0 */
/* canh init: a folder becomes a node. What is there already stays as it is. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/journal/local.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "config/config.h"
#include "journal/key.h"
#include "lang/err_cli.h"
#include "lang/msg_node.h"
#include "net/tls_authority.h"
#include "register/unit.h"

/* Of a syslog line of 300 bytes about 60 are stored: so many lines in a MiB. */
enum { LINES_A_MIB = (1 << 20) / 60 };

struct init_options {
    const char *unit, *user, *dir;
};

static int make_folders(const struct place *p, struct err *err)
{
    const char *const folders[] = {p->dir, p->state, p->journal, p->keys, p->run};
    int r = 0;

    for (size_t i = 0; i < CANH_LEN(folders) && r == 0; i++)
        r = file_mkdirs(folders[i], 0700, err);
    return r;
}

/* Writes a file that is not there yet; *ret_new says whether it did. */
static int make_file(const char *path, struct slice text, unsigned mode, bool *ret_new,
                     struct err *err)
{
    *ret_new = access(path, F_OK) != 0;
    return *ret_new ? file_replace(path, text, mode, err) : 0;
}

static int make_conf(struct app *app, const struct place *p, struct err *err)
{
    struct buf text = BUF_INIT(CONFIG_TEXT_MAX);
    bool is_new = false;
    int r;

    config_write(&text, app->lang);
    r = make_file(p->conf, buf_slice(&text), 0640, &is_new, err);
    if (r == 0 && is_new)
        lang_write(&app->out.buf, app->lang, MSG_NODE_MADE, p->conf);
    buf_done(&text);
    return r;
}

static int make_key(struct app *app, const struct place *p, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(4096);
    struct journal_key key;
    bool is_new = false;
    int r;

    buf_printf(&path, "%s/journal.key", p->keys);
    journal_key_make(&key);
    journal_key_print(&key, &text);
    buf_putc(&text, '\n');
    r = make_file(buf_cstr(&path), buf_slice(&text), 0600, &is_new, err);
    if (r == 0 && is_new)
        lang_write(&app->out.buf, app->lang, MSG_NODE_KEY_MADE, buf_cstr(&path));
    journal_key_wipe(&key);
    sodium_memzero(text.p, text.cap);
    buf_done(&text);
    buf_done(&path);
    return r;
}

/* Of one that is there without its key (a copy made without keys), the node makes another. */
static int make_authority(struct app *app, const struct place *p, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20);
    struct buf cert = BUF_INIT(TLS_PEM_MAX), key = BUF_INIT(TLS_PEM_MAX);
    bool made = false;
    int r = 0;

    buf_printf(&path, "%s/ca.crt", p->keys);
    if (access(buf_cstr(&path), F_OK) != 0)
        r = tls_authority(p->keys, &cert, &key, &made, err);
    if (r == 0 && made)
        lang_write(&app->out.buf, app->lang, MSG_NODE_CA_MADE, buf_cstr(&path));
    if (key.p)
        sodium_memzero(key.p, key.cap);
    buf_done(&key);
    buf_done(&cert);
    buf_done(&path);
    return r;
}

static int own_unit(struct session *st, const char *code, struct err *err)
{
    struct unit_own_request request = {.code = slice_str(code)};
    const struct act_ctx act = session_act(st, 0);
    struct unit_own_result result;
    char host[65] = "canh";
    int r;

    (void)gethostname(host, sizeof(host) - 1);
    request.fallback = slice_str(host);
    r = unit_own(&act, &st->actor, &request, &result, err);
    if (r == 0 && result.made)
        lang_write(&st->app->out.buf, st->app->lang, MSG_NODE_UNIT_MADE, SLICE_ARG(result.code));
    return r;
}

int node_make(struct app *app, const struct place *p, struct err *err)
{
    int r = make_folders(p, err);

    if (r == 0)
        r = make_conf(app, p, err);
    if (r == 0)
        r = make_key(app, p, err);
    return r < 0 ? r : make_authority(app, p, err);
}

static void add_stream(const struct journal_stream_state *x, uint64_t *stored, uint64_t *a_day)
{
    int64_t hours = (x->newest - x->oldest) / TIME_HOUR;

    *stored += x->stored;
    *a_day += x->stored / (uint64_t)CANH_MAX(hours, INT64_C(1)) * 24;
}

/* Bytes of events that are there, and that came in a day. */
static void measure_events(struct app *app, const struct place *p, uint64_t *stored,
                           uint64_t *a_day)
{
    struct journal_stream_state x;
    struct local_journal l;
    struct buf path = BUF_INIT(PLACE_PATH + 20);
    const char *name;

    *stored = *a_day = 0;
    buf_printf(&path, "%s/id", p->journal);
    if (access(buf_cstr(&path), F_OK) == 0) {
        if (local_journal_open(app, p->dir, &l) == 0)
            for (uint32_t i = 0; (name = journal_stream_name(l.journal, i)) != NULL; i++)
                if (slice_starts(slice_str(name), SLICE("events/")) &&
                    journal_stream_state(l.journal, i, &x, NULL) == 0 && x.oldest != TIME_NONE)
                    add_stream(&x, stored, a_day);
        local_journal_close(&l);
    }
    buf_done(&path);
}

/* How long events are kept, and how many a day there is room for. */
static void describe_retention(struct app *app, const struct place *p)
{
    struct config config;
    struct statvfs disk;
    uint64_t stored, a_day, room;
    long long days;

    if (config_load(&config, p->conf, true, NULL) == 0 && statvfs(p->dir, &disk) == 0) {
        measure_events(app, p, &stored, &a_day);
        room = (uint64_t)disk.f_bavail * disk.f_frsize + stored;
        if (config.size > 0)
            room = CANH_MIN(room, (uint64_t)config.size);
        days = CANH_MAX(config.keep_events / TIME_DAY, INT64_C(1));
        room >>= 20;
        lang_write(&app->out.buf, app->lang, MSG_NODE_RETENTION, days, (long long)(room >> 10),
                   (long long)room / days, (long long)room * LINES_A_MIB / days / 1000);
        if (a_day >> 20 > 0)
            lang_write(&app->out.buf, app->lang, MSG_NODE_RETENTION_MEASURED,
                       (long long)(a_day >> 20), days,
                       (long long)((a_day >> 20) * (uint64_t)days >> 10));
        buf_puts(&app->out.buf, lang_text(app->lang, MSG_NODE_RETENTION_ASKED));
    }
    config_done(&config);
}

static int make_state(struct app *app, const struct place *p, const struct init_options *o)
{
    struct err err = ERR_INIT;
    struct session st;
    int status = session_open(app, p->state, STATE_CREATE, &st);

    if (status != 0)
        return status;
    if (own_unit(&st, o->unit, &err) < 0)
        status = session_fail(&st, &err);
    session_close(&st);
    return status;
}

static uid_t give_uid;
static gid_t give_gid;

static int chown_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return lchown(path, give_uid, give_gid);
}

int node_chown(const struct place *p, const char *user, struct err *err)
{
    const struct passwd *pw = getuid() == 0 ? getpwnam(user ? user : "canh") : NULL;

    if (user && getuid() == 0 && pw == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_CLI_NO_USER, user);
    if (pw == NULL)
        return 0;
    give_uid = pw->pw_uid;
    give_gid = pw->pw_gid;
    /* the configuration stays root's where it lies apart; the node's user reads it */
    if (!slice_starts(slice_str(p->conf), slice_str(p->dir)) &&
        (chown(p->conf, (uid_t)-1, give_gid) < 0 || chmod(p->conf, 0640) < 0))
        return err_fail_sys(err, errno, ERR_BASE_FILE, p->conf);
    return nftw(p->dir, chown_one, 16, FTW_PHYS) < 0
               ? err_fail_sys(err, errno, ERR_BASE_FILE, p->dir)
               : 0;
}

int node_chown_on(const char *path, struct err *err)
{
    struct buf above = BUF_INIT(PATH_MAX);
    struct stat st;
    bool others;

    buf_printf(&above, "%s/..", path);
    others = getuid() == 0 && stat(buf_cstr(&above), &st) == 0 && st.st_uid != 0;
    buf_done(&above);
    if (!others)
        return 0;
    give_uid = st.st_uid;
    give_gid = st.st_gid;
    return nftw(path, chown_one, 16, FTW_PHYS) < 0 ? err_fail_sys(err, errno, ERR_BASE_FILE, path)
                                                   : 0;
}

const char *node_option(struct buf *room, const char *name, const char *value)
{
    if (value != NULL)
        buf_printf(room, "%s%s", name, value);
    return buf_cstr(room);
}

/* The commands that come next, as they must be typed for this node. */
static void init_report(struct app *app, const struct place *p, const char *dir, const char *user)
{
    struct buf of_dir = BUF_INIT(PATH_MAX), of_user = BUF_INIT(PATH_MAX),
               serve_dir = BUF_INIT(PATH_MAX);

    lang_write(&app->out.buf, app->lang, MSG_NODE_INIT_DONE, p->dir,
               node_option(&of_dir, " --dir ", dir ? p->dir : NULL),
               node_option(&of_user, " --user ", getuid() == 0 ? user : NULL),
               node_option(&serve_dir, " ", dir ? p->dir : NULL));
    buf_done(&of_dir);
    buf_done(&of_user);
    buf_done(&serve_dir);
}

static int run_init(struct app *app, const void *values, const struct operands *operands)
{
    const struct init_options *o = values;
    struct err err = ERR_INIT;
    const char *dir = operands->count ? operands->items[0] : o->dir;
    struct place p;
    int status = 0, r = place_find(dir, &p, &err);

    if (r == 0 && place_is_locked(&p))
        r = err_fail(&err, CE_BUSY, ERR_CLI_NODE_RUNS, p.dir);
    if (r == 0)
        r = node_make(app, &p, &err);
    if (r == 0)
        status = make_state(app, &p, o);
    if (r == 0 && status == 0)
        r = node_chown(&p, o->user, &err);
    if (r < 0)
        return node_fail(app, &err);
    if (status == 0) {
        describe_retention(app, &p);
        init_report(app, &p, dir, o->user);
    }
    return status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct init_options),
    OPTION_TEXT("unit", 'u', struct init_options, unit, "CODE", COMPLETE_NONE, MSG_NODE_OPT_UNIT),
    OPTION_TEXT("user", 0, struct init_options, user, "NAME", COMPLETE_NONE, MSG_NODE_OPT_USER),
};

const struct verb verb_init = {
    .name = "init",
    .summary = MSG_NODE_INIT,
    .about = MSG_NODE_INIT_ABOUT,
    .operands = "[DIR]",
    .max_operands = 1,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct init_options),
    .run = run_init,
};
