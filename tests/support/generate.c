/* SPDX-License-Identifier: Apache-2.0 */
#include "generate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf.h"

static const char *const names[] = {"Image", "CommandLine", "User",   "EventID",
                                    "d.e",   "Absent",      "Channel"};

/* Channel in an event's data. */
#define DATA_CHANNEL                                                                               \
    "\xFF"                                                                                         \
    "Channel"

/* The names an event may have: one is never there, one nobody mentions. */
static const char *const event_names[] = {"Image", "CommandLine", "User",    "EventID",
                                          "d.e",   "Other",       "Channel", DATA_CHANNEL};

static const char *const pieces[] = {
    "a",
    "A",
    "b",
    "\\",
    "\\cmd.exe",
    ".exe",
    "power",
    "POWER",
    "shell",
    " -e",
    "-",
    "*",
    "?",
    "\n",
    "1",
    "0",
    "4688",
    ".",
    "\"",
    "/",
    "\xC4\x90",
    "\xC4\x91",
    "\xE2\x84\xAA",
    "k",
    "\xF0\x9F\x98\x80",
    "\xC8\xBA",
    "10.0.0.1",
    "2001:db8::1",
    "2026-11-22T03:04:05Z",
    "%20",
    "true",
    "x",
};

static uint8_t next(struct generator *g)
{
    uint8_t c = g->bytes.n ? *g->bytes.p : 0;

    g->bytes = slice_from(g->bytes, 1);
    return c;
}

static uint8_t below(struct generator *g, unsigned n)
{
    return (uint8_t)(next(g) % n);
}

static void *must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

static struct slice make_text(struct generator *g, unsigned max_pieces)
{
    struct buf b = BUF_INIT(4096);
    unsigned count = below(g, max_pieces + 1);
    struct slice s;

    for (unsigned i = 0; i < count; i++)
        buf_puts(&b, pieces[below(g, CANH_LEN(pieces))]);
    s = arena_dup(g->arena, buf_slice(&b));
    (void)must((void *)(uintptr_t)s.p);
    buf_done(&b);
    return s;
}

static struct pattern make_pattern(struct generator *g)
{
    struct part *parts = must(arena_new_array(g->arena, 8, struct part));
    uint32_t count = below(g, 7), n = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct part p = {.kind = (enum part_kind)below(g, 3)};

        if (p.kind == PART_TEXT) {
            p.text = make_text(g, 3);
            if (p.text.n == 0 || (n && parts[n - 1].kind == PART_TEXT))
                continue;
        }
        if (p.kind == PART_ANY && n && parts[n - 1].kind == PART_ANY)
            continue;
        parts[n++] = p;
    }
    return (struct pattern){parts, n};
}

static double make_number(struct generator *g)
{
    static const double numbers[] = {0, 1, -1, 4688, 10, 1.5, 1e300, 9007199254740993.0};

    return numbers[below(g, CANH_LEN(numbers))];
}

static struct slice make_regex(struct generator *g)
{
    static const char *const regexes[] = {
        "cmd\\.exe$",  "^a",       "power.*shell", "[0-9]{4}", "a|b",
        "(?i)SHELL",   "\\\\cmd",  "x?power",      ".",        "^$",
        "\\d+\\.\\d+", "\xC4\x91", "shell -e",     "a.b",      "(a|b)shell",
    };

    return slice_str(regexes[below(g, CANH_LEN(regexes))]);
}

static struct cidr make_cidr(struct generator *g)
{
    static const struct cidr nets[] = {
        {{10}, 8, false},
        {{10, 0, 0, 1}, 32, false},
        {{0}, 0, false},
        {{0x20, 0x01, 0x0d, 0xb8}, 32, true},
    };

    return nets[below(g, CANH_LEN(nets))];
}

static const struct atom *make_atom(struct generator *g)
{
    struct atom *a = must(arena_new(g->arena, struct atom));

    a->op = (enum atom_op)below(g, ATOM_TIMEPART + 6);
    if (a->op > ATOM_TIMEPART)
        a->op = ATOM_PATTERN;
    if (below(g, 8) != 0)
        a->field = slice_str(names[below(g, CANH_LEN(names))]);
    a->cased = below(g, 4) == 0;
    switch (a->op) {
    case ATOM_PATTERN:
        a->pattern = make_pattern(g);
        break;
    case ATOM_REGEX:
        a->regex.text = make_regex(g);
        a->regex.flags = below(g, 8);
        break;
    case ATOM_CIDR:
        a->cidr = make_cidr(g);
        break;
    case ATOM_FIELDREF:
        a->ref.other = slice_str(names[below(g, CANH_LEN(names))]);
        a->ref.kind = (enum fieldref_kind)below(g, 4);
        break;
    case ATOM_TIMEPART:
        a->time.part = (enum time_part)below(g, 6);
        a->time.value = below(g, 60);
        break;
    case ATOM_NULL:
    case ATOM_EXISTS:
        break;
    default:
        a->number = make_number(g);
    }
    /* presence, null and comparison with another field make sense for a field only */
    if (a->op == ATOM_NULL || a->op == ATOM_EXISTS || a->op == ATOM_FIELDREF)
        a->field = a->field.n ? a->field : SLICE("User");
    return a;
}

const struct expr *generate_expr(struct generator *g, unsigned depth)
{
    static const uint8_t ops[] = {EXPR_ATOM, EXPR_AND, EXPR_OR,   EXPR_NOT,
                                  EXPR_ATOM, EXPR_OR,  EXPR_TRUE, EXPR_FALSE};
    struct expr *e = must(arena_new(g->arena, struct expr));

    e->op = depth ? (enum expr_op)ops[below(g, CANH_LEN(ops))] : EXPR_ATOM;
    if (e->op == EXPR_ATOM) {
        e->atom = make_atom(g);
        return e;
    }
    if (e->op == EXPR_TRUE || e->op == EXPR_FALSE)
        return e;
    e->count = e->op == EXPR_NOT ? 1 : below(g, 5);
    e->kids = must(arena_new_array(g->arena, e->count + 1, const struct expr *));
    for (uint32_t i = 0; i < e->count; i++)
        e->kids[i] = generate_expr(g, depth - 1);
    return e;
}

/* The inside of a JSON string that means the text: plain where it may be, else escaped. */
static void escape_json(struct generator *g, struct slice s, struct buf *out)
{
    unsigned len;

    for (size_t i = 0; i < s.n; i += len) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);

        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", (char)c);
        else if (c == '/' && below(g, 2))
            buf_puts(out, "\\/");
        else if (c < 0x20 || (c < 0x10000 && below(g, 6) == 0))
            buf_printf(out, "\\u%04x", c);
        else
            buf_append(out, s.p + i, len);
    }
}

static void encode_utf16(struct slice s, struct buf *out)
{
    unsigned len;

    for (size_t i = 0; i < s.n; i += len) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &len);
        uint32_t units[2] = {c, 0};
        unsigned n = 1;

        if (c >= 0x10000) {
            units[0] = 0xD800 + (c - 0x10000) / 0x400;
            units[1] = 0xDC00 + (c - 0x10000) % 0x400;
            n = 2;
        }
        for (unsigned k = 0; k < n; k++) {
            buf_putc(out, (uint8_t)units[k]);
            buf_putc(out, (uint8_t)(units[k] >> 8));
        }
    }
}

static void set_text(struct generator *g, struct field *f, struct slice text, uint8_t form)
{
    struct buf out = BUF_INIT(65536);
    struct slice kept;

    if (form == FORM_JSON)
        escape_json(g, text, &out);
    else if (form == FORM_UTF16)
        encode_utf16(text, &out);
    else
        buf_append_slice(&out, text);
    kept = arena_dup(g->arena, buf_slice(&out));
    f->text = must((void *)(uintptr_t)kept.p);
    f->n = (uint32_t)kept.n;
    f->form = form;
    buf_done(&out);
}

static void make_field(struct generator *g, const struct keys *keys, struct field *f)
{
    static const char *const numbers[] = {"0", "1", "-1", "4688", "10", "1.5", "4688.0", "1e2"};

    f->key = (uint16_t)keys_find(keys, slice_str(event_names[below(g, CANH_LEN(event_names))]));
    f->type = (uint8_t)(below(g, 2) ? VALUE_STRING : below(g, 6));
    switch (f->type) {
    case VALUE_STRING:
        set_text(g, f, make_text(g, 8), below(g, 3));
        break;
    case VALUE_NUMBER:
        set_text(g, f, slice_str(numbers[below(g, CANH_LEN(numbers))]), FORM_UTF8);
        break;
    case VALUE_BOOL:
        set_text(g, f, below(g, 2) ? SLICE("true") : SLICE("false"), FORM_UTF8);
        break;
    default:
        break;
    }
}

struct event generate_event(struct generator *g, const struct keys *keys)
{
    struct event e = {.count = below(g, 9)};

    e.fields = must(arena_new_array(g->arena, e.count + 1, struct field));
    for (uint32_t i = 0; i < e.count; i++)
        make_field(g, keys, &e.fields[i]);
    return e;
}

void generate_names(struct keys *keys)
{
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (keys_intern(keys, slice_str(names[i])) == KEY_NONE)
            abort();
    }
}
