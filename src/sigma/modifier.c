/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/modifier.h"

#include <stdbool.h>

#include "lang/err_sigma.h"
#include "lang/near.h"

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
    unsigned why;
} groups[] = {
    {MODS_POSITION, ERR_SIGMA_WHY_ONE_PLACE},
    {MODS_UTF16, ERR_SIGMA_WHY_ONE_ENCODING},
    {MODS_BASE64, ERR_SIGMA_WHY_BASE64OFFSET},
    {MODS_KIND, ERR_SIGMA_WHY_ONE_WAY},
};

/* What goes with each kind of comparison. */
static const struct {
    uint32_t kind, with;
    unsigned why;
} kinds[] = {
    {MOD_RE, MODS_RE_FLAGS | MOD_CASED | MOD_ALL | MOD_NEQ | MOD_EXPAND, ERR_SIGMA_WHY_RE},
    {MOD_CIDR, MOD_ALL | MOD_NEQ | MOD_EXPAND, ERR_SIGMA_WHY_CIDR},
    {MOD_EXISTS, MOD_NEQ, ERR_SIGMA_WHY_EXISTS},
    {MOD_FIELDREF, MODS_POSITION | MOD_CASED | MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_FIELDREF},
    {MODS_COMPARE, MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_NUMBERS},
    {MODS_TIME, MOD_ALL | MOD_NEQ, ERR_SIGMA_WHY_DATE_PART},
};

/* A modifier that comes too late behind others works on something else than its author means. */
static const struct {
    uint32_t first, then;
    unsigned why;
} orders[] = {
    {MODS_UTF16, MODS_BASE64, ERR_SIGMA_WHY_BEHIND_BASE64},
    {MODS_BASE64, MODS_POSITION, ERR_SIGMA_WHY_WILDCARDS},
    {MODS_UTF16, MODS_POSITION, ERR_SIGMA_WHY_WILDCARDS},
    {MOD_RE, MODS_RE_FLAGS, ERR_SIGMA_WHY_FLAG},
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

static int clash(uint32_t a, uint32_t b, unsigned why, struct err *err)
{
    return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIERS_AND_DO_NOT_GO, modifier_name(a),
                    modifier_name(b), ERR_ID(why));
}

/* May `mod` stand behind the modifiers already read? */
static int check_next(uint32_t mods, uint32_t mod, struct err *err)
{
    if (mods & mod)
        return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_STANDS_TWICE, modifier_name(mod));
    for (size_t i = 0; i < CANH_LEN(groups); i++) {
        if ((mod & groups[i].group) && (mods & groups[i].group))
            return clash(mods & groups[i].group, mod, groups[i].why, err);
    }
    for (size_t i = 0; i < CANH_LEN(orders); i++) {
        if ((mod & orders[i].first) && (mods & orders[i].then))
            return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_MUST_STAND_BEFORE,
                            modifier_name(mod), modifier_name(mods & orders[i].then),
                            ERR_ID(orders[i].why));
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
        return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_FLAG_RE_WHICH_NOT,
                        modifier_name(mods & MODS_RE_FLAGS));
    if ((mods & MOD_RE_NOCASE) && (mods & MOD_CASED))
        return clash(MOD_RE_NOCASE, MOD_CASED, ERR_SIGMA_WHY_OPPOSITES, err);
    if ((mods & MODS_UTF16) && !(mods & MODS_BASE64))
        return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_NEEDS_BASE64_OR_BASE64OFFSET,
                        modifier_name(mods & MODS_UTF16));
    return 0;
}

static int unknown(struct slice name, struct err *err)
{
    size_t near = near_find(name, &names[0].name, CANH_LEN(names), sizeof(names[0]));

    if (near == SIZE_MAX)
        return err_fail(err, CE_UNKNOWN, ERR_SIGMA_UNKNOWN_MODIFIER, slice_brief(name));
    return err_fail(err, CE_UNKNOWN, ERR_SIGMA_UNKNOWN_MODIFIER_DID_YOU_MEAN, slice_brief(name),
                    (const char *)names[near].name.p);
}

static int read_one(struct slice name, uint32_t *mods, struct err *err)
{
    uint32_t mod = find(name);
    int r;

    if (name.n == 0)
        return err_fail(err, CE_SYNTAX, ERR_SIGMA_EMPTY_MODIFIER_TOO_MANY);
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
