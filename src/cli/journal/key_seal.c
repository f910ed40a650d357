/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh key seal: the key of contacts away from the database, into a credential of systemd that only
 * this machine can open. What systemd-creds wrote is opened again before anything is taken away.
 */
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/node/node.h"
#include "cli/session.h"
#include "lang/err_cli.h"
#include "lang/msg_journal.h"
#include "os/child.h"
#include "state/audit.h"

#define PROGRAM    "/usr/bin/systemd-creds"
#define CREDENTIAL "/etc/credstore.encrypted/canh-state-key"
#define DROP_IN    "/etc/systemd/system/canh.service.d/state-key.conf"
enum { KEY_TEXT_MAX = 128, SEALED_MAX = 64 * 1024 };

struct seal_options {
    const char *dir, *credential, *drop_in;
};

/* What the program makes of bytes on its standard input. */
static int run_creds(const char *verb, struct slice in, struct buf *out, struct err *err)
{
    char program[] = PROGRAM, name[] = "--name=canh-state-key", dash[] = "-", word[16];
    char *argv[] = {program, word, name, dash, dash, NULL};
    struct child child = {.argv = argv, .timeout = TIME_MINUTE};
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r = file_temporary(&fd, err), status = 0;

    (void)snprintf(word, sizeof(word), "%s", verb);
    if (r == 0)
        r = file_write_fd(fd, "systemd-creds", in, err);
    if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
        r = err_code(err, CE_IO);
    child.in = fd;
    if (r == 0)
        r = child_run(&child, out, &status, err);
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_CLI_NO_SYSTEMD_CREDS);
    return r == 0 && status != 0 ? err_fail(err, CE_IO, ERR_CLI_SYSTEMD_CREDS_FAILED, verb, status)
                                 : r;
}

/* The credential, which opens to what was put in. */
static int make_credential(struct slice key, struct buf *out, struct err *err)
{
    struct buf back = BUF_INIT(SEALED_MAX);
    int r = run_creds("encrypt", key, out, err);

    if (r == 0)
        r = run_creds("decrypt", buf_slice(out), &back, err);
    if (r == 0 && !slice_eq(buf_slice(&back), key))
        r = err_fail(err, CE_CORRUPT, ERR_CLI_SYSTEMD_CREDS_FAILED, "decrypt", 0);
    if (back.p)
        sodium_memzero(back.p, back.cap);
    buf_done(&back);
    return r;
}

/* A file with the folder that it lies in. */
static int write_file(const char *path, struct slice text, unsigned folder_mode, unsigned mode,
                      struct err *err)
{
    struct buf folder = BUF_INIT(PLACE_PATH);
    const char *slash = strrchr(path, '/');
    int r = 0;

    if (slash && slash != path) {
        buf_append_slice(&folder, slice_of((const uint8_t *)path, (size_t)(slash - path)));
        r = file_mkdirs(buf_cstr(&folder), folder_mode, err);
    }
    buf_done(&folder);
    return r < 0 ? r : file_deliver(path, text, mode, err);
}

static int write_all(const struct seal_options *o, struct slice key, struct err *err)
{
    struct buf sealed = BUF_INIT(SEALED_MAX), unit = BUF_INIT(2 * PLACE_PATH);
    const char *credential = o->credential ? o->credential : CREDENTIAL;
    int r = make_credential(key, &sealed, err);

    buf_printf(&unit, "[Service]\nLoadCredentialEncrypted=canh-state-key:%s\n", credential);
    if (r == 0)
        r = write_file(credential, buf_slice(&sealed), 0700, 0600, err);
    if (r == 0)
        r = write_file(o->drop_in ? o->drop_in : DROP_IN, buf_slice(&unit), 0755, 0644, err);
    buf_done(&unit);
    buf_done(&sealed);
    return r;
}

/* The entry first: what is in the audit of a key that is still there harms nobody. */
static int key_seal_file(struct session *st, const struct seal_options *o, struct buf *key,
                         struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 8);
    int r;

    buf_printf(&path, "%s/key", state_dir(st->s));
    r = file_read(buf_cstr(&path), key, err);
    if (r == 0)
        r = write_all(o, buf_slice(key), err);
    if (r == 0)
        r = state_audit_add(st->s, &st->actor, "seal", "key", STATE_ID_NONE, SLICE_NULL, err);
    if (r == 0)
        r = file_remove(buf_cstr(&path), err);
    buf_done(&path);
    return r;
}

static int check_place(enum state_key_place place, struct err *err)
{
    static const unsigned why[] = {
        [STATE_KEY_NONE] = ERR_CLI_NO_STATE_KEY,
        [STATE_KEY_WRONG] = ERR_CLI_NO_STATE_KEY,
        [STATE_KEY_CREDENTIAL] = ERR_CLI_STATE_KEY_ELSEWHERE,
        [STATE_KEY_GIVEN] = ERR_CLI_STATE_KEY_ELSEWHERE,
    };

    return place == STATE_KEY_BESIDE ? 0 : err_fail_id(err, CE_CONFLICT, why[place]);
}

static int run_seal(struct app *app, const void *values, const struct operands *operands)
{
    const struct seal_options *o = values;
    struct buf key = BUF_INIT(KEY_TEXT_MAX);
    struct err err = ERR_INIT;
    struct place place;
    struct session st;
    int r = place_find(o->dir, &place, &err), status;

    (void)operands;
    if (r == 0 && place_is_locked(&place))
        r = err_fail(&err, CE_BUSY, ERR_CLI_JOURNAL_IN_USE, place.dir);
    if (r < 0)
        return node_fail(app, &err);
    status = session_open(app, place.state, STATE_WRITE, &st);
    if (status != 0)
        return status;
    r = check_place(state_key_place(st.s), &err);
    if (r == 0)
        r = key_seal_file(&st, o, &key, &err);
    if (r == 0)
        buf_append_slice(&app->out.buf, buf_slice(&key));
    status = r < 0 ? session_fail(&st, &err) : 0;
    if (r == 0)
        app_print(app, MSG_JOURNAL_KEY_SEALED, o->credential ? o->credential : CREDENTIAL);
    if (key.p)
        sodium_memzero(key.p, key.cap);
    buf_done(&key);
    session_close(&st);
    return status;
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct seal_options),
    OPTION_TEXT("credential", 0, struct seal_options, credential, "FILE", COMPLETE_FILE,
                MSG_JOURNAL_OPT_CREDENTIAL),
    OPTION_TEXT("drop-in", 0, struct seal_options, drop_in, "FILE", COMPLETE_FILE,
                MSG_JOURNAL_OPT_DROP_IN),
};

const struct verb verb_key_seal = {.name = "seal",
                                   .summary = MSG_JOURNAL_KEY_SEAL,
                                   .about = MSG_JOURNAL_KEY_SEAL_ABOUT,
                                   VERB_OPTIONS(specs),
                                   .options_size = sizeof(struct seal_options),
                                   .run = run_seal};
