/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a syslog stream, read in pieces whose sizes the first byte chooses: the messages are
 * the same however the stream was cut, and each lies within it.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "collect/syslog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A hash over all messages; reads at most `step` bytes at once. */
static uint64_t read_in_steps(struct slice in, size_t step)
{
    struct syslog_stream s;
    struct syslog_message m;
    uint64_t hash = 0;

    syslog_stream_init(&s);
    while (in.n) {
        size_t n;
        uint8_t *to = syslog_stream_room(&s, &n);

        if (to == NULL || n == 0)
            abort();
        n = CANH_MIN(CANH_MIN(n, step), in.n);
        memcpy(to, in.p, n);
        syslog_stream_consume(&s, n);
        in = slice_from(in, n);
        while (syslog_stream_next(&s, &m)) {
            if (m.text.n == 0 || m.text.n > SYSLOG_MAX)
                abort();
            hash = hash_bytes(m.text.p, m.text.n, hash + m.truncated);
        }
    }
    if (syslog_stream_rest(&s, &m))
        hash = hash_bytes(m.text.p, m.text.n, hash + m.truncated);
    syslog_stream_done(&s);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = slice_of(data, size);
    size_t step = size ? (size_t)data[0] + 1 : 1;

    if (read_in_steps(in, step) != read_in_steps(in, SIZE_MAX))
        abort();
    return 0;
}
