/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_XLSX_PARTS_H
#define CANH_OFFICE_XLSX_PARTS_H
/* The parts of an XLSX package, one reader each; only for xlsx*.c. */
#include "office/numfmt.h"
#include "office/pack.h"
#include "office/workbook.h"

enum { PART_MAX = 256, RELATIONS_MAX = 8192, FORMATS_MAX = 65536, STRINGS_MAX = 16 << 20 };

struct relation {
    char id[64];
    char type[160];
    char part[PART_MAX];
};

struct relations {
    struct relation *rows;
    size_t count, cap;
};

struct workbook_sheet {
    struct slice name;
    struct slice relation;
    bool hidden;
};

struct xlsx {
    struct arena *arena;
    const struct workbook_limits *limits;
    struct pack *pack;
    char workbook[PART_MAX];
    struct relations relations;
    struct workbook_sheet *sheets;
    uint32_t sheet_count;
    bool date1904, external;
    struct slice *strings; /* shared strings, in the arena */
    size_t string_count, string_cap;
    struct numfmt *formats; /* by style index */
    size_t format_count, format_cap;
    uint64_t cells_used;
    uint32_t rows_used;
};

/* Adds the internal relations of a part (base, for targets); external ones set x->external. */
int xlsx_relations(struct xlsx *x, const char *part, const char *base, struct err *err);
/* By the end of the type, which transitional and strict files share. NULL when there is none. */
const struct relation *relation_by_type(const struct relations *r, const char *ending);
const struct relation *relation_by_id(const struct relations *r, struct slice id);

int xlsx_workbook(struct xlsx *x, struct err *err);
int xlsx_strings(struct xlsx *x, const char *part, struct err *err);
int xlsx_styles(struct xlsx *x, const char *part, struct err *err);
int xlsx_sheet(struct xlsx *x, const char *part, struct slice name, struct sheet *ret,
               struct err *err);

/* Undoes _x000D_ and its like (ECMA-376 part 1, 22.9.2.19), in place. */
void xlsx_unescape(struct buf *text);

#endif
