/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_FACE_H
#define CANH_HUNT_FACE_H
/*
 * The timeline as people and programs read it, hit by hit, so that memory stays that of one.
 * docs/hunt.md says what stands in each.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/zone.h"
#include "detect/generation.h"
#include "hunt/hit.h"
#include "hunt/words.h"
#include "lang/lang.h"
#include "office/rows.h"

struct face_job {
    struct buf *out;
    enum lang lang;
    const struct zone *zone; /* of times that people read */
    const struct ruleset *rules;
    const struct words *words;
    unsigned columns; /* of the terminal; 0: none */
    bool colour;
    struct rows_writer *book;
    uint64_t timeless; /* hits that the face cannot hold for want of a time */
    int day;           /* of the line before, for headings */
    struct buf place;  /* of the hit before, with its offset */
    uint64_t offset;
    bool lines; /* there is one before */
    struct buf text, cell;
};

struct hit_face {
    const char *name;
    int (*begin)(struct face_job *j, struct err *err);
    int (*put)(struct face_job *j, const struct hit *h, struct err *err);
    /* fd: where a face goes that cannot be written piece by piece. */
    int (*end)(struct face_job *j, int fd, struct err *err);
};

extern const struct hit_face face_text, face_json, face_csv, face_timesketch, face_xlsx;

/* Scratch memory; a job is otherwise filled in by its owner. */
void face_job_init(struct face_job *j);
void face_job_done(struct face_job *j);

/* The rule's metadata, a correlation's too. */
const struct sigma_rule *face_rule(const struct face_job *j, const struct hit *h);
/* 2021-04-22 08:51:04.123 in the zone; "?" behind it where the time names none. */
void face_write_time(const struct face_job *j, const struct hit *h, unsigned digits,
                     struct buf *out);
/* The zone's offset at the hit; none where the time is a clock on a wall. */
int face_offset(const struct face_job *j, const struct hit *h);
/* What a detail is called, and its value in words. */
void face_write_label(const struct face_job *j, const struct hit_detail *d, struct buf *out);
void face_write_value(const struct face_job *j, const struct hit_detail *d, struct buf *out);
/* "user: an ¦ parent: winword.exe ¦ …": all details that people see. */
void face_write_details(const struct face_job *j, const struct hit *h, struct buf *out);
/* Tags of ATT&CK, blanks between them. */
void face_write_tags(const struct sigma_rule *rule, struct buf *out);

#endif
