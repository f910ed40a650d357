/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ATTR_H
#define CANH_BASE_ATTR_H
/*
 * Compiler attributes under one name each, and the few macros every room uses.
 */
#define CANH_MUST_USE     __attribute__((warn_unused_result))
#define CANH_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define CANH_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define CANH_NORETURN     __attribute__((noreturn))
#define CANH_CLEANUP(f)   __attribute__((cleanup(f)))
#define CANH_HOT          __attribute__((hot))
#define CANH_COLD         __attribute__((cold, noinline))
#define CANH_INLINE       static inline __attribute__((always_inline))

#define CANH_LIKELY(x)   __builtin_expect(!!(x), 1)
#define CANH_UNLIKELY(x) __builtin_expect(!!(x), 0)

#define CANH_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define CANH_MIN(a, b)  ((a) < (b) ? (a) : (b))
#define CANH_MAX(a, b)  ((a) > (b) ? (a) : (b))

#endif
