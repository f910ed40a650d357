/* SPDX-License-Identifier: Apache-2.0 */
#include "office/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

#include "lang/collate.h"
#include "lang/err_office.h"
#include "office/pack.h"
#include "office/sheetmake.h"
#include "office/xlsx_parts.h"

/* Says what a package without a workbook is instead. */
static int not_a_workbook(struct xlsx *x, struct err *err)
{
    if (pack_has_prefix(x->pack, "word/"))
        return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_DOCX);
    if (pack_has_prefix(x->pack, "xl/") && pack_has(x->pack, "xl/workbook.bin"))
        return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_XLSB);
    return err_fail(err, CE_UNKNOWN, ERR_OFFICE_FILE_ZIP);
}

static int find_workbook(struct xlsx *x, struct err *err)
{
    const struct relation *rel;
    int r;

    if (!pack_has(x->pack, "_rels/.rels"))
        return not_a_workbook(x, err);
    r = xlsx_relations(x, "_rels/.rels", "", err);
    if (r < 0)
        return r;
    rel = relation_by_type(&x->relations, "/officeDocument");
    if (rel == NULL || !slice_starts(slice_str(rel->part), SLICE("xl/")) ||
        slice_ends(slice_str(rel->part), SLICE(".bin")))
        return not_a_workbook(x, err);
    memcpy(x->workbook, rel->part, sizeof(x->workbook));
    return 0;
}

/* The relations of the workbook stand in _rels/<name>.rels beside it. */
static int read_workbook(struct xlsx *x, struct err *err)
{
    char rels[2 * PART_MAX];
    const char *name;
    int folder, r = find_workbook(x, err);

    if (r < 0)
        return r;
    name = strrchr(x->workbook, '/');
    folder = name ? (int)(name - x->workbook) + 1 : 0;
    (void)snprintf(rels, sizeof(rels), "%.*s_rels/%s.rels", folder, x->workbook,
                   x->workbook + folder);
    x->relations.count = 0;
    r = xlsx_relations(x, rels, x->workbook, err);
    if (r == 0)
        r = xlsx_workbook(x, err);
    return r;
}

static int read_shared(struct xlsx *x, struct err *err)
{
    const struct relation *strings = relation_by_type(&x->relations, "/sharedStrings");
    const struct relation *styles = relation_by_type(&x->relations, "/styles");
    int r = 0;

    if (styles != NULL && pack_has(x->pack, styles->part))
        r = xlsx_styles(x, styles->part, err);
    if (r == 0 && strings != NULL && pack_has(x->pack, strings->part))
        r = xlsx_strings(x, strings->part, err);
    return r;
}

static int read_sheets(struct xlsx *x, struct workbook *ret, struct err *err)
{
    int r = 0;

    ret->sheets = arena_new_array(x->arena, CANH_MAX(x->sheet_count, 1u), struct sheet);
    if (ret->sheets == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < x->sheet_count && r == 0; i++) {
        const struct relation *rel = relation_by_id(&x->relations, x->sheets[i].relation);
        struct sheet *sheet = &ret->sheets[ret->sheet_count];

        if (rel == NULL || !slice_ends(slice_str(rel->type), SLICE("/worksheet")))
            continue; /* charts and dialogs have no cells */
        r = xlsx_sheet(x, rel->part, x->sheets[i].name, sheet, err);
        sheet->hidden = x->sheets[i].hidden;
        ret->sheet_count += r == 0;
    }
    return r;
}

int xlsx_read(struct arena *arena, struct pack *p, const struct workbook_limits *limits,
              struct workbook *ret, struct err *err)
{
    struct xlsx x = {.arena = arena, .limits = limits, .pack = p};
    int r = read_workbook(&x, err);

    *ret = (struct workbook){.format = WORKBOOK_XLSX};
    if (r == 0)
        r = read_shared(&x, err);
    if (r == 0)
        r = read_sheets(&x, ret, err);
    if (r == 0) {
        ret->external = x.external;
        ret->macros = relation_by_type(&x.relations, "/vbaProject") != NULL;
    }
    free(x.relations.rows);
    free(x.strings);
    free(x.formats);
    return r;
}
