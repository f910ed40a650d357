/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_ALERT_H
#define CANH_CLI_ALERT_H
/*
 * One alert as a line of JSON (docs/alert-json.md, docs/alert.schema.json) or of CSV (RFC 4180).
 * Called from working threads; everything it needs comes with it.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "event/event.h"
#include "event/keys.h"
#include "sigma/pipeline.h"
#include "sigma/rule.h"

enum { ALERT_SCHEMA = 1 };

struct alert {
    const char *path; /* of the log */
    const struct event *event;
    const struct keys *keys;
    const struct sigma_rule *rule;
    const struct rule_variant *variants; /* of the rule */
    uint32_t variant_count;
    int64_t time;          /* TIME_NONE when the event has none */
    struct slice original; /* empty: not asked for */
    struct arena *arena;   /* scratch, cleared here */
    struct buf *text;      /* scratch */
};

/* The first occurrence of a field that has text, or NULL. */
const struct field *alert_field(const struct event *e, uint32_t key);

void alert_json(struct buf *out, const struct alert *alert);

/* The line of column names, with a byte order mark: spreadsheets need it to see UTF-8. */
void alert_csv_head(struct buf *out);
void alert_csv(struct buf *out, const struct alert *alert);

#endif
