/* SPDX-License-Identifier: Apache-2.0 */
/* Every text of an office package, wherever it stands. */
#include "office/alltext.h"

#include "tap.h"
#include "zipmake.h"

static struct buf all = BUF_INIT(100000);

static int take(void *user, struct slice line)
{
    int *left = user;

    buf_putc(&all, '|');
    buf_append_slice(&all, line);
    return left && --*left == 0 ? -CE_RANGE : 0;
}

static int read_all(const struct zip_part *parts, size_t n, int *left)
{
    struct slice bytes = zip_make(parts, n, true);
    struct err err = ERR_INIT;
    int r = alltext_each(bytes, take, left, &err);

    free((void *)(uintptr_t)bytes.p);
    return r;
}

int main(void)
{
    static const struct zip_part docx[] = {
        {"word/document.xml",
         SLICE(
             "<d><w:p><w:r><w:t>A</w:t></w:r><w:r><w:t>B</w:t></w:r><w:txbxContent><w:p><w:t>in a "
             "box</w:t></w:p></w:txbxContent><w:t>C</w:t><w:br/><w:t>D</w:t></w:p></d>")},
        {"word/header1.xml", SLICE("<h><v:textpath string='over all'/></h>")},
        {"word/media/a.png", SLICE("\x89PNG")}};
    static const struct zip_part sheet[] = {
        {"xl/worksheets/sheet1.xml",
         SLICE(
             "<s><c><v>12</v></c><oddHeader>&amp;L1&amp;C&amp;\"Times,Bold\"&amp;14Mid &amp;&amp; "
             "dle</oddHeader></s>")}};
    static const struct zip_part evil[] = {
        {"a.xml", SLICE("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>")}};
    int two = 2;

    is_int(read_all(docx, CANH_LEN(docx), NULL), 0, "a document");
    is_slice(buf_slice(&all), SLICE("|AB|in a box|C\nD|over all"), "paragraphs, boxes, headers");
    buf_clear(&all);
    is_int(read_all(docx, CANH_LEN(docx), &two), -CE_RANGE, "stopped by who reads");
    buf_clear(&all);
    is_int(read_all(sheet, CANH_LEN(sheet), NULL), 0, "a sheet");
    ok(slice_find(buf_slice(&all), SLICE("\nMid ")) != SIZE_MAX, "its header without codes");
    ok(read_all(evil, CANH_LEN(evil), NULL) == -CE_DENIED, "no entities");
    ok(alltext_each(SLICE("PK\3\4 no zip"), take, NULL, &ERR_INIT) < 0, "no package");
    buf_done(&all);
    return tap_done();
}
