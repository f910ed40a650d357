/* SPDX-License-Identifier: Apache-2.0 */
#include "os/heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

enum { LARGE = 16 * 1024 * 1024, SMALL = 64 * 1024, SMALLS = 64 };

/* What the system says of the mapping with the address: its flags; "" where it is not told. */
static const char *flags_at(const void *p)
{
    static char line[500];
    FILE *f = fopen("/proc/self/smaps", "r");
    bool inside = false;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        uintptr_t from, to;

        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = (uintptr_t)p >= from && (uintptr_t)p < to;
        else if (inside && strncmp(line, "VmFlags:", 8) == 0)
            break;
    }
    if (f == NULL || !inside)
        line[0] = 0;
    if (f != NULL)
        (void)fclose(f);
    return line;
}

static bool is_possible(void)
{
    return access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) == 0;
}

static void test_pages(void)
{
    char *small[SMALLS];
    unsigned advised = 0;

    for (size_t i = 0; i < SMALLS; i++) {
        small[i] = malloc(SMALL);
        advised += strstr(flags_at(small[i]), " hg") != NULL;
    }
    ok(advised > SMALLS / 4, "what the heap grows by lies where pages may be large: %u of %u",
       advised, (unsigned)SMALLS);
    for (size_t i = 0; i < SMALLS; i++)
        free(small[i]);
}

static void test_mapped(void)
{
    size_t before = mallinfo2().hblks;
    void *volatile p = malloc(2 * LARGE); /* or it may be left out */

    is_int((long long)(mallinfo2().hblks - before), 1,
           "what is larger than that has a mapping of its own");
    free(p);
    is_int((long long)(mallinfo2().hblks - before), 0, "which goes when it is freed");
}

int main(void)
{
    size_t before = mallinfo2().arena;

    heap_begin();
    heap_large_pages(SIZE_MAX);
    is_int((long long)(mallinfo2().arena - before), 0, "nobody can have so much");
    heap_large_pages(LARGE);
    if (!is_possible() || mallinfo2().arena < LARGE) {
        ok(true, "# SKIP no large pages here, or another heap");
        return tap_done();
    }
    test_pages();
    test_mapped();
    return tap_done();
}
