/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SUPPRESSION_H
#define CANH_DETECT_SUPPRESSION_H
/*
 * Suppressions of a file: what is known and wanted quiet until a day, with owner and reason. An
 * alert that one covers is written and counted, marked with the suppression's id, and is nothing
 * that was found. docs/alert-json.md has the form:
 *
 *     - id: backup-night              # marks the alerts
 *       rule: 0b7f…                   # its id, title, name or path; left out: any
 *       entity: BACKUP01              # host, user, or value of a correlation's group-by …
 *       field: CommandLine            # … or a field of the event
 *       value: '*\veeam\*'            # * stands for anything; case does not matter
 *       owner: an
 *       reason: nightly copies
 *       until: 2026-12-31             # the last day
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "sigma/ruleset.h"

enum { SUPPRESSIONS_MAX = 1000 };

#define SUPPRESSION_NONE UINT32_MAX

struct suppression {
    struct slice id, rule, entity, field, value, owner, reason;
    int64_t until; /* days since 1970, inside */
    uint16_t key;  /* of field */
    bool ended;    /* covers nothing any more */
};

struct suppressions {
    struct suppression *items;
    uint32_t count;
};

/* today: days since 1970. Texts lie in the arena. err has the place in the text. */
CANH_MUST_USE int suppressions_read(struct slice text, int64_t today, struct arena *arena,
                                    struct suppressions *ret, struct err *err);
/* Asks events for the fields, before the ruleset is compiled. 0 or -CE_NOMEM. */
CANH_MUST_USE int suppressions_intern(struct suppressions *s, struct ruleset *rs);

#endif
