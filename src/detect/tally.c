/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/tally.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/time.h"

int tally_init(struct tally *t, uint32_t rule_count)
{
    *t = (struct tally){.rule_count = rule_count, .pair_count = 1};
    t->arena = ARENA_INIT(TALLY_HOST_BYTES);
    map_init(&t->host_of, TALLY_PAIRS_MAX);
    t->seed = hash_seed();
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
    free(t->pair_slots);
    arena_done(&t->arena);
}

/* A host's number. What one record tells comes together, so the last host is often the next. */
static bool host_number(struct tally *t, struct slice name, uint32_t *ret)
{
    struct slice copy;

    *ret = t->last_host;
    if (t->last_host < t->host_count && slice_eq(t->hosts[t->last_host], name))
        return true;
    if (map_get(&t->host_of, name, ret)) {
        t->last_host = *ret;
        return true;
    }
    if (!array_room(t->hosts, t->host_count, t->host_cap, TALLY_PAIRS_MAX))
        return false;
    copy = arena_dup(&t->arena, name);
    if (copy.p == NULL || map_put(&t->host_of, copy, t->host_count) < 0)
        return false;
    t->hosts[t->host_count] = copy;
    *ret = t->last_host = t->host_count++;
    return true;
}

/* Where the pair's number is, or has its place. */
static uint32_t *pair_slot(const struct tally *t, uint32_t rule, uint32_t host)
{
    uint32_t mask = t->pair_slot_count - 1;
    uint32_t at = (uint32_t)hash_u64((uint64_t)rule << 32 | host, t->seed) & mask;

    for (uint32_t n; (n = t->pair_slots[at]) != 0; at = (at + 1) & mask) {
        if (t->pairs[n].rule == rule && t->pairs[n].host == host)
            break;
    }
    return &t->pair_slots[at];
}

/* Room in the slots for one more pair; false without memory. */
static bool slot_room(struct tally *t)
{
    uint32_t count = t->pair_slot_count ? t->pair_slot_count * 2 : 256, *slots;

    if (t->pair_count < t->pair_slot_count / 4 * 3)
        return true;
    slots = calloc(count, sizeof(*slots));
    if (slots == NULL)
        return false;
    free(t->pair_slots);
    t->pair_slots = slots;
    t->pair_slot_count = count;
    for (uint32_t n = 1; n < t->pair_count; n++)
        *pair_slot(t, t->pairs[n].rule, t->pairs[n].host) = n;
    return true;
}

static struct tally_pair *pair_of(struct tally *t, uint32_t rule, uint32_t host)
{
    uint32_t *slot;

    if (!slot_room(t))
        return NULL;
    slot = pair_slot(t, rule, host);
    if (*slot != 0)
        return &t->pairs[*slot];
    if (!array_room(t->pairs, t->pair_count, t->pair_cap, TALLY_PAIRS_MAX))
        return NULL;
    *slot = t->pair_count++;
    t->pairs[*slot] = (struct tally_pair){.rule = rule, .host = host, .next = t->rules[rule].pairs};
    t->rules[rule].pairs = *slot;
    t->rules[rule].hosts++;
    return &t->pairs[*slot];
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
