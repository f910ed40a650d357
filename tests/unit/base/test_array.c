/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

static void test_grows(void)
{
    uint32_t *items = NULL, count = 0, cap = 0;

    while (count < 1000) {
        if (!ok(array_room(items, count, cap, SIZE_MAX) || count % 100 != 0, "room for one more"))
            break;
        items[count] = count * 3;
        count++;
    }
    ok(cap >= 1000 && items[0] == 0 && items[17] == 51 && items[999] == 2997,
       "what was there stays there");
    free(items);
}

static void test_limit(void)
{
    uint64_t *items = NULL;
    size_t count = 0, cap = 0;

    while (array_room(items, count, cap, 20))
        items[count++] = 7;
    is_int((int64_t)count, 20, "as many as there may be");
    is_int((int64_t)cap, 20, "and room for no more");
    ok(items != NULL && items[19] == 7, "a refusal changes nothing");
    free(items);
}

static void test_overflow(void)
{
    size_t cap = SIZE_MAX / 8;

    ok(array_grow(NULL, 16, &cap, SIZE_MAX) == NULL && cap == SIZE_MAX / 8,
       "a size that overflows is refused");
}

static void test_fit(void)
{
    uint32_t *items = NULL, count = 0, cap = 0;

    while (count < 100 && array_room(items, count, cap, SIZE_MAX))
        items[count++] = 7;
    items = array_fit(items, sizeof(*items), count);
    ok(items != NULL && items[0] == 7 && items[99] == 7, "what fits is still there");
    items = array_fit(items, sizeof(*items), 0);
    ok(items == NULL, "for none there is nothing");
    ok(array_fit(NULL, sizeof(*items), 0) == NULL, "nor was there");
}

int main(void)
{
    test_fit();
    test_grows();
    test_limit();
    test_overflow();
    return tap_done();
}
