/* SPDX-License-Identifier: Apache-2.0 */
#include "report/letterhead.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "err_words.h"
#include "tap.h"

static struct err err;

static struct letterhead *parse(struct arena *arena, struct slice text)
{
    struct letterhead *h = NULL;

    err = ERR_INIT;
    return letterhead_parse(arena, text, &h, &err) == 0 ? h : NULL;
}

static void read_layout(const char *name, struct buf *out)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/templates/layout-%s.yml", tap_source_dir(), name);
    if (file_read(path, out, &err) < 0)
        tap_note("%s", err_words(&err));
}

static void test_shipped(void)
{
    static const char *const names[] = {"government", "party", "enterprise"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct arena arena = ARENA_INIT(4 << 20);
        struct buf text = BUF_INIT(1 << 20);
        struct letterhead *h;

        read_layout(names[i], &text);
        h = parse(&arena, buf_slice(&text));
        ok(h != NULL, "%s is read: %u:%u %s", names[i], err.line, err.col, err_words(&err));
        if (h != NULL) {
            is_slice(h->name, slice_str(names[i]), "its name");
            ok(h->source.n > 0 && h->checked.n == 10,
               "where it comes from and when it was checked");
            ok(h->head_rows == 2 && h->element[EL_NUMBER].text.n > 0, "its head");
            ok(h->behalf[BEHALF_DEPUTY].n > 0, "its signs for signing");
        }
        buf_done(&text);
        arena_done(&arena);
    }
}

/* The shipped layout with one part replaced must be refused at a place. */
static void breaks_as(const struct letterhead *h, const char *name, const char *want)
{
    struct buf b = BUF_INIT(4096);

    letterhead_break(h, slice_str(name), 64, 12, &b);
    is_slice(buf_slice(&b), slice_str(want), "where %s breaks", name);
    buf_done(&b);
}

static void test_names(void)
{
    struct arena arena = ARENA_INIT(4 << 20);
    struct buf text = BUF_INIT(1 << 20);
    struct letterhead *h;

    read_layout("government", &text);
    h = parse(&arena, buf_slice(&text));
    if (h != NULL) {
        breaks_as(h, "Sở Y tế", "Sở Y tế");
        breaks_as(h, "Sở Khoa học và Công nghệ", "Sở Khoa học\nvà Công nghệ");
        breaks_as(h, "Ủy ban nhân dân tỉnh Lam Giang", "Ủy ban nhân dân\ntỉnh Lam Giang");
        breaks_as(h, "UỶ BAN NHÂN DÂN XÃ BA", "UỶ BAN NHÂN DÂN\nXÃ BA");
        breaks_as(h, "Trung tâm Công nghệ thông tin và Truyền thông",
                  "Trung tâm Công nghệ thông tin\nvà Truyền thông");
        ok(letterhead_alone(h, SLICE("Uỷ ban nhân dân xã Bình")), "a committee stands alone");
        ok(!letterhead_alone(h, SLICE("Ủy ban Mặt trận")), "another committee does not");
    }
    buf_done(&text);
    arena_done(&arena);
}

static void is_refused(const char *what, const char *part, const char *by, int code)
{
    struct arena arena = ARENA_INIT(4 << 20);
    struct buf text = BUF_INIT(1 << 20), changed = BUF_INIT(1 << 20);
    struct slice s;
    size_t at;

    read_layout("government", &text);
    s = buf_slice(&text);
    at = slice_find(s, slice_str(part));
    ok(at != SIZE_MAX, "%s: the part is there", what);
    if (at != SIZE_MAX) {
        buf_append_slice(&changed, slice_head(s, at));
        buf_puts(&changed, by);
        buf_append_slice(&changed, slice_from(s, at + strlen(part)));
        ok(parse(&arena, buf_slice(&changed)) == NULL, "%s is refused", what);
        is_int(err.code, code, "%s: %u:%u %s", what, err.line, err.col, err_words(&err));
        ok(err.line > 0 && err.col > 0, "%s: with its place", what);
    }
    buf_done(&text);
    buf_done(&changed);
    arena_done(&arena);
}

int main(void)
{
    test_shipped();
    test_names();
    is_refused("an unknown element", "motto:", "mottto:", CE_UNKNOWN);
    is_refused("a missing element", "  signer:", "  star:", CE_MISSING);
    is_refused("a size out of range", "size: 12", "size: 120", CE_RANGE);
    is_refused("a size that is none", "size: 12", "size: big", CE_SYNTAX);
    is_refused("an unknown alignment", "align: center", "align: middle", CE_UNKNOWN);
    is_refused("a margin out of range", "left: 30", "left: 300", CE_RANGE);
    is_refused("columns wider than the page", "columns: [68, 92]", "columns: [68, 192]", CE_RANGE);
    is_refused("a head of what is not there", "[country, motto]", "[star]", CE_UNKNOWN);
    is_refused("markup in the font's name", "font: Times", "font: T<b>imes", CE_SYNTAX);
    is_refused("no source", "source:", "sauce:", CE_MISSING);
    return tap_done();
}
