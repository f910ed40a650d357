/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_REPORT_HTML_H
#define CANH_HUNT_REPORT_HTML_H
/*
 * The few pieces of HTML that the report is made of. Only html_raw() and the names of tags and
 * classes are taken as they are: they are the program's own. Everything else is escaped, with
 * nothing in it that moves or hides text.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "lang/lang.h"

struct html {
    struct buf *out;
    enum lang lang;
    struct buf text; /* scratch */
};

/* The page up to its content: language, title, style; a policy that forbids everything else. */
void html_begin(struct html *h, const char *title);
void html_end(struct html *h);

void html_raw(struct html *h, const char *s);
void html_text(struct html *h, struct slice s);
/* <tag>text</tag> */
void html_tag(struct html *h, const char *tag, const char *text);
void html_tag_class(struct html *h, const char *tag, const char *class, const char *text);
void html_number(struct html *h, uint64_t v);
/* A cell with a number; nothing for 0. */
void html_number_cell(struct html *h, uint64_t v);
/* 08:51:04 22/04/2021 in the zone; "?" behind it: no zone is known. */
void html_time(struct html *h, int64_t t, int32_t zone_s, bool local);
/* "… and 12 more" */
void html_more(struct html *h, uint64_t v);

void html_chart_begin(struct html *h, unsigned bars, const char *title);
/* A part of bar i from y up; share 0..1 of the chart's height. Returns the height drawn. */
double html_bar(struct html *h, unsigned i, double y, double share, const char *class);
void html_chart_end(struct html *h);

#endif
