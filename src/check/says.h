/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_SAYS_H
#define CANH_CHECK_SAYS_H
/*
 * What a check saw, kept as codes with their arguments and put into words when it is shown, in the
 * reader's language. Pure.
 *
 * One saying a line: a code and its arguments, separated by tabs. Numbers are written with a point.
 * A line that begins with no known code (a result of an older canh) is shown as it is.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "lang/lang.h"

enum says {
    SAYS_NONE,
    /* what was found */
    SAYS_PAGE,      /* status, milliseconds */
    SAYS_MAIL,      /* milliseconds */
    SAYS_CONNECTED, /* milliseconds */
    SAYS_ADDRESSES, /* how many, milliseconds */
    SAYS_PINGS,     /* answers, asked, slowest in milliseconds */
    SAYS_FILE,      /* name, bytes, hours */
    SAYS_PLUGIN,    /* what a plugin said */
    /* what is wrong with it */
    SAYS_OTHER_STATUS, /* expected */
    SAYS_NO_TEXT,
    SAYS_SLOW,
    SAYS_CERT_ENDS,   /* days */
    SAYS_CERT_ENDED,  /* days ago */
    SAYS_CHAIN_ENDS,  /* whose certificate, days */
    SAYS_CHAIN_ENDED, /* whose certificate, days ago */
    SAYS_DOWNGRADED,
    SAYS_BARED,
    SAYS_OTHER_HOST, /* host */
    SAYS_NO_ANSWER,
    SAYS_LOST,
    SAYS_NOT_AMONG, /* address */
    SAYS_TOO_OLD,   /* hours allowed */
    SAYS_TOO_SMALL, /* bytes wanted */
    SAYS_FUTURE,
    /* why there is no answer */
    SAYS_NO_NAME,
    SAYS_NO_RESOLVER,
    SAYS_REFUSED,
    SAYS_UNREACHABLE,
    SAYS_TIMEOUT,
    SAYS_UNTRUSTED,
    SAYS_TLS,
    SAYS_NO_STARTTLS,
    SAYS_REDIRECTS,
    SAYS_NEAR,
    SAYS_BAD_ANSWER,
    SAYS_NO_FILE, /* path */
    SAYS_FAILED,
    SAYS_DETAIL, /* what the system or a library says of it, in English */
    /* why the check could not run */
    SAYS_UNUSABLE, /* what is wrong with its target or parameters */
    SAYS_NO_PINGS,
    SAYS_NOT_RUN,
    SAYS_PLUGIN_STATUS, /* exit status, what it said */
    SAYS_PLUGIN_TIMEOUT,
    SAYS_PLUGIN_ELSEWHERE,
    SAYS_PLUGIN_WRITABLE,
    SAYS_LOST_RESULT,
    SAYS_MAX
};

struct says_arg {
    const char *text; /* NULL: the number */
    double number;
    unsigned digits;
};
#define SAYS_TEXT(s)      ((struct says_arg){.text = (s)})
#define SAYS_NUMBER(v, d) ((struct says_arg){.number = (v), .digits = (d)})

/* Appends a line. Texts lose their control characters and what is beyond 200 bytes. */
void says_write(struct buf *out, enum says code, const struct says_arg *args, size_t count);
/* Appends what stands there in words: “status 200 after 34 ms; slow”. */
void says_write_words(struct buf *out, enum lang lang, struct slice text);
/* The same as a slice of the arena; "" when there is no memory. */
struct slice says_text(struct arena *arena, enum lang lang, struct slice text);

#endif
