/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_TAP_H
#define CANH_TESTS_TAP_H
/*
 * A small Test Anything Protocol writer. A test file:
 *
 *     static void test_empty(void) { ok(x == 0, "an empty file has no records"); }
 *     int main(void) { test_empty(); return tap_done(); }
 *
 * Each ok/is_* prints one result; a failure also prints where and what was seen.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define ok(cond, ...)       tap_ok((cond), __FILE__, __LINE__, #cond, __VA_ARGS__)
#define is_int(a, b, ...)   tap_is_int((int64_t)(a), (int64_t)(b), __FILE__, __LINE__, __VA_ARGS__)
#define is_slice(a, b, ...) tap_is_slice((a), (b), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(a, b, ...)   tap_is_slice(slice_str(a), slice_str(b), __FILE__, __LINE__, __VA_ARGS__)

bool tap_ok(bool cond, const char *file, int line, const char *expr, const char *name, ...)
    __attribute__((format(printf, 5, 6)));
bool tap_is_int(int64_t got, int64_t want, const char *file, int line, const char *name, ...)
    __attribute__((format(printf, 5, 6)));
bool tap_is_slice(struct slice got, struct slice want, const char *file, int line, const char *name,
                  ...) __attribute__((format(printf, 5, 6)));
/* A result that could not be tried here, and why. */
void tap_skip(const char *why, ...) __attribute__((format(printf, 1, 2)));
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints the plan; the exit status for main. */
int tap_done(void);

/* The data folder with real logs and rules, or NULL where it is absent. */
const char *tap_data_dir(void);
/* The root of the source tree. */
const char *tap_source_dir(void);

/* Under a sanitizer, where all takes ten times as long, sweeps try every n-th of their cases. */
#if defined(__SANITIZE_ADDRESS__)
#    define TAP_EVERY(n) (n)
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define TAP_EVERY(n) (n)
#    endif
#endif
#ifndef TAP_EVERY
#    define TAP_EVERY(n) 1
#endif

#endif
