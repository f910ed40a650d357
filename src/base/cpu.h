/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_CPU_H
#define CANH_BASE_CPU_H
/*
 * Which vector instructions this machine has, for code that is compiled several times. Each level
 * has those below it; src/meson.build has the compiler's options for each.
 */
enum cpu_level {
    CPU_ANY,
    CPU_AVX2,         /* with BMI 1 and 2 */
    CPU_AVX512,       /* F, BW and VL */
    CPU_AVX512_VBMI2, /* and compressing bytes */
};

enum cpu_level cpu_level(void);

#endif
