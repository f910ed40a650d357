/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at nodes: values of a map, and scalars by the YAML 1.2 core schema (chapter 10.3). */
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/num.h"
#include "yaml/yaml.h"

struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
    struct slice name = slice_str(key);

    if (node == NULL || node->kind != YAML_MAP)
        return NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *k = node->kids[2 * i];

        if (k->kind == YAML_SCALAR && slice_eq(k->text, name))
            return node->kids[2 * i + 1];
    }
    return NULL;
}

struct slice yaml_get_text(const struct yaml_node *node, const char *key)
{
    const struct yaml_node *value = yaml_get(node, key);

    return value != NULL && value->kind == YAML_SCALAR ? value->text : SLICE_NULL;
}

static bool one_of(struct slice s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_is(s, words[i]))
            return true;
    }
    return false;
}

static bool null_text(struct slice s)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    return one_of(s, words, CANH_LEN(words));
}

static bool true_text(struct slice s)
{
    static const char *const words[] = {"true", "True", "TRUE"};

    return one_of(s, words, CANH_LEN(words));
}

static bool false_text(struct slice s)
{
    static const char *const words[] = {"false", "False", "FALSE"};

    return one_of(s, words, CANH_LEN(words));
}

static size_t node_digits(struct slice s, size_t from)
{
    size_t n = 0;

    while (from + n < s.n && ascii_is_digit(s.p[from + n]))
        n++;
    return n;
}

/* 0o[0-7]+ and 0x[0-9a-fA-F]+, whose bits per digit are stored. */
static bool radix_text(struct slice s, unsigned *ret_bits)
{
    if (s.n < 3 || s.p[0] != '0' || (s.p[1] != 'o' && s.p[1] != 'x'))
        return false;
    *ret_bits = s.p[1] == 'o' ? 3 : 4;
    for (size_t i = 2; i < s.n; i++) {
        uint8_t c = s.p[i], low = c | 0x20;

        if (*ret_bits == 3 ? c < '0' || c > '7' : !ascii_is_digit(c) && (low < 'a' || low > 'f'))
            return false;
    }
    return true;
}

static bool int_text(struct slice s)
{
    size_t sign = s.n && (s.p[0] == '+' || s.p[0] == '-');
    unsigned bits;

    return (s.n > sign && node_digits(s, sign) == s.n - sign) || radix_text(s, &bits);
}

static bool special_float(struct slice s)
{
    static const char *const words[] = {".inf", ".Inf", ".INF"};
    static const char *const nans[] = {".nan", ".NaN", ".NAN"};
    size_t sign = s.n && (s.p[0] == '+' || s.p[0] == '-');

    return one_of(slice_from(s, sign), words, CANH_LEN(words)) || one_of(s, nans, CANH_LEN(nans));
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool finite_float(struct slice s)
{
    size_t i = s.n && (s.p[0] == '+' || s.p[0] == '-'), whole = node_digits(s, i), part = 0;

    i += whole;
    if (i < s.n && s.p[i] == '.') {
        part = node_digits(s, i + 1);
        i += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (i < s.n && (s.p[i] | 0x20) == 'e') {
        size_t n;

        i++;
        i += i < s.n && (s.p[i] == '+' || s.p[i] == '-');
        n = node_digits(s, i);
        if (n == 0)
            return false;
        i += n;
    }
    return i == s.n;
}

static enum yaml_type plain_type(struct slice s)
{
    uint8_t c = s.n ? s.p[0] : 0;

    if (null_text(s))
        return YAML_NULL;
    if (true_text(s) || false_text(s))
        return YAML_BOOL;
    if (!ascii_is_digit(c) && c != '+' && c != '-' && c != '.')
        return YAML_STRING;
    if (int_text(s))
        return YAML_INT;
    return finite_float(s) || special_float(s) ? YAML_FLOAT : YAML_STRING;
}

/* The name behind !! or the full form of a core tag; false when the tag is another. */
static bool core_tag(struct slice tag, struct slice *ret_name)
{
    static const char *const prefixes[] = {"tag:yaml.org,2002:", "!!"};

    for (size_t i = 0; i < CANH_LEN(prefixes); i++) {
        struct slice prefix = slice_str(prefixes[i]);

        if (slice_starts(tag, prefix)) {
            *ret_name = slice_from(tag, prefix.n);
            return true;
        }
    }
    return false;
}

static enum yaml_type tagged_type(const struct yaml_node *node)
{
    static const struct {
        const char *name;
        enum yaml_type type;
    } rows[] = {{"null", YAML_NULL}, {"bool", YAML_BOOL}, {"int", YAML_INT}, {"float", YAML_FLOAT}};
    enum yaml_type type = plain_type(node->text);
    struct slice name;

    if (!core_tag(node->tag, &name))
        return YAML_STRING;
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (slice_is(name, rows[i].name) && type == rows[i].type)
            return type;
    }
    return slice_is(name, "float") && type == YAML_INT ? YAML_FLOAT : YAML_STRING;
}

enum yaml_type yaml_scalar_type(const struct yaml_node *node)
{
    if (node->kind != YAML_SCALAR)
        return YAML_STRING;
    if (node->tag.n)
        return tagged_type(node);
    return node->plain ? plain_type(node->text) : YAML_STRING;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node == NULL || (node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_NULL);
}

bool yaml_bool(const struct yaml_node *node, bool *ret)
{
    if (node == NULL || yaml_scalar_type(node) != YAML_BOOL)
        return false;
    *ret = true_text(node->text);
    return true;
}

bool yaml_int(const struct yaml_node *node, int64_t *ret)
{
    struct slice s;
    unsigned bits;
    uint64_t v = 0;

    if (node == NULL || yaml_scalar_type(node) != YAML_INT)
        return false;
    s = node->text;
    if (!radix_text(s, &bits))
        return num_i64(s.p[0] == '+' ? slice_from(s, 1) : s, ret) == 0;
    for (size_t i = 2; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (v >> (63 - bits))
            return false;
        v = v << bits | (uint64_t)hex_digit(c);
    }
    *ret = (int64_t)v;
    return true;
}

bool yaml_double(const struct yaml_node *node, double *ret)
{
    enum yaml_type type = node ? yaml_scalar_type(node) : YAML_NULL;
    int64_t whole;
    double v;

    if (type != YAML_INT && type != YAML_FLOAT)
        return false;
    if (yaml_int(node, &whole)) {
        *ret = (double)whole;
        return true;
    }
    if (!finite_float(node->text))
        return false;
    v = strtod((const char *)node->text.p, NULL);
    if (!isfinite(v))
        return false;
    *ret = v;
    return true;
}
