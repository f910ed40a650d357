/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_POWER_H
#define CANH_TESTS_POWER_H
/*
 * A disk that loses power, under SQLite: a VFS over the system's own that notes every write, cut,
 * sync and removal. From the notes it makes what a disk may hold after any of them: what was synced
 * is there; of what was not, each part is there, is not, or is torn at sectors, in any order.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The VFS becomes SQLite's default; files below `folder` are noted from now on. */
bool power_begin(const char *folder);
/* A mark between the notes: what the program has promised so far. */
void power_promise(int64_t promised);
/* How many notes there are. */
size_t power_notes(void);
/*
 * The folder's files as they may be found when power went after the first n notes; random by seed.
 * *ret_promised: the last mark before.
 */
bool power_cut(size_t n, uint64_t seed, const char *to, int64_t *ret_promised);
/* Back to the system's VFS; everything noted is forgotten. */
void power_end(void);

#endif
