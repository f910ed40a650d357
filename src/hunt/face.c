/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/face.h"

#include "base/time.h"

enum { TEXT_MAX = 4 * 1024 * 1024 };

void face_job_init(struct face_job *j)
{
    j->text = j->cell = j->place = BUF_INIT(TEXT_MAX);
    j->day = INT32_MIN;
}

void face_job_done(struct face_job *j)
{
    buf_done(&j->text);
    buf_done(&j->cell);
    buf_done(&j->place);
}

const struct sigma_rule *face_rule(const struct face_job *j, const struct hit *h)
{
    return ruleset_rule(j->rules, h->rule);
}

int face_offset(const struct face_job *j, const struct hit *h)
{
    return h->local || h->time == TIME_NONE ? 0 : zone_at(j->zone, h->time);
}

void face_write_time(const struct face_job *j, const struct hit *h, unsigned digits,
                     struct buf *out)
{
    struct civil c;

    if (h->time == TIME_NONE) {
        buf_puts(out, "-");
        return;
    }
    time_to_civil(h->time, face_offset(j, h), &c);
    buf_printf(out, "%04d-%02u-%02u %02u:%02u:%02u", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
    if (digits == 3)
        buf_printf(out, ".%03u", c.nano / 1000000);
    if (h->local)
        buf_putc(out, '?');
}

void face_write_label(const struct face_job *j, const struct hit_detail *d, struct buf *out)
{
    if (d->name.n)
        buf_append_slice(out, d->name);
    else
        buf_puts(out, lang_text(j->lang, label_rows[d->label].text));
}

void face_write_value(const struct face_job *j, const struct hit_detail *d, struct buf *out)
{
    words_write(j->words, d->label, d->value, j->lang, out);
}

void face_write_details(const struct face_job *j, const struct hit *h, struct buf *out)
{
    bool first = true;

    for (uint32_t i = 0; i < h->detail_count; i++) {
        const struct hit_detail *d = &h->details[i];

        if (!(label_rows[d->label].use & LABEL_SHOWN))
            continue;
        buf_puts(out, first ? "" : " ¦ ");
        first = false;
        face_write_label(j, d, out);
        buf_puts(out, ": ");
        face_write_value(j, d, out);
    }
}

void face_write_tags(const struct sigma_rule *rule, struct buf *out)
{
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        buf_puts(out, i ? " " : "");
        buf_append_slice(out, rule->tags[i]);
    }
}
