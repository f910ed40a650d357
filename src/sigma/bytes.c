/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/bytes.h"

#include "base/cpu.h"

unsigned bytes_levels(void)
{
#ifdef CANH_SIGMA_X86
    return cpu_level() == CPU_AVX512_VBMI2 ? 3
                                           : CANH_MIN(cpu_level(), (enum cpu_level)CPU_AVX2) + 1;
#else
    return 1;
#endif
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
