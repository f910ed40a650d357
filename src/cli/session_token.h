/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SESSION_TOKEN_H
#define CANH_CLI_SESSION_TOKEN_H
/*
 * What `canh login` keeps between two verbs: for each folder of a state the token of a session, in
 * $XDG_STATE_HOME/canh/sessions, else ~/.local/state/canh/sessions, which only its owner may read.
 * The state itself knows how long a token is good.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

/* The token for a state's folder, in the arena; empty: nobody signed in. -CE_DENIED: others may
 * read the file. */
CANH_MUST_USE int session_token_get(struct arena *arena, const char *dir, struct slice *ret,
                                    struct err *err);
/* Keeps it in the place of an earlier one; empty: forgets that. */
CANH_MUST_USE int session_token_write(const char *dir, struct slice token, struct err *err);

#endif
