/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-convert: one file that somebody handed in → what it means, and nothing else; a list → a
 * workbook, a paper → PDF or ODT. argv: the folder of rules (empty: those that canh carries; of a
 * sheet: where its parts may lie), what it is (log, table, picture, sheet, report-vi, report-en,
 * pdf, odt, letter, rules); descriptor 3: the file, a sealed memfd; descriptor 4: where the answer goes
 * (node/wire/convert.h). Once the rules are read it may open nothing any more, for papers but
 * fonts.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf.h"
#include "detect/scan.h"
#include "lang/err_office.h"
#include "lang/error.h"
#include "node/convert/report.h"
#include "node/convert/rules.h"
#include "node/wire/convert.h"
#include "office/doctext_wire.h"
#include "office/grid_wire.h"
#include "office/odt.h"
#include "office/pack.h"
#include "office/paper_wire.h"
#include "office/pdf.h"
#include "office/pdfletter.h"
#include "office/pdftext.h"
#include "office/picture.h"
#include "office/workbook_wire.h"
#include "os/frame.h"
#include "os/process.h"
#include "os/sandbox.h"
#include "sigma/correlation.h"

enum { IN_FD = PROCESS_FD, OUT_FD = PROCESS_FD + 1, ANSWER_MAX = 1 << 20, TABLE_ARENA = 256 << 20 };

static int by_weight(const void *a, const void *b)
{
    const struct convert_row *x = a, *y = b;

    if (x->level != y->level)
        return x->level > y->level ? -1 : 1;
    return x->count == y->count ? 0 : x->count > y->count ? -1 : 1;
}

static struct slice host_of(const struct tally *t, const struct tally_rule *rule)
{
    return rule->pairs && rule->pairs < t->pair_count + 1 ? t->hosts[t->pairs[rule->pairs].host]
                                                          : SLICE_NULL;
}

/* The rules that alerted, the worst first. */
static size_t convert_collect(const struct generation *g, const struct scan_result *found,
                              struct convert_row *rows)
{
    uint32_t rules = ruleset_count(g->rules);
    size_t n = 0;

    for (uint32_t i = 0; i < found->tally.rule_count && n < CONVERT_ROWS_MAX; i++) {
        const struct tally_rule *t = &found->tally.rules[i];
        const struct sigma_rule *rule =
            i < rules ? ruleset_rule(g->rules, i) : &ruleset_correlation(g->rules, i - rules)->rule;

        if (t->count == 0)
            continue;
        rows[n++] = (struct convert_row){.level = (int32_t)rule->level,
                                         .title = rule->title,
                                         .title_vi = rule->title_vi,
                                         .advice = rule->advice,
                                         .advice_vi = rule->advice_vi,
                                         .description = rule->description,
                                         .rule = rule->id,
                                         .host = host_of(&found->tally, t),
                                         .count = t->count,
                                         .first = t->first,
                                         .last = t->last};
    }
    qsort(rows, n, sizeof(*rows), by_weight);
    return n;
}

static int convert_reply(const struct generation *g, const struct scan_result *found,
                         struct err *err)
{
    static struct convert_row rows[CONVERT_ROWS_MAX];
    struct convert_answer a = {.rows = rows,
                               .events = found->events,
                               .logs = found->logs,
                               .alerts = found->tally.alerts,
                               .unreadable = found->troubles[TROUBLE_NO_LOG] +
                                             found->troubles[TROUBLE_UNREADABLE],
                               .damaged = found->troubles[TROUBLE_BAD_RECORD] +
                                          found->troubles[TROUBLE_DAMAGED]};
    struct buf out = BUF_INIT(ANSWER_MAX);
    int r;

    a.row_count = (uint32_t)convert_collect(g, found, rows);
    convert_write(&out, &a);
    r = out.err ? err_nomem(err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), err);
    buf_done(&out);
    return r;
}

static int convert_enter(const struct sandbox_rules *rules, struct err *err)
{
    struct sandbox *s = NULL;
    int r = sandbox_new(rules, &s, err);

    if (r == 0 && !sandbox_enter(s))
        r = -CE_DENIED;
    (void)sandbox_free(s);
    return r;
}

static int convert_confine(struct err *err)
{
    return convert_enter(&(struct sandbox_rules){.read = NULL}, err);
}

/* libxlsxwriter puts the parts of a workbook together in files without a name. */
static int convert_confine_drawing(struct err *err)
{
    const char *folder = getenv("TMPDIR");
    const char *const scratch[] = {folder ? folder : P_tmpdir, NULL};

    return convert_enter(&(struct sandbox_rules){.write = scratch}, err);
}

/* Letters are borne by PDF and measured for ODT: fonts, and what says where they are. */
static int convert_confine_fonts(struct err *err)
{
    return convert_enter(&(struct sandbox_rules){.read = paper_fonts}, err);
}

static int convert_scan(const struct generation *g, struct scan_result *found, struct err *err)
{
    static const char *const paths[] = {"-"};
    static const struct scan_sink none;
    struct cancel never;
    struct scan_request q = {.generation = (struct generation *)(uintptr_t)g,
                             .inputs = {paths, 1},
                             .threads = 1,
                             .format = SCAN_NO_ALERTS,
                             .cancel = &never,
                             .sink = &none};
    int r = cancel_init(&never);

    if (r < 0)
        return r;
    r = scan_run(&q, found, err);
    cancel_done(&never);
    return r;
}

static int read_log(int argc, char **argv, struct err *err)
{
    struct generation_options o = {.min_level = LEVEL_LOW,
                                   .min_status = STATUS_EXPERIMENTAL,
                                   .no_jit = true,
                                   .imported = argc > 1 && argv[1][0] ? argv[1] : NULL};
    struct generation *g = NULL;
    struct scan_result found = {.events = 0};
    int r = generation_load(&o, &g, err);

    if (r == 0 && (lseek(IN_FD, 0, SEEK_SET) < 0 || dup2(IN_FD, STDIN_FILENO) < 0))
        r = -CE_IO;
    if (r == 0)
        r = convert_confine(err);
    if (r == 0) {
        r = convert_scan(g, &found, err);
        if (r == 0)
            r = convert_reply(g, &found, err);
        scan_result_done(&found);
    }
    (void)generation_unref(g);
    return r;
}

/* At most CONVERT_WHY_MAX bytes, whole characters. */
static struct slice convert_clip(const struct buf *b)
{
    struct slice s = slice_head(buf_slice(b), CANH_MIN(b->len, (size_t)CONVERT_WHY_MAX));

    while (s.n > 0 && !utf8_valid(s))
        s.n--;
    return s;
}

/* Why a file was not taken, as people read it; what else went wrong is the reader's end. */
static int convert_refuse(const struct err *why)
{
    struct buf out = BUF_INIT(ANSWER_MAX), vi = BUF_INIT(ANSWER_MAX), en = BUF_INIT(ANSWER_MAX);
    struct err err = ERR_INIT;
    int r;

    error_write(&vi, LANG_VI, why);
    error_write(&en, LANG_EN, why);
    frame_put_u8(&out, CONVERT_REFUSED);
    frame_put_text(&out, convert_clip(&vi));
    frame_put_text(&out, convert_clip(&en));
    r = out.err ? err_nomem(&err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), &err);
    buf_done(&out);
    buf_done(&vi);
    buf_done(&en);
    return r;
}

static int read_report(const char *rules, enum lang lang, struct err *err)
{
    struct buf out = BUF_INIT(CONVERT_FILE_ANSWER_MAX);
    int r = lseek(IN_FD, 0, SEEK_SET) < 0 || dup2(IN_FD, STDIN_FILENO) < 0 ? -CE_IO : 0;

    convert_file_begin(&out);
    if (r == 0)
        r = report_make(rules[0] ? rules : NULL, lang == LANG_MAX ? LANG_VI : lang, convert_confine,
                        &out, err);
    convert_file_end(&out);
    if (r == 0 && out.err)
        r = err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_TOO_LARGE);
    r = r < 0 ? convert_refuse(err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), err);
    buf_done(&out);
    return r;
}

static int read_table(struct slice bytes, struct buf *out, struct err *err)
{
    struct workbook_limits limits = workbook_default_limits;
    struct arena arena = ARENA_INIT(TABLE_ARENA);
    struct workbook *t = NULL;
    int r;

    limits.max_sheets = WORKBOOK_WIRE_SHEETS;
    limits.max_rows = WORKBOOK_WIRE_ROWS;
    limits.max_cells = WORKBOOK_WIRE_CELLS;
    limits.max_unpacked = TABLE_ARENA;
    r = workbook_read(&arena, bytes, &limits, &t, err);
    if (r == 0)
        workbook_encode(out, t);
    arena_done(&arena);
    return r;
}

static int read_picture(struct slice bytes, struct buf *out, struct err *err)
{
    int r = picture_clean(bytes, out);

    return r < 0 ? err_fail(err, -r, ERR_OFFICE_PICTURE_NOT_TAKEN) : 0;
}

/* What is drawn and not read: a list, as bytes of grid_wire.h. */
static int draw_sheet(struct slice bytes, struct buf *out, struct err *err)
{
    struct arena arena = ARENA_INIT(TABLE_ARENA);
    struct grid_job job;
    int r = grid_decode(bytes, &arena, &job);

    r = r < 0 ? err_code(err, r) : sheet_xlsx(&job.grid, 1, job.title, job.created, out, err);
    arena_done(&arena);
    return r;
}

/* And a paper, as bytes of paper_wire.h. */
static int draw_paper(struct slice bytes, bool pdf, struct buf *out, struct err *err)
{
    struct arena arena = ARENA_INIT(TABLE_ARENA);
    struct paper paper;
    int r = paper_decode(bytes, &arena, &paper);

    if (r < 0)
        r = err_code(err, r);
    else
        r = pdf ? pdf_render(&paper, out, NULL, err) : odt_render(&paper, out, err);
    arena_done(&arena);
    return r;
}

static int draw_pdf(struct slice bytes, struct buf *out, struct err *err)
{
    return draw_paper(bytes, true, out, err);
}

static int draw_odt(struct slice bytes, struct buf *out, struct err *err)
{
    return draw_paper(bytes, false, out, err);
}

/* A PDF was read by a program of its own already. */
static int write_letter(struct slice bytes, const struct pdfletter *pdf, struct buf *out,
                        struct err *err)
{
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct buf text = BUF_INIT(PDFTEXT_MAX);
    struct doctext *doc = NULL;
    int r = pdf ? pdfletter_write(&arena, pdf, &text, err) : 0;

    if (r == 0)
        r = doctext_read(&arena, pdf ? buf_slice(&text) : bytes, NULL, &doc, err);
    if (r == 0)
        doctext_encode(out, doc);
    buf_done(&text);
    arena_done(&arena);
    return r;
}

/* What is not of a PDF is read behind the sandbox alone, and so is what came of one. */
static int read_letter(struct err *err)
{
    struct buf in = BUF_INIT(CONVERT_FILE_MAX), out = BUF_INIT(CONVERT_FILE_ANSWER_MAX);
    struct pdfletter pdf = {.places = BUF_INIT(0)};
    bool is_pdf = false;
    int r = lseek(IN_FD, 0, SEEK_SET) < 0 ? -CE_IO : file_read_fd(IN_FD, "file", &in, err);

    if (r == 0) {
        is_pdf = file_kind(buf_slice(&in)) == FILE_PDF;
        r = is_pdf ? pdfletter_run(&pdf, IN_FD, false, err) : 0;
    }
    if (convert_confine(err) < 0)
        return -CE_DENIED;
    convert_file_begin(&out);
    if (r == 0)
        r = write_letter(buf_slice(&in), is_pdf ? &pdf : NULL, &out, err);
    convert_file_end(&out);
    if (r == 0 && out.err)
        r = err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_TOO_LARGE);
    r = r < 0 ? convert_refuse(err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), err);
    pdfletter_done(&pdf);
    buf_done(&in);
    buf_done(&out);
    return r;
}

static int read_file(int (*reader)(struct slice bytes, struct buf *out, struct err *err),
                     int (*confine)(struct err *err), struct err *err)
{
    struct buf in = BUF_INIT(CONVERT_FILE_MAX), out = BUF_INIT(CONVERT_FILE_ANSWER_MAX);
    int r = confine(err);

    if (r == 0 && lseek(IN_FD, 0, SEEK_SET) < 0)
        r = -CE_IO;
    if (r == 0)
        r = file_read_fd(IN_FD, "file", &in, err);
    if (r < 0)
        return r;
    convert_file_begin(&out);
    r = reader(buf_slice(&in), &out, err);
    convert_file_end(&out);
    if (r == 0 && out.err)
        r = err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_TOO_LARGE);
    r = r < 0 ? convert_refuse(err) : file_write_fd(OUT_FD, "answer", buf_slice(&out), err);
    buf_done(&in);
    buf_done(&out);
    return r;
}

/* Rules are tried where they were read. */
static int read_rules(struct slice bytes, struct buf *out, struct err *err)
{
    (void)bytes;
    return lseek(IN_FD, 0, SEEK_SET) < 0 ? err_code(err, -CE_IO) : rules_collect(IN_FD, out, err);
}

/* What each kind of file is read or drawn by, and what the process may still do then. */
static const struct reader {
    const char *kind;
    int (*read)(struct slice bytes, struct buf *out, struct err *err);
    int (*confine)(struct err *err);
} readers[] = {
    {"table", read_table, convert_confine},         {"picture", read_picture, convert_confine},
    {"sheet", draw_sheet, convert_confine_drawing}, {"pdf", draw_pdf, convert_confine_fonts},
    {"odt", draw_odt, convert_confine_fonts},       {"rules", read_rules, convert_confine},
};

static int convert_one(int argc, char **argv, const char *kind, struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(readers); i++)
        if (strcmp(kind, readers[i].kind) == 0)
            return read_file(readers[i].read, readers[i].confine, err);
    if (strcmp(kind, "letter") == 0)
        return read_letter(err);
    return strncmp(kind, "report-", 7) == 0
               ? read_report(argv[1], lang_from_str(slice_str(kind + 7)), err)
               : read_log(argc, argv, err);
}

int main(int argc, char **argv)
{
    const char *kind = argc > 2 ? argv[2] : "log";
    struct err err = ERR_INIT;
    int r = process_begin(&err);

    if (argc > 1 && argv[1][0] && strcmp(kind, "sheet") == 0)
        (void)setenv("TMPDIR", argv[1], 1);
    if (r == 0)
        r = convert_one(argc, argv, kind, &err);
    return r < 0 ? 70 : 0;
}
