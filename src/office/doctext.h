/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_DOCTEXT_H
#define CANH_OFFICE_DOCTEXT_H
/*
 * The text of a document that people hand in, paragraph by paragraph: DOCX (ECMA-376), ODT
 * (ISO 26300) and plain text (text.h). Numbers that the word processor made (“1.”, “a)”, “II.”) are
 * worked out and stand in label; numbers typed by hand stay in the text. Tables come cell by cell.
 * Left out: headers, footers, notes, comments, deleted text, fields' codes, pictures. Bytes in,
 * structs out; nothing is followed. Refused with a hint: .doc, RTF, PDF, encrypted files, entities,
 * bombs, legacy encodings, anything over the limits.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum doc_kind {
    DOC_TEXT,
    DOC_HEADING, /* by style or outline level */
    DOC_LIST,    /* has a label made by the word processor */
    DOC_CELL     /* a table cell; its paragraphs are joined by \n, labels included */
};

struct doc_para {
    struct slice text;  /* without the label; NFC; a line break inside is \n */
    struct slice label; /* of DOC_LIST and DOC_HEADING: “1.”, “a)”, “-”; may be empty */
    enum doc_kind kind;
    unsigned level;  /* of DOC_HEADING and DOC_LIST, from 1 */
    uint32_t number; /* of the paragraph in the document; plain text: of the line; from 1 */
    uint32_t table, row, col; /* of DOC_CELL, from 1 */
    uint32_t
        rows; /* of DOC_CELL: in how many it stands, more than one where it is merged downwards */
};

enum doc_format { DOC_TXT, DOC_DOCX, DOC_ODT };

struct doctext {
    enum doc_format format;
    struct doc_para *paras; /* no empty ones */
    uint32_t count;
};

struct doctext_limits {
    size_t max_bytes, max_unpacked;
    uint32_t max_ratio, max_entries, max_paras, max_para_bytes;
};

/* 32 MiB, 256 MiB unpacked at most 250:1, 4,096 entries, 100,000 paragraphs of 1 MiB. */
extern const struct doctext_limits doctext_default_limits;
#define DOCTEXT_ARENA_MAX ((size_t)256 << 20)

/* Everything lives in the arena. limits may be NULL. */
CANH_MUST_USE CANH_NONNULL(1, 4) int doctext_read(struct arena *arena, struct slice bytes,
                                                  const struct doctext_limits *limits,
                                                  struct doctext **ret, struct err *err);

/* Appends the whole as plain text: a line a paragraph, a table row's cells joined by tabs. */
void doctext_write(struct buf *out, const struct doctext *d);

#endif
