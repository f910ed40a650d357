/* SPDX-License-Identifier: Apache-2.0 */
#include "office/alltext.h"

#include "base/ascii.h"
#include "office/doctext.h"

enum { LINE_MAX_BYTES = 1 << 20 };

struct alltext {
    struct buf line, plain;
    int (*fn)(void *user, struct slice line);
    void *user;
};

static int alltext_flush(struct alltext *a)
{
    int r = slice_trim(buf_slice(&a->line)).n ? a->fn(a->user, buf_slice(&a->line)) : 0;

    buf_clear(&a->line);
    a->line.err = 0; /* what is longer than any line was cut */
    return r;
}

static bool is_any(struct slice name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (slice_is(name, names[i]))
            return true;
    }
    return false;
}

/* Elements whose text is one piece: paragraphs, headings, strings, cells, headers of sheets. */
static bool is_piece(struct slice name)
{
    static const char *const names[] = {"p",           "h",           "si",          "is",
                                        "c",           "v",           "title",       "subject",
                                        "keywords",    "category",    "description", "comment",
                                        "oddHeader",   "oddFooter",   "evenHeader",  "evenFooter",
                                        "firstHeader", "firstFooter", "textpath"};

    return is_any(name, names, CANH_LEN(names));
}

static bool is_sheet_header(struct slice name)
{
    return slice_ends(name, SLICE("Header")) || slice_ends(name, SLICE("Footer"));
}

/* &L, &C, &R begin the parts; &"font", &12, &B … say how they look (ECMA-376 18.3.1.46). */
static void write_without_codes(struct buf *out, struct slice text)
{
    while (text.n) {
        uint8_t c = text.p[0];

        text = slice_from(text, 1);
        if (c != '&' || text.n == 0) {
            buf_putc(out, (char)c);
            continue;
        }
        c = text.p[0];
        text = slice_from(text, 1);
        buf_putc(out, '\n');
        if (c == '"')
            (void)slice_cut(&text, '"', &(struct slice){.n = 0});
        while (c >= '0' && c <= '9' && text.n && ascii_is_digit(text.p[0]))
            text = slice_from(text, 1);
    }
}

static int on_start(void *user, struct slice name, const char **attrs)
{
    static const char *const breaks[] = {"br", "cr", "line-break", "tab", "ptab"};
    struct alltext *a = user;
    struct slice art = slice_is(name, "textpath") ? xml_attr(attrs, "string") : SLICE_NULL;
    int r = is_piece(name) ? alltext_flush(a) : 0;

    if (is_any(name, breaks, CANH_LEN(breaks)))
        buf_putc(&a->line, '\n');
    if (art.n)
        buf_append_slice(&a->line, art); /* a watermark */
    return r;
}

static int on_end(void *user, struct slice name)
{
    struct alltext *a = user;

    if (is_sheet_header(name)) {
        buf_clear(&a->plain);
        write_without_codes(&a->plain, buf_slice(&a->line));
        buf_clear(&a->line);
        buf_append_slice(&a->line, buf_slice(&a->plain));
    }
    return is_piece(name) ? alltext_flush(a) : 0;
}

static int on_text(void *user, struct slice text)
{
    struct alltext *a = user;

    buf_append_slice(&a->line, text);
    return 0;
}

int alltext_each(struct slice bytes, int (*fn)(void *user, struct slice line), void *user,
                 struct err *err)
{
    static const struct xml_sink sink = {on_start, on_end, on_text};
    const struct doctext_limits *d = &doctext_default_limits;
    struct pack_limits limits = {.max_bytes = (size_t)64 << 20,
                                 .max_unpacked = d->max_unpacked,
                                 .max_ratio = d->max_ratio,
                                 .max_entries = d->max_entries};
    struct alltext a = {.line = BUF_INIT(LINE_MAX_BYTES),
                        .plain = BUF_INIT(LINE_MAX_BYTES),
                        .fn = fn,
                        .user = user};
    struct pack *p;
    int r = pack_open(&p, bytes, &limits, err);

    if (r < 0)
        return r;
    for (size_t i = 0; r == 0 && i < pack_parts(p); i++) {
        const char *name = pack_part_name(p, i);

        if (name == NULL || !slice_ends(slice_str(name), SLICE(".xml")))
            continue;
        r = pack_xml(p, name, &sink, &a, err);
        if (r == 0)
            r = alltext_flush(&a);
    }
    buf_done(&a.line);
    buf_done(&a.plain);
    pack_free(p);
    return r;
}
