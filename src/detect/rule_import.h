/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_RULE_IMPORT_H
#define CANH_DETECT_RULE_IMPORT_H
/*
 * Copies the rules of a folder, an archive or a file to where scans find them. The collection is
 * built beside its place and then renamed into it: it is there whole or not at all.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum {
    RULE_IMPORT_FILE_MAX = 8 * 1024 * 1024,
    RULE_IMPORT_ENTRIES_MAX = 200000,          /* of the source, whatever they are */
    RULE_IMPORT_RULES_MAX = 50000,             /* rule files of a collection */
    RULE_IMPORT_BYTES_MAX = 1024 * 1024 * 1024 /* read from the source */
};

struct rule_import_request {
    const char *source; /* a folder, an archive (tar, zip, packed or not) or a rule file */
    const char *folder; /* of all collections */
    const char *name;   /* of this one; NULL: after the source */
    bool shrink;        /* the new collection may have fewer rules than the one it replaces */
    /* What of a folder cannot be read; path stands in err. May be NULL. */
    void (*problem)(void *ctx, const struct err *err);
    void *ctx;
};

/* Why nothing was imported, where err.code alone does not say it. */
enum rule_import_refusal {
    RULE_IMPORT_FINE,
    RULE_IMPORT_NO_NAME,    /* no name can be made of the source's */
    RULE_IMPORT_NO_ARCHIVE, /* neither a folder nor an archive */
    RULE_IMPORT_NO_RULES,
    RULE_IMPORT_ENTRIES, /* over RULE_IMPORT_ENTRIES_MAX */
    RULE_IMPORT_RULES,   /* over RULE_IMPORT_RULES_MAX */
    RULE_IMPORT_BYTES,   /* over RULE_IMPORT_BYTES_MAX */
    RULE_IMPORT_SHRINKS, /* result.before rules would become result.rules */
};

struct rule_import_result {
    enum rule_import_refusal refusal;
    struct buf path;     /* of the collection */
    struct buf licences; /* their names, ", " between */
    uint32_t rules;      /* files of rules in it */
    uint32_t before;     /* in the collection that was there */
    bool cut;            /* the archive has no end mark: perhaps there was more */
    /* left out */
    uint32_t unsafe_names, too_big, links, duplicates;
};

/* 0 or negative with err filled, or only err.code and result.refusal. *ret must be released. */
CANH_MUST_USE int rule_import(const struct rule_import_request *request,
                              struct rule_import_result *ret, struct err *err);

/*
 * The same of an archive that is open, without writing anything: put takes each file of rules and
 * licences under its safe name; negative ends it and is returned. Of two files of one name both
 * come.
 */
typedef int rule_import_put(void *ctx, struct slice name, struct slice text, bool rule,
                            struct err *err);
CANH_MUST_USE int rule_import_read(int fd, rule_import_put *put, void *ctx,
                                   struct rule_import_result *ret, struct err *err);
void rule_import_result_done(struct rule_import_result *r);

#endif
