/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RULE_CACHE_H
#define CANH_DETECT_RULE_CACHE_H
/*
 * Rules as they were parsed last time, in one file of the person's own: reading YAML is most of
 * what loading rules takes. Kept by the hash of each file's text, so a text that changed is parsed
 * anew, and what another set of rules needs stays.
 *
 * The folder must be the effective user's and nobody else's (0700), the file likewise; otherwise
 * nothing is read or written. The whole is behind a checksum, this form of the file and this
 * machine's way to write numbers: what differs anywhere counts as not there. Nothing of it is
 * an error: without a cache, rules are parsed.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "yaml/pack.h"

struct rule_cache;

/* Sets that are kept at once. */
enum { RULE_SETS = 8 };

/* True when the folder is there, or could be made, and is this user's alone. */
bool rule_cache_usable(const char *folder);

/* A folder that may not be there yet; its parent must be the user's own. NULL: no cache. */
CANH_MUST_USE struct rule_cache *rule_cache_open(const char *folder);
/* Writes down what is new. NULL is fine; returns NULL. */
struct rule_cache *rule_cache_close(struct rule_cache *c);

/* NULL for NULL. */
const struct yaml_keeper *rule_cache_keeper(const struct rule_cache *c);

/*
 * A whole set of rules (rule_set.h), in a file of its own in the folder, under the same conditions.
 * True and its bytes, which lie in *file, when the set is kept.
 */
bool rule_cache_find_set(const char *folder, const uint8_t name[YAML_NAME_BYTES], struct buf *file,
                         struct slice *ret);
void rule_cache_keep_set(const char *folder, const uint8_t name[YAML_NAME_BYTES],
                         struct slice packed);

/*
 * What a file holds, its hash aside: calls each() for every entry; false where it is not whole.
 * For fuzzing; each may be NULL.
 */
bool rule_cache_each(struct slice entries,
                     void (*each)(void *ctx, struct slice name, struct slice packed), void *ctx);

#endif
