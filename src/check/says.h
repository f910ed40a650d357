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

/*
 * Each: its name, the code that is kept (never rename one) and its arguments in that order, s a
 * text and n a number. Its words are MSG_CHECK_<name> (lang/, check.txt).
 */
#define SAYINGS(X)                                                                                 \
    /* what was found */                                                                           \
    X(PAGE, "page", "nn")           /* status, milliseconds */                                     \
    X(MAIL, "mail", "n")            /* milliseconds */                                             \
    X(CONNECTED, "connected", "n")  /* milliseconds */                                             \
    X(ADDRESSES, "addresses", "nn") /* how many, milliseconds */                                   \
    X(PINGS, "pings", "nnn")        /* answers, asked, slowest in milliseconds */                  \
    X(FILE, "file", "snn")          /* name, bytes, hours */                                       \
    X(PLUGIN, "plugin", "s")        /* what a plugin said */                                       \
    /* what is wrong with it */                                                                    \
    X(OTHER_STATUS, "other-status", "s") /* expected */                                            \
    X(NO_TEXT, "no-text", "")                                                                      \
    X(SLOW, "slow", "")                                                                            \
    X(CERT_ENDS, "cert-ends", "n")      /* days */                                                 \
    X(CERT_ENDED, "cert-ended", "n")    /* days ago */                                             \
    X(CHAIN_ENDS, "chain-ends", "sn")   /* whose certificate, days */                              \
    X(CHAIN_ENDED, "chain-ended", "sn") /* whose certificate, days ago */                          \
    X(DOWNGRADED, "downgraded", "")                                                                \
    X(BARED, "bared", "")                                                                          \
    X(OTHER_HOST, "other-host", "s") /* host */                                                    \
    X(NO_ANSWER, "no-answer", "")                                                                  \
    X(LOST, "lost", "")                                                                            \
    X(NOT_AMONG, "not-among", "s") /* address */                                                   \
    X(TOO_OLD, "too-old", "s")     /* hours allowed */                                             \
    X(TOO_SMALL, "too-small", "s") /* bytes wanted */                                              \
    X(FUTURE, "future", "")                                                                        \
    /* why there is no answer */                                                                   \
    X(NO_NAME, "no-name", "")                                                                      \
    X(NO_RESOLVER, "no-resolver", "")                                                              \
    X(REFUSED, "refused", "")                                                                      \
    X(UNREACHABLE, "unreachable", "")                                                              \
    X(TIMEOUT, "timeout", "")                                                                      \
    X(UNTRUSTED, "untrusted", "")                                                                  \
    X(TLS, "tls", "")                                                                              \
    X(NO_STARTTLS, "no-starttls", "")                                                              \
    X(REDIRECTS, "redirects", "")                                                                  \
    X(NEAR, "near", "")                                                                            \
    X(BAD_ANSWER, "bad-answer", "")                                                                \
    X(NO_FILE, "no-file", "s") /* path */                                                          \
    X(FAILED, "failed", "")                                                                        \
    X(DETAIL, "detail", "s") /* what the system or a library says of it, in English */             \
    /* why the check could not run */                                                              \
    X(UNUSABLE, "unusable", "s") /* what is wrong with its target or parameters */                 \
    X(NO_PINGS, "no-pings", "")                                                                    \
    X(NOT_RUN, "not-run", "")                                                                      \
    X(PLUGIN_STATUS, "plugin-status", "ns") /* exit status, what it said */                        \
    X(PLUGIN_TIMEOUT, "plugin-timeout", "")                                                        \
    X(PLUGIN_ELSEWHERE, "plugin-elsewhere", "")                                                    \
    X(PLUGIN_WRITABLE, "plugin-writable", "")                                                      \
    X(LOST_RESULT, "lost-result", "")

enum says {
    SAYS_NONE,
#define X(name, ...) SAYS_##name,
    SAYINGS(X)
#undef X
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
