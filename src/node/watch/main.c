/* SPDX-License-Identifier: Apache-2.0 */
/* canh-watch: see watch.h. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sysexits.h>

#include <sodium.h>

#include "base/file.h"
#include "lang/err_node.h"
#include "node/watch/correlate.h"
#include "node/watch/listen.h"
#include "node/wire/status.h"
#include "os/bulk.h"

#define GLOB_TIME   (10 * TIME_SECOND)
#define STATUS_TIME (5 * TIME_SECOND)

void watch_end_if_drained(struct watch *w)
{
    if (w->draining)
        network_resume(w); /* what found no place before */
    if (w->draining && (w->sent_count == 0 || !channel_is_open(&w->keep)))
        loop_stop(w->role.loop);
}

static void poll_inputs(void *u, struct loop_timer *t)
{
    struct watch *w = u;

    files_poll(w);
    if (w->input_count == 0 && !send_waits(w))
        (void)!loop_timer_set(t, POLL_REST, POLL_REST, NULL);
}

static void glob_again(void *u, struct loop_timer *t)
{
    (void)t;
    files_glob(u);
}

static const struct frame_rule keep_rules[] = {
    {.type = WIRE_DONE, .max = WIRE_BATCH_MARKS / 8 + 16, .take = send_receive_done},
    {.type = WIRE_BLOCK, .max = 200, .fds = 1, .take = correlate_receive_block},
    {.type = WIRE_MORE, .max = 200, .take = correlate_receive_more},
    {.type = WIRE_INPUT_IS, .max = WIRE_CURSOR_MAX + 64, .take = files_receive_input},
};

static void keep_lost(void *u, struct channel *c, const struct err *err)
{
    struct watch *w = u;

    (void)c;
    (void)err;
    send_forget(w);
    files_again(w);
    watch_end_if_drained(w);
}

static int receive_link(void *u, enum wire_role peer, int fd, struct err *err)
{
    struct watch *w = u;
    int r;

    if (peer != ROLE_KEEP) {
        fd_closep(&fd);
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
    }
    channel_close(&w->keep);
    send_forget(w);
    r = channel_open(&w->keep, fd, keep_rules, CANH_LEN(keep_rules), w, w->role.loop, keep_lost,
                     err);
    if (r == 0) {
        files_again(w);
        send_again(w);
        if (send_waits(w))
            files_wake(w);
        correlate_link(w);
        network_resume(w); /* what came while nobody kept */
    }
    return r;
}

static void add_folder(void *u, const char *folder)
{
    struct watch *w = u;

    for (unsigned i = 0; i < w->folder_count; i++)
        if (strcmp(w->folders[i], folder) == 0)
            return;
    if (w->folder_count == FOLDERS_MAX) {
        w->folders_over = true;
        return;
    }
    w->folders[w->folder_count] = strdup(folder);
    w->folder_count += w->folders[w->folder_count] != NULL;
}

static void check_folder(void *u, const char *folder)
{
    struct watch *w = u;
    bool known = w->folders_over;

    for (unsigned i = 0; i < w->folder_count && !known; i++)
        known = strcmp(w->folders[i], folder) == 0;
    w->confined_too_much = w->confined_too_much || !known;
}

/*
 * From the first snapshot on, only what its sources name can be read. A source that lies elsewhere
 * is for another process: this one ends, and the next one begins with the new snapshot.
 */
static int watch_confine(struct watch *w, struct err *err)
{
    static const char *const all[] = {"/", NULL};
    const char *read[FOLDERS_MAX + 1];
    int r;

    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        files_folders(&w->snapshot.sources[i], add_folder, w);
    for (unsigned i = 0; i < w->folder_count; i++)
        read[i] = w->folders[i];
    read[w->folder_count] = NULL;
    if (w->folders_over)
        role_log(&w->role, "sources lie in more than %d folders: all files can be read",
                 FOLDERS_MAX);
    r = role_confine(&w->role, w->folders_over ? all : read, NULL, err);
    w->confined = r == 0;
    return r;
}

static bool fits_confinement(struct watch *w)
{
    w->confined_too_much = false;
    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        files_folders(&w->snapshot.sources[i], check_folder, w);
    return !w->confined_too_much;
}

static void receive_socket(void *u, unsigned slot, int fd)
{
    network_keep_socket(u, slot, fd);
}

static void watch_drain(void *u)
{
    struct watch *w = u;

    if (!w->draining)
        network_drain(w);
    w->draining = true;
    channel_wake(&w->keep);
    watch_end_if_drained(w);
}

static int snapshot_begin_with(struct watch *w, struct err *err)
{
    const bool first = !w->confined;
    int r = 0;

    if (first) {
        network_read_keys(w);
        r = watch_confine(w, err);
    } else if (!fits_confinement(w)) {
        watch_drain(w);
        return 0;
    }
    w->have_snapshot = true;
    files_begin(w);
    network_begin(w);
    watch_follows(w);
    return first && r == 0 ? role_ready(&w->role, err) : r;
}

static int receive_snapshot(void *u, int fd, struct err *err)
{
    struct watch *w = u;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct snapshot snapshot;
    struct slice bytes = SLICE_NULL;
    int r = bulk_map(fd, BULK_MAX, &bytes, err);

    fd_closep(&fd);
    if (r == 0)
        r = snapshot_read(bytes, &arena, &snapshot, err);
    bulk_unmap(bytes);
    if (r < 0) {
        arena_done(&arena);
        return r;
    }
    files_end(w);
    silence_follow(w, &snapshot);
    arena_done(&w->arena);
    w->arena = arena;
    w->snapshot = snapshot;
    return snapshot_begin_with(w, err);
}

static void rule_problem(void *ctx, const char *path, const struct err *err)
{
    const struct watch *w = ctx;

    role_log_err(&w->role, path ? path : "", err);
}

static int rules_begin(struct watch *w, struct err *err)
{
    int r = sodium_init() < 0 ? err_fail(err, CE_BUG, ERR_NODE_LIBSODIUM_DOES_NOT_BEGIN) : 0;

    if (r == 0)
        r = match_rules(&w->role.config, rule_problem, w, &w->rules, err);
    if (r < 0)
        return r;
    w->rule_counts = match_count(w->rules);
    role_log(&w->role, "%u rules, %u refused, %u that nothing leads to", w->rules->counts.rules,
             w->rules->counts.refused, w->rules->counts.unreached);
    return 0;
}

/*
 * Looks whether a new generation may follow the one that runs; EX_CONFIG, and a word in the status,
 * when there would be nothing left of its rules, or a tenth fewer.
 */
static int check_rules(struct watch *w)
{
    struct buf rules = BUF_INIT(4096);
    const char *read[] = {NULL, NULL};
    struct err err = ERR_INIT;
    struct match_counts before;
    bool fits;

    buf_append_slice(&rules, w->role.config.rules);
    read[0] = rules.len ? buf_cstr(&rules) : NULL;
    if (role_confine(&w->role, read, NULL, &err) < 0 || rules_begin(w, &err) < 0) {
        watch_refused(NULL);
        return role_fail(&w->role, &err);
    }
    before.all = status_get(ROLE_STATUS_FD, STATUS_RUNS, "rules", 0);
    before.own = status_get(ROLE_STATUS_FD, STATUS_RUNS, "own rules", 0);
    fits = w->role.fewer ? w->rule_counts.all > 0 : match_may_follow(&before, &w->rule_counts);
    buf_done(&rules);
    if (fits) {
        status_clear(ROLE_STATUS_FD, STATUS_REFUSED);
        return 0;
    }
    role_log(&w->role, "not taken: %u rules, %u of them your own, after %u and %u",
             (unsigned)w->rule_counts.all, (unsigned)w->rule_counts.own, (unsigned)before.all,
             (unsigned)before.own);
    watch_refused(&w->rule_counts);
    return EX_CONFIG;
}

static void report_status(void *u, struct loop_timer *t)
{
    (void)t;
    silence_check(u);
    correlate_tick(u);
    watch_write_status(u);
}

static int watch_begin(struct watch *w, struct err *err)
{
    int r = rules_begin(w, err);

    if (r < 0)
        return r;
    w->began = time_now();
    watch_write_status(w);
    w->matching = match_ctx_new(w->rules, w->role.config.fold);
    if (w->matching == NULL || correlate_begin(w) < 0)
        return err_nomem(err);
    r = loop_timer_add(w->role.loop, POLL_TIME, POLL_TIME, poll_inputs, w, &w->poll, err);
    if (r == 0)
        r = loop_timer_add(w->role.loop, GLOB_TIME, GLOB_TIME, glob_again, w, &w->glob, err);
    if (r == 0)
        r = loop_timer_add(w->role.loop, STATUS_TIME, STATUS_TIME, report_status, w, NULL, err);
    if (r == 0)
        r = role_listen(&w->role, err);
    return r;
}

static void watch_end(struct watch *w)
{
    files_end(w);
    network_end(w);
    silence_end(w);
    correlate_end(w);
    w->matching = match_ctx_free(w->matching);
    w->rules = generation_unref(w->rules);
    for (unsigned i = 0; i < w->folder_count; i++)
        free(w->folders[i]);
    arena_done(&w->arena);
    buf_done(&w->batch.bytes);
}

int main(int argc, char **argv)
{
    static struct network network = {.sockets = {-1, -1, -1, -1, -1}};
    static struct watch w = {.network = &network,
                             .role = {.name = "watch",
                                      .link = receive_link,
                                      .snapshot = receive_snapshot,
                                      .socket = receive_socket,
                                      .drain = watch_drain},
                             .keep.fd = -1};
    struct err err = ERR_INIT;
    int status;

    w.role.u = &w;
    w.batch = (struct batch_out){.w = &w, .bytes = BUF_INIT(WIRE_BATCH_MAX)};
    status = role_begin(&w.role, argc, argv);
    if (status != 0)
        return status;
    if (w.role.check)
        status = check_rules(&w);
    else
        status = watch_begin(&w, &err) < 0 ? role_fail(&w.role, &err) : role_run(&w.role);
    watch_end(&w);
    return status;
}
