/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_CHANGE_H
#define CANH_CLI_DUTY_CHANGE_H
/*
 * What canh duty leave, swap and replace share: who stands when, changed after the roster was made.
 * A kind of change is a table of what is its own; change_run() does the rest: the word for what to
 * do (list, when there is none), the times, the rows that are meant. A word that makes a new one
 * is a word of `ask`; every other one acts on the row of --id.
 */
#include "cli/duty.h"
#include "lang/msg_duty.h"

#define CHANGE_ID    DUTY_TEXT("id", 0, id, "ID", MSG_DUTY_OPT_ID)
#define CHANGE_FROM  DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_FROM)
#define CHANGE_UNTIL DUTY_TEXT("until", 0, until, "TIME", MSG_DUTY_OPT_UNTIL)
#define CHANGE_BY    DUTY_TEXT("by", 0, other, "CODE", MSG_DUTY_OPT_BY)
#define CHANGE_VERB(words, options)                                                                \
    .operands = "[WORD]", .max_operands = 1, .operand_words = (words), VERB_OPTIONS(options),      \
    .options_size = sizeof(struct duty_options)

struct change {
    struct duty_run r;
    const char *word;
    int64_t start, stop; /* --from, --until; 0: not said */
    struct err err;
};

struct change_kind {
    const char *const *ask; /* words that make a new one */
    bool of_person;         /* of a person of the unit; else of a post, r.post in every call */
    size_t row_size, post;  /* of a row, and where in it the post's id stands */
    int (*list)(struct change *c, const struct state_query *q, void **ret, size_t *ret_n);
    /* These say what they did and give the exit status. */
    int (*make)(struct change *c);
    int (*act)(struct change *c, void *row);
    void (*show)(struct change *c, const void *row);
};

int change_run(struct app *app, const struct duty_options *o, const struct operands *operands,
               const struct change_kind *kind);

bool change_is(const struct change *c, const char *word);
/* Both --from and --until, in order; else a usage error. */
CANH_MUST_USE int change_need_span(const struct change *c);
int change_failed(struct change *c);
/* Who approves: --by, a person of the unit; else whoever may write the folder. */
CANH_MUST_USE int change_approver(struct change *c, struct state_id unit, struct state_id *ret);
/*
 * Loads the plan again and shows what is wrong in a time because of a person. EXIT_FOUND when
 * anything is.
 */
int change_warn(struct change *c, struct state_id person, int64_t from, int64_t until);
/* Says so when the person has no duty at r.post in that time, so that nothing changes: EXIT_FOUND.
 */
int change_idle(struct change *c, struct state_id person, int64_t from, int64_t until);

/* The beginning of a row's line, and of its JSON. */
void change_put_head(struct change *c, struct buf *line, struct state_id id, int64_t from,
                     int64_t until, msg_id state);
void change_json_head(struct json_write *w, struct state_id id, int64_t from, int64_t until,
                      const char *state);
void change_json_name(struct change *c, struct json_write *w, const char *key, struct state_id id);
void change_json_end(struct json_write *w);

#endif
