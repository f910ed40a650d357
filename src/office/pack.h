/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PACK_H
#define CANH_OFFICE_PACK_H
/*
 * The ZIP package around XLSX, DOCX and ODT, read by libzip from memory. Bounded in entries, in
 * bytes unpacked over the whole package and in the ratio of each part; encrypted parts are refused.
 * Part names are compared without ASCII case, as OPC wants.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "office/xml.h"

struct pack_limits {
    size_t max_bytes, max_unpacked;
    uint32_t max_ratio, max_entries;
};

struct pack;

/* Borrows the bytes until pack_free(). */
CANH_MUST_USE int pack_open(struct pack **ret, struct slice bytes, const struct pack_limits *limits,
                            struct err *err);
struct pack *pack_free(struct pack *p);

bool pack_has(const struct pack *p, const char *part);
/* Some part's name begins with prefix. */
bool pack_has_prefix(const struct pack *p, const char *prefix);
/* The parts there are; a name as it stands there, NULL when it has none. */
size_t pack_parts(const struct pack *p);
const char *pack_part_name(const struct pack *p, size_t i);
/* Reads a part as XML into the sink; -CE_NOT_FOUND when there is no such part. */
CANH_MUST_USE int pack_xml(struct pack *p, const char *part, const struct xml_sink *sink,
                           void *user, struct err *err);

/* What a file is by its first bytes, for the readers and for messages. */
enum file_kind {
    FILE_OTHER,
    FILE_ZIP,       /* a package of some kind */
    FILE_OLE,       /* Word or Excel before 2007 */
    FILE_ENCRYPTED, /* an office file with a password */
    FILE_PDF,
    FILE_RTF,
    FILE_IMAGE,
    FILE_RAR_7Z,
    FILE_HTML /* also what many programs write with the name .xls */
};
enum file_kind file_kind(struct slice bytes);

/*
 * Resolves a relationship target against the folder of a part: ("xl/workbook.xml", "sheets/a.xml")
 * → xl/sheets/a.xml; an absolute one loses its slash. False when it leaves the package or does not
 * fit.
 */
bool pack_resolve(const char *part, struct slice target, char *to, size_t size);

#endif
