/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"
#include "base/width.h"
#include "cli/app.h"
#include "cli/metavar.h"
#include "lang/msg_cli.h"

enum { HELP_COLUMNS = 100, LEFT_MAX = 32 };

struct page {
    struct buf *out;
    enum lang lang;
    size_t columns;
    size_t left; /* width of the left column */
};

static void write_choice_list(struct buf *out, const char *const *choices)
{
    for (size_t i = 0; choices[i]; i++)
        buf_printf(out, "%s%s", i ? "|" : "", choices[i]);
}

static void write_option_name(struct buf *out, enum lang lang, const struct option_spec *o)
{
    if (o->letter)
        buf_printf(out, "-%c, --%s", o->letter, o->name);
    else
        buf_printf(out, "    --%s", o->name);
    if (o->kind == OPTION_KIND_FLAG)
        return;
    buf_putc(out, ' ');
    if (o->choices)
        write_choice_list(out, o->choices);
    else
        metavar_write(out, lang, o->arg);
}

static void write_row(const struct page *page, struct slice left, const char *right)
{
    size_t indent = page->left + 4;

    buf_puts(page->out, "  ");
    text_write_fit(page->out, left, SIZE_MAX, page->left);
    if (text_width(left) > page->left) {
        buf_putc(page->out, '\n');
        text_write_fit(page->out, SLICE(""), 0, page->left + 2);
    }
    buf_puts(page->out, "  ");
    text_write_wrapped(page->out, slice_str(right), indent, indent, page->columns);
    buf_putc(page->out, '\n');
}

static void measure_options(struct page *page, const struct option_spec *options, size_t count)
{
    struct buf name = BUF_INIT(4096);

    for (size_t i = 0; i < count; i++) {
        size_t width;

        buf_clear(&name);
        write_option_name(&name, page->lang, &options[i]);
        width = text_width(buf_slice(&name));
        if (width <= LEFT_MAX)
            page->left = CANH_MAX(page->left, width);
    }
    buf_done(&name);
}

static void write_options(const struct page *page, const struct option_spec *options, size_t count,
                          bool top)
{
    struct buf name = BUF_INIT(4096);

    for (size_t i = 0; i < count; i++) {
        if (options == common_options && !top && common_option_is_top(&options[i]))
            continue;
        buf_clear(&name);
        write_option_name(&name, page->lang, &options[i]);
        write_row(page, buf_slice(&name), lang_text(page->lang, options[i].help));
    }
    buf_done(&name);
}

static void write_usage(const struct page *page, const struct app *app, const struct verb *v)
{
    buf_printf(page->out, "%s %s", lang_text(page->lang, MSG_CLI_USAGE), app->name);
    if (v->subs)
        buf_printf(page->out, " %s", lang_text(page->lang, MSG_CLI_ARG_VERB));
    if (v->option_count)
        buf_printf(page->out, " %s", lang_text(page->lang, MSG_CLI_ARG_OPTIONS));
    if (v->operands) {
        buf_putc(page->out, ' ');
        metavar_write(page->out, page->lang, v->operands);
    }
    buf_puts(page->out, "\n\n");
}

static void write_paragraph(const struct page *page, const char *text)
{
    text_write_wrapped(page->out, slice_str(text), 0, 0, page->columns);
    buf_puts(page->out, "\n\n");
}

static void write_verbs(struct page *page, const struct verb *v)
{
    struct page own = *page;

    for (size_t i = 0; v->subs[i]; i++)
        own.left = CANH_MAX(own.left, strlen(v->subs[i]->name));
    buf_printf(page->out, "%s\n", lang_text(page->lang, MSG_CLI_VERBS));
    for (size_t i = 0; v->subs[i]; i++)
        write_row(&own, slice_str(v->subs[i]->name), lang_text(page->lang, v->subs[i]->summary));
    buf_putc(page->out, '\n');
}

void help_print(struct app *app, const struct command_line *c)
{
    const struct verb *v = command_line_verb(c);
    struct page page = {.out = &app->out.buf, .lang = app->lang, .columns = HELP_COLUMNS};

    if (app->columns)
        page.columns = CANH_MIN(app->columns, (unsigned)HELP_COLUMNS);
    write_usage(&page, app, v);
    write_paragraph(&page, lang_text(app->lang, v->summary));
    if (v->about)
        write_paragraph(&page, lang_text(app->lang, v->about));
    if (v->subs)
        write_verbs(&page, v);
    measure_options(&page, v->options, v->option_count);
    measure_options(&page, common_options, common_option_count);
    buf_printf(page.out, "%s\n", lang_text(app->lang, MSG_CLI_OPTIONS));
    write_options(&page, v->options, v->option_count, c->depth == 1);
    write_options(&page, common_options, common_option_count, c->depth == 1);
    if (v->subs) {
        buf_putc(page.out, '\n');
        lang_write(page.out, app->lang, MSG_CLI_MORE, app->name);
        buf_putc(page.out, '\n');
    }
}
