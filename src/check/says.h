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
 * Each: its name, the code that is kept (never rename one), its arguments in that order, s a text
 * and n a number; its words (lang/, check.txt).
 */
#define SAYINGS(X)                                                                                 \
    /* what was found */                                                                           \
    X(SAYS_PAGE, "page", "nn", MSG_CHECK_PAGE)                /* status, milliseconds */           \
    X(SAYS_MAIL, "mail", "n", MSG_CHECK_MAIL)                 /* milliseconds */                   \
    X(SAYS_CONNECTED, "connected", "n", MSG_CHECK_CONNECTED)  /* milliseconds */                   \
    X(SAYS_ADDRESSES, "addresses", "nn", MSG_CHECK_ADDRESSES) /* how many, milliseconds */         \
    X(SAYS_PINGS, "pings", "nnn", MSG_CHECK_PINGS)  /* answers, asked, slowest in milliseconds */  \
    X(SAYS_FILE, "file", "snn", MSG_CHECK_FILE)     /* name, bytes, hours */                       \
    X(SAYS_PLUGIN, "plugin", "s", MSG_CHECK_PLUGIN) /* what a plugin said */                       \
    /* what is wrong with it */                                                                    \
    X(SAYS_OTHER_STATUS, "other-status", "s", MSG_CHECK_OTHER_STATUS) /* expected */               \
    X(SAYS_NO_TEXT, "no-text", "", MSG_CHECK_NO_TEXT)                                              \
    X(SAYS_SLOW, "slow", "", MSG_CHECK_SLOW)                                                       \
    X(SAYS_CERT_ENDS, "cert-ends", "n", MSG_CHECK_CERT_ENDS)     /* days */                        \
    X(SAYS_CERT_ENDED, "cert-ended", "n", MSG_CHECK_CERT_ENDED)  /* days ago */                    \
    X(SAYS_CHAIN_ENDS, "chain-ends", "sn", MSG_CHECK_CHAIN_ENDS) /* whose certificate, days */     \
    X(SAYS_CHAIN_ENDED, "chain-ended", "sn",                                                       \
      MSG_CHECK_CHAIN_ENDED) /* whose certificate, days ago */                                     \
    X(SAYS_DOWNGRADED, "downgraded", "", MSG_CHECK_DOWNGRADED)                                     \
    X(SAYS_BARED, "bared", "", MSG_CHECK_BARED)                                                    \
    X(SAYS_OTHER_HOST, "other-host", "s", MSG_CHECK_OTHER_HOST) /* host */                         \
    X(SAYS_NO_ANSWER, "no-answer", "", MSG_CHECK_NO_ANSWER)                                        \
    X(SAYS_LOST, "lost", "", MSG_CHECK_LOST)                                                       \
    X(SAYS_NOT_AMONG, "not-among", "s", MSG_CHECK_NOT_AMONG) /* address */                         \
    X(SAYS_TOO_OLD, "too-old", "s", MSG_CHECK_TOO_OLD)       /* hours allowed */                   \
    X(SAYS_TOO_SMALL, "too-small", "s", MSG_CHECK_TOO_SMALL) /* bytes wanted */                    \
    X(SAYS_FUTURE, "future", "", MSG_CHECK_FUTURE)                                                 \
    /* why there is no answer */                                                                   \
    X(SAYS_NO_NAME, "no-name", "", MSG_CHECK_NO_NAME)                                              \
    X(SAYS_NO_RESOLVER, "no-resolver", "", MSG_CHECK_NO_RESOLVER)                                  \
    X(SAYS_REFUSED, "refused", "", MSG_CHECK_REFUSED)                                              \
    X(SAYS_UNREACHABLE, "unreachable", "", MSG_CHECK_UNREACHABLE)                                  \
    X(SAYS_TIMEOUT, "timeout", "", MSG_CHECK_TIMEOUT)                                              \
    X(SAYS_UNTRUSTED, "untrusted", "", MSG_CHECK_UNTRUSTED)                                        \
    X(SAYS_TLS, "tls", "", MSG_CHECK_TLS)                                                          \
    X(SAYS_NO_STARTTLS, "no-starttls", "", MSG_CHECK_NO_STARTTLS)                                  \
    X(SAYS_REDIRECTS, "redirects", "", MSG_CHECK_REDIRECTS)                                        \
    X(SAYS_NEAR, "near", "", MSG_CHECK_NEAR)                                                       \
    X(SAYS_BAD_ANSWER, "bad-answer", "", MSG_CHECK_BAD_ANSWER)                                     \
    X(SAYS_NO_FILE, "no-file", "s", MSG_CHECK_NO_FILE) /* path */                                  \
    X(SAYS_FAILED, "failed", "", MSG_CHECK_FAILED)                                                 \
    X(SAYS_DETAIL, "detail", "s",                                                                  \
      MSG_CHECK_DETAIL) /* what the system or a library says of it, in English */                  \
    /* why the check could not run */                                                              \
    X(SAYS_UNUSABLE, "unusable", "s",                                                              \
      MSG_CHECK_UNUSABLE) /* what is wrong with its target or parameters */                        \
    X(SAYS_NO_PINGS, "no-pings", "", MSG_CHECK_NO_PINGS)                                           \
    X(SAYS_NOT_RUN, "not-run", "", MSG_CHECK_NOT_RUN)                                              \
    X(SAYS_PLUGIN_STATUS, "plugin-status", "ns",                                                   \
      MSG_CHECK_PLUGIN_STATUS) /* exit status, what it said */                                     \
    X(SAYS_PLUGIN_TIMEOUT, "plugin-timeout", "", MSG_CHECK_PLUGIN_TIMEOUT)                         \
    X(SAYS_PLUGIN_ELSEWHERE, "plugin-elsewhere", "", MSG_CHECK_PLUGIN_ELSEWHERE)                   \
    X(SAYS_PLUGIN_WRITABLE, "plugin-writable", "", MSG_CHECK_PLUGIN_WRITABLE)                      \
    X(SAYS_LOST_RESULT, "lost-result", "", MSG_CHECK_LOST_RESULT)

enum says {
    SAYS_NONE,
#define X(name, ...) name,
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
