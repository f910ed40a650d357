/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_TEMPLATE_PARSE_H
#define CANH_WEB_TEMPLATE_PARSE_H
/*
 * Between template_parse.c and template.c: a template as a list of steps.
 */
#include "web/template.h"

enum template_step_kind {
    STEP_LITERAL,
    STEP_VALUE,
    STEP_TEXT,
    STEP_SECTION,
    STEP_INVERTED,
    STEP_END,
    STEP_PARTIAL,
    STEP_PREFIX, /* of this console's paths: one begins here */
};

enum template_place {
    PLACE_TEXT,
    PLACE_ATTRIBUTE,
    PLACE_URL,      /* at the beginning of one */
    PLACE_URL_REST, /* behind something constant */
    PLACE_TAG,      /* between attributes: sections only */
};

struct template_step {
    enum template_step_kind kind;
    enum template_place place;
    struct slice text; /* literal, or name */
    size_t other;      /* section: its end; partial: the template; text: msg_id */
    unsigned line;
};

struct template
{
    struct slice name;
    struct template_step *steps;
    size_t count;
};

enum { TEMPLATE_STEPS_MAX = 2000, TEMPLATE_DEPTH_MAX = 12 };

/* Partials' `other` is filled in by the caller. Steps are in the arena. */
CANH_MUST_USE int template_parse(const struct template_file *file, struct arena *arena,
                                 struct template *ret, struct err *err);
/* The text of a key, MSG_NONE for none (generated). */
msg_id template_text_id(struct slice key);

#endif
