/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_OFFICIAL_H
#define CANH_REPORT_OFFICIAL_H
/*
 * Official papers in the layout of Decree 30/2020 (Appendix I) or whatever the letterhead says:
 * official_begin() writes everything down to “Kính gửi” or the paper's type and subject,
 * then the caller adds legal bases, paragraphs and tables, official_end() writes “Nơi nhận” and the
 * signer's block. canh drafts; the clerk numbers and a person signs: number 0 leaves its place
 * open.
 */
#include "base/attr.h"
#include "base/buf.h"
#include "office/paper.h"
#include "report/letterhead.h"

struct signer {
    enum behalf behalf;
    struct slice of; /* on whose behalf: ỦY BAN NHÂN DÂN, GIÁM ĐỐC; empty with BEHALF_NONE */
    struct slice position; /* the signer's own: PHÓ GIÁM ĐỐC */
    struct slice name;     /* empty: left open */
};

struct official {
    const struct letterhead *head;
    struct slice parent, issuer; /* parent may be empty */
    uint32_t number;             /* 0: left open for the clerk */
    struct slice symbol;         /* STTTT, BC-SKHCN … */
    struct slice place;
    int64_t days;                /* the date, days since 1970 */
    struct slice type;           /* BÁO CÁO …; empty: a letter (công văn) */
    struct slice subject;        /* without “V/v” */
    struct slice urgency, scope; /* KHẨN; LƯU HÀNH NỘI BỘ; may be empty */
    const struct slice *to;      /* “Kính gửi”, without the signs at the end */
    size_t to_count;
    const struct slice *cc; /* “Nơi nhận”, without the signs at the end */
    size_t cc_count;
    struct signer signer;
};

/* Only the first rows of the head (1: issuer and country) as a table of two columns. */
void official_head(struct paper *p, const struct official *o, unsigned rows);

/* Sets the paper up (margins, font, page numbers, title) and writes the head. */
void official_begin(struct paper *p, const struct official *o);
/* One legal basis (italic, “;” or “.” at its end by last); one paragraph; one heading. */
void official_legal(struct paper *p, const struct official *o, struct slice text, bool last);
void official_body(struct paper *p, const struct official *o, struct slice text);
void official_heading(struct paper *p, const struct official *o, struct slice text);
void official_end(struct paper *p, const struct official *o);

/*
 * ngày 05 tháng 10 năm 2020: the day in two digits, the month only when it is 1 or 2 (Appendix I,
 * II.4.b).
 */
void official_date(struct buf *out, int64_t days);
/* 7 → 07, 123 → 123; 0 → blanks to write on. */
void official_number(struct buf *out, uint32_t number);

#endif
