/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a field as the matcher needs it, in all forms, and the memory that it lies in. */
#include "sigma/value.h"

#include <stdlib.h>

#include "tap.h"

enum { VALUES = 400, LONG = 200 * 1000 };

static struct scratch scratch;

/* Longer than the slack behind a text. */
#define LARGE  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL  "abcdefghijklmnopqrstuvwxyz"
#define WIDE   "A\0B\0C\0D\0E\0F\0G\0H\0I\0J\0K\0L\0M\0N\0O\0P\0Q\0R\0S\0T\0U\0V\0W\0X\0Y\0Z\0"
#define SIX(s) s s s s s s

static const struct {
    uint8_t form;
    struct slice text;
    const char *plain, *fold;
    bool ascii;
} rows[] = {
    {FORM_UTF8, SLICE_INIT(""), "", "", true},
    {FORM_UTF8, SLICE_INIT("AbC 1"), "AbC 1", "abc 1", true},
    {FORM_UTF8, SLICE_INIT("A\\u0041"), "A\\u0041", "a\\u0041", true},
    {FORM_UTF8, SLICE_INIT("X\xE1\xBB\x9C"), "X\xE1\xBB\x9C", "x\xE1\xBB\x9D", false},
    {FORM_UTF8, SLICE_INIT("\xE2\x84\xAA\xC5\xBF"), "\xE2\x84\xAA\xC5\xBF", "ks", true},
    {FORM_JSON, SLICE_INIT(""), "", "", true},
    {FORM_JSON, SLICE_INIT("C:\\\\W\\t\\\"\\/\\u0041"), "C:\\W\t\"/A", "c:\\w\t\"/a", true},
    {FORM_JSON, SLICE_INIT("X\\u1EDC"), "X\xE1\xBB\x9C", "x\xE1\xBB\x9D", false},
    {FORM_JSON, SLICE_INIT("X\xE1\xBB\x9C\\n"), "X\xE1\xBB\x9C\n", "x\xE1\xBB\x9D\n", false},
    {FORM_UTF16, SLICE_INIT(""), "", "", true},
    {FORM_UTF16, SLICE_INIT("A\0b\0\\\0"), "Ab\\", "ab\\", true},
    {FORM_UTF8, SLICE_INIT(SIX(LARGE)), SIX(LARGE), SIX(SMALL), true},
    {FORM_UTF8, SLICE_INIT(SIX(LARGE) "\xE1\xBB\x9C"), SIX(LARGE) "\xE1\xBB\x9C",
     SIX(SMALL) "\xE1\xBB\x9D", false},
    {FORM_JSON, SLICE_INIT(SIX(LARGE) "\\\\"), SIX(LARGE) "\\", SIX(SMALL) "\\", true},
    {FORM_JSON, SLICE_INIT(SIX(LARGE) "\\u1EDC"), SIX(LARGE) "\xE1\xBB\x9C",
     SIX(SMALL) "\xE1\xBB\x9D", false},
    {FORM_UTF16, SLICE_INIT(SIX(WIDE)), SIX(LARGE), SIX(SMALL), true},
    {FORM_UTF16, SLICE_INIT(SIX(WIDE) "\xDC\x1E"), SIX(LARGE) "\xE1\xBB\x9C",
     SIX(SMALL) "\xE1\xBB\x9D", false},
    {FORM_UTF16, SLICE_INIT("X\0\xDC\x1E"), "X\xE1\xBB\x9C", "x\xE1\xBB\x9D", false},
};

/* Each text in both ways, all of them at once, many times over: none lies in another's place. */
static void test_forms(bool plain_first)
{
    static struct field fields[VALUES];
    static struct value values[VALUES];
    bool failed = false;
    unsigned wrong = 0;

    scratch_reset(&scratch);
    for (unsigned i = 0; i < VALUES; i++) {
        struct slice text = rows[i % CANH_LEN(rows)].text;

        fields[i] = (struct field){.text = text.p,
                                   .n = (uint32_t)text.n,
                                   .type = VALUE_STRING,
                                   .form = rows[i % CANH_LEN(rows)].form};
        value_begin(&values[i], &fields[i], 0);
        if (plain_first)
            (void)value_plain(&values[i], &scratch, &failed);
        (void)value_fold(&values[i], &scratch, &failed);
        (void)value_plain(&values[i], &scratch, &failed);
    }
    for (unsigned i = 0; i < VALUES; i++) {
        unsigned row = i % CANH_LEN(rows);
        struct slice plain = value_plain(&values[i], &scratch, &failed);
        struct slice fold = value_fold(&values[i], &scratch, &failed);

        if (slice_is(plain, rows[row].plain) && slice_is(fold, rows[row].fold) &&
            values[i].ascii == rows[row].ascii && plain.p && fold.p)
            continue;
        if (wrong++ == 0)
            ok(false, "row %u, value %u: '" SLICE_FMT "', '" SLICE_FMT "'", row, i,
               SLICE_ARG(plain), SLICE_ARG(fold));
    }
    ok(wrong == 0 && !failed, "%d texts %s", VALUES, plain_first ? "plain first" : "folded first");
}

/* Pieces with their slack, written full: none touches another, and all come again after a reset. */
static void test_memory(void)
{
    static const size_t sizes[] = {1, 7, 8, 9, 1000, 64000, 65536, LONG, 3};
    uint8_t *first[CANH_LEN(sizes)], *again;
    bool fine = true;

    scratch_reset(&scratch);
    for (size_t i = 0; i < CANH_LEN(sizes); i++) {
        first[i] = scratch_reserve(&scratch, sizes[i]);
        if (first[i] == NULL)
            abort();
        fine = fine && (uintptr_t)first[i] % 8 == 0;
        memset(first[i], (int)i, sizes[i] + VALUE_SLACK);
    }
    for (size_t i = 0; i < CANH_LEN(sizes); i++) {
        for (size_t k = 0; k < sizes[i] + VALUE_SLACK; k++)
            fine = fine && first[i][k] == i;
    }
    ok(fine, "each piece is its own, aligned");
    scratch_reset(&scratch);
    for (size_t i = 0; i < CANH_LEN(sizes); i++) {
        again = scratch_reserve(&scratch, sizes[i]);
        fine = fine && again == first[i];
    }
    ok(fine, "the same memory again");
    ok(scratch_reserve(&scratch, SIZE_MAX / 2) == NULL, "more than there can be");
}

int main(void)
{
    for (unsigned level = 0; level < bytes_levels(); level++) {
        scratch = (struct scratch){.bytes = bytes_level(level)};
        test_forms(false);
        test_forms(true);
        test_memory();
        scratch_done(&scratch);
        ok(scratch.blocks == NULL && scratch.bytes != NULL, "nothing is left");
    }
    return tap_done();
}
