/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SCAN_INVESTIGATION_H
#define CANH_CLI_SCAN_INVESTIGATION_H
/*
 * What canh scan does beyond alerts (hunt/): the part of the events that is asked for, alerts that
 * are wanted quiet, the timeline.
 */
#include "cli/scan/scan.h"
#include "hunt/face.h"
#include "hunt/pivot.h"
#include "hunt/scripts.h"
#include "hunt/session.h"
#include "hunt/timeline.h"
#include "hunt/tree_face.h"

enum investigation_shows { SHOW_ALERTS, SHOW_TIMELINE, SHOW_TREE, SHOW_PIVOT };

struct investigation {
    struct scan_view *view;
    struct hunt_session session;
    struct scan_scope scope;
    struct suppressions quiet;
    struct arena arena;
    struct scan_keep keep;
    enum investigation_shows shows;
    const struct hit_face *face; /* of a timeline */
    struct tree *tree;
    struct scripts *scripts;
    struct pivot pivot;
    struct buf script; /* put together */
    struct timeline *timeline;
    int failure; /* -CE_* of what was to be kept */
};

/* From the view's options; before rules are loaded. 0, or an exit status, said. */
CANH_MUST_USE int investigation_init(struct investigation *x, struct scan_view *view);
void investigation_done(struct investigation *x);
/* For load_ruleset_and(). */
struct load_names investigation_names(struct investigation *x);
/* What goes where alerts go is for people: the summary follows it there. */
bool investigation_for_people(const struct investigation *x);
/* After the scan: writes the timeline where alerts go. 0, or an exit status, said. */
CANH_MUST_USE int investigation_write(struct investigation *x);

#endif
