/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "err_words.h"
#include "office/workbook.h"
#include "tap.h"
#include "zipmake.h"

struct read {
    struct arena arena;
    struct workbook *table;
    struct err err;
    int r;
};

static struct read read_bytes(struct slice bytes, const struct workbook_limits *limits)
{
    struct read d = {.arena = ARENA_INIT(WORKBOOK_ARENA_MAX)};

    d.r = workbook_read(&d.arena, bytes, limits, &d.table, &d.err);
    return d;
}

static struct read read_xlsx(struct xlsx_parts parts)
{
    struct slice bytes = xlsx_make(&parts);
    struct read d = read_bytes(bytes, NULL);

    free((void *)(uintptr_t)bytes.p);
    return d;
}

static const struct cell *at(const struct read *d, uint32_t sheet, uint32_t row, uint32_t col)
{
    static const struct cell none = {.p = (const uint8_t *)"", .kind = CELL_KIND_MAX};

    if (d->r < 0 || sheet >= d->table->sheet_count)
        return &none;
    for (uint32_t i = 0; i < d->table->sheets[sheet].row_count; i++) {
        if (d->table->sheets[sheet].rows[i].number == row)
            return row_cell(&d->table->sheets[sheet].rows[i], col);
    }
    return &none;
}

#define is_cell(d, row, col, kind_, text, what)                                                    \
    do {                                                                                           \
        const struct cell *c_ = at(d, 0, row, col);                                                \
        is_slice(cell_text(c_), slice_str(text), "%s", what);                                      \
        is_int(c_->kind, kind_, "%s: its kind", what);                                             \
    } while (0)

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void test_strings(void)
{
    struct read d = read_xlsx((struct xlsx_parts){
        .deflate = true,
        .strings = "<sst><si><t>Đơn vị</t></si>"
                   "<si><r><t>Trực </t></r><r><t xml:space='preserve'>ca 1 </t></r>"
                   "<rPh><t>không lấy</t></rPh></si><si><t>a_x000D_b_x0041_</t></si></sst>",
        .sheet1 = SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>"
                        "<row r='5'><c r='B5' t='inlineStr'><is><t>Tie\xCC\x82\xCC\x81ng</t></is>"
                        "</c><c t='str'><f>A1&amp;\"x\"</f><v> giữa </v></c>"
                        "<c r='D5' t='s'><v>2</v></c><c t='s'><f>A1</f></c></row>")});

    is_int(d.r, 0, "reads: %s", err_words(&d.err));
    is_int(d.r < 0 ? 0 : d.table->sheets[0].row_count, 2, "rows without values are left out");
    is_cell(&d, 1, 1, CELL_TEXT, "Đơn vị", "a shared string");
    is_cell(&d, 1, 2, CELL_EMPTY, "", "a gap");
    is_cell(&d, 1, 3, CELL_TEXT, "Trực ca 1", "runs joined, phonetic text left out, ends trimmed");
    is_cell(&d, 1, 9, CELL_EMPTY, "", "beyond the last cell");
    is_cell(&d, 5, 2, CELL_TEXT, "Tiếng", "an inline string in NFC");
    is_cell(&d, 5, 3, CELL_TEXT, "giữa", "the stored text of a formula, place counted on");
    is_int(at(&d, 0, 5, 3)->flags, CELL_FORMULA, "its flag");
    is_cell(&d, 5, 4, CELL_TEXT, "a\nbA", "escaped characters");
    is_int(at(&d, 0, 5, 5)->flags, CELL_FORMULA, "a formula never computed is there");
    is_cell(&d, 5, 5, CELL_EMPTY, "", "and empty");
    is_int(d.r < 0 ? 0 : d.table->sheets[0].formulas, 2, "formulas counted");
    arena_done(&d.arena);
}

static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy;@'/>"
    "<numFmt numFmtId='165' formatCode='[h]:mm'/><numFmt numFmtId='166' formatCode='0000000000'/>"
    "<numFmt numFmtId='167' formatCode='[$-42A]dd/mm/yyyy hh:mm'/>"
    "<numFmt numFmtId='168' formatCode='#,##0.00&quot; days&quot;'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='20'/>"
    "<xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='10'/><xf numFmtId='167'/>"
    "<xf numFmtId='168'/></cellXfs></styleSheet>";

static const char number_cells[] =
    SHEET("<row r='1'><c r='A1'><v>0.30000000000000004</v></c><c r='B1'><v>912345678</v></c>"
          "<c r='C1'><v>1E+20</v></c><c r='D1'><v>-1.5E-3</v></c>"
          "<c r='E1'><v>1234567890123456</v></c><c r='F1' t='n'><v>5</v></c>"
          "<c r='G1'><v>NaN</v></c></row>"
          "<row r='2'><c r='A2' s='1'><v>44109</v></c><c r='B2' s='2'><v>44109</v></c>"
          "<c r='C2' s='3'><v>0.3125</v></c><c r='D2' s='4'><v>1.5</v></c>"
          "<c r='E2' s='5'><v>912345678</v></c><c r='F2' s='6'><v>0.955</v></c>"
          "<c r='G2' s='7'><v>44109.3125</v></c><c r='H2' s='8'><v>3</v></c></row>"
          "<row r='3'><c r='A3' t='b'><v>1</v></c><c r='B3' t='e'><v>#N/A</v></c>"
          "<c r='C3' s='1'><v>1</v></c><c r='D3' s='1'><v>59</v></c><c r='E3' s='1'><v>61</v></c>"
          "<c r='F3' t='d'><v>2020-10-05</v></c><c r='G3' s='1'><v>3000000</v></c></row>");

static void test_numbers(void)
{
    struct read d = read_xlsx((struct xlsx_parts){.styles = styles, .sheet1 = number_cells});

    is_int(d.r, 0, "reads: %s", err_words(&d.err));
    is_cell(&d, 1, 1, CELL_NUMBER, "0.3", "no binary noise");
    is_cell(&d, 1, 2, CELL_NUMBER, "912345678", "a telephone number as a number");
    is_cell(&d, 1, 3, CELL_NUMBER, "100000000000000000000", "no exponent");
    is_cell(&d, 1, 4, CELL_NUMBER, "-0.0015", "no exponent below one");
    is_cell(&d, 1, 5, CELL_NUMBER, "1234567890123460", "16 digits");
    is_int(at(&d, 0, 1, 5)->flags, CELL_LOSSY, "are marked as damaged");
    is_cell(&d, 1, 7, CELL_ERROR, "NaN", "no number");
    is_cell(&d, 2, 1, CELL_DATE, "2020-10-05", "a built-in date format");
    is_cell(&d, 2, 2, CELL_DATE, "2020-10-05", "a date format of its own");
    is_cell(&d, 2, 3, CELL_TIME, "07:30", "a time");
    is_cell(&d, 2, 4, CELL_TIME, "36:00", "elapsed time");
    is_cell(&d, 2, 5, CELL_TEXT, "0912345678", "a code of zeros keeps its zero");
    is_cell(&d, 2, 6, CELL_NUMBER, "95.5%", "a percentage");
    is_cell(&d, 2, 7, CELL_DATETIME, "2020-10-05T07:30", "date and time, locale in brackets");
    is_cell(&d, 2, 8, CELL_NUMBER, "3", "letters in quotes are no date");
    is_cell(&d, 3, 1, CELL_BOOL, "TRUE", "yes");
    is_cell(&d, 3, 2, CELL_ERROR, "#N/A", "an error value");
    is_cell(&d, 3, 3, CELL_DATE, "1900-01-01", "the first day");
    is_cell(&d, 3, 4, CELL_DATE, "1900-02-28", "before the false leap day");
    is_cell(&d, 3, 5, CELL_DATE, "1900-03-01", "after it");
    is_cell(&d, 3, 6, CELL_DATE, "2020-10-05", "an ISO date");
    is_cell(&d, 3, 7, CELL_NUMBER, "3000000", "beyond the year 9999");
    arena_done(&d.arena);
}

static void test_1904(void)
{
    struct read d = read_xlsx((struct xlsx_parts){
        .workbook = "<workbook><workbookPr date1904='1'/><extLst><ext><x15:workbookPr/>"
                    "</ext></extLst><sheets><sheet name='S' sheetId='1' "
                    "r:id='rId1'/></sheets></workbook>",
        .styles = styles,
        .sheet1 = SHEET("<row r='1'><c r='A1' s='1'><v>42647</v></c><c s='1'><v>0</v></c></row>")});

    is_cell(&d, 1, 1, CELL_DATE, "2020-10-05", "the 1904 date system");
    is_cell(&d, 1, 2, CELL_DATE, "1904-01-01", "its first day");
    arena_done(&d.arena);
}

static void test_sheets(void)
{
    struct read d = read_xlsx((struct xlsx_parts){
        .workbook = "<x:workbook><x:sheets><x:sheet name='Ẩn' sheetId='1' state='hidden' "
                    "r:id='rId1'/><x:sheet name='Lịch Trực' sheetId='2' r:id='rId2'/>"
                    "<x:sheet name='Biểu đồ' sheetId='3' r:id='rId5'/></x:sheets></x:workbook>",
        .rels = XLSX_RELS(XLSX_REL("rId1", "worksheet", "worksheets/sheet1.xml")
                              XLSX_REL("rId2", "worksheet", "worksheets/sheet2.xml")
                                  XLSX_REL("rId5", "chartsheet", "chartsheets/sheet1.xml")
                                      XLSX_REL("rId6", "externalLink", "externalLinks/e.xml")
                                          XLSX_REL("rId7", "vbaProject", "vbaProject.bin")),
        .sheet1 = SHEET("<row r='1'><c r='A1'><v>1</v></c></row>"),
        .sheet2 = "<x:worksheet><x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>Ngày</x:v>"
                  "</x:c><x:c r='B1' t='str'><x:v>Ca</x:v></x:c></x:row>"
                  "<x:row r='2' hidden='1'><x:c r='A2'><x:v>7</x:v></x:c><x:c r='B2'><x:v>1</x:v>"
                  "</x:c></x:row><x:row r='3'><x:c r='A3'/><x:c r='B3'><x:v>2</x:v></x:c></x:row>"
                  "</x:sheetData><x:mergeCells count='1'><x:mergeCell ref='A2:A3'/></x:mergeCells>"
                  "</x:worksheet>"});
    const struct sheet *s;

    is_int(d.r, 0, "reads prefixed names: %s", err_words(&d.err));
    is_int(d.r < 0 ? 0 : d.table->sheet_count, 2, "a chart sheet is no sheet");
    if (d.r < 0)
        return;
    ok(d.table->sheets[0].hidden, "a hidden sheet is noted");
    ok(d.table->external, "so are links to other files");
    ok(d.table->macros, "and macros");
    s = workbook_first(d.table);
    is_slice(s->name, SLICE("Lịch Trực"), "the first visible sheet");
    ok(workbook_sheet(d.table, SLICE("lich truc")) == s, "found without tones");
    ok(workbook_sheet(d.table, SLICE("lịch")) == NULL, "a part of a name is not enough");
    ok(s->rows[1].hidden, "a hidden row is noted");
    is_int(s->merge_count, 1, "a merged area is noted");
    is_slice(cell_text(row_cell(&s->rows[2], 1)), SLICE("7"), "its cells have its value");
    ok(row_cell(&s->rows[2], 1)->flags & CELL_COVERED, "and a flag");
    ok(!(row_cell(&s->rows[1], 1)->flags & CELL_COVERED), "but not the first");
    arena_done(&d.arena);
}

static void test_damage(void)
{
    static const struct {
        const char *what, *sheet;
        int want;
        unsigned row, col;
    } cases[] = {
        {"a shared string that is not there",
         SHEET("<row r='4'><c r='C4' t='s'><v>9</v></c></row>"), -CE_CORRUPT, 4, 3},
        {"rows out of order", SHEET("<row r='2'></row><row r='2'></row>"), -CE_CORRUPT, 2, 0},
        {"a cell outside a row", SHEET("<c r='A1'><v>1</v></c>"), -CE_CORRUPT, 0, 0},
        {"a bad reference", SHEET("<row r='3'><c r='1A'><v>1</v></c></row>"), -CE_CORRUPT, 3, 0},
        {"a cell too far right", SHEET("<row r='3'><c r='XFD3'><v>1</v></c></row>"), -CE_TOO_BIG, 3,
         16384},
        {"XML that ends", "<worksheet><sheetData>", -CE_SYNTAX, 0, 0},
        {"entities", "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><worksheet>&c;</worksheet>",
         -CE_DENIED, 0, 0},
        {"an external entity", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><worksheet/>", -CE_DENIED,
         0, 0},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct read d = read_xlsx((struct xlsx_parts){.sheet1 = cases[i].sheet});

        is_int(d.r, cases[i].want, "%s is refused: %s", cases[i].what, err_words(&d.err));
        is_int(d.err.line, cases[i].row, "%s: row", cases[i].what);
        is_int(d.err.col, cases[i].col, "%s: column", cases[i].what);
        arena_done(&d.arena);
    }
}

static void test_token(void)
{
    struct buf b = BUF_INIT(8 << 20);
    struct read d;

    buf_puts(&b, "<worksheet><!--");
    for (unsigned i = 0; i < 3 << 20; i++)
        buf_putc(&b, (uint8_t)('a' + i * 2654435761u % 26)); /* not packed 250:1 */
    buf_puts(&b, "--></worksheet>");
    d = read_xlsx((struct xlsx_parts){.sheet1 = buf_cstr(&b)});
    is_int(d.r, -CE_TOO_BIG, "a comment of 3 MiB: %s", err_words(&d.err));
    ok(strstr(err_words(&d.err), "comment") != NULL, "says so");
    arena_done(&d.arena);
    buf_done(&b);
}

static void test_depth(void)
{
    struct buf b = BUF_INIT(1 << 20);
    struct read d;

    buf_puts(&b, "<worksheet>");
    for (int i = 0; i < 1000; i++)
        buf_puts(&b, "<a>");
    d = read_xlsx((struct xlsx_parts){.sheet1 = buf_cstr(&b)});
    is_int(d.r, -CE_DEPTH, "nested too deep: %s", err_words(&d.err));
    arena_done(&d.arena);
    buf_done(&b);
}

static void test_bomb(void)
{
    struct buf b = BUF_INIT(32 << 20);
    struct workbook_limits few = workbook_default_limits;
    struct xlsx_parts parts = {.deflate = true};
    struct slice bytes;
    struct read d;

    buf_puts(&b, "<worksheet><sheetData>");
    for (int i = 0; i < 8 << 20; i++)
        buf_putc(&b, ' ');
    buf_puts(&b, "</sheetData></worksheet>");
    parts.sheet1 = buf_cstr(&b);
    bytes = xlsx_make(&parts);
    d = read_bytes(bytes, NULL);
    is_int(d.r, -CE_TOO_BIG, "a part that unpacks 1000:1: %s", err_words(&d.err));
    arena_done(&d.arena);
    few.max_ratio = 100000;
    few.max_unpacked = 4 << 20;
    d = read_bytes(bytes, &few);
    is_int(d.r, -CE_TOO_BIG, "over the total: %s", err_words(&d.err));
    arena_done(&d.arena);
    few.max_entries = 3;
    d = read_bytes(bytes, &few);
    is_int(d.r, -CE_TOO_BIG, "too many entries: %s", err_words(&d.err));
    arena_done(&d.arena);
    free((void *)(uintptr_t)bytes.p);
    buf_done(&b);
}

static void test_limits(void)
{
    struct workbook_limits few = workbook_default_limits;
    struct xlsx_parts parts = {
        .sheet1 = SHEET("<row r='1'><c r='A1'><v>1</v></c></row>"
                        "<row r='7'><c r='A7'><v>1</v></c><c r='B7'><v>1</v></c></row>")};
    struct slice bytes = xlsx_make(&parts);
    struct read d;

    few.max_rows = 1;
    d = read_bytes(bytes, &few);
    is_int(d.r, -CE_TOO_BIG, "one row too many: %s", err_words(&d.err));
    is_int(d.err.line, 7, "names it");
    arena_done(&d.arena);
    few.max_rows = 2;
    few.max_cells = 2;
    d = read_bytes(bytes, &few);
    is_int(d.r, -CE_TOO_BIG, "one cell too many: %s", err_words(&d.err));
    arena_done(&d.arena);
    few.max_cells = 3;
    d = read_bytes(bytes, &few);
    is_int(d.r, 0, "just fits");
    arena_done(&d.arena);
    free((void *)(uintptr_t)bytes.p);
}

/* What a program leaves out at the end of a row that a merged area covers. */
static void test_short_merge(void)
{
    struct read d = read_xlsx((struct xlsx_parts){
        .sheet1 =
            SHEET("<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c>"
                  "<c r='C1'><v>3</v></c></row><row r='2'><c r='A2'><v>4</v></c></row>"
                  "</sheetData><mergeCells><mergeCell ref='B1:D2'/></mergeCells><sheetData>")});

    if (!is_int(d.r, 0, "a merged area at the right: %s", err_words(&d.err)))
        return;
    is_int(d.table->sheets[0].rows[1].count, 3, "as far as the sheet is wide");
    is_slice(cell_text(row_cell(&d.table->sheets[0].rows[1], 3)), SLICE("2"),
             "has its value below, too");
    arena_done(&d.arena);
}

static void test_overlapping_merges(void)
{
    struct buf b = BUF_INIT(1 << 20);
    struct read d;

    buf_puts(&b, "<worksheet><sheetData>");
    for (int i = 1; i <= 50; i++)
        buf_printf(&b, "<row r='%d'><c r='A%d'><v>1</v></c></row>", i, i);
    buf_puts(&b, "</sheetData><mergeCells>");
    for (int i = 0; i < 50; i++)
        buf_puts(&b, "<mergeCell ref='A1:A1000000'/>");
    buf_puts(&b, "</mergeCells></worksheet>");
    d = read_xlsx((struct xlsx_parts){.sheet1 = buf_cstr(&b)});
    is_int(d.r, -CE_CORRUPT, "areas over areas are refused before they cost time: %s",
           err_words(&d.err));
    arena_done(&d.arena);
    buf_done(&b);
}

static void test_other_files(void)
{
    static const struct {
        const char *what;
        struct slice bytes;
        int want;
    } cases[] = {
        {"an old .xls", SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....."), -CE_UNKNOWN},
        {"a file with a password",
         SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1.E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"),
         -CE_DENIED},
        {"a PDF", SLICE("%PDF-1.4\n"), -CE_UNKNOWN},
        {"HTML", SLICE("  <html><table>"), -CE_UNKNOWN},
        {"half a package", SLICE("PK\3\4\0\0\0\0\0"), -CE_CORRUPT},
        {"a package of something", SLICE("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
         -CE_UNKNOWN},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct read d = read_bytes(cases[i].bytes, NULL);

        is_int(d.r, cases[i].want, "%s: %s", cases[i].what, err_words(&d.err));
        arena_done(&d.arena);
    }
}

static void test_legacy(void)
{
    struct read d = read_xlsx((struct xlsx_parts){
        .sheet1 = SHEET("<row r='2'><c r='B2' t='str'><v>Céng hßa x· héi chñ nghÜa ViÖt Nam</v></c>"
                        "</row><row r='3'><c r='A3' t='str'><v>§éc lËp - Tù do</v></c></row>")});

    is_int(d.r, -CE_ENCODING, "TCVN3 in a workbook is refused: %s", err_words(&d.err));
    is_int(d.err.line, 2, "with the first row");
    is_int(d.err.col, 2, "and column");
    arena_done(&d.arena);
}

int main(void)
{
    test_strings();
    test_numbers();
    test_1904();
    test_sheets();
    test_damage();
    test_depth();
    test_token();
    test_bomb();
    test_limits();
    test_short_merge();
    test_overlapping_merges();
    test_other_files();
    test_legacy();
    return tap_done();
}
