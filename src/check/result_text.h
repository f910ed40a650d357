/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_SAYS_H
#define CANH_CHECK_SAYS_H
/*
 * What a check saw, kept as codes with their arguments and put into words when it is shown, in the
 * reader's language. Pure.
 *
 * One text a line: a code and its arguments, separated by tabs. Numbers are written with a point.
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
#define RESULT_TEXTS(X)                                                                            \
    /* what was found */                                                                           \
    X(RESULT_PAGE, "page", "nn", MSG_CHECK_PAGE)                /* status, milliseconds */         \
    X(RESULT_MAIL, "mail", "n", MSG_CHECK_MAIL)                 /* milliseconds */                 \
    X(RESULT_CONNECTED, "connected", "n", MSG_CHECK_CONNECTED)  /* milliseconds */                 \
    X(RESULT_ADDRESSES, "addresses", "nn", MSG_CHECK_ADDRESSES) /* how many, milliseconds */       \
    X(RESULT_PINGS, "pings", "nnn", MSG_CHECK_PINGS) /* answers, asked, slowest in milliseconds */ \
    X(RESULT_FILE, "file", "snn", MSG_CHECK_FILE)    /* name, bytes, hours */                      \
    X(RESULT_PLUGIN, "plugin", "s", MSG_CHECK_PLUGIN) /* what a plugin said */                     \
    /* what is wrong with it */                                                                    \
    X(RESULT_OTHER_STATUS, "other-status", "s", MSG_CHECK_OTHER_STATUS) /* expected */             \
    X(RESULT_NO_TEXT, "no-text", "", MSG_CHECK_NO_TEXT)                                            \
    X(RESULT_SLOW, "slow", "", MSG_CHECK_SLOW)                                                     \
    X(RESULT_CERT_ENDS, "cert-ends", "n", MSG_CHECK_CERT_ENDS)     /* days */                      \
    X(RESULT_CERT_ENDED, "cert-ended", "n", MSG_CHECK_CERT_ENDED)  /* days ago */                  \
    X(RESULT_CHAIN_ENDS, "chain-ends", "sn", MSG_CHECK_CHAIN_ENDS) /* whose certificate, days */   \
    X(RESULT_CHAIN_ENDED, "chain-ended", "sn",                                                     \
      MSG_CHECK_CHAIN_ENDED) /* whose certificate, days ago */                                     \
    X(RESULT_DOWNGRADED, "downgraded", "", MSG_CHECK_DOWNGRADED)                                   \
    X(RESULT_BARED, "bared", "", MSG_CHECK_BARED)                                                  \
    X(RESULT_OTHER_HOST, "other-host", "s", MSG_CHECK_OTHER_HOST) /* host */                       \
    X(RESULT_NO_ANSWER, "no-answer", "", MSG_CHECK_NO_ANSWER)                                      \
    X(RESULT_LOST, "lost", "", MSG_CHECK_LOST)                                                     \
    X(RESULT_NOT_AMONG, "not-among", "s", MSG_CHECK_NOT_AMONG) /* address */                       \
    X(RESULT_TOO_OLD, "too-old", "s", MSG_CHECK_TOO_OLD)       /* hours allowed */                 \
    X(RESULT_TOO_SMALL, "too-small", "s", MSG_CHECK_TOO_SMALL) /* bytes wanted */                  \
    X(RESULT_FUTURE, "future", "", MSG_CHECK_FUTURE)                                               \
    /* why there is no answer */                                                                   \
    X(RESULT_NO_NAME, "no-name", "", MSG_CHECK_NO_NAME)                                            \
    X(RESULT_NO_RESOLVER, "no-resolver", "", MSG_CHECK_NO_RESOLVER)                                \
    X(RESULT_REFUSED, "refused", "", MSG_CHECK_REFUSED)                                            \
    X(RESULT_UNREACHABLE, "unreachable", "", MSG_CHECK_UNREACHABLE)                                \
    X(RESULT_TIMEOUT, "timeout", "", MSG_CHECK_TIMEOUT)                                            \
    X(RESULT_UNTRUSTED, "untrusted", "", MSG_CHECK_UNTRUSTED)                                      \
    X(RESULT_TLS, "tls", "", MSG_CHECK_TLS)                                                        \
    X(RESULT_NO_STARTTLS, "no-starttls", "", MSG_CHECK_NO_STARTTLS)                                \
    X(RESULT_REDIRECTS, "redirects", "", MSG_CHECK_REDIRECTS)                                      \
    X(RESULT_NEAR, "near", "", MSG_CHECK_NEAR)                                                     \
    X(RESULT_BAD_ANSWER, "bad-answer", "", MSG_CHECK_BAD_ANSWER)                                   \
    X(RESULT_NO_FILE, "no-file", "s", MSG_CHECK_NO_FILE) /* path */                                \
    X(RESULT_FAILED, "failed", "", MSG_CHECK_FAILED)                                               \
    X(RESULT_DETAIL, "detail", "s",                                                                \
      MSG_CHECK_DETAIL) /* what the system or a library says of it, in English */                  \
    /* why the check could not run */                                                              \
    X(RESULT_UNUSABLE, "unusable", "s",                                                            \
      MSG_CHECK_UNUSABLE) /* what is wrong with its target or parameters */                        \
    X(RESULT_NO_PINGS, "no-pings", "", MSG_CHECK_NO_PINGS)                                         \
    X(RESULT_NOT_RUN, "not-run", "", MSG_CHECK_NOT_RUN)                                            \
    X(RESULT_PLUGIN_STATUS, "plugin-status", "ns",                                                 \
      MSG_CHECK_PLUGIN_STATUS) /* exit status, what it said */                                     \
    X(RESULT_PLUGIN_TIMEOUT, "plugin-timeout", "", MSG_CHECK_PLUGIN_TIMEOUT)                       \
    X(RESULT_PLUGIN_ELSEWHERE, "plugin-elsewhere", "", MSG_CHECK_PLUGIN_ELSEWHERE)                 \
    X(RESULT_PLUGIN_WRITABLE, "plugin-writable", "", MSG_CHECK_PLUGIN_WRITABLE)                    \
    X(RESULT_LOST_RESULT, "lost-result", "", MSG_CHECK_LOST_RESULT)

enum result_text {
    RESULT_NONE,
#define X(name, ...) name,
    RESULT_TEXTS(X)
#undef X
        RESULT_MAX
};

struct result_arg {
    const char *text; /* NULL: the number */
    double number;
    unsigned digits;
};
#define RESULT_TEXT(s)      ((struct result_arg){.text = (s)})
#define RESULT_NUMBER(v, d) ((struct result_arg){.number = (v), .digits = (d)})

/* Appends a line. Texts lose their control characters and what is beyond 200 bytes. */
void result_text_write(struct buf *out, enum result_text code, const struct result_arg *args,
                       size_t count);
/* Appends what stands there in words: “status 200 after 34 ms; slow”. */
void result_text_write_words(struct buf *out, enum lang lang, struct slice text);
/* The same as a slice of the arena; "" when there is no memory. */
struct slice result_text_words(struct arena *arena, enum lang lang, struct slice text);

#endif
