/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"
#include "tap.h"

static void folds(const char *from, const char *to, const char *name)
{
    uint8_t out[256];
    size_t n = fold_text(slice_str(from), out);

    is_slice(slice_of(out, n), slice_str(to), "%s", name);
}

int main(void)
{
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
