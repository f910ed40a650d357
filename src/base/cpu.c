/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cpu.h"

#ifdef __x86_64__

enum cpu_level cpu_level(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2"))
        return CPU_ANY;
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl"))
        return CPU_AVX2;
    return __builtin_cpu_supports("avx512vbmi2") ? CPU_AVX512_VBMI2 : CPU_AVX512;
}

#else

enum cpu_level cpu_level(void)
{
    return CPU_ANY;
}

#endif
