/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_ENCODED_H
#define CANH_HUNT_ENCODED_H
/*
 * Base64 in a command line or script that hides text: powershell -enc …, FromBase64String('…'),
 * base64 -d. Whatever stands around it, a run of the alphabet long enough whose bytes are text in
 * UTF-16LE or UTF-8 counts. Pure; time is linear in the text.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum {
    ENCODED_RUN = 16,         /* characters, at least */
    ENCODED_SHOWN = 4 * 1024, /* bytes of text, at most, of all runs together */
};

/* Appends the texts found, " ¦ " between them. False: none. */
bool encoded_write(struct slice text, struct buf *out);

#endif
