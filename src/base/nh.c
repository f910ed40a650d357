/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nh.h"

#include <sys/random.h>
#include <threads.h>

static uint64_t key[NH_WORDS];
static once_flag made = ONCE_FLAG_INIT;

/* Where the kernel has nothing random, what hash_seed() has is better than nothing. */
static void make_key(void)
{
    uint8_t *p = (uint8_t *)key;
    size_t done = 0;
    ssize_t n;

    while (done < sizeof(key) && (n = getrandom(p + done, sizeof(key) - done, GRND_NONBLOCK)) > 0)
        done += (size_t)n;
    for (size_t i = done / sizeof(key[0]); i < NH_WORDS; i++)
        key[i] = hash_u64(i, hash_seed());
}

const uint64_t *nh_key(void)
{
    call_once(&made, make_key);
    return key;
}
