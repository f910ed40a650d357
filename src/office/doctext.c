/* SPDX-License-Identifier: Apache-2.0 */
#include "office/doctext.h"

#include "lang/err_office.h"
#include "office/docmake.h"
#include "office/pack.h"
#include "office/text.h"

const struct doctext_limits doctext_default_limits = {
    .max_bytes = (size_t)32 << 20,
    .max_unpacked = (size_t)256 << 20,
    .max_ratio = 250,
    .max_entries = 4096,
    .max_paras = 100000,
    .max_para_bytes = 1 << 20,
};

static int read_txt(struct docmake *m, struct slice bytes)
{
    struct buf text = BUF_INIT(m->limits->max_bytes * 3);
    enum text_encoding encoding;
    struct slice rest, line;
    int r = text_decode(bytes, &text, &encoding, m->err);

    rest = buf_slice(&text);
    for (uint32_t number = 1; r == 0 && slice_cut(&rest, '\n', &line); number++)
        r = docmake_para(m, DOC_TEXT, 0, SLICE(""), line, number);
    buf_done(&text);
    return r;
}

static int read_package(struct docmake *m, struct slice bytes, enum doc_format *format)
{
    const struct doctext_limits *l = m->limits;
    struct pack_limits limits = {.max_bytes = l->max_bytes,
                                 .max_unpacked = l->max_unpacked,
                                 .max_ratio = l->max_ratio,
                                 .max_entries = l->max_entries};
    struct pack *p = NULL;
    int r = pack_open(&p, bytes, &limits, m->err);

    if (r < 0)
        return r;
    if (pack_has(p, "_rels/.rels") && !pack_has_prefix(p, "xl/")) {
        *format = DOC_DOCX;
        r = docx_read(m, p);
    } else if (pack_has(p, "content.xml")) {
        *format = DOC_ODT;
        r = odt_read(m, p);
    } else {
        r = err_fail(m->err, CE_UNKNOWN, ERR_OFFICE_DOC_OTHER);
    }
    pack_free(p);
    return r;
}

static int read_any(struct docmake *m, struct slice bytes, enum doc_format *format)
{
    if (bytes.n > m->limits->max_bytes)
        return err_fail(m->err, CE_TOO_BIG, ERR_OFFICE_FILE_BIG,
                        (uint64_t)(m->limits->max_bytes >> 20));
    switch (file_kind(bytes)) {
    case FILE_ZIP:
        return read_package(m, bytes, format);
    case FILE_OTHER:
        *format = DOC_TXT;
        return read_txt(m, bytes);
    case FILE_ENCRYPTED:
        return err_fail(m->err, CE_DENIED, ERR_OFFICE_FILE_ENCRYPTED);
    case FILE_OLE:
        return err_fail(m->err, CE_UNKNOWN, ERR_OFFICE_FILE_XLS);
    case FILE_PDF:
        return err_fail(m->err, CE_UNKNOWN, ERR_OFFICE_DOC_PDF);
    case FILE_RTF:
    case FILE_HTML:
    case FILE_IMAGE:
    case FILE_RAR_7Z:
        break;
    }
    return err_fail(m->err, CE_UNKNOWN, ERR_OFFICE_DOC_OTHER);
}

static int check_legacy(const struct docmake *m)
{
    struct text_tally tally = {0};
    unsigned line = 0;

    for (size_t i = 0; i < m->count; i++) {
        text_count(&tally, m->paras[i].text);
        if (line == 0 && tally.odd > 0)
            line = m->paras[i].number;
    }
    if (text_judge(&tally) == TEXT_MODERN)
        return 0;
    return text_refuse(text_judge(&tally), line, 0, m->err);
}

int doctext_read(struct arena *arena, struct slice bytes, const struct doctext_limits *limits,
                 struct doctext **ret, struct err *err)
{
    struct doctext *d = arena_new(arena, struct doctext);
    struct err local = ERR_INIT;
    struct docmake m;
    int r;

    if (d == NULL)
        return err_nomem(err);
    docmake_init(&m, arena, limits ? limits : &doctext_default_limits, &local);
    r = read_any(&m, bytes, &d->format);
    if (r == 0)
        r = check_legacy(&m);
    if (r == 0)
        r = docmake_end(&m, d);
    docmake_done(&m);
    if (r == 0)
        *ret = d;
    else if (err != NULL)
        *err = local;
    return r;
}
