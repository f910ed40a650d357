/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "base/utf.h"
#include "tap.h"

/* Every length of a text of two- to four-byte characters: whole, and as long as it can be. */
static void test_cut(const char *character)
{
    size_t len = strlen(character);
    char text[sizeof(((struct err *)0)->msg) + 20];
    bool valid = true, full = true;

    for (size_t lead = 0; lead < 5; lead++) {
        struct err err = ERR_INIT;
        size_t n = lead;

        memset(text, 'a', lead);
        for (; n + len < sizeof(text); n += len)
            memcpy(text + n, character, len);
        text[n] = 0;
        (void)err_set(&err, CE_SYNTAX, "%s", text);
        valid = valid && utf8_valid(slice_str(err.msg));
        full = full && strlen(err.msg) + len >= sizeof(err.msg);
    }
    ok(valid, "a cut message ends at a character (%zu bytes)", len);
    ok(full, "and no earlier than it must");
}

int main(void)
{
    struct err err = ERR_INIT;

    is_int(err_at(&err, CE_DEPTH, 3, 7, "too %s", "deep"), -CE_DEPTH, "worth its code");
    is_str(err.msg, "too deep", "its message");
    ok(err.code == CE_DEPTH && err.line == 3 && err.col == 7 && err.sys == 0, "its place");
    is_int(err_sys(&err, ENOENT, "%s", "x.yml"), -CE_IO, "a system's error");
    is_str(err.msg, "x.yml: No such file or directory", "says what the system says");
    ok(err.sys == ENOENT && err.line == 0, "nothing is left of the one before");
    is_int(err_set(NULL, CE_BUSY, "nobody reads this"), -CE_BUSY, "no place to tell");
    test_cut("\xC4\x91");
    test_cut("\xE1\xBA\xAD");
    test_cut("\xF0\x9F\x94\x92");
    (void)err_set(&err, CE_SYNTAX, "%s", "\xE1\xBA\xAD\xC4\x91");
    is_str(err.msg, "\xE1\xBA\xAD\xC4\x91", "a short one is as it was");
    (void)err_set(&err, CE_SYNTAX, "%s", "\x80\x80\x80\x80");
    is_int(err.code, CE_SYNTAX, "bytes that are no characters do no harm");
    return tap_done();
}
