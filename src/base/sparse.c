/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sparse.h"

#include <sys/mman.h>

void *sparse_new(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return NULL;
    /* where the system gives all programs large pages; without such pages it fails */
    (void)madvise(p, n, MADV_NOHUGEPAGE);
    return p;
}

void sparse_free(void *p, size_t n)
{
    if (p != NULL)
        (void)munmap(p, n);
}
