/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "alert/suppress.h"
#include "base/time.h"
#include "control/cells.h"
#include "control/doctor.h"
#include "lang/err_doctor.h"
#include "lang/error.h"
#include "source/source.h"

#define ENDS_SOON (3 * TIME_DAY)

/* clang-format off */
static const struct control_column columns[] = {
    {"state", CONTROL_IS_TEXT}, {"area", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT},
    {"mark", CONTROL_IS_TEXT}, {"title", CONTROL_IS_TEXT}, {"text", CONTROL_IS_TEXT},
};
/* clang-format on */

/* A word for programs, and one for people. */
struct word {
    const char *code;
    unsigned text;
};

static const struct word states[] = {
    [DOCTOR_OK] = {"ok", ERR_DOCTOR_IS_OK},
    [DOCTOR_WARN] = {"warn", ERR_DOCTOR_IS_WARN},
    [DOCTOR_BAD] = {"bad", ERR_DOCTOR_IS_BAD},
    [DOCTOR_UNKNOWN] = {"unknown", ERR_DOCTOR_IS_UNKNOWN},
};
static const struct word areas[] = {
    [DOCTOR_NODE] = {"node", ERR_DOCTOR_OF_NODE},
    [DOCTOR_STATE] = {"state", ERR_DOCTOR_OF_STATE},
    [DOCTOR_SOURCES] = {"sources", ERR_DOCTOR_OF_SOURCES},
    [DOCTOR_SUPPRESSION] = {"suppression", ERR_DOCTOR_OF_SUPPRESSION},
    [DOCTOR_CHECKS] = {"checks", ERR_DOCTOR_OF_CHECKS},
    [DOCTOR_DISK] = {"disk", ERR_DOCTOR_OF_DISK},
    [DOCTOR_CERTIFICATE] = {"certificate", ERR_DOCTOR_OF_CERTIFICATE},
    [DOCTOR_SANDBOX] = {"sandbox", ERR_DOCTOR_OF_SANDBOX},
    [DOCTOR_RULES] = {"rules", ERR_DOCTOR_OF_RULES},
    [DOCTOR_NETWORK] = {"network", ERR_DOCTOR_OF_NETWORK},
    [DOCTOR_JOURNAL] = {"journal", ERR_DOCTOR_OF_JOURNAL},
};

bool doctor_state_read(struct slice word, enum doctor_state *ret)
{
    for (size_t i = 0; i < CANH_LEN(states); i++) {
        if (slice_is(word, states[i].code)) {
            *ret = (enum doctor_state)i;
            return true;
        }
    }
    return false;
}

/* Adds a cell with what err says in the asker's language. */
static void report_words(struct control_job *job, const struct err *err)
{
    struct buf text = BUF_INIT(2000);

    error_write(&text, control_lang(job->args), err);
    act_text(job, arena_dup(job->arena, buf_slice(&text)));
    buf_done(&text);
}

static void report_word(struct control_job *job, unsigned id)
{
    struct err words = ERR_INIT;

    (void)err_fail_id(&words, CE_MISSING, id);
    report_words(job, &words);
}

int doctor_report(struct control_job *job, enum doctor_state state, enum doctor_area area,
                  struct slice name, const struct err *what)
{
    act_text(job, slice_str(states[state].code));
    act_text(job, slice_str(areas[area].code));
    act_text(job, name);
    report_word(job, states[state].text);
    report_word(job, areas[area].text);
    report_words(job, what);
    return row_send(job);
}

struct count_ctx {
    struct control_job *job;
    size_t sources;
    int64_t now;
};

static int count_source(void *u, const struct state_source *x)
{
    struct count_ctx *c = u;

    c->sources += x->enabled;
    return 0;
}

static int check_sources(struct control_job *job)
{
    struct count_ctx c = {.job = job};
    struct err what = ERR_INIT, err = ERR_INIT;
    int r = source_list(job->s, &job->actor, STATE_ID_NONE, count_source, &c, &err);

    if (r < 0)
        return doctor_report(job, DOCTOR_UNKNOWN, DOCTOR_SOURCES, SLICE(""), &err);
    if (c.sources == 0)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_NO_SOURCE);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_SOURCES, c.sources);
    return doctor_report(job, c.sources ? DOCTOR_OK : DOCTOR_WARN, DOCTOR_SOURCES, SLICE(""),
                         &what);
}

static int check_suppression(void *u, const struct state_suppression *x)
{
    struct count_ctx *c = u;
    struct err what = ERR_INIT;

    if (x->stop - c->now > ENDS_SOON)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_SUPPRESSION_ENDS,
                   CANH_MAX(x->stop - c->now, INT64_C(0)) / TIME_HOUR, x->reason);
    return doctor_report(c->job, DOCTOR_WARN, DOCTOR_SUPPRESSION, x->code, &what);
}

static int check_suppressions(struct control_job *job, struct err *err)
{
    struct count_ctx c = {.job = job, .now = state_now(job->s)};

    return suppression_list(job->s, &job->actor, STATE_ID_NONE, false, check_suppression, &c, err);
}

/* Where the key of contacts lies. Beside the database is a thing to mend only where it can be. */
static int check_key(struct control_job *job)
{
    static const struct {
        enum doctor_state state;
        unsigned text;
    } places[] = {
        [STATE_KEY_NONE] = {DOCTOR_WARN, ERR_DOCTOR_KEY_NONE},
        [STATE_KEY_WRONG] = {DOCTOR_BAD, ERR_DOCTOR_KEY_WRONG},
        [STATE_KEY_BESIDE] = {DOCTOR_OK, ERR_DOCTOR_KEY_BESIDE},
        [STATE_KEY_CREDENTIAL] = {DOCTOR_OK, ERR_DOCTOR_KEY_CREDENTIAL},
        [STATE_KEY_GIVEN] = {DOCTOR_OK, ERR_DOCTOR_KEY_GIVEN},
    };
    enum state_key_place place = state_key_place(job->s);
    bool mendable = place == STATE_KEY_BESIDE && access("/run/systemd/system", F_OK) == 0;
    struct err what = ERR_INIT;

    (void)err_fail_id(&what, CE_MISSING, places[place].text);
    return doctor_report(job, mendable ? DOCTOR_WARN : places[place].state, DOCTOR_STATE,
                         SLICE("key"), &what);
}

static int run_doctor(struct control_job *job, struct err *err)
{
    struct err what = ERR_INIT;
    int r = check_sources(job);

    if (r == 0)
        r = check_suppressions(job, err);
    if (r == 0)
        r = check_key(job);
    if (r < 0)
        return r;
    if (job->more)
        return job->more(job->more_u, job, err);
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_NOT_RUNNING);
    return doctor_report(job, DOCTOR_BAD, DOCTOR_NODE, SLICE(""), &what);
}

const struct control_act acts_doctor[] = {
    {.name = "doctor", .run = run_doctor, .columns = columns, .column_count = CANH_LEN(columns)},
    {.name = NULL},
};
