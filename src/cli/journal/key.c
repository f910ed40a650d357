/* SPDX-License-Identifier: Apache-2.0 */
/* canh key: the keys that the journal is encrypted with. Without them it is lost. */
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "cli/journal/journal.h"
#include "cli/journal/local.h"
#include "cli/listing.h"
#include "cli/session.h"
#include "journal/care.h"
#include "lang/err_cli.h"
#include "lang/msg_journal.h"
#include "view/journal.h"

enum { TEXT_MAX = 8192 };

struct key_options {
    const char *dir;
    struct listing_options list; /* of status */
};

static void key_path(const struct place *place, struct buf *out)
{
    buf_printf(out, "%s/journal.key", place->keys);
}

static int keys_read(const struct place *place, struct journal_keys *ret, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(TEXT_MAX);
    int r;

    key_path(place, &path);
    r = file_read(buf_cstr(&path), &text, err);
    if (r == 0)
        r = journal_keys_parse(buf_slice(&text), ret, err);
    if (text.p)
        sodium_memzero(text.p, text.cap);
    buf_done(&text);
    buf_done(&path);
    return r;
}

static int keys_write(const struct place *place, const struct journal_keys *keys, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(TEXT_MAX);
    int r;

    key_path(place, &path);
    journal_keys_print(keys, &text);
    r = file_mkdirs(place->keys, 0700, err);
    if (r == 0)
        r = file_replace(buf_cstr(&path), buf_slice(&text), 0600, err);
    if (text.p)
        sodium_memzero(text.p, text.cap);
    buf_done(&text);
    buf_done(&path);
    return r;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct key_options *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct journal_keys keys = {.count = 0};
    struct err err = ERR_INIT;
    struct table table;
    struct place place;
    int status = listing_check(app, &o->list), r;

    (void)operands;
    if (status != 0)
        return status;
    r = place_find(o->dir, &place, &err);
    if (r == 0)
        r = keys_read(&place, &keys, &err);
    view_journal_keys(&ctx, &keys, &table);
    journal_keys_wipe(&keys);
    status = r < 0 ? node_fail(app, &err) : listing_print(app, &table, &o->list);
    table_done(&table);
    return status;
}

static int run_print(struct app *app, const void *values, const struct operands *operands)
{
    const struct key_options *o = values;
    struct journal_keys keys = {.count = 0};
    struct err err = ERR_INIT;
    struct place place;
    int r = place_find(o->dir, &place, &err);

    (void)operands;
    if (r == 0)
        r = keys_read(&place, &keys, &err);
    if (r == 0)
        journal_keys_print(&keys, &app->out.buf);
    journal_keys_wipe(&keys);
    return r < 0 ? node_fail(app, &err) : 0;
}

/* What is written from the node's next start on has a new key; the old one opens the rest. */
static int run_rotate(struct app *app, const void *values, const struct operands *operands)
{
    const struct key_options *o = values;
    struct journal_keys keys = {.count = 0};
    struct err err = ERR_INIT;
    struct place place;
    int r = place_find(o->dir, &place, &err);

    (void)operands;
    if (r == 0 && sodium_init() < 0)
        r = err_code(&err, CE_BUG);
    if (r == 0)
        r = keys_read(&place, &keys, &err);
    if (r == 0 && keys.count == JOURNAL_KEYS_MAX)
        r = err_fail(&err, CE_TOO_BIG, ERR_CLI_TOO_MANY_KEYS, JOURNAL_KEYS_MAX);
    if (r == 0) {
        memmove(keys.items + 1, keys.items, keys.count * sizeof(keys.items[0]));
        journal_key_make(&keys.items[0]);
        keys.count++;
        r = keys_write(&place, &keys, &err);
    }
    journal_keys_wipe(&keys);
    if (r < 0)
        return node_fail(app, &err);
    app_print(app, MSG_JOURNAL_KEY_ROTATED);
    return 0;
}

/* Whether these keys open what is in the folder. */
static int try_keys(const struct place *place, const struct journal_keys *keys, struct err *err)
{
    struct journal_options o = {.folder = place->journal,
                                .read_only = true,
                                .keys = keys->items,
                                .key_count = keys->count,
                                .now = time_now()};
    struct journal_verdict verdict;
    struct journal *j = NULL;
    int r = journal_open(&o, &j, err);

    if (r == 0)
        r = journal_verify(j, NULL, NULL, &verdict, err);
    if (r == 0 && verdict.unread)
        r = err_fail(err, CE_DENIED, ERR_CLI_KEYS_DO_NOT_OPEN, place->journal);
    j = journal_close(j);
    return r;
}

/* From the printed copy: a file, or what is typed. */
static int run_restore(struct app *app, const void *values, const struct operands *operands)
{
    const struct key_options *o = values;
    struct arena arena = ARENA_INIT(1 << 20);
    struct journal_keys keys = {.count = 0};
    struct err err = ERR_INIT;
    struct slice text = SLICE_NULL;
    const char *file = NULL;
    struct place place;
    int status = session_read(app, &arena, operands->items[0], &text), r;

    if (status != 0)
        return status;
    r = place_find(o->dir, &place, &err);
    if (r == 0 && place_is_locked(&place))
        r = err_fail(&err, CE_BUSY, ERR_CLI_JOURNAL_IN_USE, place.dir);
    if (r == 0) {
        file = operands->items[0]; /* what is wrong is wrong in it */
        r = journal_keys_parse(text, &keys, &err);
    }
    if (r == 0)
        r = try_keys(&place, &keys, &err);
    if (r == 0) {
        file = NULL;
        r = keys_write(&place, &keys, &err);
    }
    journal_keys_wipe(&keys);
    arena_done(&arena);
    if (r < 0)
        return file ? app_fail(app, file, &err) : node_fail(app, &err);
    app_print(app, MSG_JOURNAL_KEY_RESTORED);
    return 0;
}

static const struct option_spec specs[] = {NODE_DIR_OPTION(struct key_options)};
static const struct option_spec status_specs[] = {
    NODE_DIR_OPTION(struct key_options),
    LISTING_OPTIONS(struct key_options, list),
};

#define KEY_VERB(name_, summary_, run_)                                                            \
    .name = (name_), .summary = (summary_), VERB_OPTIONS(specs),                                   \
    .options_size = sizeof(struct key_options), .run = (run_)

static const struct verb verb_key_status = {
    .name = "status",
    .summary = MSG_JOURNAL_KEY_STATUS,
    VERB_OPTIONS(status_specs),
    .options_size = sizeof(struct key_options),
    .run = run_status,
};
static const struct verb verb_key_print = {KEY_VERB("print", MSG_JOURNAL_KEY_PRINT, run_print)};
static const struct verb verb_key_rotate = {KEY_VERB("rotate", MSG_JOURNAL_KEY_ROTATE, run_rotate),
                                            .about = MSG_JOURNAL_KEY_ROTATE_ABOUT};
static const struct verb verb_key_restore = {KEY_VERB("restore", MSG_JOURNAL_KEY_RESTORE,
                                                      run_restore),
                                             .operands = "FILE|-", .min_operands = 1,
                                             .max_operands = 1, .complete = COMPLETE_FILE};

static const struct verb *const subs[] = {&verb_key_status,  &verb_key_print, &verb_key_rotate,
                                          &verb_key_restore, &verb_key_seal,  NULL};

const struct verb verb_key = {
    .name = "key",
    .summary = MSG_JOURNAL_KEY,
    .about = MSG_JOURNAL_KEY_ABOUT,
    .subs = subs,
};
