/* SPDX-License-Identifier: Apache-2.0 */
#include "office/doctext.h"

#include <stdlib.h>

#include "err_words.h"
#include "tap.h"
#include "zipmake.h"

static struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
static struct err err;

static struct doctext *read_doc(struct slice bytes, const struct doctext_limits *limits)
{
    struct doctext *d = NULL;

    err = ERR_INIT;
    return doctext_read(&arena, bytes, limits, &d, &err) == 0 ? d : NULL;
}

static void is_text(const struct doctext *d, const char *want, const char *what)
{
    struct buf b = BUF_INIT(1 << 16);

    if (d != NULL)
        doctext_write(&b, d);
    is_slice(buf_slice(&b), slice_str(want), "%s: %s", what, err_words(&err));
    buf_done(&b);
}

static struct doctext *read_docx(const char *body, const char *numbering, const char *styles)
{
    static const char root[] = XLSX_RELS(XLSX_REL("r1", "officeDocument", "word/document.xml"));
    static const char rels[] = XLSX_RELS(XLSX_REL("r1", "styles", "styles.xml")
                                             XLSX_REL("r2", "numbering", "numbering.xml"));
    struct buf b = BUF_INIT(1 << 20);
    struct zip_part parts[5];
    struct doctext *d;
    struct slice bytes;
    size_t n = 0;

    buf_printf(&b, "<w:document><w:body>%s</w:body></w:document>", body);
    parts[n++] = (struct zip_part){"_rels/.rels", slice_str(root)};
    parts[n++] = (struct zip_part){"word/_rels/document.xml.rels", slice_str(rels)};
    parts[n++] = (struct zip_part){"word/document.xml", buf_slice(&b)};
    if (numbering)
        parts[n++] = (struct zip_part){"word/numbering.xml", slice_str(numbering)};
    if (styles)
        parts[n++] = (struct zip_part){"word/styles.xml", slice_str(styles)};
    bytes = zip_make(parts, n, true);
    d = read_doc(bytes, NULL);
    free((void *)(uintptr_t)bytes.p);
    buf_done(&b);
    return d;
}

static void test_txt(void)
{
    struct doctext *d = read_doc(SLICE("\xEF\xBB\xBFI. Đối với\r\n\r\n  1. Tăng cường \r\n"), NULL);

    is_text(d, "I. Đối với\n1. Tăng cường\n", "plain text");
    is_int(d ? d->paras[1].number : 0, 3, "with its line number");
    is_text(read_doc(SLICE("\xFF\xFE"
                           "a\0\n\0b\0"),
                     NULL),
            "a\nb\n", "UTF-16");
    ok(read_doc(SLICE("§éc lËp - Tù do - H¹nh phóc\nCéng hßa x· héi chñ nghÜa"), NULL) == NULL,
       "TCVN3 pasted into UTF-8: %s", err_words(&err));
    is_int(err.line, 1, "with its line");
    ok(read_doc(SLICE("%PDF-1.7"), NULL) == NULL && err.code == CE_UNKNOWN, "PDF: %s",
       err_words(&err));
    ok(read_doc(SLICE("{\\rtf1}"), NULL) == NULL && err.code == CE_UNKNOWN, "RTF: %s",
       err_words(&err));
    is_text(read_doc(SLICE("\uFB01rewall, con\uFB02ict, o\uFB03ce, di\u00ADgit\u00AD\nal"), NULL),
            "firewall, conflict, office, digit\u00AD\nal\n", "ligatures and soft hyphens");
    is_text(read_doc(SLICE(""), NULL), "", "nothing");
}

static void test_docx(void)
{
    struct doctext *d = read_docx(
        "<w:p><w:r><w:t xml:space='preserve'>Số: </w:t></w:r><w:r><w:t>01</w:t><w:tab/>"
        "<w:t>a</w:t><w:br/><w:t>b</w:t></w:r><w:del><w:r><w:delText>bỏ</w:delText>"
        "<w:t>bỏ</w:t></w:r></w:del><w:ins><w:r><w:t> thêm</w:t></w:r></w:ins></w:p><w:p/>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>UBND</w:t></w:r></w:p><w:p><w:r><w:t>SỞ</w:t></w:r>"
        "</w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>khung</w:t>"
        "</w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>khung</w:t></w:r>"
        "</w:p></mc:Fallback></mc:AlternateContent><w:t>ngoài</w:t></w:r></w:p>"
        "<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:p>",
        NULL, NULL);

    is_text(d, "Số: 01 a\nb thêm\nUBND\nSỞ\ttrong\nkhung\nngoài\n1\n", "paragraphs and tables");
    if (d == NULL)
        return;
    is_int(d->paras[0].kind, DOC_TEXT, "a paragraph");
    is_int(d->paras[1].kind, DOC_CELL, "a cell");
    is_int(d->paras[2].col, 2, "its column");
    is_int(d->paras[2].row, 1, "its row");
    is_int(d->paras[2].table, 1, "its table");
}

/* A cell over several columns, and columns left out before a row, count as so many. */
static void test_docx_spans(void)
{
    struct doctext *d = read_docx(
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r>"
        "</w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p>"
        "</w:tc><w:tc><w:tcPr><w:gridSpan w:val='70000'/></w:tcPr><w:p><w:r><w:t>d</w:t></w:r>"
        "</w:p></w:tc><w:tc><w:p><w:r><w:t>e</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        NULL, NULL);
    static const uint32_t cols[] = {1, 3, 2, 3, 4};

    is_int(d ? d->count : 0, CANH_LEN(cols), "cells that span columns");
    for (size_t i = 0; d != NULL && i < CANH_LEN(cols); i++)
        is_int(d->paras[i].col, cols[i], "column of cell %zu", i);
}

static void test_docx_numbers(void)
{
    static const char numbering[] =
        "<w:numbering><w:abstractNum w:abstractNumId='7'>"
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='upperRoman'/>"
        "<w:lvlText w:val='%1.'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/>"
        "<w:lvlText w:val='%1.%2.'/></w:lvl>"
        "<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/>"
        "<w:lvlText w:val='%3)'/></w:lvl></w:abstractNum>"
        "<w:abstractNum w:abstractNumId='8'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/>"
        "<w:lvlText w:val='\xEF\x82\xB7'/></w:lvl></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
        "<w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='1'>"
        "<w:startOverride w:val='8'/></w:lvlOverride></w:num>"
        "<w:num w:numId='3'><w:abstractNumId w:val='8'/></w:num></w:numbering>";
    static const char styles[] =
        "<w:styles><w:style w:type='paragraph' w:styleId='H1'><w:pPr><w:numPr>"
        "<w:numId w:val='1'/></w:numPr><w:outlineLvl w:val='0'/></w:pPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='H1b'><w:basedOn w:val='H1'/></w:style>"
        "<w:style w:type='paragraph' w:styleId='A'><w:basedOn w:val='B'/></w:style>"
        "<w:style w:type='paragraph' w:styleId='B'><w:basedOn w:val='A'/></w:style></w:styles>";
#define P(props, text) "<w:p><w:pPr>" props "</w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define NUM(id, level) "<w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='" id "'/></w:numPr>"
    struct doctext *d =
        read_docx(P("<w:pStyle w:val='H1'/>", "Cơ quan") P(NUM("1", "1"), "một")
                      P(NUM("1", "1"), "hai") P(NUM("1", "2"), "điểm") P(NUM("1", "2"), "điểm")
                          P(NUM("2", "1"), "tám") P(NUM("2", "1"), "chín")
                              P("<w:pStyle w:val='H1b'/>", "Doanh nghiệp") P(NUM("1", "1"), "một")
                                  P(NUM("3", "0"), "gạch") P(NUM("0", "0"), "không số")
                                      P("<w:pStyle w:val='A'/>", "vòng") P(NUM("99", "0"), "lạc"),
                  numbering, styles);

    is_text(d,
            "I. Cơ quan\nI.1. một\nI.2. hai\na) điểm\nb) điểm\nI.8. tám\nI.9. chín\n"
            "II. Doanh nghiệp\nII.1. một\n- gạch\nkhông số\nvòng\nlạc\n",
            "numbers made by Word, a gap kept");
    if (d == NULL)
        return;
    is_int(d->paras[0].kind, DOC_HEADING, "a heading by its style");
    is_int(d->paras[0].level, 1, "its level");
    is_int(d->paras[3].kind, DOC_LIST, "a list item");
    is_int(d->paras[3].level, 3, "its level");
    is_slice(d->paras[3].label, SLICE("a)"), "its label apart");
}

static struct doctext *read_odt(const char *content, const char *styles)
{
    struct zip_part parts[3] = {{"mimetype", SLICE("application/vnd.oasis.opendocument.text")},
                                {"content.xml", slice_str(content)},
                                {"styles.xml", slice_str(styles)}};
    struct slice bytes = zip_make(parts, styles ? 3 : 2, false);
    struct doctext *d = read_doc(bytes, NULL);

    free((void *)(uintptr_t)bytes.p);
    return d;
}

/* Cells merged downwards: in DOCX each row says so, in ODT the first one. */
static void test_rows(void)
{
#define TC(merge, text)                                                                            \
    "<w:tc><w:tcPr>" merge "</w:tcPr><w:p><w:r><w:t>" text "</w:t></w:r></w:p></w:tc>"
    struct doctext *d =
        read_docx("<w:tbl><w:tr>" TC("", "1")
                      TC("<w:vMerge w:val='restart'/>",
                         "a") "</w:tr>"
                              "<w:tr>" TC("", "2")
                                  TC("<w:vMerge/>",
                                     "") "</w:tr>"
                                         "<w:tr>" TC("", "3")
                                             TC("<w:vMerge w:val='continue'/>",
                                                "") "</w:tr>"
                                                    "<w:tr>" TC("", "4")
                                                        TC("",
                                                           "") "</w:tr>"
                                                               "<w:tr>" TC("", "5")
                                                                   TC("<w:vMerge/>",
                                                                      "") "</w:tr></w:tbl>"
                                                                          "<w:tbl><w:tr>" TC(
                                                                              "<w:vMerge/>",
                                                                              "") "</w:tr></w:tbl>",
                  NULL, NULL);
#undef TC
    static const uint32_t rows[] = {1, 3, 1, 1, 1, 1};

    is_int(d ? d->count : 0, CANH_LEN(rows), "cells merged downwards");
    for (size_t i = 0; d != NULL && i < CANH_LEN(rows); i++)
        is_int(d->paras[i].rows, rows[i], "rows of cell %zu", i);
    d = read_odt("<table:table><table:table-row><table:table-cell table:number-rows-spanned='2'>"
                 "<text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>"
                 "</table:table-cell></table:table-row><table:table-row>"
                 "<table:covered-table-cell/><table:table-cell><text:p>c</text:p>"
                 "</table:table-cell></table:table-row></table:table>",
                 NULL);
    ok(d != NULL && d->count == 3 && d->paras[0].rows == 2 && d->paras[1].rows == 1 &&
           d->paras[2].col == 2,
       "and of ODT");
}

static void test_odt(void)
{
    static const char styles[] =
        "<office:document-styles><text:outline-style><text:outline-level-style text:level='1' "
        "style:num-format='I' style:num-suffix='.'/></text:outline-style>"
        "<style:footer><text:p>chân trang</text:p></style:footer></office:document-styles>";
    static const char content[] =
        "<office:document-content><office:automatic-styles><text:list-style style:name='L1'>"
        "<text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>"
        "<text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')'/>"
        "<text:list-level-style-number text:level='3' style:num-format='1' style:num-suffix='.' "
        "text:display-levels='3'/></text:list-style></office:automatic-styles><office:body>"
        "<text:tracked-changes><text:p>đã xóa</text:p></text:tracked-changes>"
        "<text:h text:outline-level='1'>Cơ quan</text:h>"
        "<text:list text:style-name='L1'><text:list-item><text:p>một</text:p><text:p>tiếp</text:p>"
        "<text:list><text:list-item><text:p>điểm</text:p><text:list><text:list-item>"
        "<text:p>sâu</text:p></text:list-item></text:list></text:list-item></text:list>"
        "</text:list-item><text:list-item><text:p>hai</text:p></text:list-item></text:list>"
        "<text:p>xen  \n giữa<text:s text:c='2'/>x<text:tab/>y<text:line-break/>z"
        "<text:note><text:p>chú thích</text:p></text:note></text:p>"
        "<text:list text:style-name='L1' text:continue-numbering='true'><text:list-item>"
        "<text:p>ba</text:p></text:list-item><text:list-item text:start-value='8'>"
        "<text:p>tám</text:p></text:list-item></text:list>"
        "<text:list text:style-name='L1'><text:list-header><text:p>đầu</text:p></text:list-header>"
        "<text:list-item><text:p>lại một</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell>"
        "<table:table-cell><text:p>B</text:p><text:p>C</text:p></table:table-cell>"
        "</table:table-row></table:table><text:h text:outline-level='1'>Doanh nghiệp</text:h>"
        "</office:body></office:document-content>";
    struct doctext *d = read_odt(content, styles);

    is_text(d,
            "I. Cơ quan\n1. một\ntiếp\na) điểm\n1.a.1. sâu\n2. hai\nxen giữa  x y\nz\n3. ba\n"
            "8. tám\nđầu\n1. lại một\nA\tB\nC\nII. Doanh nghiệp\n",
            "OpenDocument");
    is_int(d ? d->format : 99, DOC_ODT, "its format");
    is_int(d ? d->paras[0].kind : 99, DOC_HEADING, "a heading");
}

static void test_hostile(void)
{
    struct doctext_limits few = doctext_default_limits;
    struct buf b = BUF_INIT(1 << 20);

    ok(read_docx("</w:body>", NULL, NULL) == NULL && err.code == CE_SYNTAX, "broken XML: %s",
       err_words(&err));
    ok(read_odt("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", NULL) == NULL && err.code == CE_DENIED,
       "entities: %s", err_words(&err));
    for (int i = 0; i < 20; i++)
        buf_puts(&b, "<w:p><w:r><w:t>x</w:t>");
    for (int i = 0; i < 20; i++)
        buf_puts(&b, "</w:r></w:p>");
    is_text(read_docx(buf_cstr(&b), NULL, NULL), "xxxxxxxxxxxxx\nx\nx\nx\nx\nx\nx\nx\n",
            "paragraphs inside paragraphs");
    few.max_paras = 2;
    ok(read_doc(SLICE("a\nb\nc"), &few) == NULL && err.code == CE_TOO_BIG, "too many: %s",
       err_words(&err));
    is_int(err.line, 3, "the third");
    few.max_para_bytes = 4;
    ok(read_doc(SLICE("abcde"), &few) == NULL && err.code == CE_TOO_BIG, "too long: %s",
       err_words(&err));
    ok(read_doc(SLICE("PK\3\4abc"), NULL) == NULL && err.code == CE_CORRUPT, "half a package: %s",
       err_words(&err));
    buf_done(&b);
}

int main(void)
{
    test_txt();
    test_docx();
    test_docx_spans();
    test_rows();
    test_docx_numbers();
    test_odt();
    test_hostile();
    arena_done(&arena);
    return tap_done();
}
