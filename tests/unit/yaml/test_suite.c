/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The YAML test suite: each in.yaml must give the values of in.json; where a file "error" stands,
 * it must be refused. The list of deviations says why each is one.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf.h"
#include "err_words.h"
#include "tap.h"
#include "yaml/yaml.h"

static const struct {
    const char *id, *why;
} deviations[] = {
    {"2JQS", "two empty keys are duplicate keys, which canh refuses"},
};

/* Reads JSON text while walking the tree that should equal it. */
struct json {
    struct slice rest;
};

static void skip_blanks(struct json *j)
{
    while (j->rest.n && strchr(" \t\r\n", j->rest.p[0]) != NULL)
        j->rest = slice_from(j->rest, 1);
}

static bool eat(struct json *j, const char *word)
{
    skip_blanks(j);
    if (!slice_starts(j->rest, slice_str(word)))
        return false;
    j->rest = slice_from(j->rest, strlen(word));
    return true;
}

static uint32_t hex4(struct json *j)
{
    char digits[5] = {0};

    if (j->rest.n < 4)
        return 0;
    memcpy(digits, j->rest.p, 4);
    j->rest = slice_from(j->rest, 4);
    return (uint32_t)strtoul(digits, NULL, 16);
}

static void escape(struct json *j, struct buf *out)
{
    static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
    uint8_t c = j->rest.n ? j->rest.p[0] : 0, bytes[4];
    const char *at = c ? strchr(from, c) : NULL;
    uint32_t code;

    j->rest = slice_from(j->rest, 1);
    if (at != NULL) {
        buf_putc(out, (uint8_t)to[at - from]);
        return;
    }
    code = hex4(j);
    if ((code & 0xFC00) == 0xD800 && slice_starts(j->rest, SLICE("\\u"))) {
        j->rest = slice_from(j->rest, 2);
        code = 0x10000 + ((code & 0x3FF) << 10 | (hex4(j) & 0x3FF));
    }
    buf_append(out, bytes, utf8_encode(code, bytes));
}

static bool read_string(struct json *j, struct buf *out)
{
    buf_clear(out);
    if (!eat(j, "\""))
        return false;
    while (j->rest.n && j->rest.p[0] != '"') {
        uint8_t c = j->rest.p[0];

        j->rest = slice_from(j->rest, 1);
        if (c == '\\')
            escape(j, out);
        else
            buf_putc(out, c);
    }
    return eat(j, "\"");
}

static bool string_equals(struct json *j, struct slice want)
{
    struct buf text = BUF_INIT(1 << 20);
    bool same = read_string(j, &text) && slice_eq(buf_slice(&text), want);

    buf_done(&text);
    return same;
}

static bool number_equals(struct json *j, const struct yaml_node *node)
{
    char text[64] = {0}, *end;
    double want, got;

    skip_blanks(j);
    memcpy(text, j->rest.p, CANH_MIN(j->rest.n, sizeof(text) - 1));
    want = strtod(text, &end);
    j->rest = slice_from(j->rest, (size_t)(end - text));
    return end != text && yaml_double(node, &got) && got == want;
}

static bool scalar_equals(struct json *j, const struct yaml_node *node)
{
    bool b;

    switch (yaml_scalar_type(node)) {
    case YAML_NULL:
        return eat(j, "null");
    case YAML_BOOL:
        return yaml_bool(node, &b) && eat(j, b ? "true" : "false");
    case YAML_INT:
    case YAML_FLOAT:
        return number_equals(j, node);
    default:
        return string_equals(j, node->text);
    }
}

static bool equals(struct json *j, const struct yaml_node *node);

static bool seq_equals(struct json *j, const struct yaml_node *node)
{
    bool same = eat(j, "[");

    for (uint32_t i = 0; i < node->count && same; i++)
        same = (i == 0 || eat(j, ",")) && equals(j, node->kids[i]);
    return same && eat(j, "]");
}

/* JSON may list the keys in another order. */
static bool map_equals(struct json *j, const struct yaml_node *node)
{
    struct buf key = BUF_INIT(1 << 20);
    bool same = eat(j, "{");

    for (uint32_t i = 0; i < node->count && same; i++) {
        const struct yaml_node *value;

        same = (i == 0 || eat(j, ",")) && read_string(j, &key) && eat(j, ":");
        value = yaml_get(node, buf_cstr(&key));
        same = same && value != NULL && equals(j, value);
    }
    buf_done(&key);
    return same && eat(j, "}");
}

static bool equals(struct json *j, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR)
        return scalar_equals(j, node);
    return node->kind == YAML_MAP ? map_equals(j, node) : seq_equals(j, node);
}

static bool read_file(const char *folder, const char *name, struct buf *out)
{
    char path[4096];

    buf_clear(out);
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return file_read(path, out, NULL) >= 0;
}

static const char *deviation(const char *id)
{
    for (size_t i = 0; i < CANH_LEN(deviations); i++) {
        if (strcmp(deviations[i].id, id) == 0)
            return deviations[i].why;
    }
    return NULL;
}

/* What the suite says of the case: 1 agreed, 0 not; *ret_what for the message. */
static bool agrees(const char *folder, const struct yaml_docs *docs, int r, const char **ret_what)
{
    struct buf text = BUF_INIT(1 << 20);
    struct json j;
    bool same = true;

    *ret_what = "is accepted";
    if (read_file(folder, "error", &text)) {
        *ret_what = "is refused";
        same = r < 0;
    } else if (r < 0) {
        same = false;
    } else if (read_file(folder, "in.json", &text)) {
        *ret_what = "gives its values";
        j.rest = buf_slice(&text);
        for (size_t i = 0; i < docs->count && same; i++)
            same = equals(&j, docs->roots[i]);
        skip_blanks(&j);
        same = same && j.rest.n == 0;
    }
    buf_done(&text);
    return same;
}

static void run_case(const char *folder, const char *id)
{
    struct buf yaml = BUF_INIT(1 << 20);
    struct arena arena = ARENA_INIT(1 << 24);
    struct yaml_docs docs;
    struct err err = ERR_INIT;
    const char *why = deviation(id), *what;
    bool same;
    int r;

    if (read_file(folder, "in.yaml", &yaml)) {
        r = yaml_parse(&arena, buf_slice(&yaml), &yaml_default_limits, &docs, &err);
        same = agrees(folder, &docs, r, &what);
        if (why != NULL)
            ok(!same, "%s deviates still: %s", id, why);
        else if (!ok(same, "%s %s", id, what))
            tap_note("%u:%u: %s", err.line, err.col, err_words(&err));
    }
    arena_done(&arena);
    buf_done(&yaml);
}

/* A case is a folder, or a folder of numbered ones. */
static void run_folder(const char *folder, const char *id, int depth)
{
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort);

    run_case(folder, id);
    for (int i = 0; i < n; i++) {
        char path[4096], name[64];

        if (names[i]->d_type == DT_DIR && names[i]->d_name[0] != '.' && depth < 2) {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
            (void)snprintf(name, sizeof(name), "%s%s%.20s", id, *id ? "/" : "", names[i]->d_name);
            run_folder(path, name, depth + 1);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

int main(void)
{
    char path[4096];

    if (tap_data_dir() == NULL) {
        tap_skip("the YAML test suite is not here");
        return tap_done();
    }
    (void)snprintf(path, sizeof(path), "%s/yaml-test-suite", tap_data_dir());
    run_folder(path, "", 0);
    return tap_done();
}
