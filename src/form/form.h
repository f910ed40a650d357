/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FORM_FORM_H
#define CANH_FORM_FORM_H
/*
 * Forms as data (forms/, docs/forms.md). A form is groups of fields; a group may repeat, row
 * by row. Every answer is a value, “không phát sinh” (said: nothing occurred) or blank, and the
 * last two are never the same. Two things can be wrong with an answer: a problem (it cannot be
 * accepted) or a finding (it is accepted, and it is over a limit that was valid on that day).
 *
 * Pure. A form is immutable after parsing and lives in the caller's arena.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "lang/title.h"
#include "lang/value.h"

enum field_kind {
    FIELD_NUMBER, /* with decimals, in `unit` */
    FIELD_COUNT,  /* whole, from 0 */
    FIELD_TEXT,
    FIELD_DATE,
    FIELD_TIME,   /* of day */
    FIELD_MOMENT, /* date and time */
    FIELD_CHOICE,
    FIELD_YES_NO,
    FIELD_EVIDENCE, /* a photo or file: the SHA-256 of evidence handed in */
    FIELD_KIND_MAX
};

enum answer_kind { ANSWER_BLANK, ANSWER_NOTHING, ANSWER_NUMBER, ANSWER_TEXT, ANSWER_TIME };

/* How its answers stand in a sheet. */
enum field_shape {
    SHAPE_TEXT,
    SHAPE_CODE,
    SHAPE_NUMBER,
    SHAPE_COUNT,
    SHAPE_DATE,
    SHAPE_CLOCK,
    SHAPE_MOMENT,
    SHAPE_LIST,
    SHAPE_MAX
};

struct form_field;
struct answer;
struct field_reader; /* of answer.c */

/* Everything that differs between the kinds of fields; the rows stand in answer.c. */
struct field_type {
    const char *name; /* in forms/ */
    msg_id word;      /* for people */
    int (*reader)(struct field_reader *r);
    enum answer_kind answer; /* what that gives, besides blank and nothing */
    void (*writer)(struct buf *out, const struct form_field *f, const struct answer *a,
                   enum lang lang);
    enum field_shape shape;
    bool bounds, limits; /* may have a least and a largest value; limits that open findings */
    bool choices;        /* the form says which answers there are */
    bool unfinished;     /* one of its answers may mean "not finished" */
    bool file;           /* takes a file, kept as evidence */
    int64_t minutes;     /* of one unit of its time; 0: says no moment */
    uint32_t chars;      /* most characters when the form says nothing */
    msg_id own[2];       /* texts of the answers of a kind that brings its own, or 0 */
};
extern const struct field_type field_types[FIELD_KIND_MAX];

enum form_every {
    EVERY_SHIFT,
    EVERY_DAY,
    EVERY_WEEK,
    EVERY_MONTH,
    EVERY_EVENT,
    EVERY_ONCE,
    FORM_EVERY_MAX
};

enum form_severity { FORM_GREEN, FORM_YELLOW, FORM_ORANGE, FORM_RED, FORM_SEVERITY_MAX };
enum form_origin { FORM_DOCUMENT, FORM_LAW, FORM_PROPOSAL, FORM_ORIGIN_MAX };

/* A value beyond it is a finding on days from..until-1 (INT64_MIN, INT64_MAX: open). */
struct form_limit {
    struct slice id;
    struct title title;
    bool has_min, has_max;
    double min, max; /* of FIELD_NUMBER, FIELD_COUNT; FIELD_YES_NO as 1 and 0 */
    enum form_severity severity;
    enum form_origin origin;
    struct title source;
    int64_t from, until;
    int64_t checked; /* day on which a person compared it with its source, or INT64_MIN */
};

struct form_choice {
    struct slice id;
    struct title title;
};

enum form_condition { IF_NONE, IF_ANSWERED, IF_IS, IF_ABOVE };

/* Something asked of the answer to a field. */
struct form_if {
    enum form_condition kind;
    uint32_t field;    /* index */
    struct slice text; /* IF_IS: a choice, or yes/no */
    double number;     /* IF_ABOVE */
};

struct form_field {
    struct slice id; /* unique in the form */
    struct title title, unit, hint;
    enum field_kind kind;
    bool required;
    bool nothing;     /* “không phát sinh” may be said of it */
    bool carry;       /* the last value is offered as this one */
    bool no_personal; /* text must hold no telephone or identity numbers, no mail addresses */
    bool has_min, has_max;
    double min, max;   /* beyond: a problem */
    uint32_t text_max; /* characters */
    uint32_t at_most;  /* index of a field of the same group + 1 that it may not exceed; 0: none */
    /* Of a number: index + 1 of the two moments that it is the hours between; 0: none. Nobody types
     * it: form_work_out() does. */
    uint32_t hours_from, hours_until;
    struct form_if required_if; /* of the same group, or of one that does not repeat */
    struct form_if unfinished;  /* of itself: the matter is not at its end yet */
    struct form_choice *choices;
    uint32_t choice_count;
    struct form_limit *limits;
    uint32_t limit_count;
    uint32_t index, group; /* in the form; in its groups */
};

struct form_group {
    struct slice id;
    struct title title, hint;
    uint32_t rows;         /* 0: not repeated; else how many at most */
    uint32_t first, count; /* its fields: form->fields[first .. first + count) */
};

/* Something that a form reports to have happened, by the name of the plans' catalogue. */
struct form_event {
    struct slice event;
    uint32_t at; /* index + 1 of the date or moment it happened; 0: the period's start */
    struct form_if when;
};

struct form {
    struct slice id;
    uint32_t edition;
    struct title title, note;
    enum form_every every;
    struct slice *kinds; /* of unit that fill it */
    uint32_t kind_count;
    struct title source;
    int64_t checked; /* or INT64_MIN */
    struct form_group *groups;
    uint32_t group_count;
    struct form_field *fields;
    uint32_t field_count;
    struct form_event *events;
    uint32_t event_count;
};

enum {
    FORM_FIELDS_MAX = 500,
    FORM_GROUPS_MAX = 40,
    FORM_ROWS_MAX = 1000,
    FORM_VALUES_MAX = 10000,
    FORM_TEXT_MAX = 4000,
    FORM_EVENTS_MAX = 20
};

/* err has line and column of what is wrong. */
CANH_MUST_USE int form_parse(struct arena *arena, struct slice yaml, const struct form **ret,
                             struct err *err);
const struct form_field *form_field(const struct form *f, struct slice id);

const char *field_kind_to_str(enum field_kind k);
const char *form_every_to_str(enum form_every e);
const char *form_origin_to_str(enum form_origin o);

/* The numbers are those of the state's values. */
struct answer {
    uint32_t field; /* index */
    uint32_t row;   /* from 1 in repeated groups, else 0 */
    enum answer_kind kind;
    double number;     /* number, count; yes 1, no 0 */
    int64_t time;      /* date: days since 1970; time: minutes since midnight; moment: minutes since
                          1970-01-01T00:00, both local */
    struct slice text; /* text; choice: its id; evidence: 64 hexadecimal digits */
};

/* Where an answer stands in the table that it was read from, also where that is blank. */
struct answer_place {
    uint32_t field, row;
    struct slice sheet;
    uint32_t line, col;
};

/* What is handed in for one unit and period. */
/* A filled column, or a row with a value, that no field of the form takes. */
struct answers_ignored {
    struct slice sheet, heading; /* heading: of the column, or what stands before the value */
    uint32_t line, col;          /* of the first such cell */
    char column[8];              /* as a spreadsheet names it: A, AB */
};
enum { FORM_IGNORED_MAX = 64 };

struct answers {
    struct slice unit;        /* as written: a code or name; may be empty */
    struct slice sheet, base; /* of a template: its own id, and the submission it was made from */
    int64_t day;  /* first day of the period, days since 1970; INT64_MIN when not said */
    bool nothing; /* “không phát sinh” of the whole form */
    struct answer *v;
    uint32_t count;
    const struct answer_place *places; /* as record/fill.h reads them */
    uint32_t place_count;
    const struct answers_ignored *ignored; /* what a table has and nothing was taken from */
    uint32_t ignored_count;                /* at most FORM_IGNORED_MAX */
};

/*
 * Reads one answer as a person writes it, in Vietnamese or English: values as in value.h, choices
 * by id or title, “không phát sinh” (kps, none) where the field allows it, blank for blank text.
 * year completes dates without one. Text is borrowed. -CE_SYNTAX, -CE_RANGE, -CE_TOO_BIG or
 * -CE_DENIED (personal data) with a message that names the field.
 */
CANH_MUST_USE int answer_read(const struct form *f, uint32_t field, const struct cell *c, int year,
                              struct answer *ret, struct err *err);
/* Appends an answer as a person reads it: 1.234,5 %, 05/10/2020, Có, Không phát sinh; "" blank. */
void answer_write(struct buf *out, const struct form *f, const struct answer *a, enum lang lang);
/* Whether a condition holds of the answer to its field (NULL: none). IF_NONE never does. */
bool form_if_holds(const struct form *f, const struct form_if *c, const struct answer *a);
/* The last answer to a field and row, or NULL. */
const struct answer *answers_find(const struct answers *a, uint32_t field, uint32_t row);

/* The hours between the two moments of a field that is such; false: it is none, or they are not
 * both answered. */
bool form_hours(const struct form *f, const struct form_field *field, const struct answers *a,
                uint32_t row, double *ret);
/* Sets every answer that can be worked out, whatever was typed there. a->v comes to lie in the
 * arena. */
CANH_MUST_USE int form_work_out(const struct form *f, struct answers *a, struct arena *arena,
                                struct err *err);

enum form_problem_kind {
    FORM_PROBLEM_READ,      /* of a table: its cell cannot be read, `why` says it */
    FORM_PROBLEM_MISSING,   /* blank, and an answer is required */
    FORM_PROBLEM_BELOW,     /* its least value */
    FORM_PROBLEM_ABOVE,     /* its largest */
    FORM_PROBLEM_ABOVE_ANY, /* the field that it may not be above */
    FORM_PROBLEM_LIMIT,     /* a limit that opens a finding */
    FORM_PROBLEM_BEFORE,    /* a moment before the one that hours are counted from */
    FORM_PROBLEM_NOTHING,   /* “không phát sinh” where that is no answer */
    FORM_PROBLEM_ROWS,      /* more rows than its group has */
    FORM_PROBLEM_FIGURES,   /* figures in a form that says “không phát sinh” */
    FORM_PROBLEM_EMPTY, /* nothing in it is answered, and it does not say “không phát sinh” */
};

struct form_problem {
    enum form_problem_kind kind;
    bool finding;   /* else it cannot be accepted */
    uint32_t field; /* index; UINT32_MAX: the form as a whole */
    uint32_t row;
    const struct form_group *group; /* of FORM_PROBLEM_ROWS */
    const struct form_limit *limit; /* of a finding */
    double value;
    const struct err *why; /* of FORM_PROBLEM_READ */
    struct slice message;  /* empty until form_problems_word() */
};

/*
 * Checks the whole: required answers (blank is missing, “không phát sinh” is not), conditions,
 * bounds, one field against another, limits valid on answers->day. Problems come in the order of
 * the fields; *ret_count 0 means accepted without a finding. 0 or -CE_*.
 */
CANH_MUST_USE int form_check(const struct form *f, const struct answers *a, struct arena *arena,
                             struct form_problem **ret, uint32_t *ret_count, struct err *err);
/* Puts what they are into words, for people; messages in the arena. -CE_TOO_BIG. */
CANH_MUST_USE int form_problems_word(const struct form *f, struct form_problem *problems,
                                     uint32_t count, enum lang lang, struct arena *arena,
                                     struct err *err);

/* Keys that a template carries in its first column. */
#define FORM_KEY_FORM    "canh-form"
#define FORM_KEY_UNIT    "canh-unit"
#define FORM_KEY_DAY     "canh-day"
#define FORM_KEY_NOTHING "canh-nothing"
#define FORM_KEY_SHEET   "canh-sheet" /* the template's own id; then what it was made from */
#define FORM_KEY_GROUP   "canh-group"
enum {
    FORM_COL_KEY = 1,
    FORM_COL_TITLE = 2,
    FORM_COL_UNIT = 3,
    FORM_COL_VALUE = 4,
    FORM_COL_LAST = 5,
    FORM_COL_HINT = 6
};

#endif
