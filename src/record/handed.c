/* SPDX-License-Identifier: Apache-2.0 */
#include "record/handed.h"

#include <string.h>

#include "base/file.h"
#include "base/utf.h"
#include "office/alltext.h"
#include "office/text.h"
#include "state/filetype.h"
#include "state/marking.h"

enum { PAGE_LETTERS = 20 }; /* a page with fewer is a picture with a page number */

/* What the text read so far says. */
struct seen {
    struct text_tally tally;
    size_t bytes;
    bool marked;
};

static int handed_add(void *user, struct slice text)
{
    struct seen *s = user;

    s->marked = s->marked || marking_find(text) != MARKING_NONE;
    s->bytes += text.n;
    text_count(&s->tally, text);
    return 0;
}

static enum handed_outcome handed_judge(const struct seen *s)
{
    if (s->marked)
        return HANDED_MARKED;
    return text_judge(&s->tally) == TEXT_MODERN ? HANDED_READ : HANDED_OLD_FONTS;
}

static enum handed_outcome examine_text(struct slice bytes)
{
    struct buf text = BUF_INIT(2 * (size_t)HANDED_MAX);
    enum text_encoding encoding;
    struct seen s = {.bytes = 0};
    enum handed_outcome o = HANDED_OLD_FONTS;

    if (text_decode(bytes, &text, &encoding, NULL) == 0) {
        (void)handed_add(&s, buf_slice(&text));
        o = handed_judge(&s);
    } else if (marking_find(bytes) != MARKING_NONE) {
        o = HANDED_MARKED;
    }
    buf_done(&text);
    return o;
}

static enum handed_outcome examine_office(struct slice bytes)
{
    struct seen s = {.bytes = 0};
    struct err err = ERR_INIT;
    int r = alltext_each(bytes, handed_add, &s, &err);

    if (s.marked)
        return HANDED_MARKED;
    if (r == -CE_DENIED)
        return HANDED_LOCKED;
    if (r < 0)
        return HANDED_OTHER;
    return s.bytes ? handed_judge(&s) : HANDED_PICTURE; /* nothing but pictures, perhaps */
}

static size_t letters_of(struct slice text)
{
    size_t n = 0;
    unsigned len;

    for (size_t i = 0; i < text.n && n < PAGE_LETTERS; i += len)
        n += utf8_decode(text.p + i, text.n - i, &len) > ' ';
    return n;
}

/* Pages end with a form feed. */
static enum handed_outcome examine_pages(struct slice text, unsigned *ret_pages)
{
    struct seen s = {.bytes = 0};
    struct slice page;

    (void)handed_add(&s, text);
    while (text.n && slice_cut(&text, '\f', &page))
        *ret_pages += letters_of(page) < PAGE_LETTERS;
    if (s.bytes == 0)
        *ret_pages = 1;
    return s.marked ? HANDED_MARKED : *ret_pages ? HANDED_SCAN : handed_judge(&s);
}

static enum handed_outcome examine_pdf(int fd, const struct pdftext_options *pdf,
                                       unsigned *ret_pages)
{
    struct buf text = BUF_INIT(PDFTEXT_MAX);
    struct err err = ERR_INIT;
    enum handed_outcome o;
    int r = pdftext_read(pdf, fd, &text, &err);

    if (marking_find(buf_slice(&text)) != MARKING_NONE)
        o = HANDED_MARKED; /* even when the rest could not be read */
    else if (r == 0)
        o = examine_pages(buf_slice(&text), ret_pages);
    else
        o = r == -CE_NOT_FOUND ? HANDED_NO_READER
            : r == -CE_UNKNOWN ? HANDED_NO_SANDBOX
            : r == -CE_DENIED  ? HANDED_LOCKED
                               : HANDED_OTHER;
    buf_done(&text);
    return o;
}

static enum handed_outcome handed_examine_file(int fd, const struct pdftext_options *pdf,
                                               struct slice bytes, unsigned *ret_pages)
{
    const char *type = filetype_of(slice_head(bytes, FILETYPE_HEAD));

    if (bytes.n == 0)
        return HANDED_EMPTY;
    if (type == NULL)
        return HANDED_TYPE;
    switch (filetype_class(type)) {
    case FILETYPE_TEXT:
        return examine_text(bytes);
    case FILETYPE_PDF:
        return examine_pdf(fd, pdf, ret_pages);
    case FILETYPE_OFFICE:
        return examine_office(bytes);
    case FILETYPE_PICTURE:
        return HANDED_PICTURE;
    case FILETYPE_OLD_OFFICE:
        return file_kind(bytes) == FILE_ENCRYPTED ? HANDED_LOCKED : HANDED_OTHER;
    case FILETYPE_LOG:
        return HANDED_OTHER;
    default:
        return HANDED_ARCHIVE;
    }
}

int handed_examine(int fd, const struct pdftext_options *pdf, enum handed_outcome *ret,
                   unsigned *ret_pages, struct err *err)
{
    struct buf bytes = BUF_INIT(HANDED_MAX);
    int r = file_read_fd(fd, "", &bytes, err);

    *ret_pages = 0;
    if (r == -CE_TOO_BIG)
        *ret = HANDED_TOO_BIG;
    else if (r == 0)
        *ret = handed_examine_file(fd, pdf, buf_slice(&bytes), ret_pages);
    buf_done(&bytes);
    return r == -CE_TOO_BIG ? 0 : r;
}
