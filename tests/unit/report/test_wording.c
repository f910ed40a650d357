/* SPDX-License-Identifier: Apache-2.0 */
#include "report/wording.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "err_words.h"
#include "office/doctext.h"
#include "office/odt.h"
#include "tap.h"

static struct err err;

static void read_template(const char *name, struct buf *out)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/templates/%s", tap_source_dir(), name);
    if (file_read(path, out, &err) < 0)
        tap_note("%s", err_words(&err));
}

static void test_shipped(void)
{
    char folder[2048];
    struct dirent **names;
    int n, seen = 0;

    (void)snprintf(folder, sizeof(folder), "%s/templates", tap_source_dir());
    n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct slice name = slice_str(names[i]->d_name);
        struct arena arena = ARENA_INIT(4 << 20);
        struct buf text = BUF_INIT(1 << 20);
        struct wording *w = NULL;

        if (slice_ends(name, SLICE(".yml")) && !slice_starts(name, SLICE("layout-"))) {
            read_template(names[i]->d_name, &text);
            is_int(wording_parse(&arena, buf_slice(&text), &w, &err), 0, "%s: %u:%u %s",
                   names[i]->d_name, err.line, err.col, err_words(&err));
            ok(w && slice_eq(w->id, slice_head(name, name.n - 4)) && w->checked.n == 10,
               "named like its file, with the day it was checked");
            seen++;
        }
        buf_done(&text);
        arena_done(&arena);
        free(names[i]);
    }
    free(names);
    ok(seen >= 4, "the templates are there");
}

#define HEAD "template: t\ntitle: T\nsource: S\n"

static void test_errors(void)
{
    static const struct {
        const char *what, *text;
        int code;
        unsigned line;
    } cases[] = {
        {"no name", "title: T\n", CE_MISSING, 1},
        {"no source", "template: t\ntitle: T\nbody: [a]\n", CE_MISSING, 1},
        {"no body", HEAD, CE_MISSING, 1},
        {"an unknown key", HEAD "bdoy: [a]\n", CE_UNKNOWN, 4},
        {"an unknown kind of item", HEAD "body: [{list: a}]\n", CE_UNKNOWN, 4},
        {"two kinds at once", HEAD "body: [{heading: a, table: b}]\n", CE_SYNTAX, 4},
        {"a list in a list", HEAD "to: [[a]]\nbody: [a]\n", CE_SYNTAX, 4},
        {"a bad date", HEAD "checked: gestern\nbody: [a]\n", CE_SYNTAX, 4},
        {"nothing", "", CE_SYNTAX, 1},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct wording *w;

        is_int(wording_parse(&arena, slice_str(cases[i].text), &w, &err), -cases[i].code, "%s: %s",
               cases[i].what, err_words(&err));
        is_int(err.line, cases[i].line, "%s: line", cases[i].what);
        arena_done(&arena);
    }
}

static void draw(struct paper *p, void *user)
{
    (void)paper_para(&p->body, &(struct para_style){.size = 12}, *(const struct slice *)user);
}

/* The text of a paper, by way of its ODT. */
static void text_of(struct paper *p, struct buf *out)
{
    struct arena arena = ARENA_INIT(DOCTEXT_ARENA_MAX);
    struct buf odt = BUF_INIT(16 << 20);
    struct doctext *d = NULL;

    if (odt_render(p, &odt, &err) == 0 &&
        doctext_read(&arena, buf_slice(&odt), NULL, &d, &err) == 0)
        doctext_write(out, d);
    buf_done(&odt);
    arena_done(&arena);
}

static bool says(const struct buf *b, const char *what)
{
    return ok(slice_find(buf_slice(b), slice_str(what)) != SIZE_MAX, "says %.*s",
              (int)strcspn(what, "\n"), what);
}

static void test_write(void)
{
    static const char yaml[] = HEAD "type: Báo cáo\nsubject: Về {{what}}\nto: ['{{to}}']\n"
                                    "legal: [Luật A, Luật B]\n"
                                    "body:\n- heading: 1. Chung\n- 'Có {{n}} {{missing}}'\n"
                                    "- table: t\n- '{{lines}}'\ncc: [Như trên, 'Lưu: VT']\n";
    static const struct slice what = SLICE("việc <&>"), to[] = {SLICE("Sở A"), SLICE("Sở B")},
                              n = SLICE("{{what}}"), lines[] = {SLICE("dòng một"), SLICE("Hết.")};
    static const struct template_value values[] = {{"what", &what, 1},
                                                   {"to", to, 2},
                                                   {"n", &n, 1},
                                                   {"lines", lines, 2}};
    struct slice drawn = SLICE("BẢNG");
    struct wording_table tables[] = {{"t", draw, &drawn}};
    struct arena arena = ARENA_INIT(16 << 20);
    struct buf layout = BUF_INIT(1 << 20), text = BUF_INIT(1 << 20);
    struct letterhead *h = NULL;
    struct wording *w = NULL;
    struct paper p;

    read_template("layout-government.yml", &layout);
    is_int(letterhead_parse(&arena, buf_slice(&layout), &h, &err), 0, "a layout");
    is_int(wording_parse(&arena, slice_str(yaml), &w, &err), 0, "a wording: %s", err_words(&err));
    if (h && w) {
        struct official o = {.head = h, .issuer = SLICE("Sở Mẫu"), .place = SLICE("Mẫu")};

        paper_init(&p, &arena);
        wording_write(&p, w, &o, values, CANH_LEN(values), tables, 1);
        is_int(p.err, 0, "is written");
        text_of(&p, &text);
        says(&text, "BÁO CÁO\nVề việc <&>\n");
        says(&text, "- Sở A;\n- Sở B.\n");
        says(&text, "Luật A;\nLuật B.\n");
        says(&text, "1. Chung\nCó {{what}} {{missing}}\n");
        says(&text, "BẢNG\ndòng một\nHết./.\n");
        says(&text, "- Như trên;\n- Lưu: VT.");
    }
    buf_done(&layout);
    buf_done(&text);
    arena_done(&arena);
}

int main(void)
{
    test_shipped();
    test_errors();
    test_write();
    return tap_done();
}
