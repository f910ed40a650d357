/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

uint64_t hash_seed(void)
{
    static _Atomic uint64_t seed;
    uint64_t s = atomic_load_explicit(&seed, memory_order_relaxed), none = 0;

    if (s != 0)
        return s;
    if (getrandom(&s, sizeof(s), GRND_NONBLOCK) != (ssize_t)sizeof(s))
        s = hash_u64((uint64_t)time(NULL), (uint64_t)(uintptr_t)&seed);
    s |= 1;
    return atomic_compare_exchange_strong(&seed, &none, s) ? s : none;
}
