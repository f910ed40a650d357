/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_ZIPMAKE_H
#define CANH_TESTS_ZIPMAKE_H
/* Packages in memory for tests and fuzz targets: parts as text in, a ZIP file out. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/attr.h"
#include "base/slice.h"

struct zip_part {
    const char *name;
    struct slice content;
};

/* The package on the heap, empty on failure; the caller frees .p. */
__attribute__((unused)) static struct slice zip_make(const struct zip_part *parts, size_t count,
                                                     bool deflate)
{
    zip_error_t error;
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip;
    struct slice ret = SLICE_NULL;
    zip_stat_t st;
    uint8_t *bytes;

    zip_error_init(&error);
    zip_source_keep(target);
    zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *s = zip_source_buffer(zip, parts[i].content.p, parts[i].content.n, 0);
        zip_int64_t index =
            zip_file_add(zip, parts[i].name, s, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);

        if (index < 0)
            zip_source_free(s);
        else
            (void)zip_set_file_compression(zip, (zip_uint64_t)index,
                                           deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 9);
    }
    if (zip_close(zip) < 0) {
        zip_discard(zip);
    } else if (zip_source_open(target) == 0) {
        zip_stat_init(&st);
        (void)zip_source_stat(target, &st);
        bytes = malloc(st.size + 1);
        if (bytes != NULL && zip_source_read(target, bytes, st.size) == (zip_int64_t)st.size)
            ret = slice_of(bytes, st.size);
        else
            free(bytes);
        (void)zip_source_close(target);
    }
    zip_source_free(target);
    return ret;
}

#define XLSX_TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XLSX_RELS(rows)                                                                            \
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" rows    \
    "</Relationships>"
#define XLSX_REL(id, kind, target)                                                                 \
    "<Relationship Id='" id "' Type='" XLSX_TYPES "/" kind "' Target='" target "'/>"

/* A workbook around sheet parts: its own relations and the ones of `sheets`. */
struct xlsx_parts {
    const char *workbook; /* NULL: one visible sheet “Trang 1” */
    const char *rels;     /* NULL: that sheet, strings and styles */
    const char *strings, *styles;
    const char *sheet1, *sheet2;
    bool deflate;
};

__attribute__((unused)) static struct slice xlsx_make(const struct xlsx_parts *x)
{
    static const char root[] = XLSX_RELS(XLSX_REL("rId1", "officeDocument", "xl/workbook.xml"));
    static const char rels[] =
        XLSX_RELS(XLSX_REL("rId1", "worksheet", "worksheets/sheet1.xml")
                      XLSX_REL("rId3", "styles", "styles.xml")
                          XLSX_REL("rId4", "sharedStrings", "/xl/sharedStrings.xml"));
    static const char workbook[] =
        "<workbook><sheets><sheet name='Trang 1' sheetId='1' r:id='rId1'/></sheets></workbook>";
    struct zip_part parts[7];
    size_t n = 0;

    parts[n++] = (struct zip_part){"_rels/.rels", slice_str(root)};
    parts[n++] =
        (struct zip_part){"xl/workbook.xml", slice_str(x->workbook ? x->workbook : workbook)};
    parts[n++] =
        (struct zip_part){"xl/_rels/workbook.xml.rels", slice_str(x->rels ? x->rels : rels)};
    if (x->strings)
        parts[n++] = (struct zip_part){"xl/sharedStrings.xml", slice_str(x->strings)};
    if (x->styles)
        parts[n++] = (struct zip_part){"xl/styles.xml", slice_str(x->styles)};
    if (x->sheet1)
        parts[n++] = (struct zip_part){"xl/worksheets/sheet1.xml", slice_str(x->sheet1)};
    if (x->sheet2)
        parts[n++] = (struct zip_part){"xl/worksheets/sheet2.xml", slice_str(x->sheet2)};
    return zip_make(parts, n, x->deflate);
}

#endif
