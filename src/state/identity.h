/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_IDENTITY_H
#define CANH_STATE_IDENTITY_H
/*
 * Who is at the machine, beside whoever an act names: what every audit entry carries inside its
 * hash. The login is the one that the kernel remembers through su and sudo (/proc/self/loginuid),
 * else the user's own; names come from /etc/passwd alone, so that nothing is asked over the
 * network.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct state_identity {
    int64_t uid;    /* real user of the process */
    char login[64]; /* empty: not known */
    char sudo[64];  /* who called sudo; empty: nobody did */
    char host[64];
};

void identity_read(struct state_identity *ret);

/* An entry's identity, and the account that was signed in (empty: none was). */
struct identity_texts {
    int64_t uid; /* below 0: not recorded */
    struct slice login, sudo, account;
};
/*
 * Whether two acts came from one hand: of two that signed in, the same account; of two at the
 * machine, the same person behind sudo or login, or the same user. What was not recorded is taken
 * for the same.
 */
bool identity_same(const struct identity_texts *a, const struct identity_texts *b);

#endif
