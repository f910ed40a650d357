/* SPDX-License-Identifier: Apache-2.0 */
/* An alert as the journal keeps it. */
#include "base/time.h"
#include "detect/alert_internal.h"

static struct slice alert_live_kept(struct arena *arena, struct slice s)
{
    return arena_dup(arena, slice_head(s, ALERT_RECORD_TEXT));
}

static struct slice address_of(const struct alert *a, struct arena *arena)
{
    const struct generation *g = alert_generation(a);

    for (size_t i = 0; i < GENERATION_ADDRESSES; i++) {
        const struct field *f = alert_field(a->event, g->addresses[i]);
        struct buf *text = alert_scratch(a);

        if (f)
            field_text(f, text);
        if (text->len)
            return alert_live_kept(arena, buf_slice(text));
    }
    return SLICE_NULL;
}

static struct slice about_of(const struct alert *a, const struct alert_entity *entity,
                             struct arena *arena)
{
    struct buf *text = alert_scratch(a);

    for (uint32_t i = 0; i < entity->count; i++) {
        if (i > 0)
            buf_putc(text, ' ');
        buf_append_slice(text, entity->parts[i]);
    }
    return alert_live_kept(arena, buf_slice(text));
}

void alert_to_record(const struct alert *a, struct arena *arena, struct alert_record *ret)
{
    const struct alert_parts *p = alert_parts(a);
    const struct sigma_rule *rule = p->rule;

    *ret = (struct alert_record){
        .rule = alert_live_kept(arena, rule->id.n ? rule->id : rule->path),
        .title = alert_live_kept(arena, rule->title),
        .title_vi = alert_live_kept(arena, rule->title_vi),
        .advice = alert_live_kept(arena, rule_advice(rule, false)),
        .advice_vi = alert_live_kept(arena, rule_advice(rule, true)),
        .level = (int32_t)rule->level + 1,
        .host = alert_live_kept(arena, p->host),
        .user = p->entity.count > 1 ? alert_live_kept(arena, p->entity.parts[1]) : SLICE_NULL,
        .address = address_of(a, arena),
        .about = about_of(a, &p->entity, arena),
        .start = p->window,
        .time = a->time == TIME_NONE ? a->origin->received : a->time,
        .asset = alert_live_kept(arena, a->origin->asset),
        .history = a->origin->history,
    };
    memcpy(ret->id, p->id_bytes, sizeof(ret->id));
}
