/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/mapped.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

/* What may be written to may have been: it is not as its file is. */
static int let_go(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t from = (info->dlpi_addr + h->p_vaddr) & ~(uintptr_t)(PAGE - 1);
        uintptr_t to = info->dlpi_addr + h->p_vaddr + h->p_memsz;

        if (h->p_type == PT_LOAD && !(h->p_flags & PF_W))
            (void)madvise((void *)from, to - from, MADV_DONTNEED);
    }
    return 0;
}

void mapped_let_go(void)
{
    (void)dl_iterate_phdr(let_go, NULL);
}
