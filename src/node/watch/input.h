/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_INPUT_H
#define CANH_NODE_WATCH_INPUT_H
/*
 * What is read again from where the journal says: a file, a chain of files of the systemd journal,
 * an EVTX file. A kind of input is a row of functions (input_*.c); which inputs a source has is
 * discover.c's, reading them files.c's.
 */
#include "collect/evtx_log.h"
#include "collect/follow.h"
#include "collect/journald.h"
#include "node/watch/watch.h"

struct input_record {
    struct slice text, base; /* until the next call */
    uint64_t at;
    enum record_count count;
    uint32_t flags; /* enum record_flag */
};

struct input_kind {
    const char *transport; /* of the sources that it serves */
    bool folders;          /* their paths are folders */
    /* cursor: empty at first sight. */
    int (*open)(struct input *in, struct slice cursor, struct err *err);
    void (*close)(struct input *in);
    /* 1: there may be records; 0: nothing new; negative: it cannot be read now. */
    int (*poll)(struct input *in, struct err *err);
    /* False: no more. */
    bool (*next)(struct input *in, struct input_record *ret);
    /* Something is missing since the last call: why, and how many (0: nobody knows). */
    bool (*gap)(struct input *in, const char **ret_reason, uint64_t *ret_count);
    void (*cursor)(const struct input *in, struct buf *out);
};

extern const struct input_kind input_file, input_journald, input_evtx;

enum { INPUT_CURSOR_MAX = 512, INPUT_BASE_MAX = 700 };

struct input {
    struct watch *watch;
    const struct input_kind *kind;
    uint8_t id[16];
    const struct snapshot_source *source;
    char path[FOLLOW_PATH];
    bool asked, open; /* its position was asked for; is known */
    bool fresh;       /* nothing of it is in the journal yet */
    bool late;        /* came into a folder that was followed already: all of it is new */
    bool failed;      /* said so */
    uint32_t quiet;   /* turns without anything new */
    uint32_t careful; /* so many records more go one by one */
    bool leave_out;   /* the next record was refused by itself */
    int64_t since;    /* nothing of it was there before */
    struct buf base;  /* of the records of this turn */
    const struct format *format;
    struct follow follow;
    struct journald *journald;
    struct evtx_log evtx;
};

/* The kind that serves a transport; NULL: none is read again. */
const struct input_kind *input_kind_of(struct slice transport);

/* Adds the inputs of a source that are not known yet. late: they came while it was followed. */
void discover_source(struct watch *w, const struct snapshot_source *source, bool late);
/* Whether the path is the source's own, not one that was found. Pure. */
bool discover_names(const struct snapshot_source *source, const char *path);
/* since: nothing of it was there before. */
void input_add(struct watch *w, const struct snapshot_source *source, const char *path, bool late,
               int64_t since);

#endif
