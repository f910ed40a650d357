/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "hunt/report.h"

#include <stdlib.h>

#include "base/time.h"
#include "base/width.h"
#include "hunt/advice.h"
#include "hunt/report_html.h"
#include "lang/level.h"
#include "lang/msg_hunt.h"

enum { ARENA_BYTES = 12 * 1024 * 1024 };

/* What a rule weighs: how bad it is, then on how many computers, then how often. */
static uint64_t weight_of(const struct report *r, uint32_t rule)
{
    static const uint64_t levels[LEVEL_MAX] = {1, 10, 100, 10000, 1000000};
    const struct tally_rule *t = &r->result->tally.rules[rule];
    uint64_t w = levels[ruleset_rule(r->rules, rule)->level] * 64;
    bool correlation = rule >= ruleset_count(r->rules);

    w += w / 4 * CANH_MIN(t->hosts, (uint32_t)8); /* on many computers it is no accident */
    w += correlation ? w / 2 : 0;                 /* several events that fit together */
    return w + CANH_MIN(t->count, UINT64_C(60));
}

static int by_weight(const void *a, const void *b, void *arg)
{
    const struct report *r = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint64_t n = weight_of(r, x), m = weight_of(r, y);

    return n != m ? (n > m ? -1 : 1) : x < y ? -1 : x > y;
}

static void find_period(struct report *r)
{
    r->first = r->last = TIME_NONE;
    for (uint32_t i = 0; i < r->order_count; i++) {
        const struct tally_rule *t = &r->result->tally.rules[r->order[i]];

        if (t->first == TIME_NONE)
            continue;
        r->first = r->first == TIME_NONE ? t->first : CANH_MIN(r->first, t->first);
        r->last = r->last == TIME_NONE ? t->last : CANH_MAX(r->last, t->last);
    }
}

int report_begin(struct report *r)
{
    uint32_t count = r->result->tally.rule_count;

    r->arena = ARENA_INIT(ARENA_BYTES);
    r->by_rule = calloc((size_t)count + 1, sizeof(*r->by_rule));
    r->order = calloc((size_t)count + 1, sizeof(*r->order));
    if (r->by_rule == NULL || r->order == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if (r->result->tally.rules[i].count)
            r->order[r->order_count++] = i;
    }
    qsort_r(r->order, r->order_count, sizeof(*r->order), by_weight, r);
    find_period(r);
    return 0;
}

void report_done(struct report *r)
{
    free(r->by_rule);
    free(r->order);
    arena_done(&r->arena);
}

static unsigned bar_of(const struct report *r, int64_t time)
{
    __int128 span = (__int128)r->last - r->first + 1;

    return (unsigned)((__int128)(time - r->first) * REPORT_BARS / span);
}

/* The text of an example: cut at a character, safe to show. */
static struct slice example_text(struct report *r, const struct hit *h)
{
    struct buf *text = &r->job->cell;
    size_t n;

    buf_clear(text);
    face_write_details(r->job, h, text);
    n = slice_head_utf8(buf_slice(text), REPORT_TEXT).n;
    if (n < text->len) {
        text->len = n;
        buf_puts(text, " …");
    }
    return arena_dup(&r->arena, buf_slice(text));
}

void report_add(struct report *r, const struct hit *h)
{
    struct report_rule *rule = &r->by_rule[h->rule];
    struct report_example *e;

    if (h->time != TIME_NONE && r->first != TIME_NONE && h->time >= r->first && h->time <= r->last)
        r->bars[bar_of(r, h->time)][face_rule(r->job, h)->level]++;
    if (rule->count == REPORT_EXAMPLES)
        return;
    e = &rule->examples[rule->count];
    *e = (struct report_example){.time = h->time,
                                 .local = h->local,
                                 .host = arena_dup(&r->arena, h->host),
                                 .text = example_text(r, h)};
    if (rule->count && slice_eq(e->text, e[-1].text) && slice_eq(e->host, e[-1].host))
        return; /* the same again teaches nothing */
    rule->count += e->text.p != NULL;
}

/* The offset at an instant; none where the time is a clock on a wall. */
static int32_t zone_of(const struct report *r, int64_t t, bool local)
{
    return local ? 0 : zone_at(r->zone, t);
}

struct host_row {
    uint32_t host;
    uint64_t levels[LEVEL_MAX];
    uint32_t rules;
};

/* Of two computers the one with the worse finds first, then the one with more. */
static int by_worst(const void *a, const void *b)
{
    const struct host_row *x = a, *y = b;

    for (int l = LEVEL_MAX - 1; l >= 0; l--) {
        if (x->levels[l] != y->levels[l])
            return x->levels[l] > y->levels[l] ? -1 : 1;
    }
    return x->host < y->host ? -1 : x->host > y->host;
}

static struct host_row *count_hosts(const struct report *r)
{
    const struct tally *t = &r->result->tally;
    struct host_row *rows = calloc((size_t)t->host_count + 1, sizeof(*rows));

    for (uint32_t i = 0; rows && i < t->host_count; i++)
        rows[i].host = i;
    for (uint32_t i = 0; rows && i < t->rule_count; i++) {
        for (uint32_t p = t->rules[i].pairs; p; p = t->pairs[p].next) {
            struct host_row *row = &rows[t->pairs[p].host];

            row->levels[ruleset_rule(r->rules, i)->level] += t->pairs[p].count;
            row->rules++;
        }
    }
    if (rows)
        qsort(rows, t->host_count, sizeof(*rows), by_worst);
    return rows;
}

static void write_hosts(const struct report *r, struct html *h)
{
    const struct tally *t = &r->result->tally;
    struct host_row *rows = count_hosts(r);

    html_tag(h, "h2", lang_text(r->lang, MSG_HUNT_REPORT_HOSTS));
    html_raw(h, "<table><thead><tr>");
    html_tag(h, "th", lang_text(r->lang, MSG_HUNT_COL_HOST));
    for (int l = LEVEL_MAX - 1; l >= 0; l--)
        html_tag_class(h, "th", "num", level_capitals(r->lang, (int32_t)l + 1));
    html_tag_class(h, "th", "num", lang_text(r->lang, MSG_HUNT_REPORT_RULES));
    html_raw(h, "</tr></thead><tbody>");
    for (uint32_t i = 0; rows && i < t->host_count && i < REPORT_HOSTS; i++) {
        html_raw(h, "<tr><td>");
        html_text(h, t->hosts[rows[i].host]);
        html_raw(h, "</td>");
        for (int l = LEVEL_MAX - 1; l >= 0; l--)
            html_number_cell(h, rows[i].levels[l]);
        html_number_cell(h, rows[i].rules);
        html_raw(h, "</tr>");
    }
    html_raw(h, "</tbody></table>");
    if (t->host_count > REPORT_HOSTS)
        html_more(h, t->host_count - REPORT_HOSTS);
    free(rows);
}

static void write_period(const struct report *r, struct html *h, int64_t first, int64_t last,
                         bool local)
{
    if (first == TIME_NONE)
        return;
    html_time(h, first, zone_of(r, first, local), local);
    if (last / TIME_SECOND != first / TIME_SECOND) {
        html_raw(h, " – ");
        html_time(h, last, zone_of(r, last, local), local);
    }
}

/* On which computers: the first few by name. */
static void write_rule_hosts(const struct report *r, struct html *h, uint32_t rule)
{
    struct tally_host hosts[5];
    uint32_t n = tally_hosts(&r->result->tally, rule, hosts, CANH_LEN(hosts)),
             all = r->result->tally.rules[rule].hosts;

    for (uint32_t i = 0; i < n; i++) {
        html_raw(h, i ? ", " : "");
        html_text(h, hosts[i].name);
    }
    if (all > n) {
        html_raw(h, " +");
        html_number(h, all - n);
    }
}

static void write_badge(const struct report *r, struct html *h, enum rule_level level)
{
    html_raw(h, "<span class=\"level ");
    html_raw(h, rule_level_to_str(level));
    html_raw(h, "\">");
    html_text(h, slice_str(level_capitals(r->lang, (int32_t)level + 1)));
    html_raw(h, "</span> ");
}

static void write_facts(const struct report *r, struct html *h, uint32_t rule)
{
    const struct tally_rule *t = &r->result->tally.rules[rule];

    html_raw(h, "<p class=\"facts\">");
    html_number(h, t->count);
    html_raw(h, " × · ");
    write_period(r, h, t->first, t->last, t->local == t->count);
    if (t->hosts) {
        html_raw(h, " · ");
        write_rule_hosts(r, h, rule);
    }
    html_raw(h, "</p>");
}

static void write_paragraph(struct html *h, const char *label, struct slice text)
{
    if (text.n == 0)
        return;
    html_raw(h, "<p><b>");
    html_text(h, slice_str(label));
    html_raw(h, "</b> ");
    html_text(h, text);
    html_raw(h, "</p>");
}

static void write_example(const struct report *r, struct html *h, const struct report_example *e)
{
    html_raw(h, "<li>");
    if (e->time != TIME_NONE) {
        html_time(h, e->time, zone_of(r, e->time, e->local), e->local);
        html_raw(h, " ");
    }
    html_raw(h, "<b>");
    html_text(h, e->host);
    html_raw(h, "</b> <span class=\"log\">");
    html_text(h, e->text);
    html_raw(h, "</span></li>");
}

static void write_rule(const struct report *r, struct html *h, uint32_t index, bool first)
{
    const struct sigma_rule *rule = ruleset_rule(r->rules, index);
    const struct report_rule *kept = &r->by_rule[index];

    html_raw(h, first ? "<section class=\"first\"><h3>" : "<section><h3>");
    write_badge(r, h, rule->level);
    html_text(h, rule_title(rule, r->lang == LANG_VI));
    html_raw(h, "</h3>");
    write_facts(r, h, index);
    write_paragraph(h, lang_text(r->lang, MSG_HUNT_REPORT_MEANS),
                    rule_meaning(rule, r->lang == LANG_VI));
    write_paragraph(h, lang_text(r->lang, MSG_HUNT_REPORT_DO), advice_for(rule, r->lang));
    html_raw(h, "<ul>");
    for (uint32_t i = 0; i < kept->count && (i == 0 || !first); i++)
        write_example(r, h, &kept->examples[i]);
    html_raw(h, "</ul></section>");
}

static void write_first(const struct report *r, struct html *h)
{
    html_tag(h, "h2", lang_text(r->lang, MSG_HUNT_REPORT_FIRST));
    if (r->order_count == 0)
        html_tag(h, "p", lang_text(r->lang, MSG_HUNT_REPORT_NOTHING));
    for (uint32_t i = 0; i < r->order_count && i < REPORT_FIRST; i++)
        write_rule(r, h, r->order[i], true);
}

static void write_rules(const struct report *r, struct html *h)
{
    html_tag(h, "h2", lang_text(r->lang, MSG_HUNT_REPORT_BY_RULE));
    for (uint32_t i = 0; i < r->order_count && i < REPORT_RULES; i++)
        write_rule(r, h, r->order[i], false);
    if (r->order_count > REPORT_RULES)
        html_more(h, r->order_count - REPORT_RULES);
}

static uint64_t highest_bar(const struct report *r)
{
    uint64_t most = 1;

    for (unsigned i = 0; i < REPORT_BARS; i++) {
        uint64_t sum = 0;

        for (unsigned l = 0; l < LEVEL_MAX; l++)
            sum += r->bars[i][l];
        most = CANH_MAX(most, sum);
    }
    return most;
}

/* Bars from the bottom up, the worst level lowest; a find is never too small to be seen. */
static void write_chart(const struct report *r, struct html *h)
{
    uint64_t most = highest_bar(r);

    if (r->first == TIME_NONE)
        return;
    html_tag(h, "h2", lang_text(r->lang, MSG_HUNT_REPORT_WHEN));
    html_chart_begin(h, REPORT_BARS, lang_text(r->lang, MSG_HUNT_REPORT_WHEN));
    for (unsigned i = 0; i < REPORT_BARS; i++) {
        double y = 0;

        for (int l = LEVEL_MAX - 1; l >= 0; l--)
            y += html_bar(h, i, y, (double)r->bars[i][l] / (double)most,
                          rule_level_to_str((enum rule_level)l));
    }
    html_chart_end(h);
    html_raw(h, "<p class=\"axis\"><span>");
    html_time(h, r->first, zone_of(r, r->first, false), false);
    html_raw(h, "</span><span>");
    html_time(h, r->last, zone_of(r, r->last, false), false);
    html_raw(h, "</span></p>");
}

static void write_count(struct html *h, uint64_t v, const char *what)
{
    html_raw(h, "<div><b>");
    html_number(h, v);
    html_raw(h, "</b><span>");
    html_text(h, slice_str(what));
    html_raw(h, "</span></div>");
}

static void write_head(const struct report *r, struct html *h)
{
    const struct scan_result *s = r->result;

    html_tag(h, "h1", lang_text(r->lang, MSG_HUNT_REPORT_TITLE));
    html_raw(h, "<p class=\"facts\">canh " CANH_VERSION " · ");
    html_time(h, r->now, zone_of(r, r->now, false), false);
    html_raw(h, " · ");
    for (uint32_t i = 0; i < r->inputs.count && i < 5; i++) {
        html_raw(h, i ? ", " : "");
        html_text(h, slice_str(r->inputs.items[i]));
    }
    html_raw(h, r->inputs.count > 5 ? ", …</p>" : "</p>");
    html_raw(h, "<div class=\"counts\">");
    write_count(h, s->events, lang_text(r->lang, MSG_HUNT_REPORT_EVENTS));
    write_count(h, s->logs, lang_text(r->lang, MSG_HUNT_REPORT_LOGS));
    write_count(h, s->tally.alerts, lang_text(r->lang, MSG_HUNT_REPORT_ALERTS));
    write_count(h, s->tally.rules_hit, lang_text(r->lang, MSG_HUNT_REPORT_RULES));
    write_count(h, s->tally.host_count, lang_text(r->lang, MSG_HUNT_REPORT_COMPUTERS));
    html_raw(h, "</div>");
}

/* What the report cannot speak for. */
static void write_limits(const struct report *r, struct html *h)
{
    const struct scan_result *s = r->result;
    const struct {
        uint64_t count;
        msg_id text;
    } rows[] = {
        {s->troubles[TROUBLE_UNREADABLE], MSG_HUNT_REPORT_UNREADABLE},
        {s->troubles[TROUBLE_BAD_RECORD] + s->troubles[TROUBLE_DAMAGED_RECORD],
         MSG_HUNT_REPORT_BAD},
        {s->troubles[TROUBLE_NOT_EXAMINED], MSG_HUNT_REPORT_NOT_EXAMINED},
        {s->troubles[TROUBLE_NO_LOG] + s->troubles[TROUBLE_LAYOUT], MSG_HUNT_REPORT_NO_LOG},
        {s->unrouted, MSG_HUNT_REPORT_UNROUTED},
        {s->outside, MSG_HUNT_REPORT_OUTSIDE},
        {s->suppressed, MSG_HUNT_REPORT_SUPPRESSED},
    };

    html_tag(h, "h2", lang_text(r->lang, MSG_HUNT_REPORT_LIMITS));
    html_raw(h, "<ul>");
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (rows[i].count == 0)
            continue;
        html_raw(h, "<li>");
        html_number(h, rows[i].count);
        html_raw(h, " ");
        html_text(h, slice_str(lang_text(r->lang, rows[i].text)));
        html_raw(h, "</li>");
    }
    html_raw(h, "<li>");
    html_text(h, slice_str(lang_text(r->lang, MSG_HUNT_REPORT_SILENT)));
    html_raw(h, "</li></ul>");
}

void report_write(const struct report *r, struct buf *out)
{
    struct html h = {.out = out, .lang = r->lang, .text = BUF_INIT(1 << 20)};

    html_begin(&h, lang_text(r->lang, MSG_HUNT_REPORT_TITLE));
    write_head(r, &h);
    write_first(r, &h);
    write_chart(r, &h);
    if (r->result->tally.host_count)
        write_hosts(r, &h);
    if (r->order_count)
        write_rules(r, &h);
    write_limits(r, &h);
    html_end(&h);
    buf_done(&h.text);
}
