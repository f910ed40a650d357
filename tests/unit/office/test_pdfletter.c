/* SPDX-License-Identifier: Apache-2.0 */
/* What pdftotext printed of a letter → the letter's text. */
#include "office/pdfletter.h"

#include "err_words.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(64 << 20);
static struct err err;

/* One word as pdftotext -tsv prints it. */
static void put_word(struct buf *tsv, int left, int top, const char *text)
{
    buf_printf(tsv, "5\t1\t0\t1\t0\t0\t%d.00\t%d.00\t20.00\t12.00\t100\t%s\n", left, top, text);
}

static void writes(const struct pdfletter *p, const char *want, const char *what)
{
    struct buf out = BUF_INIT(1000);

    buf_puts(&out, "trước\n");
    is_int(pdfletter_write(&arena, p, &out, &err), 0, "%s: %s", what, err_words(&err));
    is_slice(buf_slice(&out), slice_str(want), "%s", what);
    buf_done(&out);
}

int main(void)
{
    struct pdfletter p = {.places = BUF_INIT(10000), .text = BUF_INIT(10000)};
    struct buf little = BUF_INIT(20);

    buf_puts(&p.text, "KẾ HOẠCH\n1. Sao lưu\n2026\n1\n\f\n 2 \nTiếp\n3\nhết\n1234\n\f");
    writes(&p, "trước\nKẾ HOẠCH\n1. Sao lưu\n2026\n\nTiếp\n3\nhết\n1234\n",
           "without places: as it was written, without the numbers of pages");
    put_word(&p.places, 60, 30, "MỘT");
    put_word(&p.places, 300, 30, "HAI");
    writes(&p, "trước\nKẾ HOẠCH\n1. Sao lưu\n2026\n\nTiếp\n3\nhết\n1234\n", "places without a table");
    is_int(pdfletter_write(&arena, &p, &little, &err), -CE_TOO_BIG, "more than there is room for");
    buf_done(&little);
    buf_clear(&p.places);
    put_word(&p.places, 60, 100, "STT");
    put_word(&p.places, 100, 100, "Việc");
    put_word(&p.places, 300, 100, "Hạn");
    for (int i = 1; i < 4; i++) {
        char number[4] = {(char)('0' + i)};

        put_word(&p.places, 60, 100 + 20 * i, number);
        put_word(&p.places, 100, 100 + 20 * i, "sao");
        put_word(&p.places, 300, 100 + 20 * i, "nay");
    }
    writes(&p,
           "trước\n| STT | Việc | Hạn |\n| 1 | sao | nay |\n| 2 | sao | nay |\n| 3 | sao | nay |\n",
           "a table by its places");
    pdfletter_done(&p);
    arena_done(&arena);
    return tap_done();
}
