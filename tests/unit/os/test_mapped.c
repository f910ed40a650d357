/* SPDX-License-Identifier: Apache-2.0 */
#include "os/mapped.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

enum { PAGE = 4096, PAGES = 64 };

static const _Alignas(PAGE) uint8_t constants[PAGES][PAGE] = {[0] = {1}, [PAGES - 1] = {1}};
static uint8_t variable = 7;

/* KiB that this process holds. */
static long held(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long all = 0, resident = 0;

    if (f == NULL || fscanf(f, "%ld %ld", &all, &resident) != 2)
        resident = 0;
    if (f != NULL)
        (void)fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static unsigned sum(void)
{
    const volatile uint8_t(*p)[PAGE] = constants;
    unsigned n = 0;

    for (size_t i = 0; i < PAGES; i++)
        n += p[i][0];
    return n;
}

int main(void)
{
    long before, after;

    is_int(sum(), 2, "constants are read");
    variable = 9;
    before = held();
    mapped_let_go();
    after = held();
    ok(after <= before - PAGES * PAGE / 1024, "they are let go: %ld of %ld KiB are held", after,
       before);
    is_int(sum(), 2, "and are as they were when they are read again");
    is_int(variable, 9, "what was written to stays");
    return tap_done();
}
