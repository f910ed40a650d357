/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_ALERT_INTERNAL_H
#define CANH_DETECT_ALERT_INTERNAL_H
/*
 * What JSON and CSV say alike of an alert. Only for alert*.c.
 */
#include "base/json_write.h"
#include "detect/alert.h"
#include "sigma/reasons.h"

enum { REASON_BYTES = 4096 /* told of one value */ };

/*
 * What the JSON of all alerts of an event has in common, written for the first of them: up to the
 * event's original; from behind the rule up to the alert's id; what follows that.
 */
struct alert_pieces {
    struct buf text;
    size_t original_at, id_at; /* where the first and the second end */
    bool written;
};

struct alert_parts {
    const struct sigma_rule *rule;
    struct slice host, channel, event_id, provider, record;
    struct alert_entity entity;
    uint8_t id_bytes[ALERT_ID_BYTES];
    char id[2 * ALERT_ID_BYTES]; /* the same in hexadecimal digits */
    int64_t window;
    struct match_reasons why;
    struct slice rule_json; /* the object of the rule */
    struct slice canh_json; /* what canh says of the rule: members of an object */
};

/* Valid until the next alert of the writer. */
const struct alert_parts *alert_parts(const struct alert *a);

/* The writer's, of the event that alert_parts() was asked about. */
struct alert_pieces *alert_pieces(const struct alert *a);

const struct generation *alert_generation(const struct alert *a);

/* The writer's scratch text, empty. */
struct buf *alert_scratch(const struct alert *a);
/* What the scratch text holds, until the next event. */
struct slice alert_keep_scratch(const struct alert *a);

/* What stands for a rule where something was not examined fully. */
extern const struct sigma_rule alert_not_examined;
/* A rule as an object; what canh says of it, as members of one. */
void alert_write_rule(struct json_write *w, const struct sigma_rule *rule);
void alert_write_rule_canh(struct json_write *w, const struct sigma_rule *rule);

/* A value as it is told: at most REASON_BYTES, not cut through the middle of a character. */
struct slice alert_value_text(struct slice value);
/* A reason's value likewise, appended; nothing where it has none. */
void alert_append_value(struct buf *out, const struct reason *reason);
/* The name of a reason's field. */
struct slice alert_reason_name(const struct reason *reason);

#endif
