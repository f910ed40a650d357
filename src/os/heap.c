/* SPDX-License-Identifier: Apache-2.0 */
#include "os/heap.h"

#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 4096, LARGE_PAGE = 2 * 1024 * 1024 };

void heap_begin(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, HEAP_MAPPED);
}

/* The heap's end is moved by an allocation that is freed again, and stays there: never trimmed. */
void heap_large_pages(size_t bytes)
{
    uintptr_t from, to;
    void *p;

    /* more than the C library lets one allocation be without a mapping of its own */
    if (bytes > INT_MAX / 2 || mallopt(M_MMAP_THRESHOLD, (int)bytes + PAGE) == 0)
        return;
    (void)mallopt(M_TRIM_THRESHOLD, 2 * (int)bytes);
    p = malloc(bytes);
    from = ((uintptr_t)p + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
    to = ((uintptr_t)p + bytes) & ~(uintptr_t)(PAGE - 1);
    if (p != NULL && from < to)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
    free(p);
    heap_begin();
}
