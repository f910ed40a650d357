/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/modifier/modifier.h"

#include <string.h>

#include "base/buf.h"
#include "err_words.h"
#include "tap.h"

static void reads(const char *key, const char *field, uint32_t mods)
{
    struct err err = ERR_INIT;
    struct slice got;
    uint32_t set;

    ok(modifier_parse(slice_str(key), &got, &set, &err) == 0, "%s (%s)", key, err_words(&err));
    is_slice(got, slice_str(field), "field of %s", key);
    is_int(set, mods, "modifiers of %s", key);
}

static void refuses(const char *key, unsigned offset, const char *reason)
{
    struct err err = ERR_INIT;
    struct slice got;
    uint32_t set;

    ok(modifier_parse(slice_str(key), &got, &set, &err) < 0 &&
           strstr(err_words(&err), reason) != NULL,
       "%s is refused: %s", key, err_words(&err));
    is_int(err.offset, offset, "place in %s", key);
}

static void test_names(void)
{
    static const char *const names[] = {"contains", "startswith",   "endswith", "all",
                                        "cased",    "neq",          "windash",  "expand",
                                        "base64",   "base64offset", "re",       "cidr",
                                        "exists",   "fieldref",     "lt",       "lte",
                                        "gt",       "gte",          "minute",   "hour",
                                        "day",      "week",         "month",    "year"};
    struct err err;

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct buf key = BUF_INIT(100);
        struct slice field;
        uint32_t set = 0;

        buf_printf(&key, "f|%s", names[i]);
        ok(modifier_parse(buf_slice(&key), &field, &set, &err) == 0, "%s", names[i]);
        is_str(modifier_name(set), names[i], "its name");
        buf_done(&key);
    }
}

static void test_sets(void)
{
    reads("Image", "Image", 0);
    reads("", "", 0);
    reads("|all", "", MOD_ALL);
    reads("a.b c|contains|all", "a.b c", MOD_CONTAINS | MOD_ALL);
    reads("f|all|contains", "f", MOD_CONTAINS | MOD_ALL);
    reads("f|windash|contains|all", "f", MOD_CONTAINS | MOD_ALL | MOD_WINDASH);
    reads("f|contains|windash", "f", MOD_CONTAINS | MOD_WINDASH);
    reads("f|wide|base64offset|contains", "f", MOD_UTF16LE | MOD_BASE64OFFSET | MOD_CONTAINS);
    reads("f|utf16le|base64", "f", MOD_UTF16LE | MOD_BASE64);
    reads("f|re|i|m|s", "f", MOD_RE | MODS_RE_FLAGS);
    reads("f|re|ignorecase|multiline|dotall", "f", MOD_RE | MODS_RE_FLAGS);
    reads("f|all|re", "f", MOD_RE | MOD_ALL);
    reads("f|re|cased", "f", MOD_RE | MOD_CASED);
    reads("f|fieldref|neq|endswith", "f", MOD_FIELDREF | MOD_NEQ | MOD_ENDSWITH);
    reads("f|exists|neq", "f", MOD_EXISTS | MOD_NEQ);
    reads("f|gte|neq", "f", MOD_GTE | MOD_NEQ);
    reads("f|cidr|expand", "f", MOD_CIDR | MOD_EXPAND);
    reads("f|neq|contains|cased", "f", MOD_NEQ | MOD_CONTAINS | MOD_CASED);
}

static void test_refused(void)
{
    refuses("f|containz", 2, "unknown modifier 'containz'");
    refuses("f|Contains", 2, "unknown modifier 'Contains'");
    refuses("f|", 2, "empty modifier");
    refuses("f||all", 2, "empty modifier");
    refuses("f|all|all", 6, "'all' stands there twice");
    refuses("f|wide|utf16le", 7, "'wide' stands there twice");
    refuses("f|contains|startswith", 11, "'contains' and 'startswith' do not go together");
    refuses("f|wide|utf16be|base64", 7, "one encoding");
    refuses("f|base64|base64offset", 9, "all three offsets");
    refuses("f|re|cidr", 5, "compared in one way");
    refuses("f|gt|lt", 5, "compared in one way");
    refuses("f|hour|day", 7, "compared in one way");
    refuses("f|hour|gt", 7, "compared in one way");
    refuses("f|re|contains", 1, "anchor it with ^ or $");
    refuses("f|windash|re", 1, "'re' and 'windash'");
    refuses("f|cidr|contains", 1, "as numbers");
    refuses("f|exists|all", 1, "not for its value");
    refuses("f|fieldref|windash", 1, "as it is");
    refuses("f|gt|cased", 1, "numbers are compared");
    refuses("f|minute|contains", 1, "part of a date");
    refuses("f|i", 1, "flag of 're'");
    refuses("f|i|re", 4, "'re' must stand before 'i'");
    refuses("f|re|i|cased", 1, "'i' and 'cased' do not go together: they are opposites");
    refuses("f|all|re|i|cased", 1, "'i' and 'cased' do not go together");
    refuses("f|wide", 1, "needs 'base64'");
    refuses("f|wide|contains", 1, "needs 'base64'");
    refuses("f|base64|wide", 9, "'wide' must stand before 'base64'");
    refuses("f|contains|base64", 11, "'base64' must stand before 'contains'");
}

/* The sets in modifier.h say of a modifier what its row does. */
static void test_rows(void)
{
    static const struct modifier *const rows[] = {
#define X(NAME, row) &modifier_##row,
        MODIFIERS(X)
#undef X
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        const struct modifier *m = rows[i];
        const char *name = modifier_name(m->bit);

        is_int(m->bit, UINT32_C(1) << i, "%s has its own bit", name);
        ok((m->parse != NULL) == ((m->bit & MODS_KIND) != 0),
           "%s stands in MODS_KIND if it makes something other than text", name);
        ok(m->rewrite == NULL || (m->bit & MODS_TEXT), "%s stands in MODS_TEXT if it rewrites text",
           name);
        ok(modifier_kind(m->bit) == (m->parse ? m : NULL), "%s is told by its parse()", name);
    }
}

int main(void)
{
    test_rows();
    test_names();
    test_sets();
    test_refused();
    return tap_done();
}
