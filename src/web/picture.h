/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PICTURE_H
#define CANH_WEB_PICTURE_H
/*
 * Pictures of the province, one for each unit, role and language. Each is computed from much, so it
 * is made beside the loop and kept, and says when it was made:
 *
 *     somebody of a top unit looks at any page    it is begun, before they ask for it
 *     somebody wrote since, or it is a minute old it is shown, made anew meanwhile, and who listens
 *                                                 is told (event "picture")
 *     the visitor wrote since                     never shown: the next one is made first
 *
 * One is made anew at most every few seconds, and for at most a twentieth of a processor's time.
 */
#include "overview/overview.h"
#include "web/web_internal.h"

/* One picture: whose scope it shows, in which language. */
struct picture {
    struct state_id unit;
    enum state_role role;
    enum lang lang;
    int64_t at;   /* 0: none */
    int64_t took; /* ns */
    int64_t seq;  /* the audit's last entry then */
    bool asked;   /* somebody was shown it who should see a newer one */
    bool no_plan;
    struct arena arena;
    struct overview pic;
    struct status_count total;
};

/* The picture of this visitor's scope, to be read until picture_done(). */
CANH_MUST_USE int picture_find(struct visit *v, const struct picture **ret, struct err *err);
void picture_done(struct visit *v);

/* In the loop: a page is asked for by somebody who may look at the picture next. */
void picture_expect(struct visit *v);
/* Where the visitor changed something their next picture is made after it. */
void picture_note_write(const struct visit *v);
/* In the loop, at every turn: has those made anew that are due. */
void pictures_tick(struct desk_web *w);

#endif
