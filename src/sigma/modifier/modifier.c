/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/modifier/modifier.h"

#include "lang/err_sigma.h"
#include "lang/near.h"

#define X(NAME, row) &modifier_##row,
static const struct modifier *const rows[MODIFIER_COUNT] = {MODIFIERS(X)};
#undef X

_Static_assert(MODIFIER_COUNT <= 31, "a set is the bits of an int");

const struct modifier *modifier_of(uint32_t mods)
{
    return rows[__builtin_ctz(mods)];
}

const struct modifier *modifier_kind(uint32_t mods)
{
    for (; mods; mods &= mods - 1)
        if (modifier_of(mods)->parse)
            return modifier_of(mods);
    return NULL;
}

const char *modifier_name(uint32_t mods)
{
    return mods ? (const char *)modifier_of(mods)->names[0].p : "?";
}

static const struct modifier *modifier_find(struct slice name)
{
    for (size_t i = 0; i < MODIFIER_COUNT; i++) {
        if (slice_eq(name, rows[i]->names[0]) || slice_eq(name, rows[i]->names[1]))
            return rows[i];
    }
    return NULL;
}

static int refuse_pair(uint32_t a, uint32_t b, unsigned why, struct err *err)
{
    return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIERS_AND_DO_NOT_GO, modifier_name(a),
                    modifier_name(b), ERR_ID(why));
}

/* May a modifier stand behind those already read? */
static int check_next(uint32_t mods, const struct modifier *m, struct err *err)
{
    if (mods & m->bit)
        return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_STANDS_TWICE, modifier_name(m->bit));
    if (mods & m->group.mods)
        return refuse_pair(mods & m->group.mods, m->bit, m->group.why, err);
    for (size_t i = 0; i < CANH_LEN(m->before); i++) {
        if (mods & m->before[i].mods)
            return err_fail(err, CE_CONFLICT, ERR_SIGMA_MODIFIER_MUST_STAND_BEFORE,
                            modifier_name(m->bit), modifier_name(mods & m->before[i].mods),
                            ERR_ID(m->before[i].why));
    }
    return 0;
}

/* Does a modifier mean something in the finished set? */
static int check_in(uint32_t mods, const struct modifier *m, struct err *err)
{
    uint32_t odd = m->with.why ? mods & ~(m->bit | m->with.mods) : 0;

    if (odd)
        return refuse_pair(m->bit, odd, m->with.why, err);
    if (mods & m->without.mods)
        return refuse_pair(m->bit, mods & m->without.mods, m->without.why, err);
    if (m->needs.mods && !(mods & m->needs.mods))
        return err_fail_id(err, CE_CONFLICT, m->needs.why, modifier_name(m->bit));
    return 0;
}

/* What is compared otherwise than as text refuses first, for it knows best what it goes with. */
static int check_set(uint32_t mods, struct err *err)
{
    const struct modifier *kind = modifier_kind(mods);
    int r = kind ? check_in(mods, kind, err) : 0;

    for (uint32_t left = mods; left && r == 0; left &= left - 1)
        r = check_in(mods, modifier_of(left), err);
    return r;
}

static int refuse_unknown(struct slice name, struct err *err)
{
    struct slice names[2 * MODIFIER_COUNT];
    size_t count = 0, near;

    for (size_t i = 0; i < MODIFIER_COUNT; i++) {
        for (size_t j = 0; j < CANH_LEN(rows[i]->names) && rows[i]->names[j].n; j++)
            names[count++] = rows[i]->names[j];
    }
    near = near_find(name, names, count, sizeof(names[0]));
    if (near == SIZE_MAX)
        return err_fail(err, CE_UNKNOWN, ERR_SIGMA_UNKNOWN_MODIFIER, slice_brief(name));
    return err_fail(err, CE_UNKNOWN, ERR_SIGMA_UNKNOWN_MODIFIER_DID_YOU_MEAN, slice_brief(name),
                    names[near]);
}

static int read_one(struct slice name, uint32_t *mods, struct err *err)
{
    const struct modifier *m = name.n ? modifier_find(name) : NULL;
    int r;

    if (name.n == 0)
        return err_fail(err, CE_SYNTAX, ERR_SIGMA_EMPTY_MODIFIER_TOO_MANY);
    if (m == NULL)
        return refuse_unknown(name, err);
    r = check_next(*mods, m, err);
    *mods |= m->bit;
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
