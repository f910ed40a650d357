/* SPDX-License-Identifier: Apache-2.0 */
/* Layers of a post: tables and rules. */
#include "duty/duty_loader.h"
#include "lang/err_duty.h"

static int load_cells(struct loader *o, const struct state_layer *from, struct duty_layer *to)
{
    struct state_query q = {.ref = from->id, .from = o->from, .to = o->until};
    struct state_roster *rows;
    int r = state_roster_list(o->s, &o->all, &q, o->arena, &rows, &to->cell_count, o->err);
    if (r < 0 || to->cell_count == 0)
        return r;
    to->cells = arena_array(o->arena, to->cell_count, sizeof(*to->cells));
    if (!to->cells)
        return loader_no_memory(o);
    for (size_t i = 0; i < to->cell_count; i++) {
        to->cells[i] = (struct duty_cell){.from = rows[i].start,
                                          .until = rows[i].stop,
                                          .position = rows[i].position,
                                          .shift = rows[i].shift};
        r = loader_person(o, &rows[i].person, &to->cells[i].person);
        if (r < 0)
            return r;
    }
    return 0;
}

/* All turns ever: who came before decides whose turn it is now. */
static int load_turns(struct loader *o, const struct state_layer *from, struct duty_layer *to)
{
    struct state_query q = {.ref = from->id};
    struct state_turn *rows;
    struct duty_turn *turns;
    int r = state_turn_list(o->s, &o->all, &q, o->arena, &rows, &to->rule.turn_count, o->err);

    if (r < 0 || to->rule.turn_count == 0)
        return r;
    turns = arena_array(o->arena, to->rule.turn_count, sizeof(*turns));
    if (!turns)
        return loader_no_memory(o);
    to->rule.turns = turns;
    for (size_t i = 0; i < to->rule.turn_count; i++) {
        turns[i] = (struct duty_turn){.from = rows[i].valid_from, .until = rows[i].valid_to};
        r = loader_person(o, &rows[i].person, &turns[i].person);
        if (r < 0)
            return r;
    }
    return 0;
}

static int load_rule(struct loader *o, const struct state_post *p, const struct state_layer *from,
                     struct duty_layer *to)
{
    struct slice zone = from->zone.n ? from->zone : p->zone;
    struct duty_rule *rule = &to->rule;
    struct err why = ERR_INIT;
    int r = zone_read(o->arena, zone, &rule->zone);

    if (r < 0)
        return err_fail(o->err, (enum ce) - r, ERR_DUTY_POST_LAYER_ZONE_NOT_KNOWN, p->code,
                        from->code, zone);
    r = recur_parse(from->rule, &rule->recur, &why);
    if (r == 0 && from->length <= 0)
        r = err_fail(&why, CE_RANGE, ERR_DUTY_TURN_MUST_LAST_SOME_TIME);
    if (r < 0)
        return err_fail(o->err, (enum ce) - r, ERR_DUTY_POST_LAYER, p->code, from->code, &why);
    recur_until_local(&rule->recur, zone_at(&rule->zone, rule->recur.until));
    to->by_rule = true;
    rule->start = from->start;
    rule->length = from->length;
    return load_turns(o, from, to);
}

int load_layers(struct loader *o, const struct state_post *p, struct duty_post *to)
{
    struct state_query q = {.ref = p->id, .from = o->from, .to = o->until};
    struct state_layer *rows;
    int r = LOADER_ROWS(o, layer, p->id, &q, &rows, &to->layer_count);

    if (r < 0 || to->layer_count == 0)
        return r;
    to->layers = arena_array(o->arena, to->layer_count, sizeof(*to->layers));
    if (!to->layers)
        return loader_no_memory(o);
    for (size_t i = 0; r == 0 && i < to->layer_count; i++) {
        struct duty_layer *l = &to->layers[i];

        l->position = rows[i].position;
        l->from = rows[i].valid_from;
        l->until = rows[i].valid_to;
        r = rows[i].kind == STATE_LAYER_RULE ? load_rule(o, p, &rows[i], l)
                                             : load_cells(o, &rows[i], l);
    }
    return r;
}
