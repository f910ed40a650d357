/* SPDX-License-Identifier: Apache-2.0 */
/* The closing summary. Nothing that was left out is silent here. */
#include <stdlib.h>

#include "base/time.h"
#include "base/width.h"
#include "cli/scan/scan.h"
#include "lang/error.h"
#include "lang/msg_scan.h"
#include "sigma/correlation.h"
#include "sigma/match.h"

enum {
    UNROUTED_SHOWN = 3,
    LABEL_MAX = 24,
};

struct lines {
    struct scan_view *s;
    struct buf *out;
    enum lang lang;
    size_t label;    /* width of the left column */
    msg_id labelled; /* the label that stands there last */
    struct buf line, safe;
};

/* The line as it may be shown, within the terminal where there is one; then it is empty again. */
static void write_safe(struct lines *l, size_t indent)
{
    unsigned columns = l->s->app->columns;

    buf_clear(&l->safe);
    text_write_safe(&l->safe, buf_slice(&l->line));
    if (columns)
        text_write_folded(l->out, buf_slice(&l->safe), indent, columns);
    else
        buf_append_slice(l->out, buf_slice(&l->safe));
    buf_putc(l->out, '\n');
    buf_clear(&l->line);
}

/* Ends a line. A label stands only before the first of several. */
static void write_line(struct lines *l, msg_id label)
{
    struct slice name = slice_str(lang_text(l->lang, label));

    text_write_fit(l->out, label == l->labelled ? SLICE("") : name, SIZE_MAX, l->label);
    buf_puts(l->out, "  ");
    write_safe(l, l->label + 2);
    l->labelled = label;
}

/* A line below one with a label. */
static void write_more(struct lines *l)
{
    text_write_fit(l->out, SLICE(""), 0, l->label + 4);
    write_safe(l, l->label + 4);
}

/* " · " between the parts of a line. */
static void next_part(struct lines *l)
{
    if (l->line.len)
        buf_puts(&l->line, " · ");
}

static void write_number(struct lines *l, uint64_t v)
{
    lang_write_number(&l->line, l->lang, v);
}

/* One counted thing: "refused: 25". Nothing when the count is 0. */
static void write_count(struct lines *l, uint64_t v, msg_id what)
{
    if (v == 0)
        return;
    next_part(l);
    buf_puts(&l->line, lang_text(l->lang, what));
    buf_puts(&l->line, ": ");
    write_number(l, v);
}

static void write_input(struct lines *l)
{
    const struct scan_view *s = l->s;

    write_number(l, s->result.events - s->result.copied_events);
    write_count(l, s->result.copied_events, MSG_SCAN_COPIED_EVENTS);
    if (s->result.uncounted_copies) {
        next_part(l);
        buf_puts(&l->line, lang_text(l->lang, MSG_SCAN_UNCOUNTED_COPIES));
    }
    write_count(l, s->result.logs, MSG_SCAN_LOGS);
    next_part(l);
    scan_write_bytes(&l->line, l->lang, (double)l->s->result.bytes_read);
    write_line(l, MSG_SCAN_SUM_EVENTS);
}

/* Alerting rules to which several mappings lead: what two logs say of one thing alerts twice. */
static uint64_t rules_of_several(const struct scan_view *s)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < ruleset_count(s->loaded.rs); i++) {
        uint32_t variants;

        (void)ruleset_variants(s->loaded.rs, i, &variants);
        count += s->result.tally.rules[i].count > 0 && variants > 1;
    }
    return count;
}

static void write_alerts(struct lines *l)
{
    const struct tally *t = &l->s->result.tally;

    write_number(l, t->alerts);
    if (t->alerts) {
        write_count(l, t->rules_hit, MSG_SCAN_RULES_HIT);
        write_count(l, t->host_count, MSG_SCAN_HOSTS);
        write_count(l, t->hostless, MSG_SCAN_HOSTLESS);
    }
    write_count(l, l->s->result.copies,
                l->s->options->duplicates ? MSG_SCAN_COPIES_SHOWN : MSG_SCAN_COPIES);
    write_count(l, rules_of_several(l->s), MSG_SCAN_SEVERAL_MAPPINGS);
    write_count(l, l->s->result.suppressed, MSG_SCAN_SUPPRESSED);
    write_line(l, MSG_SCAN_SUM_ALERTS);
}

/* Places and reasons end with a NUL each: names of files may have anything else in them. */
static bool next_place(struct slice *places, struct slice *ret_where, struct slice *ret_reason)
{
    return places->n > 0 && slice_cut(places, 0, ret_where) && slice_cut(places, 0, ret_reason);
}

/* A trouble's count with its first few places. */
static void write_trouble(struct lines *l, enum scan_trouble trouble, msg_id what)
{
    uint64_t count = l->s->result.troubles[trouble];
    struct slice places = buf_slice(&l->s->places[trouble]), where, reason;
    uint32_t shown = 0;

    if (count == 0)
        return;
    write_count(l, count, what);
    if (l->s->options->details || places.n == 0)
        return;
    buf_puts(&l->line, " (");
    while (next_place(&places, &where, &reason)) {
        buf_puts(&l->line, shown++ ? ", " : "");
        buf_append_slice(&l->line, where);
    }
    buf_puts(&l->line, count > shown ? ", …)" : ")");
}

/* With --details: every place that was kept, and why, one a line. */
static void write_places(struct lines *l, enum scan_trouble trouble)
{
    struct slice places = buf_slice(&l->s->places[trouble]), where, reason;
    uint64_t left = l->s->result.troubles[trouble] - l->s->place_count[trouble];

    if (!l->s->options->details || l->s->place_count[trouble] == 0)
        return;
    while (next_place(&places, &where, &reason)) {
        buf_append_slice(&l->line, where);
        buf_puts(&l->line, reason.n ? ": " : "");
        buf_append_slice(&l->line, reason);
        write_more(l);
    }
    if (left) {
        lang_write(&l->line, l->lang, MSG_SCAN_MORE_PLACES, left);
        write_more(l);
    }
}

/* Both, on lines of their own. */
static void write_trouble_line(struct lines *l, enum scan_trouble trouble, msg_id what,
                               msg_id label)
{
    write_trouble(l, trouble, what);
    if (l->line.len)
        write_line(l, label);
    write_places(l, trouble);
}

static void write_troubles(struct lines *l)
{
    static const struct {
        enum scan_trouble trouble;
        msg_id what;
    } rows[] = {
        {TROUBLE_BAD_RECORD, MSG_SCAN_BAD_RECORDS},
        {TROUBLE_DAMAGED_RECORD, MSG_SCAN_DAMAGED_RECORDS},
        {TROUBLE_NOT_EXAMINED, MSG_SCAN_NOT_EXAMINED_COUNT},
        {TROUBLE_DAMAGED, MSG_SCAN_DAMAGED},
        {TROUBLE_STALE, MSG_SCAN_STALE},
        {TROUBLE_UNREADABLE, MSG_SCAN_UNREADABLE},
    };
    const struct scan_result *t = &l->s->result;

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        write_trouble_line(l, rows[i].trouble, rows[i].what, MSG_SCAN_SUM_TROUBLE);
    write_count(l, t->local_times, MSG_SCAN_LOCAL_TIMES);
    write_count(l, t->no_times, MSG_SCAN_NO_TIMES);
    write_count(l, t->truncated, MSG_SCAN_TRUNCATED);
    write_count(l, t->fields_lost, MSG_SCAN_FIELDS_LOST);
    write_count(l, t->regex_limits, MSG_SCAN_REGEX_LIMITS);
    write_count(l, t->failed, MSG_SCAN_FAILED);
    if (l->line.len)
        write_line(l, MSG_SCAN_SUM_TROUBLE);
}

static void write_skipped(struct lines *l)
{
    write_trouble_line(l, TROUBLE_NO_LOG, MSG_SCAN_NO_LOGS, MSG_SCAN_SUM_SKIPPED);
    write_trouble_line(l, TROUBLE_EMPTY, MSG_SCAN_EMPTY_FILES, MSG_SCAN_SUM_SKIPPED);
    write_trouble_line(l, TROUBLE_LAYOUT, MSG_SCAN_NO_LAYOUT, MSG_SCAN_SUM_SKIPPED);
    write_trouble_line(l, TROUBLE_BEFORE, MSG_SCAN_BEFORE_COUNT, MSG_SCAN_SUM_SKIPPED);
    write_count(l, l->s->result.outside, MSG_SCAN_OUTSIDE);
    write_count(l, l->s->result.timeless, MSG_SCAN_OUTSIDE_TIMELESS);
    write_count(l, l->s->result.files_before, MSG_SCAN_FILES_BEFORE);
    write_count(l, l->s->result.links, MSG_SCAN_LINKS);
    write_count(l, l->s->result.special, MSG_SCAN_SPECIAL);
    if (l->line.len)
        write_line(l, MSG_SCAN_SUM_SKIPPED);
}

static bool has_recovered(const struct scan_view *s)
{
    return s->options->recover || s->result.recovered > 0;
}

/* Records that are no longer, or not surely, part of their log. */
static void write_recovered(struct lines *l)
{
    const struct scan_result *t = &l->s->result;

    if (!has_recovered(l->s))
        return;
    write_number(l, t->recovered);
    write_count(l, l->s->result.tally.recovered, MSG_SCAN_RECOVERED_ALERTS);
    write_count(l, t->lost, MSG_SCAN_LOST);
    write_count(l, t->not_recovered, MSG_SCAN_NOT_RECOVERED);
    write_trouble(l, TROUBLE_NOT_TWICE, MSG_SCAN_NOT_LOOKED);
    write_line(l, MSG_SCAN_SUM_RECOVERED);
    write_places(l, TROUBLE_NOT_TWICE);
}

static void write_unrouted(struct lines *l)
{
    const struct scan_result *result = &l->s->result;

    if (result->unrouted == 0)
        return;
    write_count(l, result->unrouted, MSG_SCAN_UNROUTED);
    buf_puts(&l->line, " (");
    for (uint32_t i = 0; i < result->unrouted_count && i < UNROUTED_SHOWN; i++) {
        const struct scan_kind *kind = &result->unrouted_kinds[i];

        buf_puts(&l->line, i ? ", " : "");
        if (slice_is(kind->name, "/"))
            buf_puts(&l->line, lang_text(l->lang, MSG_SCAN_NO_CHANNEL));
        else
            buf_append_slice(&l->line, kind->name);
        buf_puts(&l->line, " × ");
        write_number(l, kind->count);
    }
    buf_puts(&l->line, result->unrouted_count > UNROUTED_SHOWN ? ", …)" : ")");
    write_line(l, MSG_SCAN_SUM_UNROUTED);
}

static bool has_correlated(const struct scan_view *s)
{
    const struct correlate_counts *c = &s->result.correlation;

    return c->matches + c->timeless + c->fieldless + c->late > 0;
}

/* What correlations were made of, and which of them say less than they should. */
static void write_correlations(struct lines *l)
{
    const struct scan_result *result = &l->s->result;
    const struct ruleset *rs = l->s->loaded.rs;
    uint64_t incomplete = 0;

    for (uint32_t i = 0; i < ruleset_correlation_count(rs); i++)
        incomplete += result->incomplete && result->incomplete[i];
    write_count(l, result->correlation.matches, MSG_SCAN_MATCHES);
    write_count(l, result->correlation.timeless, MSG_SCAN_TIMELESS);
    write_count(l, result->correlation.fieldless, MSG_SCAN_FIELDLESS);
    write_count(l, result->correlation.late, MSG_SCAN_LATE);
    write_count(l, result->correlation.ahead, MSG_SCAN_AHEAD);
    write_count(l, result->correlation.forgotten, MSG_SCAN_FORGOTTEN);
    write_count(l, result->correlation.crowded, MSG_SCAN_CROWDED);
    write_count(l, incomplete, MSG_SCAN_INCOMPLETE);
    if (l->line.len == 0)
        return;
    write_line(l, MSG_SCAN_SUM_CORRELATIONS);
    for (uint32_t i = 0; incomplete && i < ruleset_correlation_count(rs); i++) {
        if (!result->incomplete[i])
            continue;
        buf_append_slice(&l->line, ruleset_correlation(rs, i)->rule.title);
        write_more(l);
    }
    if (result->spill_error.code) {
        error_write(&l->line, l->lang, &result->spill_error);
        write_more(l);
    }
}

static void write_rules(struct lines *l)
{
    const struct ruleset_counts *c = &l->s->loaded.counts;

    write_count(l, c->rules, MSG_SCAN_RULES_LOADED);
    write_count(l, c->refused, MSG_SCAN_RULES_REFUSED);
    write_count(l, c->unreached, MSG_SCAN_RULES_UNREACHED);
    write_count(l, c->correlations, MSG_SCAN_CORRELATIONS);
    write_count(l, c->below_level, MSG_SCAN_BELOW_LEVEL);
    write_count(l, c->by_status, MSG_SCAN_BY_STATUS);
    write_count(l, c->repeated, MSG_SCAN_REPEATED);
    write_line(l, MSG_SCAN_SUM_RULES);
}

/* Fields that rules ask for and no event of this input had. */
static void write_fields(struct lines *l)
{
    const struct ruleset *rs = l->s->loaded.rs;
    uint64_t asked = 0, absent = 0;

    for (uint32_t k = 1; k <= keys_count(ruleset_keys(rs)); k++) {
        asked += ruleset_asks(rs, k);
        absent += ruleset_asks(rs, k) && !l->s->result.seen[k];
    }
    if (absent == 0 || l->s->result.events == 0)
        return;
    lang_write(&l->line, l->lang, MSG_SCAN_FIELDS_ABSENT, absent, asked);
    write_line(l, MSG_SCAN_SUM_FIELDS);
}

static void write_time(struct lines *l)
{
    double seconds = (double)l->s->result.nanoseconds / (double)TIME_SECOND;
    double rate = seconds > 0 ? 1 / seconds : 0;

    lang_write_decimal(&l->line, l->lang, seconds, seconds < 10 ? 2 : 0);
    buf_puts(&l->line, " s · ");
    scan_write_bytes(&l->line, l->lang, (double)l->s->result.bytes_read * rate);
    buf_puts(&l->line, "/s · ");
    write_number(l, (uint64_t)((double)l->s->result.events * rate));
    buf_puts(&l->line, lang_text(l->lang, MSG_SCAN_EVENTS_PER_SECOND));
    write_line(l, MSG_SCAN_SUM_TIME);
}

void scan_write_summary(struct scan_view *s, struct buf *out)
{
    static const msg_id labels[] = {
        MSG_SCAN_SUM_EVENTS,    MSG_SCAN_SUM_ALERTS, MSG_SCAN_SUM_TROUBLE, MSG_SCAN_SUM_SKIPPED,
        MSG_SCAN_SUM_UNROUTED,  MSG_SCAN_SUM_RULES,  MSG_SCAN_SUM_FIELDS,  MSG_SCAN_SUM_TIME,
        MSG_SCAN_SUM_RECOVERED, /* last: most have none */
    };
    struct lines l = {.s = s,
                      .out = out,
                      .lang = s->app->lang,
                      .labelled = MSG_NONE,
                      .line = BUF_INIT(4 * 1024 * 1024),
                      .safe = BUF_INIT(16 * 1024 * 1024)};

    if (has_correlated(s))
        l.label = text_width(slice_str(lang_text(l.lang, MSG_SCAN_SUM_CORRELATIONS)));
    for (size_t i = 0; i < CANH_LEN(labels) - !has_recovered(s); i++)
        l.label = CANH_MAX(l.label, text_width(slice_str(lang_text(l.lang, labels[i]))));
    write_input(&l);
    if (!s->no_match)
        write_alerts(&l);
    write_recovered(&l);
    write_troubles(&l);
    write_skipped(&l);
    write_unrouted(&l);
    write_correlations(&l);
    if (!s->no_match)
        write_rules(&l);
    write_fields(&l);
    write_time(&l);
    buf_done(&l.line);
    buf_done(&l.safe);
}
