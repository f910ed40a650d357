/* SPDX-License-Identifier: Apache-2.0 */
/* canh-desk: see desk.h. */
#include <malloc.h>
#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "node/desk/search.h"
#include "state/backup.h"
#include "web/web.h"

#define MEMORY_EVERY (10 * TIME_SECOND)

void desk_changed(struct desk *d)
{
    d->changes++;
    /* Whose change it was is not told: who looks asks again, and sees what is theirs. */
    if (d->web)
        desk_web_changed(d->web, "alert", STATE_ID_NONE, STATE_ID_NONE);
}

/* Pages over a whole province need tens of MiB for a moment: what is free goes back. */
static void give_back(void *u, struct loop_timer *t)
{
    (void)u, (void)t;
    (void)malloc_trim(1 << 20);
}

static void receive_again(void *u, struct loop_timer *t)
{
    (void)t;
    desk_read_on(u);
}

static int receive_link(void *u, enum wire_role peer, int fd, struct err *err)
{
    if (peer == ROLE_KEEP) {
        int r = desk_keep_open(u, fd, err);

        desk_health_write(u); /* who looks at it now is told what is true now */
        return r;
    }
    if (peer == ROLE_SEND)
        return desk_send_open(u, fd, err);
    fd_closep(&fd);
    return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
}

/* Every write is one transaction of this thread: nothing is half done here. */
static void desk_drain(void *u)
{
    struct desk *d = u;

    d->draining = true;
    desk_seal(d);
    desk_control_close(d);
    desk_searches_end(d);
    desk_hold_forget(d, d);
    desk_console_close(d);
    channel_close(&d->keep);
    channel_close(&d->send);
    loop_stop(d->role.loop);
}

/* From here on the state, run/, backups, and the folder of [detect] rules: to write where it lies
 * within the node's, else to count them. */
static int desk_confine(struct desk *d, struct err *err)
{
    const struct admin_ctx c = {.place = &d->role.place, .config = &d->role.config};
    struct buf shelf = BUF_INIT(PLACE_PATH + 16), rules = BUF_INIT(PLACE_PATH);
    const char *write[] = {d->role.place.state, d->role.place.run, NULL, NULL, NULL};
    const char *read[] = {NULL, NULL};
    bool ours = admin_rules_folder(&c, &rules);
    int r;

    state_backup_shelf(slice_str(d->role.place.state), &shelf);
    write[2] = buf_cstr(&shelf);
    if (rules.len)
        *(ours ? &write[3] : &read[0]) = buf_cstr(&rules);
    r = file_mkdirs(write[2], 0700, err);
    if (r == 0 && ours)
        r = file_mkdirs(buf_cstr(&rules), 0755, err);
    if (r == 0)
        r = role_confine(&d->role, read, write, err);
    buf_done(&shelf);
    buf_done(&rules);
    return r;
}

static int desk_begin(struct desk *d, struct err *err)
{
    struct state_options o = {.dir = d->role.place.state, .mode = STATE_WRITE, .clock_go_on = true};
    int r = state_open(&d->s, &o, err);

    if (r == 0)
        r = loop_timer_add(d->role.loop, TIME_DAY, 0, receive_again, d, &d->again, err);
    if (r == 0)
        r = loop_timer_add(d->role.loop, MEMORY_EVERY, MEMORY_EVERY, give_back, d, &d->memory, err);
    if (r == 0)
        r = desk_calls_open(d, err);
    if (r == 0)
        r = role_listen(&d->role, err);
    if (r == 0)
        r = desk_control_open(d, err);
    if (r == 0)
        r = desk_keys_make(d, err);
    if (r == 0)
        r = desk_console_open(d, err);
    if (r == 0)
        r = desk_confine(d, err);
    if (r == 0)
        r = desk_timetable_open(d, err);
    if (r == 0)
        r = desk_health_open(d, err);
    if (r == 0)
        r = desk_matters_open(d, err);
    if (r == 0)
        r = desk_seal_open(d, err);
    if (r == 0)
        r = desk_publish(d, err);
    if (r == 0)
        r = role_ready(&d->role, err);
    return r;
}

int main(int argc, char **argv)
{
    static struct desk d = {.role = {.name = "desk",
                                     .link = receive_link,
                                     .console = desk_console_socket,
                                     .drain = desk_drain},
                            .keep.fd = -1,
                            .send.fd = -1,
                            .control = -1,
                            .certificates = {{.name = "console", .end = TIME_NONE},
                                             {.name = "ingest", .end = TIME_NONE},
                                             {.name = "ca", .end = TIME_NONE}}};
    struct err err = ERR_INIT;
    int status;

    (void)mallopt(M_ARENA_MAX, 2); /* no thread keeps a heap of its own */
    d.role.u = &d;
    status = role_begin(&d.role, argc, argv);
    if (status != 0)
        return status;
    status = desk_begin(&d, &err) < 0 ? role_fail(&d.role, &err) : role_run(&d.role);
    desk_control_close(&d);
    desk_console_close(&d);
    desk_timetable_close(&d);
    desk_matters_close(&d);
    d.s = state_free(d.s);
    if (d.authority_key.p)
        sodium_memzero(d.authority_key.p, d.authority_key.cap);
    buf_done(&d.authority);
    buf_done(&d.authority_key);
    return status;
}
