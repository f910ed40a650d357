/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/audit_internal.h"

/*
 * The key of contacts: 64 hexadecimal digits from $CANH_STATE_KEY, else from the systemd
 * credential canh-state-key, else from the file `key` of the state folder (0600). The database
 * remembers which key it was written with.
 */
#define KEY_FILE   "key"
#define CREDENTIAL "canh-state-key"

static int from_hex(struct slice text, const char *where, uint8_t key[STATE_KEY], struct err *err)
{
    size_t n = 0;

    text = slice_trim(text);
    if (text.n != 2 * (size_t)STATE_KEY ||
        sodium_hex2bin(key, STATE_KEY, (const char *)text.p, text.n, NULL, &n, NULL) != 0 ||
        n != STATE_KEY)
        return err_fail(err, CE_SYNTAX, ERR_STATE_KEY_64_HEXADECIMAL_DIGITS, where);
    return 0;
}

static int from_fd(int fd, const char *path, uint8_t key[STATE_KEY], struct err *err)
{
    struct buf text = BUF_INIT(256);
    int r = file_read_fd(fd, path, &text, err);

    if (r == 0)
        r = from_hex(buf_slice(&text), path, key, err);
    if (text.p)
        sodium_memzero(text.p, text.cap);
    buf_done(&text);
    return r;
}

/* 1: read, 0: there is none. private: refuse a file that others may read. */
static int from_file(const char *path, bool private, uint8_t key[STATE_KEY], struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;
    int r;

    if (fd < 0)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (fstat(fd, &st) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (!S_ISREG(st.st_mode) || (private && (st.st_mode & 077)))
        return err_fail(err, CE_DENIED, ERR_STATE_MUST_FILE_ONLY_OWNER_CAN, path);
    r = from_fd(fd, path, key, err);
    return r < 0 ? r : 1;
}

static int key_make(const char *path, uint8_t key[STATE_KEY], struct err *err)
{
    char hex[2 * STATE_KEY + 2];
    int r;

    randombytes_buf(key, STATE_KEY);
    sodium_bin2hex(hex, sizeof(hex), key, STATE_KEY);
    hex[2 * STATE_KEY] = '\n';
    r = file_replace(path, slice_of(hex, 2 * STATE_KEY + 1), 0600, err);
    sodium_memzero(hex, sizeof(hex));
    return r;
}

static int key_find(struct state *s, bool create, uint8_t key[STATE_KEY], struct err *err)
{
    const char *given = getenv("CANH_STATE_KEY"), *dir = getenv("CREDENTIALS_DIRECTORY");
    char path[PATH_MAX];
    int r;

    s->key_place = STATE_KEY_GIVEN;
    if (given != NULL && given[0])
        return from_hex(slice_str(given), "$CANH_STATE_KEY", key, err) < 0 ? -CE_SYNTAX : 1;
    s->key_place = STATE_KEY_CREDENTIAL;
    if (dir != NULL && snprintf(path, sizeof(path), "%s/" CREDENTIAL, dir) < (int)sizeof(path)) {
        r = from_file(path, false, key, err);
        if (r != 0)
            return r;
    }
    s->key_place = STATE_KEY_BESIDE;
    (void)snprintf(path, sizeof(path), "%s/" KEY_FILE, s->dir);
    r = from_file(path, true, key, err);
    if (r != 0 || !create)
        return r;
    r = key_make(path, key, err);
    return r < 0 ? r : 1;
}

static void key_name(const uint8_t key[STATE_KEY], char hex[33])
{
    uint8_t id[16];

    crypto_generichash(id, sizeof(id), key, STATE_KEY, (const uint8_t *)"canh-key-id", 16 - 5);
    sodium_bin2hex(hex, 33, id, sizeof(id));
}

static int key_remember(struct state *s, const char *name, struct err *err)
{
    const struct state_actor system = state_actor_system();
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = meta_write(s, "key-id", slice_str(name), err);
    if (r == 0 && s->meta_changed) /* of a state in use: nothing else may be written for long */
        r = meta_append(s, &system, err);
    return write_end(s, r, err);
}

/* Compares with the key the database knows; remembers this one when it knows none. A wrong one
 * hides contacts and nothing else. */
static int key_compare(struct state *s, struct err *err)
{
    struct db_stmt *st = NULL;
    char mine[33];
    int r = state_stmt(s, SQL_META_GET, &st, err);

    key_name(s->key, mine);
    if (r < 0)
        return r;
    db_bind_text(st, 1, SLICE("key-id"));
    r = db_step(st, err);
    if (r > 0 && !slice_is(db_text(st, 0), mine)) {
        sodium_memzero(s->key, sizeof(s->key));
        s->key_place = STATE_KEY_WRONG;
    }
    db_done(&st);
    if (r != 0 || !s->writable)
        return r < 0 ? r : 0;
    return key_remember(s, mine, err);
}

static bool knows_key(struct state *s)
{
    struct db_stmt *st = NULL;
    bool known = false;

    if (state_stmt(s, SQL_META_GET, &st, NULL) == 0) {
        db_bind_text(st, 1, SLICE("key-id"));
        known = db_step(st, NULL) > 0;
    }
    db_done(&st);
    return known;
}

int key_load(struct state *s, bool create, struct err *err)
{
    /* A database that was restored without its key gets no new one: old contacts would mix. */
    bool known = knows_key(s);
    int r = key_find(s, create && !known, s->key, err);

    if (r == 0)
        s->key_place = STATE_KEY_NONE;
    if (r == -CE_SYNTAX && known && s->key_place != STATE_KEY_GIVEN) {
        /* a file that is empty or cut short is a wrong key: it hides contacts and nothing else */
        s->key_place = STATE_KEY_WRONG;
        return 0;
    }
    return r > 0 ? key_compare(s, err) : r;
}

enum state_key_place state_key_place(const struct state *s)
{
    return s->key_place;
}

/* The key, or why there is none: `missing`. */
static int need_key(const struct state *s, unsigned missing, struct err *err)
{
    if (s->key_place == STATE_KEY_WRONG)
        return err_fail(err, CE_CONFLICT, ERR_STATE_KEY_NOT_ONE_CONTACTS_WERE, s->dir);
    return s->key_place == STATE_KEY_NONE ? err_fail_id(err, CE_MISSING, missing, s->dir) : 0;
}

int key_seal(struct state *s, struct state_id row, struct slice plain, struct buf *out,
             struct err *err)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    size_t n = NONCE + plain.n + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    uint8_t *to;
    int r = need_key(s, ERR_STATE_NO_KEY_CONTACTS_CANNOT_WRITTEN, err);

    if (r < 0)
        return r;
    to = buf_reserve(out, n);
    if (to == NULL)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_CONTACT_VALUE);
    randombytes_buf(to, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(to + NONCE, NULL, plain.p, plain.n, row.b,
                                                     sizeof(row.b), NULL, to, s->key);
    out->len += n;
    return 0;
}

int key_open(struct state *s, struct state_id row, struct slice sealed, struct buf *out,
             struct err *err)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    size_t over = NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    uint8_t *to;
    int r = need_key(s, ERR_STATE_NO_KEY_CONTACTS_CANNOT_READ, err);

    if (r < 0)
        return r;
    if (sealed.n < over)
        return err_fail(err, CE_CORRUPT, ERR_STATE_CONTACT_VALUE_DAMAGED);
    to = buf_reserve(out, sealed.n - over + 1);
    if (to == NULL)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_CONTACT_VALUE);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(to, NULL, NULL, sealed.p + NONCE,
                                                   sealed.n - NONCE, row.b, sizeof(row.b), sealed.p,
                                                   s->key) != 0)
        return err_fail(err, CE_CORRUPT, ERR_STATE_CONTACT_VALUE_DAMAGED_OR_ANOTHER);
    out->len += sealed.n - over;
    return 0;
}
