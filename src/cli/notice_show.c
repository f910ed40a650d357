/* SPDX-License-Identifier: Apache-2.0 */
/* canh notice sheet and list: the sheet that a unit signs, and how many read and promised. */
#include "base/file.h"
#include "base/time.h"
#include "cli/registers.h"
#include "lang/msg_register.h"
#include "office/pdf.h"
#include "register/notice.h"
#include "report/print.h"

enum { SHEET_ROWS = 25, SHEET_ROWS_MAX = 2000, PARAS_MAX = 200 };

static size_t paragraphs(struct slice text, struct slice *to)
{
    struct slice line;
    size_t n = 0;

    while (n < PARAS_MAX && slice_cut(&text, '\n', &line)) {
        line = slice_trim(line);
        if (line.n > 0)
            to[n++] = line;
    }
    return n;
}

static int render(struct registering *y, const struct state_notice *n, const struct state_unit *to,
                  int64_t rows, struct err *err)
{
    struct slice lines[PARAS_MAX];
    struct buf pdf = BUF_INIT(64 << 20);
    struct print_commitment c = {.head = {.parent = y->unit.name,
                                          .unit = to->name,
                                          .day = PRINT_NEVER,
                                          .footer = n->code,
                                          .right_title = slice_str(
                                              lang_text(y->l.app->lang, MSG_REGISTER_SHEET_HEAD)),
                                          .created = y->at / TIME_SECOND,
                                          .lang = y->l.app->lang},
                                 .title = n->title,
                                 .text = lines,
                                 .empty_rows = (unsigned)CANH_MIN(rows, (int64_t)SHEET_ROWS_MAX)};
    struct paper paper;
    int r;

    c.text_count = paragraphs(n->text, lines);
    paper_init(&paper, &y->l.arena);
    print_commitment(&paper, &c);
    r = pdf_render(&paper, &pdf, NULL, err);
    if (r == 0)
        r = file_deliver(y->o->save, buf_slice(&pdf), 0644, err);
    buf_done(&pdf);
    return r;
}

static int run_sheet(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"to", o->to}, {"save", o->save}};
    struct state_delivery d;
    struct state_notice n;
    struct state_unit to;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_READ, required, 3, &y), r;

    if (status != 0)
        return status;
    status = ledger_unit(&y.l, o->to, &to);
    if (status == 0)
        status = notice_find(&y, operands->items[0], &n);
    if (status != 0)
        return register_end(&y, status, &err);
    r = notice_delivery(&y.act, &y.l.actor, n.id, to.id, &d, &err);
    if (r == 0)
        r = render(&y, &n, &to, d.expected ? d.expected : SHEET_ROWS, &err);
    return register_end(&y, r, &err);
}

/* -- looking --------------------------------------------------------------------------------- */

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_notices);
}

#define ISSUER REGISTER_TEXT("unit", 'u', unit, "CODE", MSG_REGISTER_OPT_ISSUER)
#define TO     REGISTER_TEXT("to", 0, to, "CODE", MSG_REGISTER_OPT_TO)

static const struct option_spec sheet_specs[] = {
    REGISTER_STATE, ISSUER, TO, REGISTER_FILE("save", 's', save, MSG_REGISTER_OPT_SAVE_PDF),
    REGISTER_AT,
};

static const struct option_spec list_specs[] = {REGISTER_STATE,
                                                REGISTER_TEXT("unit", 'u', unit, "CODE",
                                                              MSG_REGISTER_OPT_UNIT),
                                                REGISTER_LISTING};

const struct verb verb_notice_sheet =
    REGISTER_ONE("sheet", MSG_REGISTER_NOTICE_SHEET, "NUMBER", sheet_specs, run_sheet);

const struct verb verb_notice_list =
    REGISTER_PLAIN("list", MSG_REGISTER_NOTICE_LIST, list_specs, run_list);
