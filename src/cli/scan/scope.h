/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SCAN_SCOPE_H
#define CANH_CLI_SCAN_SCOPE_H
/* The options that narrow which events a verb looks at (detect/scope.h). */
#include "base/zone.h"
#include "cli/app.h"
#include "cli/option.h"
#include "detect/scope.h"
#include "lang/msg_scan.h"

struct scope_options {
    const char *from, *to, *last;
    struct option_list hosts, channels, event_ids;
};

#define SCOPE_OPTIONS(type, field)                                                                 \
    OPTION_TEXT("from", 0, type, field.from, "TIME", COMPLETE_NONE, MSG_SCAN_OPT_FROM),            \
        OPTION_TEXT("to", 0, type, field.to, "TIME", COMPLETE_NONE, MSG_SCAN_OPT_TO),              \
        OPTION_TEXT("last", 0, type, field.last, "SPAN", COMPLETE_NONE, MSG_SCAN_OPT_LAST),        \
        OPTION_LIST("host", 0, type, field.hosts, "NAME", COMPLETE_NONE, MSG_SCAN_OPT_HOST),       \
        OPTION_LIST("channel", 0, type, field.channels, "NAME", COMPLETE_NONE,                     \
                    MSG_SCAN_OPT_CHANNEL),                                                         \
        OPTION_LIST("event-id", 0, type, field.event_ids, "ID", COMPLETE_NONE,                     \
                    MSG_SCAN_OPT_EVENT_ID)

/* 0, or EX_USAGE, said. zone: of times that name none. */
CANH_MUST_USE int scope_options_read(struct app *app, const struct scope_options *o,
                                     const struct zone *zone, struct scan_scope *ret);

#endif
