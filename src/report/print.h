/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_PRINT_H
#define CANH_REPORT_PRINT_H
/*
 * The papers that hang on walls and get signed: lịch trực, sổ trực, biên bản bàn giao ca, danh bạ
 * khẩn, phiếu trạng thái ngày, bản cam kết. Each builds a paper from a plain struct; no state is
 * read. Empty rows for handwriting are asked for by number; what is typed in later is marked “nhập
 * bù” where a row says so.
 *
 * Times are minutes since 1970-01-01T00:00 local, dates days since 1970; PRINT_NEVER: not known.
 * Texts in the papers are in the language asked for; wording that people sign comes from templates.
 */
#include "base/err.h"
#include "form/form.h"
#include "lang/lang.h"
#include "office/paper.h"
#include "report/letterhead.h"

#define PRINT_NEVER INT64_MIN

/* What all papers share. */
struct print_head {
    const struct letterhead *layout; /* for the head of the paper; NULL: unit only */
    struct slice parent, unit;       /* parent may be empty */
    struct slice place;
    int64_t day;         /* date of signing; PRINT_NEVER: left open */
    struct slice banner; /* DIỄN TẬP …; may be empty */
    struct slice footer; /* source and time: “canh · in lúc …”; may be empty */
    struct slice left_title, left_name;   /* who signs left: Người lập */
    struct slice right_title, right_name; /* and right: Thủ trưởng đơn vị */
    int64_t created;                      /* seconds since 1970, for the files' properties */
    enum lang lang;
};

struct print_shift {
    int64_t day;
    struct slice shift; /* Ca 1 (07:00–15:00) */
    struct slice post;
    struct slice people; /* several: one a line */
    struct slice phones;
    struct slice note; /* tại nhà; được trực thay bởi …; đổi ca */
    bool day_off;      /* shaded */
    bool gap;          /* nobody: red */
};

struct print_roster {
    struct print_head head;
    int64_t from, to;                 /* days, inclusive */
    const struct print_shift *shifts; /* by day and shift */
    size_t count;
    struct slice approval; /* “Ban hành kèm …”; may be empty */
    struct slice post;     /* the one post of all shifts: then they have no column of it */
};
void print_roster(struct paper *p, const struct print_roster *r);

struct print_entry {
    int64_t at;
    struct slice what, source, action, result;
    bool corrects;   /* corrects an earlier line */
    bool backfilled; /* from paper: nhập bù */
    bool clock;      /* the machine's clock was wrong then, or in doubt */
};

struct print_log {
    struct print_head head;
    struct slice post, shift, person;
    int64_t checked_in, checked_out;
    const struct print_entry *entries;
    size_t count;
    unsigned empty_rows;
};
void print_log(struct paper *p, const struct print_log *l);

struct print_handover {
    struct print_head head; /* left: bên giao, right: bên nhận */
    struct slice post, shift;
    int64_t at;
    /* lines; empty lists show “Không có”, or room to write when blank is set */
    const struct slice *cases, *red_checks, *silent, *changes, *kit, *contacts, *notes;
    size_t case_count, red_check_count, silent_count, change_count, kit_count, contact_count,
        note_count;
    struct slice weather; /* thời tiết, nguồn điện */
    struct slice remark; /* of the one who takes over; empty: “nhận đủ, không vướng” */
    bool blank;          /* a form to fill in by hand */
};
void print_handover(struct paper *p, const struct print_handover *h);

struct print_contact {
    struct slice group; /* heading above; same for consecutive contacts */
    struct slice name, role;
    struct slice phones; /* as shown, several: one a line */
    struct slice mail;
    int64_t proven; /* day of the last test, PRINT_NEVER: never, shown red */
};

struct print_directory {
    struct print_head head;
    const struct print_contact *contacts; /* in the order to call */
    size_t count;
};
void print_directory(struct paper *p, const struct print_directory *d);

struct print_form {
    struct print_head head;
    const struct form *form;
    const struct answers *answers; /* NULL: blank, to be filled in by hand */
    const struct form_problem *problems;
    uint32_t problem_count;
    int64_t entered; /* when and by whom the answers came; PRINT_NEVER: not shown */
    struct slice entered_by;
    bool backfilled, clock;
};
void print_form(struct paper *p, const struct print_form *f);

struct print_signer {
    struct slice name, position;
    int64_t signed_on; /* day; PRINT_NEVER: room to sign */
};

struct print_commitment {
    struct print_head head;
    struct slice title;       /* from a template */
    struct slice below;       /* a line under it; may be empty */
    const struct slice *text; /* its paragraphs */
    size_t text_count;
    const struct print_signer *people;
    size_t count;
    unsigned empty_rows;
};
void print_commitment(struct paper *p, const struct print_commitment *c);

#endif
