/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/file.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum { ROOM = 64 * 1024 }; /* that a tail grows by at least */

int tail_note(struct journal *j, const struct tail_file *t)
{
    if (!array_room(j->tails, j->tail_count, j->tail_cap, SIZE_MAX))
        return -CE_NOMEM;
    j->tails[j->tail_count++] = *t;
    return 0;
}

void tail_close(struct journal *j)
{
    fd_closep(&j->tail.fd);
    cipher_wipe(&j->tail.cipher);
}

/* The names of streams that the tail's records need. */
static void declare_streams(const struct journal *j, uint32_t from, uint32_t until, struct buf *out)
{
    for (uint32_t i = from; i < until; i++) {
        struct entry e = {.kind = ENTRY_STREAM,
                          .stream = {.number = i, .name = slice_str(j->streams[i]->name)}};

        entry_write(out, &e);
    }
}

void tail_declare(struct journal *j)
{
    j->names_from = j->tail.fd < 0 ? 0 : j->tail.declared;
    declare_streams(j, j->names_from, j->stream_count, &j->entries);
}

static int start_tail(struct journal *j, int64_t now, struct err *err)
{
    struct tail *t = &j->tail;
    struct path path;
    int r;

    t->head = (struct journal_head){.kind = FILE_TAIL,
                                    .number = j->next_tail,
                                    .group = j->group + 1,
                                    .created = now};
    memcpy(t->head.journal, j->id, JOURNAL_ID_SIZE);
    t->end = t->room = 0;
    t->declared = 0;
    r = tail_note(j, &(struct tail_file){.number = t->head.number, .last_group = j->group});
    if (r < 0)
        return err_nomem(err);
    r = file_open_new(tail_path(j, j->next_tail, &path), 0600, &t->fd, err);
    if (r < 0) {
        j->tail_count--;
        return r;
    }
    j->next_tail++;
    return 0;
}

/* The group as bytes, the tail's head before it where it is the first. */
static int make_bytes(struct journal *j, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf names = BUF_INIT(JOURNAL_GROUP_MAX + 64 * 1024);
    struct tail *t = &j->tail;

    buf_clear(&j->bytes);
    if (t->end == 0)
        head_write(&t->head, journal_master(j), &t->cipher, &j->bytes);
    if (t->declared < j->names_from) { /* the tail was begun after the group */
        declare_streams(j, t->declared, j->names_from, &names);
        buf_append_slice(&names, buf_slice(&j->entries));
    }
    if (names.err == 0)
        group_append(&t->head, &t->cipher, j->group + 1,
                     names.len ? buf_slice(&names) : buf_slice(&j->entries), &j->bytes);
    if (names.err != 0 || j->bytes.err != 0)
        return err_fail(err, (enum ce) - (names.err ? names.err : j->bytes.err),
                        ERR_JOURNAL_GROUP_JOURNAL, ERR_KIND(names.err ? names.err : j->bytes.err));
    return 0;
}

/* Zeros behind a small group where it does not find room in the file as it is: until they are used
 * up, the disk is told of no other size with each group. */
static int add_room(struct journal *j, struct err *err)
{
    uint64_t end = j->tail.end + j->bytes.len;
    size_t n = (size_t)(ROOM - end % ROOM);
    uint8_t *to;

    if (end <= j->tail.room || j->bytes.len > ROOM)
        return 0;
    to = buf_reserve(&j->bytes, n);
    if (to == NULL)
        return err_nomem(err);
    memset(to, 0, n);
    j->bytes.len += n;
    return 0;
}

/* Nothing written to this file is relied on from here on; what it had before stays. */
static void tail_abandon(struct journal *j)
{
    struct tail_file *last = &j->tails[j->tail_count - 1];

    tail_close(j);
    if (j->tail.end == 0) { /* not even its head is known to be there */
        struct path path;

        (void)file_remove(tail_path(j, last->number, &path), NULL);
        j->tail_count--;
    }
}

/* What could be written is taken back, so that the next group stands where this one should have. */
static void tail_undo(struct journal *j, const char *name)
{
    j->tail.room = j->tail.end;
    if (j->tail.end == 0 || file_cut(j->tail.fd, name, j->tail.end, NULL) < 0)
        tail_abandon(j);
}

static int write_group(struct journal *j, const char *name, struct err *err)
{
    struct tail *t = &j->tail;
    size_t n = j->bytes.len;
    int r = add_room(j, err);

    if (r == 0)
        r = file_write_at(t->fd, name, t->end, buf_slice(&j->bytes), err);
    t->room = CANH_MAX(t->room, t->end + j->bytes.len);
    j->bytes.len = n;
    return r;
}

static int write_once(struct journal *j, int64_t now, struct err *err)
{
    struct tail *t = &j->tail;
    struct path path, folder;
    int r = 0;

    if (t->fd < 0)
        r = start_tail(j, now, err);
    if (r < 0)
        return r;
    r = make_bytes(j, err);
    (void)tail_path(j, t->head.number, &path);
    if (r == 0)
        r = write_group(j, path.text, err);
    if (r < 0) {
        tail_undo(j, path.text);
        return r;
    }
    r = file_sync_data(t->fd, path.text, err);
    if (r == 0 && t->end == 0)
        r = file_sync_folder(journal_path(j, &folder, "tail"), err);
    if (r < 0) {
        tail_abandon(j);
        return r;
    }
    return 0;
}

static bool disk_full(const struct err *err)
{
    return err->code == CE_IO && (err->sys == ENOSPC || err->sys == EDQUOT);
}

int tail_write(struct journal *j, int64_t now, struct err *err)
{
    struct err first = ERR_INIT;
    struct tail *t = &j->tail;
    int r = write_once(j, now, &first);

    if (r == -CE_IO && !disk_full(&first)) {
        if (t->fd >= 0)
            tail_close(j);
        first = ERR_INIT;
        r = write_once(j, now, &first);
    }
    if (r < 0) {
        if (err)
            *err = first;
        if (!disk_full(&first))
            return r;
        if (err)
            err->code = CE_BUSY;
        return -CE_BUSY;
    }
    t->end += j->bytes.len;
    t->declared = j->stream_count;
    j->group++;
    j->tails[j->tail_count - 1].last_group = j->group;
    j->tails[j->tail_count - 1].size = t->end;
    if (t->end >= j->options.tail_size)
        tail_close(j);
    return 0;
}
