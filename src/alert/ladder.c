/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/ladder.h"

#include "base/arena.h"
#include "lang/err_alert.h"
#include "lang/level.h"
#include "yaml/fields.h"

enum { MINUTES_MAX = 7 * 24 * 60 };

static const char *const callees[] = {"duty", "deputy", "head", "hub"};

static int need_int(const struct yaml_node *map, const char *key, int64_t min, int64_t max,
                    int64_t *ret, struct err *err)
{
    struct yaml_node *node;
    int r = yaml_need(map, key, &node, err);

    return r < 0 ? r : yaml_read_int(map, key, min, max, ret, err);
}

static int need_minutes(const struct yaml_node *map, const char *key, int64_t *ret, struct err *err)
{
    int64_t minutes = 0;
    int r = need_int(map, key, 0, MINUTES_MAX, &minutes, err);

    *ret = minutes * TIME_MINUTE;
    return r;
}

static int read_step(const struct yaml_node *node, struct ladder_step *step, struct err *err)
{
    static const char *const keys[] = {"after", "call", NULL};
    struct yaml_node *call = NULL;
    int r = yaml_only_keys(node, keys, err);

    if (r == 0)
        r = need_minutes(node, "after", &step->after, err);
    if (r == 0)
        r = yaml_need(node, "call", &call, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < CANH_LEN(callees); i++) {
        if (slice_is(call->text, callees[i])) {
            step->who = (enum ladder_who)i;
            return 0;
        }
    }
    return yaml_fail(call, err, CE_UNKNOWN, ERR_ALERT_LADDER_CALLS_ONE_OF);
}

static int read_steps(const struct yaml_node *map, struct ladder_level *l, struct err *err)
{
    struct yaml_node *list = NULL;
    int r = yaml_read_list(map, "steps", LADDER_STEPS_MAX, &list, &l->count, err);

    for (uint32_t i = 0; r == 0 && i < l->count; i++) {
        r = read_step(yaml_item(list, i), &l->steps[i], err);
        if (r == 0 && i > 0 && l->steps[i].after < l->steps[i - 1].after)
            r = yaml_fail(yaml_item(list, i), err, CE_RANGE, ERR_ALERT_LADDER_STEPS_IN_ORDER);
    }
    return r;
}

static int read_level(const struct yaml_node *map, struct ladder_level *l, struct err *err)
{
    static const char *const keys[] = {"quiet", "again", "answers", "steps", NULL};
    int r = yaml_only_keys(map, keys, err);

    l->answers = 1;
    if (r == 0)
        r = yaml_read_bool(map, "quiet", &l->quiet, err);
    if (r == 0)
        r = need_minutes(map, "again", &l->again, err);
    if (r == 0)
        r = yaml_read_int(map, "answers", 1, 10, &l->answers, err);
    return r < 0 ? r : read_steps(map, l, err);
}

static int read_levels(const struct yaml_node *map, struct ladder *l, struct err *err)
{
    struct yaml_node *levels = NULL, *one;
    int r = yaml_need(map, "levels", &levels, err);

    if (r == 0)
        r = yaml_only_keys(levels, level_names, err);
    for (int32_t i = 1; r == 0 && i <= LEVELS; i++) {
        one = yaml_get(levels, level_name(i));
        r = one ? read_level(one, &l->levels[i], err) : 0;
    }
    return r;
}

static int read_matter(const struct yaml_node *node, const char *wait, struct ladder_matter *ret,
                       struct err *err)
{
    const char *const keys[] = {"level", wait, NULL};
    struct yaml_node *level = NULL;
    int r = yaml_only_keys(node, keys, err);

    if (r == 0)
        r = need_minutes(node, wait, &ret->wait, err);
    if (r == 0)
        r = yaml_need(node, "level", &level, err);
    if (r == 0)
        ret->level = level_of(level->text);
    return r == 0 && ret->level == 0
               ? yaml_fail(level, err, CE_UNKNOWN, ERR_ALERT_LADDER_LEVEL_IS_NONE)
               : r;
}

/* Its minutes count to a time that comes. */
static bool is_ahead(size_t matter)
{
    return matter == STATE_MATTER_CLOCK || matter == STATE_MATTER_READY ||
           matter == STATE_MATTER_CHANGE;
}

/* A kind of matter that is left out calls nobody. */
static int read_matters(const struct yaml_node *map, struct ladder *l, struct err *err)
{
    static const char *const keys[] = {"shift", "outage", "clock",  "request",  "fault",
                                       "life",  "ready",  "change", "handover", NULL};
    struct yaml_node *matters = yaml_get(map, "matters"), *one;
    int r = matters ? yaml_only_keys(matters, keys, err) : 0;

    for (size_t i = 0; r == 0 && matters && keys[i]; i++) {
        one = yaml_get(matters, keys[i]);
        if (one)
            r = read_matter(one, is_ahead(i + 2) ? "before" : "after", &l->matters[i + 2], err);
    }
    return r;
}

static int read_ladder(const struct yaml_node *map, struct ladder *l, struct err *err)
{
    static const char *const keys[] = {"ladder", "source", "zone",   "quiet-hours", "awake", "most",
                                       "within", "last",   "levels", "matters",     NULL};
    int64_t zone = 0;
    int r = yaml_only_keys(map, keys, err);

    if (r == 0 && !slice_is(yaml_get_text(map, "ladder"), "alert"))
        r = yaml_fail(map, err, CE_SYNTAX, ERR_ALERT_NOT_A_LADDER);
    if (r == 0)
        r = need_int(map, "zone", -14 * 60, 14 * 60, &zone, err);
    l->offset_s = (int)zone * 60;
    if (r == 0)
        r = hours_of(map, "quiet-hours", &l->quiet, err);
    if (r == 0)
        r = need_minutes(map, "awake", &l->awake, err);
    if (r == 0)
        r = need_int(map, "most", 1, 1000, &l->most, err);
    if (r == 0)
        r = need_minutes(map, "within", &l->within, err);
    if (r == 0)
        r = need_minutes(map, "last", &l->last, err);
    if (r == 0)
        r = read_levels(map, l, err);
    return r < 0 ? r : read_matters(map, l, err);
}

int ladder_parse(struct slice yaml, struct ladder *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(4u << 20);
    struct ladder l = {.most = 0};
    struct err here = ERR_INIT;
    struct yaml_node *root = NULL;
    int r;

    err = err ? err : &here;
    r = yaml_parse_one(&arena, yaml, &yaml_default_limits, &root, err);
    if (r == 0)
        r = read_ladder(root, &l, err);
    arena_done(&arena);
    if (r == 0)
        *ret = l;
    return r;
}

int64_t ladder_not_before(const struct ladder *l, int32_t level, int64_t t)
{
    int64_t from = t - TIME_DAY, until = t + TIME_DAY;

    if (level <= 0 || level >= LADDER_LEVELS || !l->levels[level].quiet)
        return t;
    return hours_at(&l->quiet, l->offset_s, t, &from, &until) ? until : t;
}
