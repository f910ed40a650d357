/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/import_path.h"

#include "tap.h"

static void test_paths(void)
{
    static const struct {
        const char *path, *want; /* NULL: refused */
    } rows[] = {
        {"rules/a.yml", "rules/a.yml"},
        {"./rules/./a.yml", "rules/a.yml"},
        {"luật/đăng nhập.yml", "luật/đăng nhập.yml"},
        {"..a/b", NULL},
        {"a/../b", NULL},
        {"../b", NULL},
        {"a/..", NULL},
        {"/etc/passwd", NULL},
        {"", NULL},
        {".", NULL},
        {"a//b", NULL},
        {"a/", NULL},
        {"a\\..\\b", NULL},
        {"C:/b", NULL},
        {"a/\x1b[2J", NULL},
        {"a/\xFF", NULL},
        {".git/config", NULL},
    };
    struct buf out = BUF_INIT(65536), deep = BUF_INIT(65536);

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        bool safe;

        buf_clear(&out);
        safe = import_safe_path(slice_str(rows[i].path), &out);
        ok(safe == (rows[i].want != NULL), "path %zu is %s", i, rows[i].want ? "safe" : "refused");
        if (safe && rows[i].want)
            is_slice(buf_slice(&out), slice_str(rows[i].want), "as it will be used");
    }
    for (int i = 0; i < IMPORT_PARTS_MAX; i++)
        buf_puts(&deep, "d/");
    buf_puts(&deep, "x");
    buf_clear(&out);
    ok(!import_safe_path(buf_slice(&deep), &out), "too deep");
    buf_clear(&deep);
    for (int i = 0; i <= IMPORT_PART_BYTES; i++)
        buf_putc(&deep, 'x');
    ok(!import_safe_path(buf_slice(&deep), &out), "too long a part");
    buf_done(&out);
    buf_done(&deep);
}

static void test_kinds(void)
{
    is_int(import_kind_of(SLICE("a/b.yml")), IMPORT_RULE, ".yml");
    is_int(import_kind_of(SLICE("a/b.YAML")), IMPORT_RULE, ".YAML");
    is_int(import_kind_of(SLICE("a/LICENSE.Detection.Rules.md")), IMPORT_LICENCE, "a licence");
    is_int(import_kind_of(SLICE("Copying")), IMPORT_LICENCE, "another one");
    is_int(import_kind_of(SLICE("LICENSE-APACHE")), IMPORT_LICENCE, "one of several");
    is_int(import_kind_of(SLICE("build/notice_show.o")), IMPORT_OTHER, "a name that goes on");
    is_int(import_kind_of(SLICE("licences/readme.md")), IMPORT_OTHER,
           "a folder's name is not enough");
    is_int(import_kind_of(SLICE("a.yml/b")), IMPORT_OTHER, "nor is it here");
    is_int(import_kind_of(SLICE(".yml")), IMPORT_OTHER, "only an ending");
}

static void is_name(const char *source, const char *want)
{
    struct buf out = BUF_INIT(1024);

    ok(import_name_of(slice_str(source), &out) == (want[0] != 0), "%s has a name: %d", source,
       want[0] != 0);
    is_slice(buf_slice(&out), slice_str(want), "namely");
    buf_done(&out);
}

static void test_names(void)
{
    is_name("/home/lan/sigma-master.zip", "sigma-master");
    is_name("sigma_core.tar.gz", "sigma_core");
    is_name("./rules/", "rules");
    is_name("luật.zip", "lu---t");
    is_name("AZaz09@[`{:;._-.zip", "AZaz09------._-");
    is_name("..", "");
    is_name("/", "");
    is_name(".hidden.tar", "hidden");
}

int main(void)
{
    test_paths();
    test_kinds();
    test_names();
    return tap_done();
}
