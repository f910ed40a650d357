/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_HEAP_H
#define CANH_OS_HEAP_H
/*
 * How the C library's heap takes memory from the system. For the start of a process: what is
 * allocated already stays where it is.
 */
#include <stddef.h>

/* What is larger lies in a mapping of its own, so it goes back to the system when it is freed. */
enum { HEAP_MAPPED = 128 * 1024 };

void heap_begin(void);

/*
 * Pages of 2 MiB for what the heap grows by next, up to so many bytes, of which none is taken
 * before it is needed; until then what is large lies there, too. For a process that fills most of
 * them and reads them over and over: fewer faults, and addresses found sooner. Does nothing where
 * the system has no such pages or no room, or the C library no allocation of so much without a
 * mapping of its own.
 */
void heap_large_pages(size_t bytes);

#endif
