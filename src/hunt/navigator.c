/* SPDX-License-Identifier: Apache-2.0 */
/* A layer for the ATT&CK Navigator (layer format 4.5). */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/json_write.h"
#include "base/map.h"
#include "hunt/report.h"
#include "lang/msg_hunt.h"

enum { TECHNIQUES_MAX = 2048, ID_MAX = 16, NAMES_SHOWN = 500 };

struct technique {
    char id[ID_MAX];
    uint64_t count;
    enum rule_level worst;
    struct buf rules; /* titles, "; " between them */
};

struct layer {
    struct technique *items;
    uint32_t count;
    struct map map;
};

/* attack.t1059.001 → T1059.001 */
static bool read_id(struct slice tag, char *ret)
{
    struct slice id = slice_from(tag, 7);

    if (!slice_starts(tag, SLICE("attack.t")) || id.n < 5 || id.n >= ID_MAX ||
        !ascii_is_digit(id.p[1]))
        return false;
    for (size_t i = 0; i < id.n; i++) {
        if (i > 0 && !ascii_is_digit(id.p[i]) && id.p[i] != '.')
            return false;
        ret[i] = (char)ascii_to_upper(id.p[i]);
    }
    ret[id.n] = 0;
    return true;
}

static struct technique *technique_of(struct layer *l, const char *id)
{
    struct technique *t;
    uint32_t number;

    if (map_get(&l->map, slice_str(id), &number))
        return &l->items[number];
    if (l->count == TECHNIQUES_MAX)
        return NULL;
    t = &l->items[l->count];
    *t = (struct technique){.rules = BUF_INIT(64 * 1024)};
    memcpy(t->id, id, strlen(id) + 1);
    return map_put(&l->map, slice_str(t->id), l->count) == 0 ? &l->items[l->count++] : NULL;
}

static void add_rule(struct layer *l, const struct sigma_rule *rule, uint64_t count, enum lang lang)
{
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        char id[ID_MAX];
        struct technique *t = read_id(rule->tags[i], id) ? technique_of(l, id) : NULL;

        if (t == NULL)
            continue;
        t->count += count;
        t->worst = CANH_MAX(t->worst, rule->level);
        if (t->rules.len > NAMES_SHOWN)
            continue;
        buf_puts(&t->rules, t->rules.len ? "; " : "");
        buf_append_slice(&t->rules, rule_title(rule, lang == LANG_VI));
    }
}

static void write_text(struct json_write *w, const char *key, const char *text)
{
    json_key(w, key);
    json_text(w, slice_str(text));
}

static void write_technique(struct json_write *w, const struct technique *t)
{
    static const char *const colours[LEVEL_MAX] = {"#d0d0d0", "#9ec5e8", "#f3c467", "#e8776d",
                                                   "#a50e0e"};

    json_open(w, '{');
    write_text(w, "techniqueID", t->id);
    json_key(w, "score");
    json_u64(w, t->count);
    write_text(w, "color", colours[t->worst]);
    json_key(w, "comment");
    json_text(w, buf_slice(&t->rules));
    json_key(w, "enabled");
    json_bool(w, true);
    json_close(w, '}');
}

static void write_layer(const struct layer *l, enum lang lang, struct buf *out)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    write_text(&w, "name", "canh scan");
    json_key(&w, "versions");
    json_open(&w, '{');
    write_text(&w, "layer", "4.5");
    write_text(&w, "navigator", "5.0.0");
    write_text(&w, "attack", "16");
    json_close(&w, '}');
    write_text(&w, "domain", "enterprise-attack");
    write_text(&w, "description", lang_text(lang, MSG_HUNT_REPORT_LAYER));
    json_key(&w, "techniques");
    json_open(&w, '[');
    for (uint32_t i = 0; i < l->count; i++)
        write_technique(&w, &l->items[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void navigator_write(const struct ruleset *rules, const struct tally *tally, enum lang lang,
                     struct buf *out)
{
    struct layer l = {.items = calloc(TECHNIQUES_MAX, sizeof(*l.items))};

    if (l.items == NULL)
        return;
    map_init(&l.map, TECHNIQUES_MAX);
    for (uint32_t i = 0; i < tally->rule_count; i++) {
        if (tally->rules[i].count)
            add_rule(&l, ruleset_rule(rules, i), tally->rules[i].count, lang);
    }
    write_layer(&l, lang, out);
    for (uint32_t i = 0; i < l.count; i++)
        buf_done(&l.items[i].rules);
    map_done(&l.map);
    free(l.items);
}
