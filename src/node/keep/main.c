/* SPDX-License-Identifier: Apache-2.0 */
/* canh-keep: see keep.h. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "node/keep/keep.h"

#define RETAIN_FIRST TIME_MINUTE
#define RETAIN_AGAIN TIME_HOUR
#define ROOM_AGAIN   (5 * TIME_SECOND) /* between two parts of what is stored that go */
enum { ROOM_PART = 20 };
/* Of the matches that correlations wait with: no window is longer than 7 days. */
#define WINDOWS_AGE   (8 * TIME_DAY)
#define WINDOWS_BYTES (UINT64_C(512) << 20)

static void peer_close(struct peer *p)
{
    struct keep *k = p->keep;
    struct peer **at = &k->peers;

    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    for (unsigned i = 0; i < k->pending_count; i++)
        if (k->pending[i].peer == p)
            k->pending[i].peer = NULL;
    keep_grant_end(p);
    keep_care_end(k, p);
    channel_close(&p->channel);
    free(p);
}

static void peer_lost(void *u, struct channel *c, const struct err *err)
{
    (void)c;
    (void)err;
    peer_close(u);
}

int keep_stream(struct keep *k, struct slice name, uint32_t *ret, struct err *err)
{
    char text[WIRE_STREAM_MAX + 1];

    if (name.n == 0 || name.n >= sizeof(text))
        return err_fail(err, CE_PEER, ERR_NODE_STREAM_WITHOUT_NAME);
    memcpy(text, name.p, name.n);
    text[name.n] = 0;
    return journal_stream(k->journal, text, ret, err);
}

void keep_end_if_drained(struct keep *k)
{
    bool feeders = false;

    for (struct peer *p = k->peers; p; p = p->next)
        feeders = feeders || p->role == ROLE_WATCH || p->role == ROLE_DESK;
    if (k->draining && k->pending_count == 0 && !feeders)
        loop_stop(k->role.loop);
}

#define APPENDS                                                                                    \
    {                                                                                              \
        .type = WIRE_APPEND, .max = 8, .fds = 1, .take = keep_receive_append                       \
    }
static const struct frame_rule watch_rules[] = {
    APPENDS,
    {.type = WIRE_APPEND_SHORT, .max = 8 + WIRE_SHORT_MAX, .take = keep_receive_short},
    {.type = WIRE_APPEND_LATER, .max = 8 + WIRE_SHORT_MAX, .take = keep_receive_later},
    {.type = WIRE_INPUT, .max = 16, .take = keep_receive_input},
    {.type = WIRE_READ, .max = 100, .take = keep_receive_read},
    {.type = WIRE_AGAIN, .max = 0, .take = keep_receive_again}};
static const struct frame_rule desk_rules[] = {
    APPENDS,
    {.type = WIRE_READ, .max = 100, .take = keep_receive_read},
    {.type = WIRE_HEADS, .max = 0, .take = keep_receive_heads},
    {.type = WIRE_CARE, .max = FRAME_MAX, .take = keep_receive_care},
    {.type = WIRE_GRANT, .max = FRAME_MAX, .take = keep_receive_grant}};
static const struct frame_rule search_rules[] = {
    {.type = WIRE_PRESENT, .max = WIRE_TICKET, .take = keep_receive_present},
    {.type = WIRE_FETCH, .max = FRAME_MAX, .take = keep_receive_fetch}};
static const struct frame_rule check_rules[] = {APPENDS};

/* What a role may send, and the one stream that it may append to (NULL: any). */
struct peer_row {
    const struct frame_rule *rules;
    size_t count;
    const char *appends_to;
};

static const struct peer_row peers[ROLE_MAX] = {
    [ROLE_WATCH] = {watch_rules, CANH_LEN(watch_rules)},
    [ROLE_DESK] = {desk_rules, CANH_LEN(desk_rules)},
    [ROLE_SEARCH] = {search_rules, CANH_LEN(search_rules)},
    [ROLE_CHECK] = {check_rules, CANH_LEN(check_rules), STREAM_RESULTS},
};

const char *keep_appends_to(enum wire_role role)
{
    return peers[role].appends_to;
}

static int receive_link(void *u, enum wire_role role, int fd, struct err *err)
{
    struct keep *k = u;
    struct peer *p = calloc(1, sizeof(*p));
    int r;

    if (p == NULL || peers[role].rules == NULL) {
        fd_closep(&fd);
        free(p);
        return err_fail(err, CE_PEER, ERR_NODE_KEEP_NOTHING_FOR_ROLE);
    }
    p->keep = k;
    p->role = role;
    p->next = k->peers;
    k->peers = p;
    r = channel_open(&p->channel, fd, peers[role].rules, peers[role].count, p, k->role.loop,
                     peer_lost, err);
    if (r < 0)
        peer_close(p);
    return r;
}

static void keep_drain(void *u)
{
    struct keep *k = u;

    k->draining = true;
    keep_end_if_drained(k);
}

static void keep_tick(void *u, struct loop_timer *t)
{
    struct keep *k = u;

    (void)t;
    if (k->pending_count)
        keep_commit(k);
    keep_seal(k);
    keep_write_status(k);
    keep_rest(k);
    keep_end_if_drained(k);
}

/* What canh.conf says of a stream; false: nothing may go now. Alerts wait for the desk. */
static bool keep_of(const struct keep *k, const char *stream, struct journal_keep *ret)
{
    const struct config *c = &k->role.config;

    if (stream_has_events(slice_str(stream)))
        *ret = (struct journal_keep){c->keep_events, (uint64_t)c->size, c->keep_least};
    else
        *ret = (struct journal_keep){.age = c->keep_alerts};
    if (strcmp(stream, STREAM_WINDOWS) == 0)
        *ret = (struct journal_keep){.age = WINDOWS_AGE, .bytes = WINDOWS_BYTES};
    return strcmp(stream, STREAM_ALERTS) != 0 || k->alerts_taken;
}

static int retain_stream(struct keep *k, uint32_t stream, const struct journal_keep *what,
                         const char *reason, struct journal_retained *gone)
{
    struct err err = ERR_INIT;
    int r = journal_retain(k->journal, stream, what, reason, time_now(), gone, &err);

    if (r < 0)
        role_log_err(&k->role, "old segments do not go", &err);
    if (gone->segments)
        role_log(&k->role, "%s: %llu records in %u old segments have gone (%s)",
                 journal_stream_name(k->journal, stream), (unsigned long long)gone->records,
                 (unsigned)gone->segments, reason);
    return r;
}

/* There is nothing that may go: from here on nothing is taken. The record of it uses the reserve,
 * and what that leaves is room for the state, which tells people. */
static void note_held(struct keep *k)
{
    struct err err = ERR_INIT;

    if (k->held)
        return;
    k->held = true;
    role_log(&k->role, "the disk is full, and the oldest events are too young to go: nothing more "
                       "is taken until there is room");
    if (journal_audit(k->journal, SLICE("{\"journal\":\"held\",\"reason\":\"disk-full\"}"),
                      time_now(), &err) < 0)
        role_log_err(&k->role, "the journal", &err);
}

/* A part of the events, the oldest, down to `keep-least`. */
static void make_room(struct keep *k)
{
    uint64_t records = 0;
    bool failed = false;

    for (uint32_t i = 0; i < journal_stream_count(k->journal); i++) {
        struct journal_stream_state st = {.name = ""};
        struct journal_retained gone;
        struct journal_keep what;

        if (journal_stream_state(k->journal, i, &st, NULL) < 0 ||
            !stream_has_events(slice_str(st.name)))
            continue;
        what =
            (struct journal_keep){.bytes = CANH_MAX(st.stored - st.stored / ROOM_PART, UINT64_C(1)),
                                  .least = k->role.config.keep_least};
        failed = retain_stream(k, i, &what, "disk-full", &gone) < 0 || failed;
        records += gone.records;
    }
    k->gone_for_room += records;
    if (records == 0 && !failed)
        note_held(k);
    k->measured.at = 0; /* status.c measures again */
}

static void keep_retain(void *u, struct loop_timer *t)
{
    struct keep *k = u;

    (void)t;
    k->over_size = false;
    for (uint32_t i = 0; i < journal_stream_count(k->journal); i++) {
        struct journal_retained gone;
        struct journal_keep what;

        if (!keep_of(k, journal_stream_name(k->journal, i), &what))
            continue;
        (void)retain_stream(k, i, &what, "limits", &gone);
        k->over_size = k->over_size || gone.young;
    }
    if (k->wants_room)
        make_room(k);
    k->wants_room = false;
}

void keep_want_room(struct keep *k)
{
    k->full_at = loop_clock();
    if (k->room_at && k->full_at - k->room_at < ROOM_AGAIN)
        return;
    k->room_at = k->full_at;
    k->wants_room = true;
    (void)!loop_timer_set(k->retain, 0, RETAIN_AGAIN, NULL);
}

static int keys_load(struct keep *k, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 20), text = BUF_INIT(8192);
    int r;

    buf_printf(&path, "%s/journal.key", k->role.place.keys);
    r = file_read(buf_cstr(&path), &text, err);
    if (r == 0)
        r = journal_keys_parse(buf_slice(&text), &k->keys, err);
    buf_done(&path);
    buf_done(&text);
    return r;
}

/* A look at a node to which nothing came yet finds nothing, not "no such stream". */
static int open_streams(struct keep *k, struct err *err)
{
    static const char *const names[] = {STREAM_EVENTS, STREAM_ALERTS, STREAM_RESULTS,
                                        STREAM_WINDOWS};
    uint32_t stream;
    int r = 0;

    for (size_t i = 0; r == 0 && i < CANH_LEN(names); i++)
        r = journal_stream(k->journal, names[i], &stream, err);
    return r < 0 ? r : journal_stream(k->journal, STREAM_ALERTS, &k->alerts, err);
}

static int keep_open(struct keep *k, struct err *err)
{
    struct journal_options o = {.folder = k->role.place.journal,
                                .plain = !k->role.config.encrypt,
                                .keys = k->keys.items,
                                .now = time_now()};
    int r = keys_load(k, err);

    o.key_count = k->keys.count;
    if (r == 0)
        r = journal_open(&o, &k->journal, err);
    if (r == 0)
        r = open_streams(k, err);
    map_init(&k->group_marks, GROUP_MARKS);
    return r < 0 ? r : keep_make_room(k, err);
}

static int keep_begin(struct keep *k, struct err *err)
{
    const char *const write[] = {k->role.place.journal, NULL};
    int r = keep_open(k, err);

    if (r == 0)
        keep_seal(k); /* the reserve is there from the beginning */
    if (r == 0)
        r = role_confine(&k->role, NULL, write, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, TIME_SECOND, TIME_SECOND, keep_tick, k, &k->tick, err);
    if (r == 0)
        r = loop_timer_add(k->role.loop, RETAIN_FIRST, RETAIN_AGAIN, keep_retain, k, &k->retain,
                           err);
    if (r == 0)
        r = role_listen(&k->role, err);
    if (r == 0)
        r = role_ready(&k->role, err);
    if (r == 0)
        keep_write_status(k);
    return r;
}

int main(int argc, char **argv)
{
    static struct keep k = {.role = {.name = "keep", .link = receive_link, .drain = keep_drain}};
    struct err err = ERR_INIT;
    int status;

    k.role.u = &k;
    k.commit = (struct loop_task){.fn = keep_commit, .u = &k};
    status = role_begin(&k.role, argc, argv);
    if (status != 0)
        return status;
    status = keep_begin(&k, &err) < 0 ? role_fail(&k.role, &err) : role_run(&k.role);
    while (k.peers)
        peer_close(k.peers);
    keep_grants_end(&k);
    keep_care_end(&k, NULL);
    if (k.journal)
        keep_seal_all(&k);
    k.journal = journal_close(k.journal);
    journal_keys_wipe(&k.keys);
    return status;
}
