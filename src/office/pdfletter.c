/* SPDX-License-Identifier: Apache-2.0 */
#include "office/pdfletter.h"

#include "base/ascii.h"
#include "office/pdftable.h"
#include "office/pdftext.h"

int pdfletter_run(struct pdfletter *p, int fd, bool degrade, struct err *err)
{
    struct pdftext_options o = {.program = PDFTEXT_PROGRAM, .degrade = degrade, .places = true};
    int r;

    *p = (struct pdfletter){BUF_INIT(PDFTEXT_MAX), BUF_INIT(PDFTEXT_MAX)};
    r = pdftext_read(&o, fd, &p->places, err);
    if (r < 0 && r != -CE_TOO_BIG) /* that many words: without their places */
        return r;
    if (r < 0)
        buf_clear(&p->places);
    o.places = false;
    return pdftext_read(&o, fd, &p->text, err);
}

/* What stands alone on a line at the end or the beginning of a page: its number. */
static bool is_page_number(struct slice line)
{
    line = slice_trim(line);
    for (size_t i = 0; i < line.n; i++) {
        if (!ascii_is_digit(line.p[i]))
            return false;
    }
    return line.n > 0 && line.n <= 3;
}

static void join_pages(struct slice pages, struct buf *out)
{
    struct slice page, line;

    while (pages.n > 0 && slice_cut(&pages, '\f', &page)) {
        bool first = true;

        while (page.n > 0 && slice_cut(&page, '\n', &line)) {
            bool edge = first || slice_trim(page).n == 0;

            first = first && slice_trim(line).n == 0;
            if (edge && is_page_number(line))
                continue;
            buf_append_slice(out, line);
            buf_putc(out, '\n');
        }
    }
}

int pdfletter_write(struct arena *arena, const struct pdfletter *p, struct buf *out,
                    struct err *err)
{
    const size_t before = out->len;
    unsigned tables = 0;
    int r = p->places.len ? pdftable_write(arena, buf_slice(&p->places), out, &tables, err) : 0;

    if (r == -CE_TOO_BIG || (r == 0 && tables == 0)) {
        out->len = before;
        join_pages(buf_slice(&p->text), out);
        r = out->err ? err_code(err, out->err) : 0;
    }
    return r;
}

void pdfletter_done(struct pdfletter *p)
{
    buf_done(&p->places);
    buf_done(&p->text);
}
