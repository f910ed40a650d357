/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Backups: whole, verified by restoring, and refused when a byte is not as it was. */
#include "state/backup.h"
#include "state/calls.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "err_words.h"
#include "rows.h"
#include "state/store.h"

static struct rows rows;

struct place {
    char dir[100];
};

static struct place beside(struct world *w, const char *name)
{
    struct place p;

    (void)snprintf(p.dir, sizeof(p.dir), "%s-%s", w->dir, name);
    return p;
}

static struct place in(const struct place *p, const char *name)
{
    struct place q;

    (void)snprintf(q.dir, sizeof(q.dir), "%.60s/%s", p->dir, name);
    return q;
}

static void add_file(struct world *w, const char *content)
{
    struct state_evidence x = {.unit = w->commune_a,
                               .kind = SLICE("minutes"),
                               .method = STATE_EXAMINE,
                               .strength = STATE_DECLARED};
    struct err err = ERR_INIT;
    char path[100];
    int copy;

    (void)snprintf(path, sizeof(path), "%s/given", w->dir);
    copy = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    (void)unlink(path);
    if (copy < 0 || write(copy, content, strlen(content)) < 0)
        abort();
    must(state_evidence_add(w->s, &w->local, copy, SLICE("a.txt"), &x, &err), &err, "evidence");
    fd_closep(&copy);
}

/* Every table of the schema is saved and compared: none can be forgotten. */
static void test_all_tables(void)
{
    struct world w;
    struct place to;
    struct state_backup_report rep;
    struct db_options opt = {.slots = 1};
    struct db *db = NULL;
    struct db_stmt *st = NULL;
    struct err err = ERR_INIT;
    char path[100];
    int64_t n = -1;

    world_open(&w);
    rows_fill(&w, &rows);
    to = beside(&w, "backup");
    is_int(state_backup(w.s, &w.local, to.dir, false, &rep, &err), 0, "a backup is made");
    (void)snprintf(path, sizeof(path), "%s/state.db", w.dir);
    must(db_open(&db, path, &opt, &err), &err, "database");
    if (db_stmt(db, 0, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'", &st, &err) == 0 &&
        db_step(st, &err) > 0)
        n = db_int(st, 0);
    db_done(&st);
    db_close(db);
    is_int(rep.tables, n, "of every table that there is");
    ok(rep.rows > 100, "with their rows");
    rm_tree(to.dir);
    world_close(&w);
}

static void test_round_trip(void)
{
    struct world w;
    struct place to, back;
    struct state_backup_report rep, again;
    struct state_audit_report audit;
    struct state_options opt;
    struct state_contact *c = rows_at(&rows, E_CONTACT);
    struct state *s = NULL;
    struct state_actor local = state_actor_local();
    struct buf value = BUF_INIT(100);
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    add_file(&w, "biên bản một\n");
    add_file(&w, "biên bản hai\n");
    to = beside(&w, "backup");
    back = beside(&w, "restored");
    is_int(state_backup(w.s, &w.local, to.dir, true, &rep, &err), 0, "a backup with its key");
    ok(rep.files == 2 && rep.absent == 0 && rep.with_key, "with two files");
    is_int(state_backup(w.s, &w.local, to.dir, true, &rep, &err), -CE_EXISTS,
           "is not written over");
    world_unit(&w, "SAU", "Đơn vị sau sao lưu", "agency", w.root);
    is_int(state_backup_verify(to.dir, NULL, &again, &err), 0, "it verifies: %s", err_words(&err));
    ok(again.rows == rep.rows && again.files == 2, "as what was saved");
    is_int(state_restore(to.dir, back.dir, false, &again, &err), 0, "it restores: %s",
           err_words(&err));
    opt = (struct state_options){.dir = back.dir, .mode = STATE_WRITE};
    is_int(state_open(&s, &opt, &err), 0, "and opens");
    if (s != NULL) {
        struct state_unit x;

        is_int(state_audit_verify(s, NULL, &audit, &err), 0, "the audit holds");
        local.purpose = SLICE("thử khôi phục");
        is_int(state_contact_reveal(s, &local, c->id, &value, &err), 0, "contacts can be read");
        is_slice(buf_slice(&value), SLICE("+84900000001"), "with the key that came along");
        is_int(state_unit_find(s, &local, STATE_ID_NONE, SLICE("SAU"), &w.arena, &x, &err),
               -CE_NOT_FOUND, "what came later is not in it");
    }
    s = state_free(s);
    is_int(state_restore(to.dir, back.dir, false, &again, &err), -CE_EXISTS,
           "a state is not written over");
    is_int(state_restore(to.dir, back.dir, true, &again, &err), 0, "unless told to");
    (void)strcat(back.dir, ".before-restore-1");
    ok(access(back.dir, F_OK) == 0, "and then the old one is kept aside");
    rm_tree(back.dir);
    back = beside(&w, "restored");
    rm_tree(back.dir);
    rm_tree(to.dir);
    buf_done(&value);
    world_close(&w);
}

static void test_key(void)
{
    struct world w;
    struct place to, path;
    struct state_backup_report rep;
    struct err err = ERR_INIT;

    world_open(&w);
    rows_fill(&w, &rows);
    to = beside(&w, "backup");
    is_int(state_backup(w.s, &w.local, to.dir, false, &rep, &err), 0, "a backup");
    path = in(&to, "key");
    ok(access(path.dir, F_OK) < 0 && !rep.with_key, "leaves the key out");
    w.s = state_free(w.s);
    is_int(state_restore(to.dir, w.dir, true, &rep, &err), 0, "restored over its own folder");
    path = (struct place){""};
    (void)snprintf(path.dir, sizeof(path.dir), "%s/key", w.dir);
    ok(access(path.dir, F_OK) == 0, "it takes the key along");
    world_reopen(&w, STATE_WRITE);
    path = beside(&w, "x");
    (void)snprintf(path.dir, sizeof(path.dir), "%s.before-restore-1", w.dir);
    rm_tree(path.dir);
    rm_tree(to.dir);
    world_close(&w);
}

static void flip(const char *path, long at)
{
    FILE *f = fopen(path, "r+b");
    int c;

    if (f == NULL)
        abort();
    (void)fseek(f, at, at < 0 ? SEEK_END : SEEK_SET);
    c = fgetc(f);
    (void)fseek(f, -1, SEEK_CUR);
    (void)fputc(c ^ 1, f);
    (void)fclose(f);
}

static void spoil_database(struct place *to)
{
    struct place p = in(to, "state.db");

    flip(p.dir, 5000);
}

static void spoil_manifest(struct place *to)
{
    struct place p = in(to, "MANIFEST");

    flip(p.dir, 40);
}

static void cut_manifest(struct place *to)
{
    struct place p = in(to, "MANIFEST");

    if (truncate(p.dir, 300) < 0)
        abort();
}

static void no_manifest(struct place *to)
{
    struct place p = in(to, "MANIFEST");

    (void)unlink(p.dir);
}

static uint8_t file_hash[32]; /* of the evidence file in the backup */

static void spoil_file(struct place *to)
{
    char path[STORE_PATH];

    store_path(to->dir, file_hash, path);
    flip(path, 3);
}

static void lose_file(struct place *to)
{
    char path[STORE_PATH];

    store_path(to->dir, file_hash, path);
    (void)unlink(path);
}

static void test_spoiled(void)
{
    static const struct {
        void (*spoil)(struct place *to);
        int want;
        const char *what;
    } cases[] = {
        {spoil_database, -CE_CORRUPT, "a byte of the database"},
        {spoil_manifest, -CE_CORRUPT, "a byte of the manifest"},
        {cut_manifest, -CE_CORRUPT, "a manifest cut off"},
        {no_manifest, -CE_IO, "no manifest"},
        {spoil_file, -CE_CORRUPT, "a byte of an evidence file"},
        {lose_file, -CE_NOT_FOUND, "an evidence file lost"},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct world w;
        struct place to, back;
        struct state_backup_report rep;
        struct state_evidence *list = NULL;
        struct err err = ERR_INIT;
        size_t n = 0;

        world_open(&w);
        add_file(&w, "biên bản một\n");
        must(state_evidence_list(w.s, &w.local, NULL, &w.arena, &list, &n, &err), &err, "list");
        if (n == 1)
            memcpy(file_hash, list[0].sha256.p, 32);
        to = beside(&w, "backup");
        back = beside(&w, "restored");
        must(state_backup(w.s, &w.local, to.dir, false, &rep, &err), &err, "backup");
        cases[i].spoil(&to);
        is_int(state_backup_verify(to.dir, NULL, &rep, &err), cases[i].want, "%s: verify says so",
               cases[i].what);
        is_int(state_restore(to.dir, back.dir, false, &rep, &err), cases[i].want,
               "and restore refuses");
        ok(access(back.dir, F_OK) < 0, "leaving nothing behind");
        rm_tree(to.dir);
        world_close(&w);
    }
}

/* A damaged evidence file does not keep the rest from being saved, and is named. */
static void test_absent(void)
{
    struct world w;
    struct place to;
    struct state_backup_report rep;
    struct state_evidence *list = NULL;
    char path[STORE_PATH];
    struct err err = ERR_INIT;
    size_t n = 0;

    world_open(&w);
    add_file(&w, "biên bản một\n");
    add_file(&w, "biên bản hai\n");
    must(state_evidence_list(w.s, &w.local, NULL, &w.arena, &list, &n, &err), &err, "list");
    store_path(w.dir, list[0].sha256.p, path);
    flip(path, 2);
    to = beside(&w, "backup");
    is_int(state_backup(w.s, &w.local, to.dir, false, &rep, &err), 0, "a backup of what there is");
    ok(rep.files == 1 && rep.absent == 1, "says what is not there");
    is_int(state_backup_verify(to.dir, NULL, &rep, &err), 0, "and verifies: %s", err_words(&err));
    is_int(rep.absent, 1, "still saying so");
    rm_tree(to.dir);
    world_close(&w);
}

static void test_scope(void)
{
    struct world w;
    struct place to;
    struct state_backup_report rep;
    struct state_actor head, admin;
    struct err err = ERR_INIT;

    world_open(&w);
    to = beside(&w, "backup");
    head = actor(w.person_a, w.commune_a, STATE_HEAD);
    admin = actor(w.person_a, w.commune_a, STATE_ADMIN);
    is_int(state_backup(w.s, &head, to.dir, false, &rep, &err), -CE_DENIED, "a head backs up none");
    is_int(state_backup(w.s, &admin, to.dir, false, &rep, &err), -CE_DENIED,
           "nor the admin of one unit");
    ok(access(to.dir, F_OK) < 0, "nothing is written");
    admin = actor(STATE_ID_NONE, w.root, STATE_ADMIN);
    ok(state_sees_all(w.s, &w.local) && state_sees_all(w.s, &admin) && !state_sees_all(w.s, &head),
       "from the root everything is seen, from a commune not");
    is_int(state_backup(w.s, &admin, to.dir, false, &rep, &err), 0, "who sees every unit may: %s",
           err_words(&err));
    rm_tree(to.dir);
    world_close(&w);
}

static void make_item(const char *shelf, const char *name, const char *content)
{
    char path[4300];

    (void)snprintf(path, sizeof(path), "%s/%s", shelf, name);
    must(file_mkdirs(path, 0700, NULL), NULL, "folder");
    (void)snprintf(path, sizeof(path), "%s/%s/state.db", shelf, name);
    must(file_create(path, slice_str(content), 0600, NULL), NULL, "file");
}

static void test_shelf(void)
{
    static const char *const names[] = {"2026-11-22T073000Z", "2026-11-24T073000Z",
                                        "2026-11-23T073000Z", "2026-11-25T073000Z.part-Ab12cD"};
    struct state_backup_item list[3];
    struct buf shelf = BUF_INIT(4096), stamp = BUF_INIT(100);
    struct world w;
    int64_t t;

    world_open(&w);
    state_backup_shelf(slice_str(state_dir(w.s)), &shelf);
    ok(slice_ends(buf_slice(&shelf), SLICE("-backup")), "backups lie beside the state");
    is_int((long long)state_backup_list(buf_cstr(&shelf), list, 3), 0, "no folder, no backup");
    for (size_t i = 0; i < CANH_LEN(names); i++)
        make_item(buf_cstr(&shelf), names[i], "12345");
    is_int((long long)state_backup_list(buf_cstr(&shelf), list, 3), 3, "finished ones");
    must(time_parse(SLICE("2026-11-24T07:30:00Z"), 0, &t, NULL), NULL, "time");
    is_str(list[0].name, "2026-11-24T073000Z", "the newest first");
    ok(list[0].made_at == t && list[0].bytes == 5, "when it was made, and how large it is");
    is_str(list[2].name, "2026-11-22T073000Z", "the oldest last");
    is_int((long long)state_backup_list(buf_cstr(&shelf), list, 1), 1, "only the newest");
    is_str(list[0].name, "2026-11-24T073000Z", "which it is");
    make_item(buf_cstr(&shelf), "by-hand", "");
    is_int((long long)state_backup_list(buf_cstr(&shelf), list, 1), 1, "a name of somebody's own");
    is_int(list[0].made_at, 0, "tells no time");
    state_backup_stamp(t, &stamp);
    is_str(buf_cstr(&stamp), "/2026-11-24T073000Z", "a name of its time");
    rm_tree(buf_cstr(&shelf));
    buf_done(&shelf);
    buf_done(&stamp);
    world_close(&w);
}

/* Another writer in the middle of a transaction: the copy is of before. */
static void test_while_writing(void)
{
    struct world w;
    struct place to;
    struct state_options opt;
    struct state *reader = NULL;
    struct state_backup_report rep;
    struct err err = ERR_INIT;

    world_open(&w);
    to = beside(&w, "backup");
    opt = (struct state_options){.dir = w.dir, .mode = STATE_READ};
    is_int(state_open(&reader, &opt, &err), 0, "a reader");
    is_int(state_begin(w.s, &err), 0, "a writer is at work");
    world_unit(&w, "U1", "Đơn vị thử", "agency", w.root);
    is_int(state_backup(reader, &w.local, to.dir, false, &rep, &err), 0, "a backup meanwhile");
    is_int(state_commit(w.s, &err), 0, "the writer goes on");
    is_int(state_backup_verify(to.dir, NULL, &rep, &err), 0, "the backup is whole: %s",
           err_words(&err));
    reader = state_free(reader);
    rm_tree(to.dir);
    world_close(&w);
}

/* A folder under way with one file in it; locked: by whoever holds *ret. */
static struct place left_over(const char *name, const char *file, int *ret)
{
    struct place p, f;
    struct err err = ERR_INIT;

    (void)snprintf(p.dir, sizeof(p.dir), "%s", name);
    f = in(&p, file);
    must(file_mkdirs(p.dir, 0700, &err), &err, "a folder");
    must(file_create(f.dir, SLICE("x"), 0600, &err), &err, "a file");
    if (ret != NULL) {
        *ret = open(p.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ok(*ret >= 0 && flock(*ret, LOCK_EX | LOCK_NB) == 0, "it is locked");
    }
    return p;
}

/* What a killed program left goes with the next run; what another one fills stays, and so does
 * everything that only looks alike. */
static void test_left_overs(void)
{
    struct world w;
    struct place to, back, dead, alive, other, restore, strange;
    struct state_backup_report rep;
    struct err err = ERR_INIT;
    char name[100];
    int fd = -1;

    world_open(&w);
    to = beside(&w, "backup");
    back = beside(&w, "restored");
    (void)snprintf(name, sizeof(name), "%s-elsewhere.part-aB3dEf", w.dir);
    dead = left_over(name, "state.db", NULL);
    (void)snprintf(name, sizeof(name), "%s-backup.part-live00", w.dir);
    alive = left_over(name, "state.db", &fd);
    (void)snprintf(name, sizeof(name), "%s-backup.part-photos", w.dir);
    other = left_over(name, "anh.jpg", NULL);
    is_int(state_backup(w.s, &w.local, to.dir, false, &rep, &err), 0, "a backup: %s",
           err_words(&err));
    is_int(rep.swept, 1, "sweeps one left-over");
    ok(access(dead.dir, F_OK) < 0, "the dead one");
    ok(access(alive.dir, F_OK) == 0, "not the one that is being filled");
    ok(access(other.dir, F_OK) == 0, "nor what holds anything else");
    fd_closep(&fd);
    (void)snprintf(name, sizeof(name), "%s-restored.restore-Zz9aaa", w.dir);
    restore = left_over(name, "state.db-wal", NULL);
    (void)snprintf(name, sizeof(name), "%s-2.restore-Zz9aaa", w.dir);
    strange = left_over(name, "state.db", NULL);
    is_int(state_restore(to.dir, back.dir, false, &rep, &err), 0, "a restore: %s", err_words(&err));
    is_int(rep.swept, 1, "sweeps its own");
    ok(access(restore.dir, F_OK) < 0 && access(strange.dir, F_OK) == 0,
       "of the same state, and no other's");
    rm_tree(alive.dir);
    rm_tree(other.dir);
    rm_tree(strange.dir);
    rm_tree(back.dir);
    rm_tree(to.dir);
    world_close(&w);
}

/* The restored chain says that it was restored, and over what. */
static void test_noted(void)
{
    struct world w;
    struct place to;
    struct state_backup_report rep;
    struct state_audit_report audit;
    struct state_audit_head was, now;
    struct err err = ERR_INIT;
    char aside[100];

    world_open(&w);
    to = beside(&w, "backup");
    must(state_backup(w.s, &w.local, to.dir, true, &rep, &err), &err, "backup");
    must(state_audit_head(w.s, &was, &err), &err, "head");
    w.s = state_free(w.s);
    is_int(state_restore(to.dir, w.dir, true, &rep, &err), 0, "restored: %s", err_words(&err));
    world_reopen(&w, STATE_WRITE);
    is_int(state_audit_verify(w.s, &was, &audit, &err), 0, "the chain goes on: %s",
           err_words(&err));
    must(state_audit_head(w.s, &now, &err), &err, "head");
    is_int(now.seq, was.seq + 1, "with one entry more");
    (void)snprintf(aside, sizeof(aside), "%s.before-restore-1", w.dir);
    rm_tree(w.dir);
    w.s = state_free(w.s);
    is_int(state_open(&w.s, &(struct state_options){.dir = w.dir, .mode = STATE_CREATE}, &err),
           -CE_CONFLICT, "no new state where the old one was put aside: %s", err_words(&err));
    rm_tree(aside);
    rm_tree(to.dir);
    world_close(&w);
}

static bool plugin_is_on(struct world *w, const char *dir)
{
    struct state_options opt = {.dir = dir, .mode = STATE_READ};
    struct state_check x = {.enabled = false};
    struct state *s = NULL;
    struct err err = ERR_INIT;

    if (state_open(&s, &opt, &err) < 0 ||
        state_check_find(s, &w->local, w->commune_a, SLICE("PLUGIN"), &w->arena, &x, &err) < 0)
        ok(false, "%s", err_words(&err));
    s = state_free(s);
    return x.enabled;
}

static struct state_call add_call(struct world *w)
{
    const struct state_actor sys = state_actor_system();
    struct state_call call = {.unit = w->commune_a,
                              .thing = w->commune_a,
                              .matter = STATE_MATTER_FAULT,
                              .level = 5,
                              .title = SLICE("Thử"),
                              .state = STATE_CALL_CLIMBING,
                              .began = T0,
                              .due = T0};
    struct err err = ERR_INIT;

    must(state_call_put(w->s, &sys, &call, &err), &err, "call");
    return call;
}

/* Whom a call reached after the backup nobody knows any more: a restored state calls nobody. */
static void test_calls(void)
{
    struct world w;
    struct place to, back;
    struct state_backup_report rep;
    struct state_actor sys = state_actor_system();
    struct state_message m = {.channel = STATE_CHANNEL_WEBHOOK,
                              .level = 5,
                              .code = SLICE("K7QF2"),
                              .text = SLICE("thử"),
                              .count = 1,
                              .state = STATE_MESSAGE_WAITING};
    struct err err = ERR_INIT;
    struct state *s;
    struct state_options opt = {.mode = STATE_READ, .without_key = true};
    struct state_id id;
    size_t n = 9;

    world_open(&w);
    m.unit = w.commune_a;
    m.call = add_call(&w).id;
    must(state_message_put(w.s, &sys, &m, &err), &err, "message");
    to = beside(&w, "backup");
    back = beside(&w, "restored");
    must(state_backup(w.s, &w.local, to.dir, true, &rep, &err), &err, "backup");
    is_int(state_restore(to.dir, back.dir, false, &rep, &err), 0, "restored: %s", err_words(&err));
    opt.dir = back.dir;
    must(state_open(&s, &opt, &err), &err, "open");
    must(state_call_due(s, T0 + TIME_DAY, 1, &id, &n, &err), &err, "calls");
    is_int((int64_t)n, 0, "no call is due");
    must(state_message_due(s, T0 + TIME_DAY, 1, &id, &n, &err), &err, "messages");
    is_int((int64_t)n, 0, "no message waits");
    s = state_free(s);
    must(state_call_due(w.s, T0 + TIME_DAY, 1, &id, &n, &err), &err, "calls");
    is_int((int64_t)n, 1, "the state that was backed up goes on");
    rm_tree(to.dir);
    rm_tree(back.dir);
    world_close(&w);
}

struct seen_ways {
    struct state_message_way ways[8];
    char reasons[8][40];
    size_t count;
};

static int see_way(void *u, const struct state_message_way *x)
{
    struct seen_ways *s = u;

    (void)snprintf(s->reasons[s->count], sizeof(s->reasons[0]), SLICE_FMT, SLICE_ARG(x->reason));
    s->ways[s->count++] = *x;
    return s->count == CANH_LEN(s->ways);
}

/* What became of messages, by channel, state and reason. */
static void test_ways(void)
{
    static const struct {
        int32_t channel, state;
        const char *reason;
    } sent[] = {{STATE_CHANNEL_SMS, STATE_MESSAGE_SENT, ""},
                {STATE_CHANNEL_SMS, STATE_MESSAGE_FAILED, "HTTP 500"},
                {STATE_CHANNEL_SMS, STATE_MESSAGE_FAILED, "HTTP 503"},
                {STATE_CHANNEL_SMS, STATE_MESSAGE_FAILED, "HTTP 503"},
                {STATE_CHANNEL_MAIL, STATE_MESSAGE_SENT, ""}};
    struct state_actor sys = state_actor_system();
    struct state_call call;
    struct seen_ways seen = {.count = 0};
    struct err err = ERR_INIT;
    struct world w;

    world_open(&w);
    call = add_call(&w);
    for (size_t i = 0; i < CANH_LEN(sent); i++) {
        struct state_message m = {.unit = w.commune_a,
                                  .call = call.id,
                                  .channel = sent[i].channel,
                                  .level = 5,
                                  .code = SLICE("K7QF2"),
                                  .text = SLICE("thử"),
                                  .count = 1,
                                  .state = sent[i].state,
                                  .reason = slice_str(sent[i].reason),
                                  .sent_at = T0 + (int64_t)i};

        must(state_message_put(w.s, &sys, &m, &err), &err, "message");
    }
    is_int(state_message_ways(w.s, see_way, &seen, &err), 0, "ways: %s", err_words(&err));
    is_int((long long)seen.count, 4, "one SMS that went, two reasons, one mail");
    ok(seen.ways[0].channel == STATE_CHANNEL_SMS && seen.ways[0].state == STATE_MESSAGE_SENT &&
           seen.ways[0].count == 1,
       "what was sent first");
    ok(seen.ways[1].count == 2 && strcmp(seen.reasons[1], "HTTP 503") == 0,
       "then the most frequent reason");
    ok(seen.ways[2].count == 1 && strcmp(seen.reasons[2], "HTTP 500") == 0, "then the other");
    ok(seen.ways[3].channel == STATE_CHANNEL_MAIL && seen.ways[3].last >= T0 + 4,
       "and the other channel, with its newest time");
    world_close(&w);
}

/* Programs of a state from elsewhere wait for a person; those of one's own go on. */
static void test_plugins(void)
{
    struct world w;
    struct place to, back, extra;
    struct state_backup_report rep;
    struct state_check x = {.code = SLICE("PLUGIN"),
                            .kind = SLICE(STATE_CHECK_PROGRAM),
                            .target = SLICE("/usr/bin/touch /tmp/canh-never"),
                            .every = TIME_MINUTE,
                            .timeout = TIME_SECOND,
                            .enabled = true};
    struct err err = ERR_INIT;
    char aside[120];
    int fd;

    world_open(&w);
    x.unit = w.commune_a;
    must(state_check_put(w.s, &w.local, &x, &err), &err, "check");
    to = beside(&w, "backup");
    back = beside(&w, "restored");
    must(state_backup(w.s, &w.local, to.dir, true, &rep, &err), &err, "backup");
    extra = in(&to, "more.sh");
    fd = open(extra.dir, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    fd_closep(&fd);
    is_int(state_restore(to.dir, back.dir, false, &rep, &err), 0, "elsewhere: %s", err_words(&err));
    is_int(rep.plugins_off, 1, "one program is off");
    ok(rep.extra == 1 && strcmp(rep.first_extra, "more.sh") == 0, "a file more is told");
    extra = in(&back, "more.sh");
    ok(access(extra.dir, F_OK) < 0, "and not taken");
    ok(!plugin_is_on(&w, back.dir), "it stays off");
    w.s = state_free(w.s);
    is_int(state_restore(to.dir, w.dir, true, &rep, &err), 0, "at home: %s", err_words(&err));
    is_int(rep.plugins_off, 0, "none is off");
    ok(plugin_is_on(&w, w.dir), "what was one's own goes on");
    (void)snprintf(aside, sizeof(aside), "%s.before-restore-1", w.dir);
    rm_tree(aside);
    rm_tree(back.dir);
    rm_tree(to.dir);
    world_close(&w);
}

/* Who else may write is not believed. */
static void test_loose(void)
{
    struct world w;
    struct place self, db;
    struct state *s = NULL;
    struct state_options opt;
    struct err err = ERR_INIT;

    world_empty(&w);
    w.s = state_free(w.s);
    (void)snprintf(self.dir, sizeof(self.dir), "%s", w.dir);
    opt = (struct state_options){.dir = w.dir, .mode = STATE_READ};
    db = in(&self, "state.db");
    (void)chmod(w.dir, 0777);
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "a folder that all may write");
    (void)chmod(w.dir, 0755);
    is_int(state_open(&s, &opt, &err), 0, "one that all may list");
    s = state_free(s);
    (void)chmod(db.dir, 0666);
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "a database that all may write");
    (void)chmod(db.dir, 0604);
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "or read");
    (void)chmod(db.dir, 0600);
    db = in(&self, "state.db-wal");
    ok(file_replace(db.dir, SLICE(""), 0666, NULL) == 0 && chmod(db.dir, 0666) == 0, "its log");
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "the log of what is written, too");
    (void)unlink(db.dir);
    world_close(&w);
}

int main(void)
{
    test_plugins();
    test_calls();
    test_loose();
    test_left_overs();
    test_noted();
    test_all_tables();
    test_round_trip();
    test_key();
    test_spoiled();
    test_absent();
    test_scope();
    test_shelf();
    test_ways();
    test_while_writing();
    return tap_done();
}
