/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "tap.h"
#include "yaml/yaml.h"

static struct arena arena = ARENA_INIT(1 << 24);

static struct yaml_node *parse(const char *text)
{
    struct yaml_docs docs;
    struct err err;

    return yaml_parse(&arena, slice_str(text), &yaml_default_limits, &docs, &err) == 0 && docs.count
               ? docs.roots[0]
               : NULL;
}

static void test_types(void)
{
    static const struct {
        const char *text;
        enum yaml_type type;
    } rows[] = {
        {"~", YAML_NULL},
        {"null", YAML_NULL},
        {"Null", YAML_NULL},
        {"nULL", YAML_STRING},
        {"'null'", YAML_STRING},
        {"true", YAML_BOOL},
        {"FALSE", YAML_BOOL},
        {"tRUE", YAML_STRING},
        {"yes", YAML_STRING},
        {"on", YAML_STRING},
        {"'true'", YAML_STRING},
        {"4688", YAML_INT},
        {"'4688'", YAML_STRING},
        {"\"4688\"", YAML_STRING},
        {"-1", YAML_INT},
        {"+12", YAML_INT},
        {"0x1F0FFF", YAML_INT},
        {"0o17", YAML_INT},
        {"017", YAML_INT},
        {"0x", YAML_STRING},
        {"0o8", YAML_STRING},
        {"-0x1", YAML_STRING},
        {"1_000", YAML_STRING},
        {"1.5", YAML_FLOAT},
        {".5", YAML_FLOAT},
        {"5.", YAML_FLOAT},
        {"1e3", YAML_FLOAT},
        {"1e", YAML_STRING},
        {".", YAML_STRING},
        {"-", YAML_STRING},
        {"+", YAML_STRING},
        {".inf", YAML_FLOAT},
        {"-.INF", YAML_FLOAT},
        {".nan", YAML_FLOAT},
        {"1.2.3", YAML_STRING},
        {"!!str 5", YAML_STRING},
        {"! 5", YAML_STRING},
        {"!!int '5'", YAML_INT},
        {"!!int x", YAML_STRING},
        {"!!float 5", YAML_FLOAT},
        {"!!null ''", YAML_NULL},
        {"!!bool 'true'", YAML_BOOL},
        {"!own 5", YAML_STRING},
        {"|\n  5", YAML_STRING},
        {">\n  5", YAML_STRING},
        {"12:30", YAML_STRING},
        {"2024-01-01", YAML_STRING},
        {"!<tag:yaml.org,2002:int> 5", YAML_INT},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        const struct yaml_node *node = parse(rows[i].text);

        if (ok(node != NULL, "%s parses", rows[i].text))
            is_int(yaml_scalar_type(node), rows[i].type, "type of %s", rows[i].text);
    }
    is_int(yaml_scalar_type(parse("[a]")), YAML_STRING, "a sequence is no scalar: string");
    ok(!yaml_is_null(parse("[]")), "nor null");
    ok(yaml_is_null(NULL), "nothing is null");
    ok(yaml_is_null(yaml_get(parse("a:\nb: 1"), "a")), "an empty value is null");
    ok(!yaml_is_null(yaml_get(parse("a: ''"), "a")), "an empty string is not");
}

static void test_numbers(void)
{
    int64_t v = 0;
    double d = 0;

    ok(yaml_int(parse("0x1F0FFF"), &v) && v == 0x1F0FFF, "hexadecimal");
    ok(yaml_int(parse("0o17"), &v) && v == 15, "octal");
    ok(yaml_int(parse("017"), &v) && v == 17, "a leading zero is decimal in YAML 1.2");
    ok(yaml_int(parse("+5"), &v) && v == 5, "a plus sign");
    ok(yaml_int(parse("-9223372036854775808"), &v) && v == INT64_MIN, "smallest");
    ok(!yaml_int(parse("9223372036854775808"), &v), "too big");
    ok(yaml_int(parse("0x7fffffffffffffff"), &v) && v == INT64_MAX, "largest in hexadecimal");
    ok(!yaml_int(parse("0x8000000000000000"), &v), "one more is too big");
    ok(!yaml_int(parse("0o7777777777777777777777"), &v), "too many octal digits");
    ok(!yaml_int(parse("'5'"), &v) && !yaml_int(parse("5.0"), &v), "strings and floats are none");
    ok(!yaml_int(NULL, &v) && !yaml_double(NULL, &d), "nothing is no number");
    ok(yaml_double(parse("2.5e1"), &d) && d == 25, "float");
    ok(yaml_double(parse("9223372036854775808"), &d) && d > 9.2e18, "a big integer as double");
    ok(!yaml_double(parse(".inf"), &d) && !yaml_double(parse("1e999"), &d), "finite only");
    ok(!yaml_double(parse(".nan"), &d), "and numbers");
}

static void test_maps(void)
{
    const struct yaml_node *root = parse("a: x\nb: [1]\nc: true\n");
    bool b = false;

    is_slice(yaml_get_text(root, "a"), SLICE("x"), "text under a key");
    ok(yaml_get_text(root, "b").p == NULL, "a sequence has no text");
    ok(yaml_get_text(root, "z").p == NULL, "nor has nothing");
    ok(yaml_get(NULL, "a") == NULL && yaml_get(yaml_get(root, "b"), "a") == NULL, "no map");
    ok(yaml_bool(yaml_get(root, "c"), &b) && b, "bool");
    ok(!yaml_bool(yaml_get(root, "a"), &b) && !yaml_bool(NULL, &b), "no bool");
}

int main(void)
{
    test_types();
    test_numbers();
    test_maps();
    arena_done(&arena);
    return tap_done();
}
