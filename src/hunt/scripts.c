/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/scripts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/num.h"
#include "hunt/ordered.h"
#include "hunt/pack.h"

enum { KEEP = 2 * 1024 * 1024, TEXT_MAX = 1024 * 1024, PARTS_MAX = 4096, SEED = 0x73637269 };

struct scripts {
    struct spill_budget budget;
    struct spill texts;
    struct ordered parts; /* group: host and block; time: number of the part */
    struct buf text;
    uint64_t count;
};

static uint64_t block_of(struct slice host, struct slice block)
{
    return hash_bytes(block.p, block.n, hash_bytes(host.p, host.n, SEED));
}

static bool is_script(const struct event *e)
{
    const struct field *f = event_get(e, KEY_EVENT_ID);

    return f && f->n <= 8 && (f->n == 4 || f->form == FORM_UTF16) && f->text[0] == '4';
}

static uint64_t number_of(const struct kind *kind, const struct event *e, enum label label,
                          struct buf *text)
{
    uint64_t n = 0;

    buf_clear(text);
    if (!kind_write(kind, e, label, text) || num_u64(buf_slice(text), &n) < 0)
        return 0;
    return n;
}

void scripts_write(void *session, const struct scan_event *e, struct buf *out)
{
    struct hunt_session *s = session;
    struct hit_scratch *scratch = &s->scratch[e->worker];
    const struct kind *kind =
        is_script(e->event) ? kind_of(&s->kinds, e->event, &scratch->text) : NULL;
    uint64_t part, parts;
    const struct field *host;
    size_t began, text;

    if (kind == NULL || kind->role != ROLE_SCRIPT)
        return;
    part = number_of(kind, e->event, LABEL_PART, &scratch->text);
    parts = number_of(kind, e->event, LABEL_PARTS, &scratch->text);
    if (parts < 2 || part == 0 || part > parts || parts > PARTS_MAX)
        return;
    began = pack_begin(out);
    pack_u64(out, part);
    host = alert_field(e->event, KEY_COMPUTER);
    text = pack_begin(out);
    if (host)
        field_text(host, out);
    pack_text_end(out, text);
    text = pack_begin(out);
    (void)kind_write(kind, e->event, LABEL_BLOCK, out);
    pack_text_end(out, text);
    text = pack_begin(out);
    (void)kind_write(kind, e->event, LABEL_SCRIPT, out);
    pack_text_end(out, text);
    pack_end(out, began);
}

struct scripts *scripts_new(uint64_t spill_max)
{
    struct scripts *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->budget.left = spill_max;
    s->text = BUF_INIT(TEXT_MAX);
    spill_init(&s->texts, &s->budget, KEEP);
    ordered_init(&s->parts, &s->budget);
    return s;
}

struct scripts *scripts_free(struct scripts *s)
{
    if (s == NULL)
        return NULL;
    ordered_done(&s->parts);
    spill_done(&s->texts);
    buf_done(&s->text);
    free(s);
    return NULL;
}

int scripts_add(struct scripts *s, struct slice records)
{
    int e = 0;

    while (records.n && e == 0) {
        struct slice in = unpack_text(&records), host, block;
        struct correlation_record r = {.offset = s->count++};
        uint64_t at;

        r.time = (int64_t)unpack_u64(&in);
        host = unpack_text(&in);
        block = unpack_text(&in);
        r.group = block_of(host, block);
        at = spill_add_text(&s->texts, unpack_text(&in));
        if (at >> CORRELATION_TEXT_BITS)
            continue; /* the part will be missing, and marked so */
        r.value_text = at & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1);
        e = ordered_add(&s->parts, &r);
    }
    return e;
}

int scripts_end(struct scripts *s)
{
    return ordered_end(&s->parts);
}

bool scripts_whole(struct scripts *s, const struct hit *h, struct buf *out)
{
    struct slice block = hit_get(h, LABEL_BLOCK), parts = hit_get(h, LABEL_PARTS);
    uint64_t count = 0, group = block_of(h->host, block), at;
    struct correlation_record r;

    if (block.n == 0 || num_u64(parts, &count) < 0 || count < 2 || count > PARTS_MAX)
        return false;
    at = ordered_find(&s->parts, group, 1);
    for (uint64_t part = 1; part <= count && out->len < SCRIPTS_WHOLE; part++) {
        bool there = ordered_get(&s->parts, at, &r) && r.group == group;

        if (!there || r.time != (int64_t)part ||
            !spill_get_text(&s->texts, r.value_text, &s->text)) {
            buf_puts(out, "[…]");
            continue;
        }
        buf_append_slice(out, buf_slice(&s->text));
        do /* the same part again, from a copy of the log */
            at++;
        while (ordered_get(&s->parts, at, &r) && r.group == group && r.time == (int64_t)part);
    }
    return true;
}
