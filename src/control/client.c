/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "control/client.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_control.h"

static int receive_row(void *u, struct frame *f, struct err *err)
{
    struct control_client *c = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice cells[CONTROL_CELLS_MAX];
    uint32_t n = frame_get_u32(&r);

    if (n > CONTROL_CELLS_MAX)
        return err_fail(err, CE_PEER, ERR_CONTROL_ROW_CELLS, n);
    for (uint32_t i = 0; i < n; i++)
        cells[i] = frame_get_text(&r, FRAME_MAX);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_CONTROL_ROW_CANNOT_READ);
    c->code = c->row(c->u, cells, n);
    c->ended = c->code != 0;
    return 0;
}

static int receive_end(void *u, struct frame *f, struct err *err)
{
    struct control_client *c = u;
    struct frame_reader r = frame_reader(f->body);
    uint32_t code = frame_get_u32(&r);
    struct slice why = frame_get_text(&r, 1000);

    if (frame_end(&r) < 0 || code >= CE_MAX)
        return err_fail(err, CE_PEER, ERR_CONTROL_END_CANNOT_READ);
    c->ended = true;
    c->code = -(int)code;
    if (code)
        (void)err_fail(c->err, (enum ce)code, ERR_CONTROL_NODE_SAYS, why);
    return 0;
}

static const struct frame_rule rules[] = {
    {.type = CONTROL_ROW, .max = FRAME_MAX, .take = receive_row},
    {.type = CONTROL_END, .max = 2000, .take = receive_end},
};

int control_connect(struct control_client *c, const char *path, struct err *err)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    CANH_CLEANUP(fd_closep) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_CONTROL_SOCKET);
    if (n < 0 || (size_t)n >= sizeof(to.sun_path))
        return err_fail(err, CE_TOO_BIG, ERR_CONTROL_FOLDERS_NAME_TOO_LONG_FOR, path);
    if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
        if (errno == ENOENT || errno == ECONNREFUSED)
            return err_fail(err, CE_NOT_FOUND, ERR_CONTROL_NO_NODE_LISTENS_AT, path);
        if (errno == EACCES || errno == EPERM)
            return err_fail(err, CE_DENIED, ERR_CONTROL_ONLY_ROOT_AND_NODES_OWN, path);
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    }
    return channel_open(&c->channel, fd_take(&fd), rules, CANH_LEN(rules), c, NULL, NULL, err);
}

void control_close(struct control_client *c)
{
    channel_close(&c->channel);
}

int control_run(struct control_client *c, struct slice name, const struct control_args *args,
                int (*row)(void *u, const struct slice *cells, size_t n), void *u, struct err *err)
{
    struct buf body = BUF_INIT(FRAME_MAX);
    int r;

    c->row = row;
    c->u = u;
    c->err = err;
    c->ended = false;
    c->code = 0;
    control_args_write(&body, name, args);
    r = body.err ? err_fail(err, CE_TOO_BIG, ERR_CONTROL_TOO_MUCH_FOR_ONE_ACT)
                 : channel_send(&c->channel, CONTROL_ACT, buf_slice(&body), NULL, 0, err);
    buf_done(&body);
    while (r >= 0 && !c->ended)
        r = channel_wait(&c->channel, -1, err);
    return r < 0 ? r : c->code;
}
