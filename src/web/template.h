/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_TEMPLATE_H
#define CANH_WEB_TEMPLATE_H
/*
 * Page templates: HTML with places for values, in the folder console/. What may stand in a place is
 * decided when the template is read, by where the place is:
 *
 *   {{name}}             a value, escaped for element text or a double-quoted attribute; in href,
 *                        src, action and formaction it must be a path of this server
 *   {{=key}}             the text `key` of lang/<language>/console.txt, escaped alike
 *   {{#name}} … {{/name}} once for every row of a list, or once when the value is not empty
 *   {{^name}} … {{/name}} when there is none
 *   {{>other}}           the template other.html, in element text only
 *
 * Refused: a place in a script, a style, a comment, a tag's or attribute's name, an attribute
 * without double quotes, or in style, srcdoc and on… attributes; a section that begins in one kind
 * of place and ends in another; unknown texts and templates. So no value can become markup, and a
 * page that could be wrong does not start.
 *
 * (ctemplate, which does the same in its auto-escape mode, was not taken: it is C++ with a cache of
 * its own behind locks, is no longer maintained, and cannot know our texts.)
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/lang.h"

struct template_set;
struct page_scope;

struct template_file {
    struct slice name; /* without .html */
    struct slice text; /* borrowed */
};

/* Reads all templates. prefix ("/watch", or empty; copied) goes before every path in a place or
 * template where a URL begins. An error names file and line. */
CANH_MUST_USE int template_set_new(struct template_set **ret, const struct template_file *files,
                                   size_t count, struct slice prefix, struct err *err);
struct template_set *template_set_free(struct template_set *t); /* returns NULL */

/* Appends the page. frame: asked for what values do not have; NULL: none. -CE_NOT_FOUND for no such
 * template, -CE_TOO_BIG, -CE_DEPTH. */
CANH_MUST_USE int template_render(const struct template_set *t, const char *name, enum lang lang,
                                  const struct page_scope *values, const struct page_scope *frame,
                                  struct buf *out, struct err *err);

/*
 * Values: a scope has values and lists of scopes, by name (constant text). What a scope does not
 * have is looked up in the scope around it, and is empty when nobody has it. All in the arena;
 * without memory a value is empty.
 */
struct page_scope *page_new(struct arena *arena);
void page_set(struct page_scope *p, const char *name, struct slice value); /* copied */
void page_set_text(struct page_scope *p, const char *name, const char *value);
void page_set_i64(struct page_scope *p, const char *name, int64_t value);
/* Set when yes: for sections. */
void page_set_flag(struct page_scope *p, const char *name, bool yes);
/* Takes what is in b, and frees it. */
void page_set_buf(struct page_scope *p, const char *name, struct buf *b);
/* A new last row of a list. */
struct page_scope *page_add(struct page_scope *p, const char *name);

#endif
