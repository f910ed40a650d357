/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"

#include <string.h>

#include "tap.h"

static void folds(const char *from, const char *to, const char *name)
{
    uint8_t out[256];
    size_t n = fold_text(slice_str(from), out);

    is_slice(slice_of(out, n), slice_str(to), "%s", name);
}

/* Texts of all lengths up to some, of small letters but for one byte. */
static void test_keeps(void)
{
    uint8_t text[20], out[64];
    unsigned wrong = 0;

    memset(text, 'z', sizeof(text));
    for (size_t i = 0; i < sizeof(text) * sizeof(text) * 256; i++) {
        size_t n = i / 256 / sizeof(text) + 1, at = i / 256 % sizeof(text);
        struct slice s = slice_of(text, n);

        if (at >= n)
            continue;
        text[at] = (uint8_t)i;
        wrong +=
            fold_keeps(s) != (text[at] < 0x80 && slice_eq(slice_of(out, fold_text(s, out)), s));
        text[at] = 'z';
    }
    is_int(wrong, 0, "ASCII that folds to itself is told from all else");
    ok(fold_keeps(SLICE("")), "and so is nothing");
}

/* Texts may be kept folded. */
static void test_twice(void)
{
    unsigned wrong = 0;

    for (uint32_t c = 0; c < 0x110000; c++)
        wrong += fold_char(fold_char(c)) != fold_char(c);
    is_int(wrong, 0, "what is folded folds to itself");
}

int main(void)
{
    test_keeps();
    test_twice();
    folds("C:\\Windows\\SYSTEM32\\Cmd.EXE", "c:\\windows\\system32\\cmd.exe", "ASCII");
    folds("@[`{AZaz", "@[`{azaz", "only letters move");
    folds("ĐẠI HỘI ĐẢNG BỘ TỈNH", "đại hội đảng bộ tỉnh", "Vietnamese");
    folds("\xE2\x84\xAA", "k", "the Kelvin sign is a k");
    folds("ΣΑΣ ς", "σασ σ", "final sigma");
    folds("ПРИВЕТ", "привет", "Cyrillic");
    folds("İı", "İı", "dotted capital and dotless small i have no simple folding");
    folds("\xC8\xBA", "\xE2\xB1\xA5", "a fold that grows");
    folds("ab\xFF\xC3", "ab\xFF\xC3", "invalid bytes stay");
    folds("ẞ", "ß", "capital sharp s");
    is_int(fold_char(0x104), 0x105, "a range with step two");
    is_int(fold_char(0x105), 0x105, "its small letters stay");
    return tap_done();
}
