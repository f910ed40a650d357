/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/terms.h"

#include "lang/err_duty.h"
#include "yaml/fields.h"

enum { MINUTES_MAX = 7 * 24 * 60 };

static const char *const tells[] = {"person", "deputy", "head", "hub"};

static int read_step(const struct yaml_node *node, struct duty_step *step, struct err *err)
{
    static const char *const keys[] = {"after", "tell", NULL};
    struct yaml_node *tell;
    int64_t after = -1;
    int r = yaml_only_keys(node, keys, err);

    if (r == 0)
        r = yaml_read_int(node, "after", 0, MINUTES_MAX, &after, err);
    if (r == 0)
        r = yaml_need(node, "tell", &tell, err);
    if (r != 0)
        return r;
    if (after < 0)
        return yaml_fail(node, err, CE_MISSING, ERR_DUTY_STEP_NEEDS_MINUTES_AFTER);
    step->minutes = (int32_t)after;
    for (size_t i = 0; i < CANH_LEN(tells); i++) {
        if (slice_is(tell->text, tells[i])) {
            step->tell = (enum duty_tell)i;
            return 0;
        }
    }
    return yaml_fail(tell, err, CE_UNKNOWN, ERR_DUTY_TELL_ONE_PERSON_DEPUTY_HEAD);
}

static int read_ladder(const struct yaml_node *map, struct duty_terms *t, struct err *err)
{
    struct yaml_node *list = NULL;
    uint32_t n = 0;
    int r = yaml_read_list(map, "ladder", DUTY_STEPS_MAX, &list, &n, err);

    if (r == 0 && n == 0)
        return yaml_fail(map, err, CE_MISSING, ERR_DUTY_LADDER_AT_LEAST_ONE_STEP);
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        r = read_step(yaml_item(list, i), &t->ladder[i], err);
        if (r == 0 && i > 0 && t->ladder[i].minutes < t->ladder[i - 1].minutes)
            r = yaml_fail(yaml_item(list, i), err, CE_RANGE, ERR_DUTY_STEPS_COME_BY_THEIR_MINUTES);
    }
    t->step_count = n;
    return r;
}

static int read_minutes(const struct yaml_node *map, const char *key, int64_t *ret, struct err *err)
{
    struct yaml_node *node;
    int64_t minutes = 0;
    int r = yaml_need(map, key, &node, err);

    if (r == 0)
        r = yaml_read_int(map, key, 0, MINUTES_MAX, &minutes, err);
    *ret = minutes * TIME_MINUTE;
    return r;
}

static int read_terms(const struct yaml_node *map, struct duty_terms *t, struct err *err)
{
    static const char *const keys[] = {"duty",  "source",      "ladder",     "night", "mark-grace",
                                       "early", "typed-later", "night-turn", NULL};
    int r = yaml_only_keys(map, keys, err);

    if (r == 0 && !slice_is(yaml_get_text(map, "duty"), "terms"))
        r = yaml_fail(map, err, CE_SYNTAX, ERR_DUTY_NOT_FILE_DUTY_TERMS_BEGINS);
    if (r == 0)
        r = read_ladder(map, t, err);
    if (r == 0)
        r = hours_of(map, "night", &t->night, err);
    if (r == 0)
        r = read_minutes(map, "mark-grace", &t->mark_grace, err);
    if (r == 0)
        r = read_minutes(map, "early", &t->early, err);
    if (r == 0)
        r = read_minutes(map, "typed-later", &t->typed_later, err);
    return r == 0 ? read_minutes(map, "night-turn", &t->night_turn, err) : r;
}

int duty_terms_parse(struct slice yaml, struct duty_terms *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(4u << 20);
    struct duty_terms t = {.step_count = 0};
    struct err here = ERR_INIT;
    struct yaml_node *root = NULL;
    int r;

    err = err ? err : &here;
    r = yaml_parse_one(&arena, yaml, &yaml_default_limits, &root, err);
    if (r == 0)
        r = read_terms(root, &t, err);
    arena_done(&arena);
    if (r == 0)
        *ret = t;
    return r;
}

struct slice duty_terms_night(struct slice yaml, struct arena *arena)
{
    struct yaml_docs docs;

    if (yaml_parse(arena, yaml, &yaml_default_limits, &docs, NULL) < 0 || docs.count == 0)
        return SLICE_NULL;
    return yaml_get_text(docs.roots[0], "night");
}
