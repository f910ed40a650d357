/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/bytes.h"

unsigned bytes_levels(void)
{
    unsigned levels = 1;

#ifdef CANH_SIGMA_X86
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        levels = 2;
    if (levels == 2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vbmi2"))
        levels = 3;
#endif
    return levels;
}

const struct bytes *bytes_level(unsigned level)
{
    static const struct bytes *const all[] = {
        &bytes_base,
#ifdef CANH_SIGMA_X86
        &bytes_v3,
        &bytes_v4,
#endif
    };

    return all[level];
}

const struct bytes *bytes_best(void)
{
    return bytes_level(bytes_levels() - 1);
}
