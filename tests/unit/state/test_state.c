/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Opening, options, statements, transactions, limits of the database. */
#include "state/state.h"

#include <sys/stat.h>

#include "err_words.h"
#include "state/internal.h"
#include "world.h"

static void test_statements(void)
{
    struct world w;
    struct db_stmt *st = NULL;
    unsigned good = 0, bad = 0;

    world_empty(&w);
    for (unsigned i = 0; i < SQL_MAX; i++) {
        struct err err = ERR_INIT;

        ok(statements[i].id == i && statements[i].sql != NULL, "statement %u is at its place", i);
        if (state_stmt(w.s, (enum sql_id)i, &st, &err) < 0) {
            tap_note("statement %u: %s", i, err_words(&err));
            bad++;
        }
        db_done(&st);
        good++;
    }
    is_int(bad, 0, "all %u statements of the table compile", good);
    good = bad = 0;
    for (unsigned e = 1; e < E_MAX; e++) {
        if (!ok(entities[e] != NULL && entities[e]->id == e, "entity %u is at its place", e))
            continue;
        for (unsigned op = 0; op < OP_MAX; op++) {
            struct err err = ERR_INIT;

            if (entities[e]->sql[op] == NULL)
                continue;
            good++;
            if (db_stmt(w.s->db, SQL_MAX + e * OP_MAX + op, entities[e]->sql[op], &st, &err) < 0) {
                tap_note("%s %u: %s", entities[e]->name, op, err_words(&err));
                bad++;
            }
            db_done(&st);
        }
    }
    is_int(bad, 0, "all %u statements of the entities compile", good);
    world_close(&w);
}

static void test_folder(void)
{
    struct world w;
    struct state *s = NULL;
    struct state_options none = {.dir = "/nonexistent/canh", .mode = STATE_READ};
    struct err err = ERR_INIT;
    struct stat st;
    char path[128];

    is_int(state_open(&s, &none, &err), -CE_NOT_FOUND, "no folder: not found");
    world_empty(&w);
    (void)snprintf(path, sizeof(path), "%s/state.db", w.dir);
    ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "the database is for its owner alone");
    (void)snprintf(path, sizeof(path), "%s/key", w.dir);
    ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "so is the key");
    ok(world_reopen(&w, STATE_READ) != NULL, "it opens again for reading");
    is_int(state_begin(w.s, &err), -CE_DENIED, "a reader cannot write");
    world_close(&w);
}

static void test_key(void)
{
    struct world w;
    struct state *s = NULL;
    struct state_options opt;
    struct err err = ERR_INIT;
    char path[128];

    world_empty(&w);
    opt = (struct state_options){.dir = w.dir, .mode = STATE_WRITE};
    w.s = state_free(w.s);
    (void)snprintf(path, sizeof(path), "%s/key", w.dir);
    (void)chmod(path, 0644);
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "a key that others can read is refused");
    (void)chmod(path, 0600);
    setenv("CANH_STATE_KEY", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 1);
    is_int(state_open(&s, &opt, &err), 0, "another key than the one used hides nothing else");
    is_int(state_key_place(s), STATE_KEY_WRONG, "and is told");
    s = state_free(s);
    setenv("CANH_STATE_KEY", "short", 1);
    is_int(state_open(&s, &opt, &err), -CE_SYNTAX, "a key that is none is refused");
    unsetenv("CANH_STATE_KEY");
    (void)remove(path);
    is_int(state_open(&s, &opt, &err), 0, "without its key the rest opens");
    is_int(state_key_place(s), STATE_KEY_NONE, "which is told, too");
    s = state_free(s);
    opt.mode = STATE_CREATE;
    is_int(state_open(&s, &opt, &err), 0, "and no new key is made for old contacts");
    ok(access(path, F_OK) < 0, "there is no key file");
    s = state_free(s);
    world_close(&w);
}

static void test_transactions(void)
{
    struct world w;
    struct err err = ERR_INIT;
    struct state_unit x;
    struct state_id a;

    world_empty(&w);
    is_int(state_begin(w.s, &err), 0, "begin");
    is_int(state_begin(w.s, &err), -CE_BUG, "begin is not nested");
    a = world_unit(&w, "U1", "Đơn vị thử", "agency", STATE_ID_NONE);
    x = (struct state_unit){.code = SLICE("U1"),
                            .name = SLICE("Trùng mã"),
                            .kind = SLICE("agency")};
    is_int(state_unit_put(w.s, &w.local, &x, &err), -CE_EXISTS, "a failed put inside");
    ok(id_is_none(x.id) && x.version == 0, "leaves its argument as it was");
    world_unit(&w, "U2", "Đơn vị thử hai", "agency", a);
    is_int(state_commit(w.s, &err), 0, "undoes only itself: commit");
    is_int(state_commit(w.s, &err), -CE_CONFLICT, "nothing more to commit");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("U2"), &w.arena, &x, &err), 0,
           "what succeeded is there");
    is_int(state_begin(w.s, &err), 0, "begin again");
    world_unit(&w, "U3", "Đơn vị thử ba", "agency", a);
    state_rollback(w.s);
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("U3"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "rolled back: nothing");
    world_close(&w);
}

static void test_two_writers(void)
{
    struct world w;
    struct state *other = NULL;
    struct err err = ERR_INIT;
    struct state_unit x;
    struct state_options opt;

    world_empty(&w);
    opt = (struct state_options){.dir = w.dir, .mode = STATE_WRITE, .busy_ms = 50};
    is_int(state_open(&other, &opt, &err), 0, "a second writer opens");
    is_int(state_begin(w.s, &err), 0, "the first begins");
    world_unit(&w, "U1", "Đơn vị thử", "agency", STATE_ID_NONE);
    is_int((int64_t)state_waits(other), 0, "nobody has waited yet");
    is_int(state_begin(other, &err), -CE_BUSY, "the second waits, then says busy");
    is_int((int64_t)state_waits(other), 1, "which is counted once");
    is_int(state_unit_find(other, &w.local, STATE_ID_NONE, SLICE("U1"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "and reads what was committed");
    is_int(state_commit(w.s, &err), 0, "the first commits");
    is_int(state_unit_find(other, &w.local, STATE_ID_NONE, SLICE("U1"), &w.arena, &x, &err), 0,
           "now the second sees it");
    x.name = SLICE("Tên mới");
    is_int(state_unit_put(other, &w.local, &x, &err), 0, "and writes");
    x.version = 1;
    x.name = SLICE("Tên khác");
    is_int(state_unit_put(w.s, &w.local, &x, &err), -CE_CONFLICT,
           "a change of an old version overwrites nothing");
    other = state_free(other);
    world_close(&w);
}

static void test_roles(void)
{
    for (int i = 1; i < STATE_ROLE_MAX; i++)
        is_int(state_role_from_str(slice_str(state_role_to_str((enum state_role)i))), i,
               "role %s and back", state_role_to_str((enum state_role)i));
    is_int(state_role_from_str(SLICE("root")), STATE_ROLE_NONE, "no such role");
}

/* Only what was empty becomes a demonstration, and only its clock can be set. */
static void test_demo(void)
{
    struct state_options opt = {.mode = STATE_CREATE, .demo = true};
    struct err err = ERR_INIT;
    struct state *s = NULL;
    struct world w;

    world_empty(&w);
    ok(!state_is_demo(w.s), "a state is no demonstration by itself");
    is_int(state_demo_clock(w.s, T0, &err), -CE_DENIED, "and its clock is not for setting");
    ok(state_now(w.s) == w.now, "it goes on as it did");
    opt.dir = w.dir;
    is_int(state_open(&s, &opt, &err), 0, "an empty one can be marked");
    ok(state_is_demo(s) && state_demo_clock(s, T0 + 5, &err) == 0 && state_now(s) == T0 + 5,
       "then its clock can be set");
    s = state_free(s);
    world_reopen(&w, STATE_READ);
    ok(state_is_demo(w.s), "the mark stays");
    world_close(&w);

    world_open(&w);
    opt.dir = w.dir;
    is_int(state_open(&s, &opt, &err), -CE_DENIED, "one in use is refused");
    world_reopen(&w, STATE_READ);
    ok(!state_is_demo(w.s), "and stays what it is");
    world_close(&w);
}

/* Several reads see one moment; writing ends it. */
static void test_look(void)
{
    struct world w;
    struct state *other = NULL;
    struct err err = ERR_INIT;
    struct state_unit x;
    struct state_options opt;

    world_empty(&w);
    opt = (struct state_options){.dir = w.dir, .mode = STATE_READ};
    is_int(state_open(&other, &opt, &err), 0, "a reader opens");
    is_int(state_read_begin(other, &err), 0, "and looks");
    is_int(state_unit_find(other, &w.local, STATE_ID_NONE, SLICE("U1"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "there is nothing");
    is_int(state_read_begin(w.s, &err), 0, "the writer looks, too");
    world_unit(&w, "U1", "Đơn vị thử", "agency", STATE_ID_NONE);
    ok(!db_in_transaction(w.s->db), "its writing is a transaction of its own and ends the look");
    is_int(state_unit_find(other, &w.local, STATE_ID_NONE, SLICE("U1"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "who looks sees the moment at which it began");
    state_read_end(other);
    is_int(state_unit_find(other, &w.local, STATE_ID_NONE, SLICE("U1"), &w.arena, &x, &err), 0,
           "afterwards what was written is there");
    ok(state_may_read(other, &(struct state_actor){.unit = x.id, .role = STATE_HEAD}, x.id),
       "and in its scope");
    state_read_end(other); /* without one nothing happens */
    other = state_free(other);
    world_close(&w);
}

int main(void)
{
    test_look();
    test_demo();
    test_statements();
    test_folder();
    test_key();
    test_transactions();
    test_two_writers();
    test_roles();
    return tap_done();
}
