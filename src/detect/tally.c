/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tally.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/err.h"
#include "base/time.h"

int tally_init(struct tally *t, uint32_t rule_count)
{
    *t = (struct tally){.rule_count = rule_count, .pair_count = 1};
    t->arena = ARENA_INIT(TALLY_HOST_BYTES);
    map_init(&t->host_of, TALLY_PAIRS_MAX);
    map_init(&t->pair_of, TALLY_PAIRS_MAX);
    t->rules = calloc((size_t)rule_count + 1, sizeof(*t->rules));
    if (t->rules == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < rule_count; i++)
        t->rules[i].first = t->rules[i].last = TIME_NONE;
    return 0;
}

void tally_done(struct tally *t)
{
    free(t->rules);
    free(t->pairs);
    free(t->hosts);
    map_done(&t->host_of);
    map_done(&t->pair_of);
    arena_done(&t->arena);
}

static bool host_number(struct tally *t, struct slice name, uint32_t *ret)
{
    struct slice copy;

    if (map_get(&t->host_of, name, ret))
        return true;
    if (!array_room(t->hosts, t->host_count, t->host_cap, TALLY_PAIRS_MAX))
        return false;
    copy = arena_dup(&t->arena, name);
    if (copy.p == NULL || map_put(&t->host_of, copy, t->host_count) < 0)
        return false;
    t->hosts[t->host_count] = copy;
    *ret = t->host_count++;
    return true;
}

static struct tally_pair *pair_of(struct tally *t, uint32_t rule, uint32_t host)
{
    uint32_t name[2] = {rule, host}, number;
    struct slice key = slice_of(name, sizeof(name));

    if (map_get(&t->pair_of, key, &number))
        return &t->pairs[number];
    if (!array_room(t->pairs, t->pair_count, t->pair_cap, TALLY_PAIRS_MAX))
        return NULL;
    key = arena_dup(&t->arena, key);
    if (key.p == NULL || map_put(&t->pair_of, key, t->pair_count) < 0)
        return NULL;
    number = t->pair_count++;
    t->pairs[number] = (struct tally_pair){.host = host, .next = t->rules[rule].pairs};
    t->rules[rule].pairs = number;
    t->rules[rule].hosts++;
    return &t->pairs[number];
}

void tally_add(struct tally *t, uint32_t rule, int64_t time, struct slice host, bool recovered)
{
    struct tally_rule *r = &t->rules[rule];
    struct tally_pair *pair = NULL;
    uint32_t number;

    t->rules_hit += r->count == 0;
    t->alerts++;
    r->count++;
    t->recovered += recovered;
    r->recovered += recovered;
    if (time != TIME_NONE) {
        r->first = r->first == TIME_NONE ? time : CANH_MIN(r->first, time);
        r->last = r->last == TIME_NONE ? time : CANH_MAX(r->last, time);
    }
    if (host.n == 0)
        return;
    if (host_number(t, host, &number))
        pair = pair_of(t, rule, number);
    if (pair)
        pair->count++;
    else
        t->hostless++;
}

/* Negative when a comes first. */
static int host_order(const struct tally_host *a, const struct tally_host *b)
{
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return slice_cmp(a->name, b->name);
}

uint32_t tally_hosts(const struct tally *t, uint32_t rule, struct tally_host *ret, uint32_t max)
{
    uint32_t count = 0;

    for (uint32_t i = t->rules[rule].pairs; i != 0; i = t->pairs[i].next) {
        struct tally_host host = {t->hosts[t->pairs[i].host], t->pairs[i].count};
        uint32_t at = count;

        while (at > 0 && host_order(&host, &ret[at - 1]) < 0)
            at--;
        if (at == max)
            continue;
        if (count < max)
            count++;
        memmove(&ret[at + 1], &ret[at], (count - 1 - at) * sizeof(*ret));
        ret[at] = host;
    }
    return count;
}
