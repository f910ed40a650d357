/* SPDX-License-Identifier: Apache-2.0 */
/* What a letter's clauses ask for: from the library, from the letter's own times and leads. */
#include "base/time.h"
#include "plan/draft.h"
#include "plan/draft_text.h"
#include "plan/terms.h"

/* Bits of the audiences that a text names. */
static uint32_t audiences_in(struct arena *arena, const struct library *lib, struct slice text)
{
    struct slice key = terms_key(arena, text, false);
    struct slice plain = terms_unmarked(text) ? terms_key(arena, text, true) : SLICE_NULL;
    uint32_t set = 0;
    bool unmarked;

    for (uint32_t a = 0; a < lib->audience_count; a++) {
        for (uint32_t t = 0; t < lib->audiences[a].term_count; t++) {
            if (library_term_in(&lib->audiences[a].terms[t], key, plain, &unmarked))
                set |= 1u << a;
        }
    }
    return set;
}

/* Whom a clause's nearest heading speaks to; all when none says. */
static uint32_t audience_of(struct arena *arena, const struct draft *d, const struct library *lib,
                            uint32_t clause)
{
    for (uint32_t at = d->clauses[clause].parent; at != UINT32_MAX; at = d->clauses[at].parent) {
        uint32_t set = audiences_in(arena, lib, d->clauses[at].text);

        if (set != 0)
            return set;
    }
    return UINT32_MAX;
}

/* “Mục đích”, “1. Mục tiêu” alone: what stands there are reasons. */
static bool is_purpose(struct arena *arena, struct slice text)
{
    struct slice wanted = terms_key(arena, SLICE("yêu cầu"), false);

    return text.n < 40 &&
           (draft_begins(arena, text, "mục đích") || draft_begins(arena, text, "mục tiêu")) &&
           slice_find(terms_key(arena, text, false), wanted) == SIZE_MAX;
}

/* “PHỤ LỤC” and the paragraphs right below it: a title. */
static bool is_annex_title(const struct draft *d, uint32_t clause)
{
    uint32_t parent = d->clauses[clause].parent;

    if (parent == UINT32_MAX)
        return slice_starts(d->clauses[clause].number, SLICE("PL"));
    if (!slice_starts(d->clauses[parent].number, SLICE("PL")))
        return false;
    for (uint32_t i = parent + 1; i <= clause; i++) {
        if (d->clauses[i].parent != parent || d->clauses[i].label.n > 0 || d->clauses[i].task)
            return false;
    }
    return clause <= parent + 2;
}

/* What asks for nothing itself: purposes, a unit as heading, the articles that put something into
 * force. */
static bool asks_nothing(struct arena *arena, const struct draft *d, uint32_t clause)
{
    static const char *const words[] = {"ban hành kèm theo",  "ban hành quy",
                                        "phê duyệt kèm theo", "quyết định này",
                                        "chỉ thị này",        "kế hoạch này có hiệu lực"};
    const struct draft_clause *c = &d->clauses[clause];

    bool heading = clause + 1 < d->clause_count && d->clauses[clause + 1].parent == clause;

    if (is_annex_title(d, clause) ||
        (slice_starts(c->number, SLICE("C")) && draft_begins(arena, c->text, "trên đây là")))
        return true;
    if (heading && c->task == NULL && draft_heading_lead(arena, c->text).n > 0)
        return true;
    for (uint32_t at = c->parent; at != UINT32_MAX; at = d->clauses[at].parent) {
        if (is_purpose(arena, d->clauses[at].text))
            return true;
    }
    for (size_t i = 0; i < CANH_LEN(words) && draft_begins(arena, c->label, "điều"); i++) {
        if (draft_begins(arena, c->text, words[i]))
            return true;
    }
    return false;
}

/* A date is no frequency: what the library wants again and again does not end with it. */
static bool when_fits(const struct library *lib, const struct library_entry *entry,
                      const struct draft_when *when)
{
    const struct plan_obligation *o = &lib->model->obligations[entry->obligation];

    return when->every[0] != 0 && (!slice_starts(slice_str(when->every), SLICE("at-")) ||
                                   o->parts[0].every.base.kind == FREQ_AT_START);
}

static bool is_within(const struct draft_when *when)
{
    return slice_starts(slice_str(when->every), SLICE("within("));
}

/* Which of a clause's two times an entry of the library is about: one after an event goes with what
 * counts from an event. */
static unsigned when_of_entry(const struct library *lib, const struct library_entry *entry,
                              const struct draft_when whens[2])
{
    const struct plan_obligation *o = &lib->model->obligations[entry->obligation];
    bool event = o->parts[0].every.base.kind == FREQ_WITHIN;

    return whens[1].every[0] != 0 && is_within(&whens[1]) == event && is_within(&whens[0]) != event;
}

/* What the letter itself says and no entry of the library has taken. */
static void propose_own(struct draft *d, uint32_t clause, const struct draft_when *when)
{
    if (d->proposal_count == DRAFT_PROPOSALS_MAX)
        d->more_proposals++;
    else
        d->proposals[d->proposal_count++] =
            (struct draft_proposal){.clause = clause, .entry = UINT32_MAX, .when = *when};
}

static int propose_for(struct arena *arena, struct draft *d, const struct library *lib,
                       uint32_t clause, uint32_t audience, const struct draft_when whens[2])
{
    const struct draft_task *task = d->clauses[clause].task;
    struct slice text = task ? task->what : d->clauses[clause].text;
    struct slice key = terms_key(arena, text, false);
    struct slice plain = terms_unmarked(text) ? terms_key(arena, text, true) : SLICE_NULL;
    bool found_any = false, used[2] = {false, false};

    if (key.p == NULL)
        return -CE_NOMEM;
    for (uint32_t e = 0; e < lib->entry_count; e++) {
        const struct library_entry *entry = &lib->entries[e];
        bool found = false, unmarked = false;
        uint32_t t = 0;
        unsigned k;

        if (entry->audience != UINT32_MAX && !(audience >> entry->audience & 1))
            continue;
        if (entry->audience != UINT32_MAX && slice_is(d->clauses[clause].number, "P"))
            continue; /* its reasons; only what it says of all clauses is asked there */
        while (t < entry->term_count && !found)
            found = library_term_in(&entry->terms[t++], key, plain, &unmarked);
        d->more_proposals += found && d->proposal_count == DRAFT_PROPOSALS_MAX;
        if (!found || d->proposal_count == DRAFT_PROPOSALS_MAX)
            continue;
        k = when_of_entry(lib, entry, whens);
        d->proposals[d->proposal_count] = (struct draft_proposal){.clause = clause,
                                                                  .entry = e,
                                                                  .term = entry->terms[t - 1].text,
                                                                  .unmarked = unmarked};
        found_any = true;
        if (when_fits(lib, entry, &whens[k])) {
            d->proposals[d->proposal_count].when = whens[k];
            used[k] = true;
        }
        d->proposal_count++;
    }
    for (unsigned k = 0; k < 2; k++) {
        if (!used[k] && whens[k].every[0] != 0)
            propose_own(d, clause, &whens[k]);
    }
    if (!found_any && whens[0].every[0] == 0 && d->clauses[clause].who.n > 0)
        propose_own(d, clause, &whens[0]);
    return 0;
}

/* The letter's own words for when: of a task its column, else the sentence. */
static struct draft_when when_of(const struct draft *d, uint32_t clause, int64_t start)
{
    const struct draft_clause *c = &d->clauses[clause];
    struct draft_when when = {.every = ""};

    if (c->task != NULL && draft_when_due(c->task->due, start, &when))
        return when;
    /* the end of “từ ngày … đến hết ngày …” is no date by which something is wanted */
    if (draft_when_read(c->text, start, &when) && slice_starts(when.word, SLICE("hết")))
        when = (struct draft_when){.every = ""};
    return when;
}

/* Who leads a clause: its column or its sentence says so, or a unit is the heading it stands
 * under (“1. Sở Y tế”, and below it what is asked of it). */
static struct slice find_lead(struct arena *arena, const struct draft *d, uint32_t clause)
{
    const struct draft_clause *c = &d->clauses[clause];
    struct slice who = c->task ? slice_trim(c->task->who) : draft_lead(arena, c->text);

    if (slice_is(c->number, "P") ||
        (clause + 1 < d->clause_count && d->clauses[clause + 1].parent == clause &&
         draft_names_many(arena, c->text)))
        return SLICE_NULL; /* what went before; a heading of whom no one leads */
    for (uint32_t at = c->parent; at != UINT32_MAX && who.n == 0; at = d->clauses[at].parent) {
        if (draft_names_many(arena, d->clauses[at].text))
            break;
        who = draft_heading_lead(arena, d->clauses[at].text);
    }
    return who;
}

/* Clauses with the same lead have one authority in the plan. */
static void find_leads(struct arena *arena, struct draft *d)
{
    uint32_t leads = 0;

    for (uint32_t i = 0; i < d->clause_count; i++) {
        struct draft_clause *c = &d->clauses[i];
        uint32_t k = 0;

        c->who = find_lead(arena, d, i);
        if (c->who.n == 0)
            continue;
        while (k < i && !(d->clauses[k].lead == k && slice_eq(d->clauses[k].who, c->who)))
            k++;
        if (k < i || leads < DRAFT_LEADS_MAX)
            c->lead = k;
        leads += c->lead == i;
    }
}

/* The days that the letter names for all of it: in its preamble, in a clause on its
 * time, or in the first article of a decision. */
static void find_window(struct arena *arena, struct draft *d)
{
    uint32_t first = 0;

    /* “Về việc trực ban (từ ngày … đến ngày …)” */
    (void)draft_when_window(d->subject, &d->window_from, &d->window_until);
    while (first < d->clause_count && d->clauses[first].label.n == 0)
        first++;
    for (uint32_t i = 0; i < d->clause_count; i++) {
        const struct draft_clause *c = &d->clauses[i];
        int64_t from, until;
        bool timed = draft_begins(arena, c->text, "thời gian") ||
                     (c->parent != UINT32_MAX &&
                      draft_begins(arena, d->clauses[c->parent].text, "thời gian"));

        bool only = i == first && draft_begins(arena, c->label, "điều");

        if ((timed || only || slice_is(c->number, "P")) && d->window_from == TIME_NONE &&
            c->task == NULL && draft_when_window(c->text, &from, &until)) {
            d->window_from = from;
            d->window_until = until;
        }
    }
}

/* Days run from the beginning of the window; where a clause wants something before it, from the
 * letter's date, so that no date is lost. */
static int64_t find_start(struct draft *d)
{
    struct draft_when early, late;

    if (d->window_from == TIME_NONE || d->date == TIME_NONE || d->date >= d->window_from)
        return d->window_from != TIME_NONE ? d->window_from : d->date;
    for (uint32_t i = 0; i < d->clause_count; i++) {
        const struct draft_clause *c = &d->clauses[i];
        bool (*when_read)(struct slice, int64_t, struct draft_when *) =
            c->task ? draft_when_due : draft_when_read;
        struct slice text = c->task ? c->task->due : c->text;

        if (when_read(text, d->date, &early) && !when_read(text, d->window_from, &late)) {
            d->window_from = d->date;
            break;
        }
    }
    return d->window_from;
}

/* Days that a clause names for itself, and that are not those of the whole plan. */
static void find_days(struct draft *d)
{
    for (uint32_t i = 0; i < d->proposal_count; i++) {
        struct draft_proposal *p = &d->proposals[i];
        int64_t from, until;

        p->from = p->until = TIME_NONE;
        if (d->clauses[p->clause].task == NULL &&
            !slice_starts(slice_str(p->when.every), SLICE("at-")) &&
            draft_when_window(d->clauses[p->clause].text, &from, &until) &&
            (d->window_until == TIME_NONE || until != d->window_until)) {
            p->from = from;
            p->until = until;
        }
    }
}

int draft_propose(struct arena *arena, struct draft *d, const struct library *lib, struct err *err)
{
    int64_t start;

    d->proposals = arena_new_array(arena, DRAFT_PROPOSALS_MAX, struct draft_proposal);
    if (d->proposals == NULL)
        return err_nomem(err);
    find_window(arena, d);
    find_leads(arena, d);
    start = find_start(d);
    for (uint32_t i = 0; i < d->clause_count; i++) {
        struct draft_when whens[2] = {when_of(d, i, start), {.every = ""}};

        if (d->clauses[i].task == NULL)
            (void)draft_when_next(d->clauses[i].text, &whens[0], &whens[1]);
        if (asks_nothing(arena, d, i))
            continue;
        if (propose_for(arena, d, lib, i, audience_of(arena, d, lib, i), whens) < 0)
            return err_nomem(err);
    }
    find_days(d);
    return 0;
}
