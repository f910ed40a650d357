/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a letter: the draft that is written reads back as a plan with the same clauses, and
 * once all of it is said to be right, as one that is no draft. A line that begins with a bar is the
 * row of a table, its cells apart by bars.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/utf.h"
#include "plan/draft.h"
#include "plan/review.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char words[] =
    "unit-kinds: [{id: commune, vi: a, en: b}]\n"
    "roles: [{id: sysadmin, vi: a, en: b}]\n"
    "events: [{id: incident, vi: a, en: b}]\n"
    "evidence: [{id: duty.log, vi: a, en: b, from: duty, by: person, strength: declared, "
    "method: examine}]\n";

static const char model_text[] =
    "plan: m\ntitle: m\nwindow: {start: 2020-10-05, end: 2020-10-22}\n"
    "phases: [{id: peak, from: end-3d, until: end}]\n"
    "authorities: [{id: lead}]\nscopes: [{id: all}, {id: c, kinds: [commune], enabled: no}]\n"
    "clauses: [{number: I.1, text: x}]\nobligations:\n"
    "  - {id: a, clause: I.1, title: {vi: a, en: b}, applies-to: [all, c], role: sysadmin, "
    "lead: lead, every: daily | peak:each-shift, proof: duty.log, grace: 2h,\n"
    "     also: [{id: x, every: 'within(1h, incident)', proof: duty.log, title: y}]}\n"
    "  - {id: b, clause: I.1, title: {vi: a, en: b}, applies-to: all, role: sysadmin, "
    "lead: lead, every: phase(peak), proof: duty.log}\n";

static const char library_text[] =
    "library: l\nmodel: m\naudiences: [{id: o, terms: [doanh nghiệp]}]\nobligations:\n"
    "  - {like: a, terms: [sao lưu, trực + ca]}\n"
    "  - {like: b, audience: o, terms: [mạng]}\n";

/* All right but the last proposal, which goes. */
static void review(struct arena *a, struct slice text)
{
    struct buf out = BUF_INIT(32 << 20);
    struct review r;

    if (review_read(a, text, &r, NULL) < 0)
        abort();
    for (size_t i = 0; i < r.count; i++)
        r.items[i].mark = r.items[i].obligation && i + 1 == r.count ? REVIEW_DROPPED : REVIEW_RIGHT;
    review_write(&out, text, &r);
    if (out.err == 0 &&
        (review_read(a, buf_slice(&out), &r, NULL) < 0 || review_open(&r) > 0 || r.draft_line > 0))
        abort();
    buf_done(&out);
}

static void check(struct arena *a, const struct draft *d, const struct library *lib,
                  const struct catalogue *c)
{
    struct buf out = BUF_INIT(32 << 20);
    struct plan_source source = {.catalogue = c};
    struct err err = ERR_INIT;
    const struct plan *p;

    draft_write(&out, d, lib, SLICE("draft"));
    source.text = buf_slice(&out);
    if (out.len < (1 << 20) && out.err == 0) {
        int r = plan_parse(a, &source, &p, &err);

        if (r < 0 && r != -CE_NOMEM && r != -CE_TOO_BIG) {
            fprintf(stderr, "%u:%u %s\n" SLICE_FMT "\n", err.line, err.col, err_words(&err),
                    SLICE_ARG(buf_slice(&out)));
            abort();
        }
        if (r == 0 && (p->clause_count != d->clause_count ||
                       p->obligation_count != d->proposal_count || p->gap_count != d->gap_count))
            abort();
        if (r == 0)
            review(a, source.text);
    }
    buf_done(&out);
}

/* Cells of a row, by |. */
static size_t take_row(struct slice line, uint32_t row, struct draft_para *to, size_t room)
{
    struct slice cell;
    size_t n = 0;

    line = slice_from(line, 1);
    while (n < room && slice_cut(&line, '|', &cell)) {
        to[n] = (struct draft_para){.text = cell, .number = row, .table = 1, .row = row};
        to[n].col = (uint32_t)n + 1;
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct draft_para paras[2000];
    struct arena a = ARENA_INIT(256 << 20);
    struct slice rest = slice_from(slice_of(data, size), 1), line;
    struct plan_source source = {.text = SLICE(model_text)};
    const struct library *lib;
    const struct plan *model;
    struct draft *d;
    uint32_t row = 0;
    size_t n = 0;

    if (catalogue_parse(&a, SLICE(words), &source.catalogue, NULL) < 0 ||
        plan_parse(&a, &source, &model, NULL) < 0 ||
        library_parse(&a, SLICE(library_text), model, &lib, NULL) < 0)
        abort();
    while (size > 0 && n < CANH_LEN(paras) && slice_cut(&rest, '\n', &line)) {
        row++;
        if (slice_starts(line, SLICE("|"))) {
            n += take_row(line, row, paras + n, CANH_LEN(paras) - n);
        } else {
            paras[n++] = (struct draft_para){.text = line, .number = row};
        }
    }
    if (draft_read(&a, paras, n, size > 0 && data[0] & 1, &d, NULL) == 0 &&
        draft_propose(&a, d, lib, NULL) == 0)
        check(&a, d, lib, source.catalogue);
    arena_done(&a);
    return 0;
}
