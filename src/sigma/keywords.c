/* SPDX-License-Identifier: Apache-2.0 */
/* The look at a record as a whole for all keywords at once. */
#include "base/buf.h"
#include "sigma/runner.h"

static bool stands_in(const struct field *f, struct slice raw)
{
    size_t at = (uintptr_t)f->text - (uintptr_t)raw.p;

    return f->form == FORM_UTF8 && at < raw.n && f->n <= raw.n - at;
}

static bool raw_may_contain(const struct runner *r, enum raw_kind kind, struct slice raw)
{
    return text_index_may_contain(r->program->index, r->scratch.bytes, kind, raw);
}

/* Writes a value's text at `to`, folded where that is as easy; false where it does not fit. */
static bool collect_text(const struct runner *r, const struct field *f, uint8_t *to, size_t room,
                         size_t *ret_n)
{
    const struct bytes *bytes = r->scratch.bytes;
    struct slice text = slice_of(f->text, f->n);
    struct buf out = {.p = to, .cap = room, .max = room};

    *ret_n = f->form == FORM_UTF16 ? f->n / 2 : f->n;
    if (f->n >= room)
        return false;
    if (f->form == FORM_UTF8) {
        if (f->n > 0)
            memcpy(to, f->text, f->n);
        return true;
    }
    if ((f->form == FORM_UTF16 && bytes->fold_utf16(text, to)) ||
        (f->form == FORM_JSON && bytes->fold_json(text, to, ret_n)))
        return true;
    if (room / 2 <= f->n)
        return false;
    field_text(f, &out);
    *ret_n = out.len;
    return out.err == 0;
}

/*
 * What no look at the record can see, as a decoder has written it anew or it stands there in
 * another form: laid side by side, so that one look is enough for all of it, too. False where it
 * does not fit.
 */
static bool collect_apart(struct runner *r, struct slice raw, struct slice *ret)
{
    const struct event *e = r->event;
    size_t n = 0, written;

    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        if (!value_type_has_text(f->type) || stands_in(f, raw))
            continue;
        if (!collect_text(r, f, r->apart + n, APART_MAX - 1 - n, &written))
            return false;
        n += written;
        r->apart[n++] = '\n';
    }
    *ret = slice_of(r->apart, n);
    return true;
}

/* Whether some value that does not stand in raw as it is may have one of the keywords. */
static bool part_may_contain(struct runner *r, struct slice raw)
{
    struct slice apart;

    return !collect_apart(r, raw, &apart) || raw_may_contain(r, RAW_PLAIN, apart);
}

bool runner_may_contain(struct runner *r)
{
    const struct event *e = r->event;

    if (e->flags & EVENT_TEXT_IN_RAW)
        return raw_may_contain(r, RAW_JSON, e->raw);
    if (e->flags & EVENT_RAW_PLAIN)
        return raw_may_contain(r, RAW_PLAIN, e->raw) || part_may_contain(r, e->raw);
    return part_may_contain(r, SLICE_NULL);
}
