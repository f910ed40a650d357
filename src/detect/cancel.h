/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_CANCEL_H
#define CANH_DETECT_CANCEL_H
/*
 * How somebody ends long work early: what has been read still counts. Shared between threads.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "base/attr.h"

struct cancel {
    atomic_bool asked;
    int fd; /* readable once it is asked, for poll() */
};

/* 0 or negative with errno set. */
CANH_MUST_USE int cancel_init(struct cancel *c);
void cancel_done(struct cancel *c);
/* May be called from a signal handler. */
void cancel_ask(struct cancel *c);

CANH_INLINE bool cancel_asked(const struct cancel *c)
{
    return atomic_load_explicit(&c->asked, memory_order_relaxed);
}

#endif
