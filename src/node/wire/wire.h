/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_WIRE_H
#define CANH_NODE_WIRE_WIRE_H
/*
 * Frames between the processes of a node. Each receiver lists what it takes of whom.
 */
#include "os/frame.h"

enum wire_role {
    ROLE_PARENT,
    ROLE_KEEP,
    ROLE_WATCH,
    ROLE_DESK,
    ROLE_SEARCH,
    ROLE_CHECK,
    ROLE_SEND,
    ROLE_MAX
};

enum wire_type {
    /* parent ↔ child */
    WIRE_READY = 1,    /* child → parent: it does its work */
    WIRE_LINK = 2,     /* parent → child, 1 fd: u8 role of who is at the other end */
    WIRE_SNAPSHOT = 3, /* desk → parent → watch, 1 fd: snapshot.h */
    WIRE_DRAIN = 4,    /* parent → child: finish, then end */
    WIRE_QUERY =
        5, /* desk → parent, 2 fds: the client's connection, the query; search is started */
    WIRE_CONVERT = 7,            /* desk → parent, 2 fds: a file, a pipe; convert is started */
    WIRE_CONVERT_TABLE = 8,      /* the same, of a table that people keep in Excel */
    WIRE_CONVERT_PICTURE = 9,    /* the same, of a photograph */
    WIRE_CONVERT_SHEET = 10,     /* the same, of a list to be drawn for Excel */
    WIRE_CONVERT_REPORT_VI = 11, /* the same, of a log of which a page is drawn */
    WIRE_CONVERT_REPORT_EN = 12,
    WIRE_CONVERT_PDF = 13, /* the same, of a paper to be drawn */
    WIRE_CONVERT_ODT = 14,
    WIRE_CONVERT_LETTER = 15, /* the same, of an official letter: office/doctext_wire.h */
    WIRE_CONVERT_RULES = 37,  /* the same, of an archive of rules: office/bundle_wire.h */
    WIRE_RELOAD = 38,         /* desk → parent: read canh.conf and the rules anew; u8: they may be
                                 fewer */
    WIRE_DEAF = 39,           /* watch, desk → parent: u8 of enum wire_socket, or WIRE_SOCKETS for
                                 the console; u32: why it cannot be listened on for now (errno), or
                                 0, it is by now */
    WIRE_CHECK = 6,           /* desk → parent, 1 fd: check_job.h; check is started */

    /* watch → parent, 1 fd: it listens, and the next watch shall too; parent → watch, before the
     * snapshot: one of an earlier watch. One type for each enum wire_socket from here on, so that
     * the parent need not look inside. */
    WIRE_SOCKET_FIRST = 32,
    WIRE_CONSOLE = 40, /* parent → desk, 1 fd: the socket for reverse proxies, listening */

    /* watch, desk → keep */
    WIRE_APPEND = 16,       /* 1 fd: u64 number of the batch; batch.h */
    WIRE_INPUT = 17,        /* 16 bytes: how far was this input read? */
    WIRE_APPEND_SHORT = 21, /* u64 number, then the batch itself, at most WIRE_SHORT_MAX */
    WIRE_APPEND_LATER = 22, /* the same, of which nobody waits for the answer: with others that come
                               within a second */
    WIRE_AGAIN = 20,        /* watch knows of what was refused: what it sends from here on counts */
    /* keep → watch, desk */
    WIRE_DONE = 18,     /* u64 number, u32 code (enum ce): on disk, or not; text: a bit for each
                           mark of the batch that had been taken before, lowest first */
    WIRE_INPUT_IS = 19, /* 16 bytes, text cursor */

    /* consumers ↔ keep */
    WIRE_READ = 24,  /* text stream, u64 offset, u32 bytes wanted at most */
    WIRE_BLOCK = 25, /* text stream, u64 offset of the next record, u64 end of the stream,
                        u64 beginning of the journal's id, 1 fd: batch.h, in order; empty at the
                        end */
    WIRE_MORE = 26,  /* text stream, u64 end: after an empty block there is more now */

    WIRE_HEADS = 27,     /* desk → keep: what are the heads of the journal's chains? */
    WIRE_HEADS_ARE = 28, /* keep → desk: the text of journal_heads() */

    /* care of the journal on an administrator's behalf (journal/care.h) */
    WIRE_CARE = 29, /* desk → keep: u32 number, u8 enum wire_care, u8 language, u64 offset, text
                       stream, text who, text why, text text */
    WIRE_CARE_ROW = 30,  /* keep → desk: u32 number, u32 count, count × text */
    WIRE_CARE_DONE = 31, /* keep → desk: u32 number, u32 code (enum ce, 0: done), text why */

    /* a look at the journal for somebody, in this order */
    WIRE_GRANT = 40,     /* desk → keep: ticket, text stream, text who, text purpose, text case,
                            text query, u8 all units, text units (16 bytes each, in order) */
    WIRE_GRANTED = 41,   /* keep → desk: ticket, u32 code (enum ce): written down, or refused */
    WIRE_PRESENT = 42,   /* search → keep: ticket, from here on good for this connection */
    WIRE_PRESENTED = 43, /* keep → search: u64 first, u64 end of the stream */
    WIRE_FETCH = 44,     /* search → keep: u64 offset, i64 from, i64 until (received), text want
                           (journal/predicate.h) */
    WIRE_SEEN = 45,      /* keep → search: u64 next offset, u64 end, u32 blocks, opened, damaged,
                            u64 records that retention took before they were read, u8 enum
                            wire_form, 1 fd */

    /* desk ↔ send */
    WIRE_LETTER = 32, /* 16 bytes id, u32 way (notify.h), u32 level, text to, code, subject, text */
    WIRE_OUTCOME = 33,    /* 16 bytes id, u8 outcome (notify.h), text reason */
    WIRE_HEARD = 34,      /* an SMS that came in: text id, number, text */
    WIRE_HEARD_DONE = 35, /* text id: it is in the state */
    WIRE_INBOX = 36, /* text why the gateway hands out nothing (empty: it does), u32 how many of
                      * its SMS cannot be read; when it changes */
};

/* Rows: of CARE_STATUS stream, first, next, segments, stored, oldest, newest; of a repair stream,
 * segment, from, until, what (struct journal_mend); of CARE_VERIFY stream, segment, at, what,
 * detail (struct journal_problem), and at last segments, blocks, records, bytes, problems,
 * redactions, lost (struct journal_verdict); of CARE_HEADS the text of journal_heads(). */
enum wire_care {
    CARE_STATUS, /* what each stream holds */
    CARE_PLAN,   /* what a repair would do */
    CARE_REPAIR,
    CARE_REDACT,
    CARE_VERIFY, /* whether it is whole */
    CARE_HEADS,  /* where its chains end */
    CARE_CHECK,  /* whether text, the heads of some time, still holds; signed by its key */
    CARE_AUDIT,  /* the same of heads that the state's audit holds: that vouches for them */
    CARE_KINDS
};

enum wire_socket {
    SOCKET_SYSLOG_UDP,
    SOCKET_SYSLOG_TCP,
    SOCKET_SYSLOG_TLS,
    SOCKET_INGEST,
    SOCKET_LUMBERJACK,
    WIRE_SOCKETS
};

/* What canh-search gets to see: records of a batch, or a whole block. */
enum wire_form {
    WIRE_FORM_BATCH, /* batch.h */
    WIRE_FORM_BLOCK, /* as stored (journal/block.h), but plain, without filter and hashes */
};

enum {
    WIRE_TICKET = 16,
    WIRE_WORDS_MAX = 2000, /* bytes of a purpose, of a query as it is written down */
    WIRE_LETTER_MAX = 8 * 1024,
    WIRE_REASON_MAX = 300,
    WIRE_BATCH_RAW = 256 * 1024, /* about how many raw bytes go together */
    WIRE_BATCH_MAX = 16 * 1024 * 1024,
    WIRE_SHORT_MAX = 32 * 1024, /* of a batch that goes in its frame */
    WIRE_BATCH_MARKS = 32768,
    WIRE_STREAM_MAX = 63,
    WIRE_CURSOR_MAX = 1024,
};

#endif
