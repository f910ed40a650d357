/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/alert.h"

#include "alert/call.h"
#include "alert/call_text.h"
#include "alert/maintain.h"
#include "lang/err_alert.h"
#include "lang/msg_console.h"
#include "lang/said.h"
#include "state/assets.h"
#include "state/sources.h"

enum { LIST_LIMIT = 1000, ID_BEGIN_MIN = 4, ABOUT_MAX = 1000 };

struct word {
    const char *key;
    msg_id text;
};

static const struct word states[] = {{"", MSG_CONSOLE_ALERT_STATE_1},
                                     {"new", MSG_CONSOLE_ALERT_STATE_1},
                                     {"seen", MSG_CONSOLE_ALERT_STATE_2},
                                     {"closed", MSG_CONSOLE_ALERT_STATE_3}};
static const struct word verdicts[] = {{"", MSG_CONSOLE_VERDICT_SEEN},
                                       {"seen", MSG_CONSOLE_VERDICT_SEEN},
                                       {"real", MSG_CONSOLE_VERDICT_REAL},
                                       {"false", MSG_CONSOLE_VERDICT_FALSE},
                                       {"known", MSG_CONSOLE_VERDICT_KNOWN}};

static const struct word *word_at(const struct word *words, size_t n, int32_t i)
{
    return &words[i > 0 && (size_t)i < n ? i : 0];
}

const char *alert_state_word(int32_t state)
{
    return word_at(states, CANH_LEN(states), state)->key;
}

const char *alert_state_text(enum lang lang, int32_t state)
{
    return lang_text(lang, word_at(states, CANH_LEN(states), state)->text);
}

const char *alert_verdict_word(int32_t verdict)
{
    return word_at(verdicts, CANH_LEN(verdicts), verdict)->key;
}

const char *alert_verdict_text(enum lang lang, int32_t verdict)
{
    return lang_text(lang, word_at(verdicts, CANH_LEN(verdicts), verdict)->text);
}

int32_t alert_verdict_of(struct slice word)
{
    for (size_t i = 1; i < CANH_LEN(verdicts); i++)
        if (slice_is(word, verdicts[i].key))
            return (int32_t)i;
    return 0;
}

/* A reference that no longer leads anywhere is left out: the alert itself is not lost for it. */
static struct state_id id_of_text(struct slice s)
{
    struct state_id id = STATE_ID_NONE;

    return s.n && id_parse(s, &id) == 0 ? id : STATE_ID_NONE;
}

/* Work that was going on when it came, or when it says it happened. */
static int find_maintenance(struct state *s, struct state_alert *row, int64_t happened,
                            struct err *err)
{
    struct maintenance_query look = {.unit = row->unit,
                                     .asset = row->asset,
                                     .host = row->host,
                                     .at = happened};
    int r;

    if (row->history)
        return 0;
    r = maintenance_find(s, &look, &row->maintenance, err);
    look.at = state_now(s);
    return r < 0 || !id_is_none(row->maintenance)
               ? r
               : maintenance_find(s, &look, &row->maintenance, err);
}

/* Whether its source was made for a drill. */
static bool is_drill(struct state *s, struct state_id source)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 18);
    struct state_source x;
    bool drill = state_source_get(s, &sys, source, &arena, &x, NULL) == 0 && x.drill;

    arena_done(&arena);
    return drill;
}

/* A title says first that it is a drill. */
static void alert_mark(struct buf *to, enum lang lang, struct slice *title)
{
    if (title->n == 0)
        return;
    call_text_mark(to, lang);
    buf_append_slice(to, *title);
    *title = buf_slice(to);
}

static int alert_add(struct state *s, const struct alert_record *x, struct slice code,
                     struct state_id source, struct state_id unit, const struct ladder *ladder,
                     struct err *err)
{
    struct state_actor sys = state_actor_system();
    int r;
    struct state_alert row = {
        .unit = unit,
        .asset = id_of_text(x->asset),
        .source = source,
        .code = code,
        .rule = x->rule,
        .title = x->title.n ? x->title : x->rule,
        .title_vi = x->title_vi,
        .level = x->level,
        .state = STATE_ALERT_NEW,
        .about = x->about,
        .host = x->host,
        .user = x->user,
        .address = x->address,
        .start = x->start,
        .first_seen = x->time,
        .last_seen = x->time,
        .count = 1,
        .event = x->event,
        .stream = x->stream,
        .history = x->history,
        .suppression = id_of_text(x->suppression),
        .drill = is_drill(s, source),
    };
    struct buf title = BUF_INIT(4096), title_vi = BUF_INIT(4096), advice = BUF_INIT(64 << 10);

    said_title(&advice, &(struct title){x->advice_vi, x->advice}, SAID_LONG);
    row.advice = buf_slice(&advice);
    r = find_maintenance(s, &row, x->time, err);
    if (row.drill) {
        alert_mark(&title, LANG_EN, &row.title);
        alert_mark(&title_vi, LANG_VI, &row.title_vi);
    }
    if (r == 0)
        r = state_alert_put(s, &sys, &row, err);
    if (r == 0 && ladder)
        r = call_open(s, ladder, &row, err);
    buf_done(&title);
    buf_done(&title_vi);
    buf_done(&advice);
    return r;
}

/* A repeat. What was history only and happens again now is live from here on, and calls. */
static int fold_into(struct state *s, struct state_alert *row, const struct alert_record *x,
                     const struct ladder *ladder, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    bool lives = row->history && !x->history;
    int r;

    row->count++;
    row->first_seen = CANH_MIN(row->first_seen, x->time);
    row->last_seen = CANH_MAX(row->last_seen, x->time);
    row->history = row->history && x->history;
    r = lives ? find_maintenance(s, row, x->time, err) : 0;
    if (r == 0)
        r = state_alert_put(s, &sys, row, err);
    return r == 0 && lives && ladder ? call_open(s, ladder, row, err) : r;
}

int alert_fold(struct state *s, const struct alert_record *x, struct state_id source,
               struct state_id unit, const struct ladder *ladder, struct err *err)
{
    struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf code = BUF_INIT(2 * ALERT_ID_BYTES + 1);
    struct state_id id;
    struct state_alert row;
    int r;

    memcpy(id.b, x->id, sizeof(id.b));
    id_write(&code, id);
    r = state_alert_find(s, &sys, unit, buf_slice(&code), &arena, &row, NULL);
    if (r == 0) {
        r = fold_into(s, &row, x, ladder, err);
    } else if (r == -CE_NOT_FOUND) {
        r = alert_add(s, x, buf_slice(&code), source, unit, ladder, err);
    } else {
        r = err_fail(err, (enum ce) - r, ERR_ALERT_ALERT_CANNOT_READ);
    }
    buf_done(&code);
    arena_done(&arena);
    return r;
}

struct alert_list_job {
    const struct alert_list_request *req;
    int (*fn)(void *u, const struct state_alert *x);
    void *u;
    size_t left;
};

static int list_one(void *u, const struct state_alert *x)
{
    struct alert_list_job *job = u;
    const struct alert_list_request *req = job->req;

    if (x->level < req->level || x->history != req->history ||
        (req->to && (x->first_seen >= req->to || x->last_seen < req->from)) ||
        (x->state == STATE_ALERT_CLOSED && !req->closed) ||
        (!id_is_none(x->suppression) && !req->suppressed))
        return 0;
    if (job->left == 0)
        return 1;
    job->left--;
    return job->fn(job->u, x);
}

/* The name of the asset or source that a word is the id of. */
static struct slice name_of_thing(struct state *s, const struct state_actor *a, struct slice word,
                                  struct arena *arena)
{
    struct state_asset asset;
    struct state_source source;
    struct buf text = BUF_INIT(ABOUT_MAX);
    struct slice ret = word;
    struct state_id id;

    if (word.n != 32 || id_parse(word, &id) < 0)
        return word;
    if (state_asset_get(s, a, id, arena, &asset, NULL) == 0)
        return asset.name.n ? asset.name : asset.code;
    if (state_source_get(s, a, id, arena, &source, NULL) < 0)
        return word;
    buf_append_slice(&text, source.code);
    if (source.name.n) {
        buf_putc(&text, ' ');
        buf_append_slice(&text, source.name);
    }
    ret = text.err ? word : arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret.p ? ret : word;
}

struct slice alert_about(struct state *s, const struct state_actor *a, const struct state_alert *x,
                         struct arena *arena)
{
    struct buf text = BUF_INIT(ABOUT_MAX);
    struct slice rest = x->about, word, ret;

    while (slice_cut(&rest, ' ', &word)) {
        if (text.len)
            buf_putc(&text, ' ');
        buf_append_slice(&text, name_of_thing(s, a, word, arena));
    }
    ret = text.err ? x->about : arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

int alert_list(struct state *s, const struct state_actor *a, const struct alert_list_request *req,
               int (*fn)(void *u, const struct state_alert *x), void *u, struct err *err)
{
    struct state_alert_walk w = {.kind = req->history                     ? STATE_ALERTS_HISTORY
                                         : req->closed || req->suppressed ? STATE_ALERTS_ALL
                                                                          : STATE_ALERTS_OPEN,
                                 .unit = req->unit};
    struct alert_list_job job = {.req = req,
                                 .fn = fn,
                                 .u = u,
                                 .left = req->limit ? req->limit : LIST_LIMIT};
    int r = state_alert_newest(s, a, &w, list_one, &job, err);

    return r > 0 ? 0 : r;
}

struct alert_queue_job {
    struct alert_queue *q;
    int (*fn)(void *u, const struct state_alert *x);
    void *u;
    size_t left;
};

static int queue_one(void *u, const struct state_alert *x)
{
    struct alert_queue_job *job = u;

    if (job->left == 0) {
        job->q->more = true;
        return 1;
    }
    job->left--;
    job->q->seen = x->last_seen;
    job->q->id = x->id;
    return job->fn(job->u, x);
}

int alert_queue(struct state *s, const struct state_actor *a, struct alert_queue *q,
                int (*fn)(void *u, const struct state_alert *x), void *u, struct err *err)
{
    struct state_alert_walk w = {.kind = q->kind, .state = q->state, .seen = q->seen, .id = q->id};
    struct alert_queue_job job = {.q = q, .fn = fn, .u = u, .left = q->limit};
    int r = state_alert_waiting(s, a, &q->waiting, err);

    q->more = false;
    if (r == 0)
        r = state_alert_newest(s, a, &w, queue_one, &job, err);
    return r > 0 ? 0 : r;
}

struct alert_find_job {
    struct state_id id;
    unsigned found;
};

static int find_one(void *u, const struct state_alert *x)
{
    struct alert_find_job *job = u;

    job->id = x->id;
    job->found++;
    return job->found > 1;
}

int alert_get(struct state *s, const struct state_actor *a, struct slice id, struct arena *arena,
              struct state_alert *ret, struct err *err)
{
    struct alert_find_job job = {.found = 0};
    int r;

    if (id.n < ID_BEGIN_MIN)
        return err_fail(err, CE_RANGE, ERR_ALERT_ALERTS_ID_AT_LEAST_DIGITS, ID_BEGIN_MIN);
    r = state_alert_begins(s, a, id, find_one, &job, err);
    if (r < 0)
        return r;
    if (job.found == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_ALERT_NO_ALERT, id);
    if (job.found > 1)
        return err_fail(err, CE_CONFLICT, ERR_ALERT_SEVERAL_ALERTS_BEGIN, id);
    return state_alert_get(s, a, job.id, arena, ret, err);
}

static int ack_write(struct state *s, const struct state_actor *a,
                     const struct alert_ack_request *req, struct state_alert *row, struct err *err)
{
    struct state_actor sys = state_actor_system();
    struct state_alert_ack ack = {.unit = row->unit,
                                  .alert = row->id,
                                  .person = a->person,
                                  .login = req->login,
                                  .verdict = req->verdict,
                                  .note = req->note};
    int r = state_alert_ack_put(s, a, &ack, err);

    if (r < 0)
        return r;
    if (row->seen_at == 0)
        row->seen_at = state_now(s);
    if (req->verdict != STATE_ALERT_ONLY_SEEN)
        row->state = STATE_ALERT_CLOSED;
    else if (row->state == STATE_ALERT_NEW)
        row->state = STATE_ALERT_SEEN;
    r = state_alert_put(s, &sys, row, err);
    return r < 0 ? r : call_heard(s, row->id, err);
}

int alert_ack(struct state *s, const struct state_actor *a, const struct alert_ack_request *req,
              struct arena *arena, struct state_alert *ret, struct err *err)
{
    struct state_alert row;
    int r;

    if (alert_verdict_word(req->verdict)[0] == 0)
        return err_fail(err, CE_UNKNOWN, ERR_ALERT_NO_SUCH_VERDICT);
    r = state_act_begin(s, err);
    if (r < 0)
        return r;
    if (id_is_none(req->same))
        r = alert_get(s, a, req->id, arena, &row, err);
    else
        r = state_alert_get(s, a, req->same, arena, &row, err);
    if (r == 0)
        r = ack_write(s, a, req, &row, err);
    r = state_act_end(s, r, err);
    if (r == 0)
        *ret = row;
    return r;
}

int alert_acks(struct state *s, const struct state_actor *a, struct state_id alert,
               int (*fn)(void *u, const struct state_alert_ack *x), void *u, struct err *err)
{
    struct state_query q = {.ref = alert};

    return state_alert_ack_each(s, a, &q, fn, u, err);
}
