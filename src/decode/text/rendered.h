/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_RENDERED_H
#define CANH_DECODE_TEXT_RENDERED_H
/*
 * What Windows says about an event in English (`New Process Name:  C:\…`), back into the names of
 * its data (NewProcessName): for collectors that keep the message and not the data.
 *
 * Which label stands for which name is a row in rendered_rows.c. Nobody escapes values: one with a
 * line break may look like further labels. So a label that comes twice gives two values, and
 * whoever has the event's data itself must not ask here.
 */
#include <stdbool.h>
#include <stdint.h>

#include "decode/text/fields.h"

/* Whose events are known, by any name of theirs (`Microsoft Windows security auditing.`). */
struct rendered_provider {
    const char *name;    /* Provider_Name of its events */
    const char *display; /* what collectors write in its place; NULL: nothing else */
    const struct rendered_row *rows;
    size_t count;
    bool labels_are_names; /* a label without a row is a name itself (Sysmon) */
    const char *channel;   /* the one log in which its events stand; NULL: there are several */
};

struct rendered_row {
    const char *section; /* the heading above it: its end; NULL: any or none */
    const char *label;
    const char *ids; /* "4768,4769"; NULL: any event */
    const char *name;
};

/* NULL: none of these. */
const struct rendered_provider *rendered_provider(struct slice name);

/* Adds the data that the message of event `id` tells; false when it tells none. */
bool rendered_parse(struct fields *f, const struct rendered_provider *provider, uint32_t id,
                    struct slice message);

extern const struct rendered_provider rendered_providers[]; /* name NULL ends */

/* Names of data of which nearly every event of these providers has one; NULL ends. A record that
 * has one has the data itself. */
extern const char *const rendered_witnesses[];

#endif
