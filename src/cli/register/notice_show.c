/* SPDX-License-Identifier: Apache-2.0 */
/* canh notice sheet and list: the paper that a unit signs, and how many read and promised. */
#include "base/file.h"
#include "base/time.h"
#include "cli/paper_save.h"
#include "cli/register/register.h"
#include "lang/msg_register.h"
#include "papers/papers.h"
#include "register/notice.h"

enum { FORM_PAGE_ROWS = 18, SHEET_ROWS_MAX = 2000 };

struct paper_options {
    struct register_scope scope;
    const char *to, *save;
};

/* The paper of `rows` rows as the file `save`. */
static int notice_show_render(struct register_job *y, const struct state_notice *n,
                              const struct state_unit *to, int64_t rows, const char *save,
                              struct err *err)
{
    struct papers_ctx p = {.s = y->l.s,
                           .actor = y->l.actor,
                           .arena = &y->l.arena,
                           .lang = y->l.app->lang};
    struct buf pdf = BUF_INIT(64 << 20);
    int r = papers_begin(&p, to, SLICE_NULL, err);

    p.head.created = y->at / TIME_SECOND;
    if (r == 0)
        r = papers_notice(&p, n, (unsigned)CANH_MIN(rows, (int64_t)SHEET_ROWS_MAX), err);
    if (r == 0)
        r = paper_draw(&p.paper, false, &pdf, err);
    if (r == 0)
        r = file_deliver(save, buf_slice(&pdf), 0644, err);
    if (r == 0)
        app_saved(y->l.app, save);
    buf_done(&pdf);
    return r;
}

static int run_sheet(struct app *app, const void *values, const struct operands *operands)
{
    const struct paper_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_NEEDED},
                                           {"to", o->to, REGISTER_NEEDED},
                                           {"save", o->save, REGISTER_NEEDED}};
    struct state_delivery d;
    struct state_notice n;
    struct state_unit to;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_READ, given, CANH_LEN(given), &y), r;

    if (status != 0)
        return status;
    status = session_unit(&y.l, o->to, &to);
    if (status == 0)
        status = notice_find(&y, operands->items[0], &n);
    if (status != 0)
        return register_end(&y, status, &err);
    r = notice_delivery(&y.act, &y.l.actor, n.id, to.id, &d, &err);
    if (r == 0)
        r = notice_show_render(&y, &n, &to, d.expected ? d.expected : FORM_PAGE_ROWS, o->save,
                               &err);
    return register_end(&y, r, &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_notices);
}

#define ISSUER(type) REGISTER_TEXT(type, "unit", 'u', scope.unit, "CODE", MSG_REGISTER_OPT_ISSUER)
#define TO(type)     REGISTER_TEXT(type, "to", 0, to, "CODE", MSG_REGISTER_OPT_TO)

static const struct option_spec sheet_specs[] = {
    REGISTER_STATE(struct paper_options),
    ISSUER(struct paper_options),
    TO(struct paper_options),
    REGISTER_FILE(struct paper_options, "save", 's', save, MSG_REGISTER_OPT_SAVE_PDF),
    REGISTER_AT(struct paper_options),
};

static const struct option_spec list_specs[] = {REGISTER_STATE(struct register_list_options),
                                                REGISTER_TEXT(struct register_list_options, "unit",
                                                              'u', scope.unit, "CODE",
                                                              MSG_REGISTER_OPT_UNIT),
                                                LISTING_OPTIONS(struct register_list_options,
                                                                listing)};

const struct verb verb_notice_sheet = REGISTER_ONE("sheet", MSG_REGISTER_NOTICE_SHEET, "NUMBER",
                                                   sheet_specs, struct paper_options, run_sheet);

const struct verb verb_notice_list = REGISTER_PLAIN("list", MSG_REGISTER_NOTICE_LIST, list_specs,
                                                    struct register_list_options, run_list);
