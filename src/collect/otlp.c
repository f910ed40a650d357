/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/otlp.h"

#include "base/json_write.h"
#include "base/num.h"
#include "base/time.h"
#include "collect/json_tree.h"

enum { RECORD_MAX = 4 * 1024 * 1024 };

/* AnyValue: {"stringValue": …}, {"intValue": "…"}, …; arrays and lists of pairs as texts of JSON.
 */
static void append_any(struct json_write *w, const struct json_node *value);

static void write_pairs(struct json_write *w, const struct json_node *list)
{
    for (const struct json_node *x = list ? list->first : NULL; x; x = x->next) {
        struct slice key = json_text_of(json_member(x, "key"));

        if (key.n == 0)
            continue;
        json_key_slice(w, key);
        append_any(w, json_member(x, "value"));
    }
}

static void write_array(struct json_write *w, const struct json_node *list)
{
    json_open(w, '[');
    for (const struct json_node *x = list ? list->first : NULL; x; x = x->next)
        append_any(w, x);
    json_close(w, ']');
}

static void append_any(struct json_write *w, const struct json_node *value)
{
    const struct json_node *x = value && value->kind == JSON_OBJECT ? value->first : NULL;

    if (x == NULL) {
        json_null(w);
    } else if (slice_is(x->key, "kvlistValue")) {
        json_open(w, '{');
        write_pairs(w, json_member(x, "values"));
        json_close(w, '}');
    } else if (slice_is(x->key, "arrayValue")) {
        write_array(w, json_member(x, "values"));
    } else if (slice_is(x->key, "boolValue")) {
        json_bool(w, slice_is(x->text, "true"));
    } else {
        json_text(w, json_text_of(x));
    }
}

static int64_t otlp_nanoseconds(const struct json_node *node)
{
    uint64_t v;

    return num_u64(json_text_of(node), &v) == 0 && v > 0 && v <= INT64_MAX ? (int64_t)v : TIME_NONE;
}

static void write_record(struct json_write *w, const struct json_node *resource,
                         const struct json_node *record)
{
    int64_t time = otlp_nanoseconds(json_member(record, "timeUnixNano"));
    const struct json_node *body = json_member(record, "body");

    json_open(w, '{');
    if (time == TIME_NONE)
        time = otlp_nanoseconds(json_member(record, "observedTimeUnixNano"));
    if (time != TIME_NONE) {
        json_key(w, "@timestamp");
        json_time(w, time);
    }
    if (body) {
        json_key(w, "message");
        append_any(w, body);
    }
    json_optional(w, "log.level", json_text_of(json_member(record, "severityText")));
    write_pairs(w, json_member(resource, "attributes"));
    write_pairs(w, json_member(record, "attributes"));
    json_close(w, '}');
}

static bool is_object_text(struct slice s)
{
    s = slice_trim(s);
    return s.n > 2 && s.p[0] == '{' && s.p[s.n - 1] == '}';
}

static int emit_record(const struct json_node *resource, const struct json_node *record,
                       otlp_fn *fn, void *u)
{
    struct slice text = json_text_of(json_member(json_member(record, "body"), "stringValue"));
    struct buf out = BUF_INIT(RECORD_MAX);
    struct json_write w = JSON_WRITE_INIT(&out);
    int r;

    if (is_object_text(text))
        return fn(u, text, false);
    write_record(&w, resource, record);
    r = out.err ? out.err : fn(u, buf_slice(&out), true);
    buf_done(&out);
    return r;
}

static const struct json_node *members_of(const struct json_node *object, const char *key)
{
    const struct json_node *list = json_member(object, key);

    return list && list->kind == JSON_ARRAY ? list->first : NULL;
}

int otlp_logs_read(struct slice json, struct arena *arena, otlp_fn *fn, void *u)
{
    struct json_node *root;
    int r = json_tree_read(json, arena, &root);

    if (r == 0 && root->kind != JSON_OBJECT)
        r = -CE_SYNTAX;
    if (r < 0)
        return r;
    for (const struct json_node *a = members_of(root, "resourceLogs"); a; a = a->next)
        for (const struct json_node *b = members_of(a, "scopeLogs"); b; b = b->next)
            for (const struct json_node *c = members_of(b, "logRecords"); c && r == 0; c = c->next)
                r = emit_record(json_member(a, "resource"), c, fn, u);
    return r;
}
