/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a letter: the draft that is written reads back as a plan with the same clauses. */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/utf.h"
#include "plan/draft.h"

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

static void check(struct arena *a, const struct draft *d, const struct library *lib,
                  const struct catalogue *c)
{
    struct buf out = BUF_INIT(32 << 20);
    struct plan_source source = {.catalogue = c};
    struct err err = ERR_INIT;
    const struct plan *p;

    draft_put(&out, d, lib, SLICE("draft"));
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
    }
    buf_done(&out);
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
    size_t n = 0;

    if (catalogue_parse(&a, SLICE(words), &source.catalogue, NULL) < 0 ||
        plan_parse(&a, &source, &model, NULL) < 0 ||
        library_parse(&a, SLICE(library_text), model, &lib, NULL) < 0)
        abort();
    while (size > 0 && n < CANH_LEN(paras) && slice_cut(&rest, '\n', &line)) {
        paras[n] = (struct draft_para){.text = line, .number = (uint32_t)n + 1};
        n++;
    }
    if (draft_read(&a, paras, n, size > 0 && data[0] & 1, &d, NULL) == 0 &&
        draft_propose(&a, d, lib, NULL) == 0)
        check(&a, d, lib, source.catalogue);
    arena_done(&a);
    return 0;
}
