/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_LIST_H
#define CANH_HUNT_LIST_H
/*
 * A table of as many rows as there are, written part by part, so that memory stays bounded: on a
 * terminal the first rows and how many more there are, elsewhere all.
 *
 *     list_begin(&list, &request, &err);
 *     list_table(&list, "logons", title, columns, count);
 *         fill list.table with the cells of a row; list_row(&list, &err);
 *     list_table_end(&list, &err); … list_end(&list, fd, &err)
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "office/rows.h"
#include "table/table.h"

enum list_face { LIST_TEXT, LIST_JSON, LIST_CSV, LIST_XLSX };

struct list_request {
    enum list_face face;
    enum lang lang;
    int32_t zone_s;
    unsigned columns; /* of the terminal; 0: none */
    bool colour;
    uint64_t limit; /* rows of a table that a terminal shows; 0: all */
    struct buf *out;
    /* Called between parts: writes out->… away. False: stop. */
    bool (*settle)(void *ctx);
    void *ctx;
};

struct list {
    struct list_request request;
    struct table table;
    struct slice title;
    struct rows_writer *book;
    bool open;      /* a table is */
    uint64_t rows;  /* put into the table, shown or not */
    uint64_t parts; /* of the table that are written */
    uint64_t tables;
};

CANH_MUST_USE int list_begin(struct list *l, const struct list_request *request, struct err *err);
/* title: over the table; the name is the table's hook and its "list" in JSON. */
CANH_MUST_USE int list_table(struct list *l, const char *name, struct slice title,
                             const struct table_column *columns, unsigned count, struct err *err);
/* Ends the row whose cells are in l->table. */
CANH_MUST_USE int list_row(struct list *l, struct err *err);
CANH_MUST_USE int list_table_end(struct list *l, struct err *err);
/* fd: where a workbook goes; -1 after a failure: only frees. */
CANH_MUST_USE int list_end(struct list *l, int fd, struct err *err);

#endif
