/* SPDX-License-Identifier: Apache-2.0 */
/* The timeline as lines of JSON: canh's own, and those that Timesketch imports. */
#include "base/json_write.h"
#include "base/time.h"
#include "hunt/face.h"

static int face_json_begin(struct face_job *j, struct err *err)
{
    (void)j;
    (void)err;
    return 0;
}

static int face_json_end(struct face_job *j, int fd, struct err *err)
{
    (void)j;
    (void)fd;
    (void)err;
    return 0;
}

static void write_object(struct json_write *w, const char *key)
{
    json_key(w, key);
    json_open(w, '{');
}

static void write_rule(struct json_write *w, const struct sigma_rule *rule)
{
    write_object(w, "rule");
    json_optional(w, "id", rule->id);
    json_key(w, "name");
    json_text(w, rule->title);
    json_key(w, "level");
    json_text(w, slice_str(rule_level_to_str(rule->level)));
    json_key(w, "tags");
    json_open(w, '[');
    for (uint32_t i = 0; i < rule->tag_count; i++)
        json_text(w, rule->tags[i]);
    json_close(w, ']');
    json_close(w, '}');
}

/* Where the label has been before in the hit: an object names each once. */
static bool is_again(const struct hit *h, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++) {
        if (h->details[k].label == h->details[i].label &&
            slice_eq(h->details[k].name, h->details[i].name))
            return true;
    }
    return false;
}

static void write_details(struct face_job *j, struct json_write *w, const struct hit *h)
{
    write_object(w, "details");
    for (uint32_t i = 0; i < h->detail_count; i++) {
        if (is_again(h, i))
            continue;
        if (h->details[i].name.n)
            json_key_slice(w, h->details[i].name);
        else
            json_key(w, label_rows[h->details[i].label].key);
        json_text(w, h->details[i].value);
    }
    json_close(w, '}');
    write_object(w, "words");
    for (uint32_t i = 0; i < h->detail_count; i++) {
        const struct hit_detail *d = &h->details[i];
        struct slice word = words_find(j->words, d->label, d->value, j->lang);

        if (word.n && d->name.n == 0 && !is_again(h, i)) {
            json_key(w, label_rows[d->label].key);
            json_text(w, word);
        }
    }
    json_close(w, '}');
}

static void write_place(struct json_write *w, const struct hit *h)
{
    write_object(w, "log");
    write_object(w, "file");
    json_key(w, "path");
    json_text(w, h->path);
    json_close(w, '}');
    json_key(w, "offset");
    json_u64(w, h->offset);
    json_close(w, '}');
    if (h->host.n) {
        write_object(w, "host");
        json_key(w, "name");
        json_text(w, h->host);
        json_close(w, '}');
    }
}

/* RFC 3339, without an offset where the zone is not known. */
static void write_time(struct face_job *j, const struct hit *h)
{
    buf_clear(&j->text);
    time_format(&j->text, h->time, 9);
    j->text.len -= h->local;
}

static int face_json_write(struct face_job *j, const struct hit *h, struct err *err)
{
    struct json_write w = JSON_WRITE_INIT(j->out);

    (void)err;
    json_open(&w, '{');
    if (h->time != TIME_NONE) {
        write_time(j, h);
        json_key(&w, h->local ? "time_local" : "@timestamp");
        json_text(&w, buf_slice(&j->text));
    }
    write_rule(&w, face_rule(j, h));
    write_place(&w, h);
    json_optional(&w, "channel", h->channel);
    json_optional(&w, "event_id", h->event_id);
    if (h->record) {
        json_key(&w, "record");
        json_u64(&w, h->record);
    }
    if (h->correlation) {
        json_key(&w, "count");
        json_u64(&w, h->count);
    }
    write_details(j, &w, h);
    json_close(&w, '}');
    buf_putc(j->out, '\n');
    return 0;
}

const struct hit_face face_json = {"json", face_json_begin, face_json_write, face_json_end};

/* Flat, with the three members that Timesketch wants of every line. */
static int write_sketch(struct face_job *j, const struct hit *h, struct err *err)
{
    const struct sigma_rule *rule = face_rule(j, h);
    struct json_write w = JSON_WRITE_INIT(j->out);

    (void)err;
    if (h->time == TIME_NONE) {
        j->timeless++;
        return 0;
    }
    buf_clear(&j->text);
    buf_append_slice(&j->text, rule_title(rule, j->lang == LANG_VI));
    buf_puts(&j->text, ": ");
    face_write_details(j, h, &j->text);
    json_open(&w, '{');
    json_key(&w, "message");
    json_text(&w, buf_slice(&j->text));
    buf_clear(&j->text);
    time_format(&j->text, h->time, 6);
    json_key(&w, "datetime");
    json_text(&w, buf_slice(&j->text));
    json_key(&w, "timestamp_desc");
    json_text(&w, SLICE("canh scan"));
    json_key(&w, "level");
    json_text(&w, slice_str(rule_level_to_str(rule->level)));
    json_optional(&w, "rule_id", rule->id);
    json_optional(&w, "computer", h->host);
    json_optional(&w, "channel", h->channel);
    json_optional(&w, "event_id", h->event_id);
    buf_clear(&j->text);
    face_write_tags(rule, &j->text);
    json_optional(&w, "tags", buf_slice(&j->text));
    for (uint32_t i = 0; i < h->detail_count; i++) {
        if (h->details[i].name.n || is_again(h, i))
            continue;
        json_key(&w, label_rows[h->details[i].label].key);
        json_text(&w, h->details[i].value);
    }
    json_key(&w, "file_path");
    json_text(&w, h->path);
    json_close(&w, '}');
    buf_putc(j->out, '\n');
    return 0;
}

const struct hit_face face_timesketch = {"timesketch", face_json_begin, write_sketch, face_json_end};
