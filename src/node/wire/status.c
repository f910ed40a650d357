/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "node/wire/status.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "lang/err_node.h"
#include "os/frame.h"

enum { HEAD = 8, TRIES = 20 };

int status_make(int *ret_fd, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = memfd_create("canh-status", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || ftruncate(fd, (off_t)STATUS_SLOTS * STATUS_BYTES) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        return err_fail_sys(err, errno, ERR_NODE_STATUS);
    *ret_fd = fd_take(&fd);
    return 0;
}

void status_add(struct buf *out, const char *key, uint64_t value)
{
    frame_put_text(out, slice_str(key));
    frame_put_u64(out, value);
}

static off_t place_of(enum status_slot slot)
{
    return (off_t)slot * STATUS_BYTES;
}

int status_write(int fd, enum status_slot slot, struct slice entries)
{
    struct buf page = BUF_INIT(STATUS_BYTES);
    int r;

    frame_put_u32(&page, (uint32_t)hash_bytes(entries.p, entries.n, 0));
    frame_put_u32(&page, (uint32_t)entries.n);
    buf_append_slice(&page, entries);
    r = page.err;
    if (r == 0 && pwrite(fd, page.p, page.len, place_of(slot)) != (ssize_t)page.len)
        r = -CE_IO;
    buf_done(&page);
    return r;
}

void status_clear(int fd, enum status_slot slot)
{
    static const uint8_t none[HEAD];

    (void)!pwrite(fd, none, sizeof(none), place_of(slot));
}

/* The entries, whole; the other side may be writing meanwhile. */
static int page_read(int fd, enum status_slot slot, uint8_t page[STATUS_BYTES], struct slice *ret)
{
    for (unsigned i = 0; i < TRIES; i++) {
        struct frame_reader r;
        uint32_t sum, n;

        if (pread(fd, page, STATUS_BYTES, place_of(slot)) != STATUS_BYTES)
            return -CE_IO;
        r = frame_reader(slice_of(page, STATUS_BYTES));
        sum = frame_get_u32(&r);
        n = frame_get_u32(&r);
        if (n > 0 && n <= STATUS_BYTES - HEAD && (uint32_t)hash_bytes(page + HEAD, n, 0) == sum) {
            *ret = slice_of(page + HEAD, n);
            return 0;
        }
    }
    return -CE_CORRUPT;
}

int status_each(int fd, enum status_slot slot,
                void (*fn)(void *u, struct slice key, uint64_t value), void *u)
{
    uint8_t page[STATUS_BYTES];
    struct slice entries;
    struct frame_reader r;
    int code = page_read(fd, slot, page, &entries);

    if (code < 0)
        return code;
    r = frame_reader(entries);
    while (r.rest.n && !r.bad) {
        struct slice key = frame_get_text(&r, STATUS_KEY);
        uint64_t value = frame_get_u64(&r);

        if (!r.bad)
            fn(u, key, value);
    }
    return 0;
}

struct wanted {
    const char *key;
    uint64_t value;
};

static void receive_wanted(void *u, struct slice key, uint64_t value)
{
    struct wanted *w = u;

    if (slice_is(key, w->key))
        w->value = value;
}

uint64_t status_get(int fd, enum status_slot slot, const char *key, uint64_t fallback)
{
    struct wanted w = {key, fallback};

    return status_each(fd, slot, receive_wanted, &w) < 0 ? fallback : w.value;
}
