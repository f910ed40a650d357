/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_XML_H
#define CANH_OFFICE_XML_H
/*
 * XML as office files use it, by expat: elements and text in order, names without their namespace
 * prefix. A document type is refused as such, so there are no entities to expand or fetch. Depth is
 * limited, and so is the length of a comment or a tag (1 MiB). A sink's function returns 0 to go on
 * or -CE_* (having filled its err) to stop.
 */
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"

struct xml_sink {
    int (*start)(void *user, struct slice name, const char **attrs);
    int (*end)(void *user, struct slice name);
    int (*text)(void *user, struct slice text); /* may be NULL; comes in pieces */
};

struct xml;

/* part is for messages and is borrowed, as are sink and user. NULL when out of memory. */
struct xml *xml_new(const char *part, const struct xml_sink *sink, void *user);
struct xml *xml_free(struct xml *x);
/* 0, or -CE_* with err filled by the sink or here. */
CANH_MUST_USE int xml_feed(struct xml *x, struct slice bytes, bool last, struct err *err);

/* The value of an attribute by its local name, or an empty slice with p NULL. */
struct slice xml_attr(const char **attrs, const char *name);
/* True for 1, true, on. */
bool xml_attr_true(const char **attrs, const char *name);

#endif
