/* SPDX-License-Identifier: Apache-2.0 */
#include "differ.h"

#include <stdio.h>
#include <stdlib.h>

#include "decode/decoder.h"
#include "decode/json/json.h"
#include "expr_text.h"
#include "generate.h"
#include "oracle.h"
#include "sigma/explain.h"
#include "sigma/runner.h"

enum { EXPRS_MAX = 12, EVENTS = 6, DEPTH = 4 };

struct differ {
    struct arena arena, scratch;
    struct keys *keys;
    struct background *background;
    struct program *program;
    struct runner runner;
    struct oracle *oracle;
    struct json_decoder *decoder;
    const struct expr *exprs[EXPRS_MAX];
    uint32_t count;
    struct differ_counts *counts;
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool in_matched(const struct differ *d, uint32_t id)
{
    for (uint32_t i = 0; i < d->runner.matched_count; i++) {
        if (d->runner.matched[i] == id)
            return true;
    }
    return false;
}

static void print_expr(const struct expr *e, const char *how, bool want)
{
    struct buf text = BUF_INIT(1 << 20);

    expr_text(e, &text);
    printf("# %s: the oracle says %s: %s\n", how, want ? "match" : "no match", buf_cstr(&text));
    buf_done(&text);
}

/* What `canh explain` says of it. */
static bool explained(struct differ *d, const struct expr *expr, const struct event *e)
{
    const struct verdict *v;

    arena_clear(&d->scratch);
    must(explain_expr(&d->scratch, expr, e, d->keys, VIEW_CONDITION, &v) == 0);
    return v->holds;
}

static void compare(struct differ *d, const struct event *e, const char *how)
{
    struct oracle_event plain;

    must(oracle_event_from(&d->arena, e, d->keys, &plain) == 0);
    runner_run(&d->runner, d->program, e);
    for (uint32_t i = 0; i < d->count; i++) {
        bool want = oracle_matches(d->oracle, d->exprs[i], &plain);

        d->counts->verdicts++;
        d->counts->matches += want;
        if (in_matched(d, i) == want && explained(d, d->exprs[i], e) == want)
            continue;
        d->counts->differences++;
        print_expr(d->exprs[i], how, want);
        for (uint32_t k = 0; k < plain.count; k++)
            printf("#   " SLICE_FMT " = '" SLICE_FMT "' (type %d, form %d)\n",
                   SLICE_ARG(plain.fields[k].name), SLICE_ARG(plain.fields[k].text),
                   (int)plain.fields[k].type, e->fields[k].form);
    }
}

/* As if no event had been seen before, only values. */
static void compare_afresh(struct differ *d, const struct event *e, const char *how)
{
    struct outcome *entries = d->runner.outcomes.entries;

    d->runner.outcomes.entries = NULL;
    compare(d, e, how);
    d->runner.outcomes.entries = entries;
}

/* The event with another value in one field: nearly what is remembered. */
static struct event nearly(struct differ *d, const struct event *e, uint32_t at,
                           const struct field *value)
{
    struct event ret = *e;

    ret.fields = arena_new_array(&d->arena, e->count, struct field);
    must(ret.fields != NULL);
    for (uint32_t i = 0; i < e->count; i++)
        ret.fields[i] = e->fields[i];
    ret.fields[at] = *value;
    ret.fields[at].key = e->fields[at].key;
    return ret;
}

/* With the next field's value in each of its fields, and numbers that nobody or somebody asks for.
 */
static void compare_nearly(struct differ *d, const struct event *e)
{
    static const struct slice numbers[] = {SLICE_INIT("7777"), SLICE_INIT("4688"),
                                           SLICE_INIT("46889"), SLICE_INIT("1"), SLICE_INIT("8")};

    for (uint32_t i = 0; i < e->count; i++) {
        struct event other = nearly(d, e, i, &e->fields[(i + 1) % e->count]);

        compare(d, &other, "a field changed");
        for (size_t k = 0; k < CANH_LEN(numbers); k++) {
            struct field number = {.text = numbers[k].p,
                                   .n = (uint32_t)numbers[k].n,
                                   .type = VALUE_NUMBER};

            other = nearly(d, e, i, &number);
            compare(d, &other, "a number changed");
        }
    }
}

static void write_scope_value(const struct field *f, struct buf *out)
{
    struct buf text = BUF_INIT(65536);

    field_text(f, &text);
    if (f->type == VALUE_NULL || f->type == VALUE_EMPTY) {
        buf_puts(out, "null");
    } else if (f->type == VALUE_GROUP) {
        buf_puts(out, "{}");
    } else if (f->type != VALUE_STRING) {
        buf_append_slice(out, buf_slice(&text));
    } else if (f->form == FORM_JSON) {
        buf_printf(out, "\"" SLICE_FMT "\"", (int)f->n, (const char *)f->text);
    } else {
        buf_putc(out, '"');
        for (size_t i = 0; i < text.len; i++) {
            if (text.p[i] == '"' || text.p[i] == '\\')
                buf_putc(out, '\\');
            if (text.p[i] == '\n')
                buf_puts(out, "\\n");
            else
                buf_putc(out, text.p[i]);
        }
        buf_putc(out, '"');
    }
    buf_done(&text);
}

/* The event as a JSON record, with room behind it. */
static struct slice as_json(struct differ *d, const struct event *e)
{
    struct buf out = BUF_INIT(1 << 20);
    struct slice s;

    buf_putc(&out, '{');
    for (uint32_t i = 0; i < e->count; i++) {
        struct slice name = SLICE("Other");

        if (e->fields[i].key != KEY_NONE)
            name = keys_name(d->keys, e->fields[i].key);
        if (e->fields[i].key == KEY_DATA_CHANNEL)
            name = SLICE("EventData\":{\"Channel");
        buf_printf(&out, "%s\"" SLICE_FMT "\":", i ? "," : "", SLICE_ARG(name));
        write_scope_value(&e->fields[i], &out);
        if (e->fields[i].key == KEY_DATA_CHANNEL)
            buf_putc(&out, '}');
    }
    buf_putc(&out, '}');
    s.n = out.len;
    for (int i = 0; i < JSON_PADDING; i++)
        buf_putc(&out, 0);
    s.p = arena_dup(&d->arena, buf_slice(&out)).p;
    must(out.err == 0 && s.p != NULL);
    buf_done(&out);
    return s;
}

/*
 * The event as if read from a line: two values of three stand in it, the third was written anew;
 * `from` says which is the first of these.
 */
static struct event as_line(struct differ *d, const struct event *e, uint32_t from)
{
    struct buf out = BUF_INIT(1 << 20);
    struct event ret = *e;
    size_t at = 0;

    ret.fields = arena_new_array(&d->arena, e->count + 1, struct field);
    must(ret.fields != NULL);
    for (uint32_t i = 0; i < e->count; i++) {
        if (e->fields[i].form == FORM_UTF8 && (i + from) % 3 != 2)
            buf_append(&out, e->fields[i].text, e->fields[i].n);
        buf_putc(&out, ' ');
    }
    ret.raw.n = out.len;
    for (int i = 0; i < DECODE_PADDING; i++)
        buf_putc(&out, 0);
    ret.raw.p = arena_dup(&d->arena, buf_slice(&out)).p;
    must(out.err == 0 && ret.raw.p != NULL);
    buf_done(&out);
    for (uint32_t i = 0; i < e->count; i++) {
        ret.fields[i] = e->fields[i];
        if (e->fields[i].form == FORM_UTF8 && (i + from) % 3 != 2) {
            ret.fields[i].text = ret.raw.p + at;
            at += e->fields[i].n;
        }
        at++;
    }
    ret.flags |= EVENT_RAW_PLAIN;
    return ret;
}

static void differ_events(struct differ *d, struct generator *g)
{
    for (int i = 0; i < EVENTS; i++) {
        struct event e = generate_event(g, d->keys), line = as_line(d, &e, (uint32_t)i), decoded;

        if (i == 1) /* what is stamped with the first turns must not be taken for the present */
            d->runner.turn = UINT32_MAX - 4;
        compare(d, &e, "fields");
        compare_afresh(d, &e, "fields again"); /* whose values are remembered now */
        compare(d, &e, "fields remembered");
        compare_nearly(d, &e);
        compare_afresh(d, &e, "values remembered");
        compare(d, &line, "a line");
        if (json_decode(d->decoder, as_json(d, &e), &decoded, NULL) == 0)
            compare(d, &decoded, "JSON");
    }
}

static void compile(struct differ *d, struct generator *g)
{
    struct program_input inputs[EXPRS_MAX];
    struct err err = ERR_INIT;

    d->count = 1 + (g->bytes.n ? *g->bytes.p % EXPRS_MAX : 0);
    for (uint32_t i = 0; i < d->count; i++) {
        d->exprs[i] = generate_expr(g, DEPTH);
        inputs[i] = (struct program_input){i, d->exprs[i]};
    }
    must(program_new(inputs, d->count, d->keys, d->background, false, &d->program, &err) == 0);
    must(runner_init(&d->runner) == 0 && runner_fit(&d->runner, d->program) == 0);
}

void differ_run(struct slice bytes, struct differ_counts *counts)
{
    struct differ d = {.arena = ARENA_INIT(64 << 20),
                       .scratch = ARENA_INIT(64 << 20),
                       .keys = keys_new(),
                       .background = background_new(),
                       .oracle = oracle_new(),
                       .counts = counts};
    struct generator g = {bytes, &d.arena};

    must(d.keys != NULL && d.background != NULL && d.oracle != NULL);
    generate_names(d.keys);
    d.decoder = json_decoder_new(d.keys, &decode_default_limits);
    must(d.decoder != NULL);
    compile(&d, &g);
    differ_events(&d, &g);
    runner_done(&d.runner);
    (void)program_free(d.program);
    (void)json_decoder_free(d.decoder);
    (void)oracle_free(d.oracle);
    (void)background_free(d.background);
    (void)keys_free(d.keys);
    arena_done(&d.arena);
    arena_done(&d.scratch);
}
