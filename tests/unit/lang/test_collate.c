/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/collate.h"

#include <stdlib.h>

#include "tap.h"

static void is_fn(void (*fn)(struct slice, struct buf *), const char *in, const char *want,
                  const char *what)
{
    struct buf b = BUF_INIT(1000);

    fn(slice_str(in), &b);
    is_slice(buf_slice(&b), slice_str(want), "%s", what);
    buf_done(&b);
}

static void test_text(void)
{
    is_fn(viet_nfc, "Tie\xCC\x82\xCC\x81ng Vie\xCC\xA3\xCC\x82t", "Tiếng Việt", "NFC");
    is_fn(viet_nfc, "Tiếng", "Tiếng", "NFC of NFC");
    is_fn(viet_nfc, "a\xFF\xCC\x81", "a\xEF\xBF\xBD\xCC\x81", "invalid bytes are replaced");
    is_fn(viet_fold, "  Nguyễn\xC2\xA0 VĂN\tĐức ", "nguyen van duc", "fold");
    is_fn(viet_fold, "Ðà Nẵng (Đ/c)", "da nang (d/c)", "the wrong Ð counts as Đ");
    is_fn(viet_key, "Số ĐT (di động):", "so dt di dong", "key of a header");
    is_fn(viet_key, "*", "", "key of nothing");
    ok(viet_same(SLICE("hoà"), SLICE("hòa")), "both tone placements are the same");
    ok(!viet_same(SLICE("hoà"), SLICE("hoa bình")), "other words are not");
    ok(viet_contains(SLICE("Sở Khoa học và Công nghệ"), SLICE("KHOA HOC")), "search without tones");
    ok(!viet_contains(SLICE("Sở Y tế"), SLICE("khoa")), "not found");
}

static struct viet *viet;

static int by_word(const void *a, const void *b)
{
    return viet_cmp(viet, slice_str(*(const char *const *)a), slice_str(*(const char *const *)b));
}

static int by_name(const void *a, const void *b)
{
    return viet_cmp_name(viet, slice_str(*(const char *const *)a),
                         slice_str(*(const char *const *)b));
}

static void is_sorted(int (*by)(const void *, const void *), const char *const *want, size_t n,
                      const char *what)
{
    const char *mixed[32];

    for (size_t i = 0; i < n; i++)
        mixed[i] = want[(i * 7 + 3) % n];
    qsort(mixed, n, sizeof(mixed[0]), by);
    for (size_t i = 0; i < n; i++)
        is_str(mixed[i], want[i], "%s %zu", what, i);
}

static void test_order(void)
{
    static const char *const words[] = {"a", "à", "ả", "ã",     "á",     "ạ", "ă", "â",
                                        "b", "c", "d", "đ",     "e",     "ê", "o", "ô",
                                        "ơ", "u", "ư", "xã Ba", "xã Bà", "y"};
    static const char *const names[] = {"Lê Thị An",     "Nguyễn Văn An",  "Trần Văn An",  "Đỗ Ân",
                                        "Phạm Thị Bình", "NGUYỄN THỊ ĐÀO", "Trần Thị Đào", "Yên"};
    struct err err;

    is_int(viet_new(&viet, &err), 0, "ICU knows Vietnamese");
    is_sorted(by_word, words, CANH_LEN(words), "words");
    is_sorted(by_name, names, CANH_LEN(names), "names");
    is_slice(viet_given_name(SLICE(" Lê Thị An ")), SLICE("An"), "given name");
    is_slice(viet_given_name(SLICE("")), SLICE(""), "of nobody");
    ok(viet_cmp(viet, SLICE("a"), SLICE("a")) == 0, "equal");
    viet = viet_free(viet);
}

int main(void)
{
    test_text();
    test_order();
    return tap_done();
}
