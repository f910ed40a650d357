/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "view/json.h"

void view_json_plan_counts(struct buf *out, const char *kind, struct slice name, struct slice title,
                           const struct status_count *c)
{
    struct json_write w = JSON_WRITE_INIT(out);
    const struct status_shares s = status_share(c);
    const struct {
        const char *key;
        uint16_t value;
    } shares[] = {{"proved", s.proved},
                  {"declared", s.declared},
                  {"not_yet", s.not_yet},
                  {"unknown", s.unknown},
                  {"missed", s.missed}};

    json_open(&w, '{');
    json_key(&w, kind);
    json_text(&w, name);
    json_key(&w, "title");
    json_text(&w, title);
    json_key(&w, "permille");
    json_open(&w, '{');
    for (size_t i = 0; i < CANH_LEN(shares); i++) {
        json_key(&w, shares[i].key);
        json_u64(&w, shares[i].value);
    }
    json_close(&w, '}');
    json_key(&w, "states");
    json_open(&w, '{');
    for (int i = 0; i < STATUS_STATE_MAX; i++) {
        json_key(&w, status_state_to_str((enum status_state)i));
        json_u64(&w, c->states[i]);
    }
    json_close(&w, '}');
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void view_json_plan_check(struct buf *out, struct slice path, const struct plan *p,
                          const struct plan_count *c, enum lang lang)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "path");
    json_text(&w, path);
    json_key(&w, "plan");
    json_text(&w, p->id);
    json_key(&w, "title");
    json_text(&w, title_in(&p->title, lang));
    json_key(&w, "clauses");
    json_u64(&w, p->clause_count);
    json_key(&w, "rows");
    json_u64(&w, c->rows);
    json_key(&w, "obligations");
    json_u64(&w, c->obligations);
    json_key(&w, "parts");
    json_u64(&w, c->parts);
    json_key(&w, "machine");
    json_u64(&w, c->by[BY_MACHINE]);
    json_key(&w, "either");
    json_u64(&w, c->by[BY_EITHER]);
    json_key(&w, "person");
    json_u64(&w, c->by[BY_PERSON]);
    json_key(&w, "waiting");
    json_u64(&w, c->waiting);
    json_key(&w, "unchecked");
    json_u64(&w, c->unchecked);
    json_key(&w, "missing");
    json_open(&w, '[');
    for (uint32_t i = 0; i < p->gap_count; i++)
        json_text(&w, p->gaps[i].missing);
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(out, '\n');
}
