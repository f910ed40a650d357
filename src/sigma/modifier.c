/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/modifier.h"

#include <stdbool.h>

#include "lang/near.h"
#include "lang/say.h"

static const struct {
    struct slice name;
    uint32_t mod;
} names[] = {
    {SLICE_INIT("contains"), MOD_CONTAINS},
    {SLICE_INIT("startswith"), MOD_STARTSWITH},
    {SLICE_INIT("endswith"), MOD_ENDSWITH},
    {SLICE_INIT("all"), MOD_ALL},
    {SLICE_INIT("cased"), MOD_CASED},
    {SLICE_INIT("neq"), MOD_NEQ},
    {SLICE_INIT("windash"), MOD_WINDASH},
    {SLICE_INIT("expand"), MOD_EXPAND},
    {SLICE_INIT("base64"), MOD_BASE64},
    {SLICE_INIT("base64offset"), MOD_BASE64OFFSET},
    {SLICE_INIT("wide"), MOD_UTF16LE},
    {SLICE_INIT("utf16le"), MOD_UTF16LE},
    {SLICE_INIT("utf16be"), MOD_UTF16BE},
    {SLICE_INIT("utf16"), MOD_UTF16},
    {SLICE_INIT("re"), MOD_RE},
    {SLICE_INIT("i"), MOD_RE_NOCASE},
    {SLICE_INIT("ignorecase"), MOD_RE_NOCASE},
    {SLICE_INIT("m"), MOD_RE_MULTILINE},
    {SLICE_INIT("multiline"), MOD_RE_MULTILINE},
    {SLICE_INIT("s"), MOD_RE_DOTALL},
    {SLICE_INIT("dotall"), MOD_RE_DOTALL},
    {SLICE_INIT("cidr"), MOD_CIDR},
    {SLICE_INIT("exists"), MOD_EXISTS},
    {SLICE_INIT("fieldref"), MOD_FIELDREF},
    {SLICE_INIT("lt"), MOD_LT},
    {SLICE_INIT("lte"), MOD_LTE},
    {SLICE_INIT("gt"), MOD_GT},
    {SLICE_INIT("gte"), MOD_GTE},
    {SLICE_INIT("minute"), MOD_MINUTE},
    {SLICE_INIT("hour"), MOD_HOUR},
    {SLICE_INIT("day"), MOD_DAY},
    {SLICE_INIT("week"), MOD_WEEK},
    {SLICE_INIT("month"), MOD_MONTH},
    {SLICE_INIT("year"), MOD_YEAR},
};

/* Two of one group never go together. */
static const struct {
    uint32_t group;
    const char *why;
} groups[] = {
    {MODS_POSITION, "a value is sought at one place"},
    {MODS_UTF16, "a value has one encoding"},
    {MODS_BASE64, "base64offset already is base64, at all three offsets"},
    {MODS_KIND, "a value is compared in one way"},
};

/* What goes with each kind of comparison. */
static const struct {
    uint32_t kind, with;
    const char *why;
} kinds[] = {
    {MOD_RE, MODS_RE_FLAGS | MOD_CASED | MOD_ALL | MOD_NEQ | MOD_EXPAND,
     "a regular expression is found anywhere in the value; anchor it with ^ or $"},
    {MOD_CIDR, MOD_ALL | MOD_NEQ | MOD_EXPAND, "a network is compared as numbers, not as text"},
    {MOD_EXISTS, MOD_NEQ, "exists asks for the field, not for its value"},
    {MOD_FIELDREF, MODS_POSITION | MOD_CASED | MOD_ALL | MOD_NEQ,
     "the other field's value is taken as it is"},
    {MODS_COMPARE, MOD_ALL | MOD_NEQ, "numbers are compared, not text"},
    {MODS_TIME, MOD_ALL | MOD_NEQ, "a part of a date is a number, not text"},
};

/* A modifier that comes too late behind others works on something else than its author means. */
static const struct {
    uint32_t first, then;
    const char *why;
} orders[] = {
    {MODS_UTF16, MODS_BASE64, "behind it, it would encode the base64 text"},
    {MODS_BASE64, MODS_POSITION, "wildcards cannot be encoded"},
    {MODS_UTF16, MODS_POSITION, "wildcards cannot be encoded"},
    {MOD_RE, MODS_RE_FLAGS, "that is a flag of it"},
};

const char *modifier_name(uint32_t mods)
{
    uint32_t lowest = mods & (0 - mods);

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (names[i].mod == lowest)
            return (const char *)names[i].name.p;
    }
    return "?";
}

static uint32_t find(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_eq(name, names[i].name))
            return names[i].mod;
    }
    return 0;
}

static int clash(uint32_t a, uint32_t b, const char *why, struct err *err)
{
    return err_set(err, CE_CONFLICT, "modifiers '%s' and '%s' do not go together: %s",
                   modifier_name(a), modifier_name(b), why);
}

/* May `mod` stand behind the modifiers already read? */
static int check_next(uint32_t mods, uint32_t mod, struct err *err)
{
    if (mods & mod)
        return err_set(err, CE_CONFLICT, "modifier '%s' stands there twice", modifier_name(mod));
    for (size_t i = 0; i < CANH_LEN(groups); i++) {
        if ((mod & groups[i].group) && (mods & groups[i].group))
            return clash(mods & groups[i].group, mod, groups[i].why, err);
    }
    for (size_t i = 0; i < CANH_LEN(orders); i++) {
        if ((mod & orders[i].first) && (mods & orders[i].then))
            return err_set(err, CE_CONFLICT, "modifier '%s' must stand before '%s': %s",
                           modifier_name(mod), modifier_name(mods & orders[i].then), orders[i].why);
    }
    return 0;
}

/* Does the finished set mean something? */
static int check_set(uint32_t mods, struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(kinds); i++) {
        uint32_t kind = mods & kinds[i].kind, odd = mods & ~(kinds[i].kind | kinds[i].with);

        if (kind && odd)
            return clash(kind, odd, kinds[i].why, err);
    }
    if ((mods & MODS_RE_FLAGS) && !(mods & MOD_RE))
        return err_set(err, CE_CONFLICT, "modifier '%s' is a flag of 're', which is not there",
                       modifier_name(mods & MODS_RE_FLAGS));
    if ((mods & MOD_RE_NOCASE) && (mods & MOD_CASED))
        return clash(MOD_RE_NOCASE, MOD_CASED, "they are opposites", err);
    if ((mods & MODS_UTF16) && !(mods & MODS_BASE64))
        return err_set(err, CE_CONFLICT,
                       "modifier '%s' needs 'base64' or 'base64offset' behind it: text in events "
                       "is decoded, UTF-16 bytes never show up in it",
                       modifier_name(mods & MODS_UTF16));
    return 0;
}

static int unknown(struct slice name, struct err *err)
{
    size_t near = near_find(name, &names[0].name, CANH_LEN(names), sizeof(names[0]));

    if (near == SIZE_MAX)
        return err_set(err, CE_UNKNOWN, "unknown modifier '" SLICE_FMT "'",
                       SLICE_ARG(say_cut(name)));
    return err_set(err, CE_UNKNOWN, "unknown modifier '" SLICE_FMT "': did you mean '%s'?",
                   SLICE_ARG(say_cut(name)), (const char *)names[near].name.p);
}

static int read_one(struct slice name, uint32_t *mods, struct err *err)
{
    uint32_t mod = find(name);
    int r;

    if (name.n == 0)
        return err_set(err, CE_SYNTAX, "empty modifier: a '|' too many");
    if (mod == 0)
        return unknown(name, err);
    r = check_next(*mods, mod, err);
    *mods |= mod;
    return r;
}

int modifier_parse(struct slice key, struct slice *ret_field, uint32_t *ret_mods, struct err *err)
{
    struct slice rest = key.p ? key : SLICE(""), name;
    size_t at = 0;
    int r = 0;

    *ret_mods = 0;
    (void)slice_cut(&rest, '|', ret_field);
    while (r == 0 && slice_cut(&rest, '|', &name)) {
        at = (size_t)(name.p - key.p);
        r = read_one(name, ret_mods, err);
    }
    if (r == 0) {
        r = check_set(*ret_mods, err);
        at = r < 0 ? ret_field->n : at;
    }
    if (r < 0 && err != NULL)
        err->offset = at;
    return r;
}
