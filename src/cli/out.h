/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_OUT_H
#define CANH_CLI_OUT_H
/*
 * Buffered output whose first failure sticks, so that a full disk or a closed pipe is noticed once,
 * at the end or between records, and never lost.
 *
 *     lang_write(&out->buf, …); out_settle(out);      append to buf, then let it write when large
 */
#include <stdbool.h>

#include "base/buf.h"

struct out {
    int fd;
    int sys; /* errno of the first failure, or 0 */
    struct buf buf;
};

void out_init(struct out *out, int fd);
/* Frees the buffer; what it still holds is lost. Does not close fd. */
void out_done(struct out *out);
/* Writes when much has gathered. False once writing has failed: the caller may stop early. */
bool out_settle(struct out *out);
/* Appends bytes and settles; much at once is written behind the buffer without being copied. */
bool out_emit(struct out *out, struct slice bytes);
/* Writes everything. False when any write so far has failed. */
bool out_flush(struct out *out);

#endif
