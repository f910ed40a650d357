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

/* A large array that is written before it is read, in a place where zeroing it first would cost. */
#define CANH_UNSET __attribute__((uninitialized))

#define CANH_LIKELY(x)   __builtin_expect(!!(x), 1)
#define CANH_UNLIKELY(x) __builtin_expect(!!(x), 0)

#define CANH_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Each argument is evaluated once; not for constants that the compiler must know. */
#define CANH_MIN(a, b) CANH_PICK(<, a, b, __COUNTER__)
#define CANH_MAX(a, b) CANH_PICK(>, a, b, __COUNTER__)
/* Names of their own, so that one can stand inside another. */
#define CANH_PICK(op, a, b, n)   CANH_PICK_N(op, a, b, n)
#define CANH_PICK_N(op, a, b, n) CANH_PICK_AS(op, a, b, pick_a##n, pick_b##n)
#define CANH_PICK_AS(op, a, b, x, y)                                                               \
    __extension__({                                                                                \
        __auto_type x = (a);                                                                       \
        __auto_type y = (b);                                                                       \
        x op y ? x : y;                                                                            \
    })

#endif
