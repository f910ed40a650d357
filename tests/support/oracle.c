/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "oracle.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/fold.h"
#include "base/ip.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"
#include "sigma/regex.h"

/* A compiled regular expression, found again by its text and flags. */
struct compiled {
    struct compiled *next;
    struct slice text;
    unsigned flags;
    pcre2_code *code;
};

enum { BUCKETS = 1024 };

struct oracle {
    struct compiled *buckets[BUCKETS];
    struct arena arena, scratch;
    pcre2_match_context *limits;
    pcre2_match_data *data;
    uint64_t gave_up;
};

uint64_t oracle_gave_up(const struct oracle *o)
{
    return o->gave_up;
}

struct oracle *oracle_new(void)
{
    struct oracle *o = calloc(1, sizeof(*o));

    if (o == NULL)
        return NULL;
    o->arena = o->scratch = ARENA_INIT((size_t)1 << 30);
    o->limits = pcre2_match_context_create(NULL);
    o->data = pcre2_match_data_create(1, NULL);
    if (o->limits == NULL || o->data == NULL)
        return oracle_free(o);
    (void)pcre2_set_match_limit(o->limits, REGEX_MATCH_LIMIT);
    (void)pcre2_set_depth_limit(o->limits, REGEX_DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(o->limits, REGEX_HEAP_KIB);
    return o;
}

struct oracle *oracle_free(struct oracle *o)
{
    for (unsigned i = 0; o != NULL && i < BUCKETS; i++) {
        for (struct compiled *c = o->buckets[i]; c != NULL; c = c->next)
            pcre2_code_free(c->code);
    }
    if (o != NULL) {
        pcre2_match_context_free(o->limits);
        pcre2_match_data_free(o->data);
        arena_done(&o->arena);
        arena_done(&o->scratch);
        free(o);
    }
    return NULL;
}

/* Every character through the table, one by one. */
static int fold(struct arena *arena, struct slice s, struct slice *ret)
{
    uint8_t *to = arena_alloc(arena, fold_max(s.n));
    size_t n = 0;
    unsigned taken;

    if (to == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < s.n; i += taken) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &taken);

        n += utf8_encode(c < UTF_INVALID ? fold_char(c) : c, to + n);
    }
    *ret = slice_of(to, n);
    return 0;
}

int oracle_event_fold(struct arena *arena, struct oracle_event *e)
{
    for (uint32_t i = 0; i < e->count; i++) {
        if (fold(arena, e->fields[i].text, &e->fields[i].folded) < 0)
            return -CE_NOMEM;
    }
    return 0;
}

int oracle_event_from(struct arena *arena, const struct event *e, const struct keys *keys,
                      struct oracle_event *ret)
{
    struct buf text = BUF_INIT(64 << 20);
    int r = 0;

    ret->count = e->count;
    ret->fields = arena_new_array(arena, e->count, struct oracle_field);
    if (ret->fields == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < e->count && r == 0; i++) {
        const struct field *f = &e->fields[i];
        struct oracle_field *to = &ret->fields[i];

        buf_clear(&text);
        field_text(f, &text);
        to->type = (enum value_type)f->type;
        to->name = f->key == KEY_NONE ? SLICE_NULL : keys_name(keys, f->key);
        to->text = arena_dup(arena, buf_slice(&text));
        if (text.err || to->text.p == NULL)
            r = -CE_NOMEM;
    }
    buf_done(&text);
    return r < 0 ? r : oracle_event_fold(arena, ret);
}

static bool has_text(const struct oracle_field *f)
{
    return f->type != VALUE_NULL && f->type != VALUE_GROUP;
}

/*
 * Whole-text match. On a mismatch, the latest `*` takes one character more: taking an earlier one
 * up again could only find a match that this one finds as well.
 */
static bool wildcard_match(const struct pattern *p, const struct slice *texts, struct slice s)
{
    uint32_t part = 0, star = UINT32_MAX;
    size_t at = 0, star_at = 0;
    unsigned n;

    for (;;) {
        if (part == p->count && at == s.n)
            return true;
        if (part < p->count && p->parts[part].kind == PART_ANY) {
            star = part++;
            star_at = at;
            continue;
        }
        if (part < p->count && p->parts[part].kind == PART_ONE && at < s.n) {
            (void)utf8_decode(s.p + at, s.n - at, &n);
            at += n;
            part++;
            continue;
        }
        if (part < p->count && p->parts[part].kind == PART_TEXT &&
            slice_starts(slice_from(s, at), texts[part])) {
            at += texts[part].n;
            part++;
            continue;
        }
        if (star == UINT32_MAX || star_at == s.n)
            return false;
        (void)utf8_decode(s.p + star_at, s.n - star_at, &n);
        star_at += n;
        at = star_at;
        part = star + 1;
    }
}

static bool pattern_matches(struct oracle *o, const struct atom *a, const struct oracle_field *f)
{
    const struct pattern *p = &a->pattern;
    struct slice *texts;

    arena_clear(&o->scratch);
    texts = arena_alloc(&o->scratch, p->count * sizeof(*texts));
    if (texts == NULL)
        abort();
    for (uint32_t i = 0; i < p->count; i++) {
        texts[i] = p->parts[i].text;
        if (!a->cased && fold(&o->scratch, p->parts[i].text, &texts[i]) < 0)
            abort();
    }
    return wildcard_match(p, texts, a->cased ? f->text : f->folded);
}

static bool hexadecimal(struct slice s, double *ret)
{
    double v = 0;

    if (s.n < 3 || s.n > 15 || s.p[0] != '0' || (s.p[1] != 'x' && s.p[1] != 'X'))
        return false;
    for (size_t i = 2; i < s.n; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *at = s.p[i] ? strchr(digits, s.p[i]) : NULL;

        if (at == NULL)
            return false;
        v = v * 16 + (double)((at - digits) % 16);
    }
    *ret = v;
    return true;
}

static bool number_matches(const struct atom *a, const struct oracle_field *f)
{
    double v;

    if (num_double(f->text, &v) < 0 && !hexadecimal(f->text, &v))
        return false;
    switch (a->op) {
    case ATOM_LT:
        return v < a->number;
    case ATOM_LTE:
        return v <= a->number;
    case ATOM_GT:
        return v > a->number;
    case ATOM_GTE:
        return v >= a->number;
    default:
        return v == a->number;
    }
}

static pcre2_code *compile(struct oracle *o, const struct atom *a)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    struct slice text = a->regex.text;
    struct compiled **bucket, *c;
    size_t offset, h = a->regex.flags;
    int code;

    for (size_t i = 0; i < text.n; i++)
        h = h * 31 + text.p[i];
    bucket = &o->buckets[h % BUCKETS];
    for (c = *bucket; c != NULL; c = c->next) {
        if (c->flags == a->regex.flags && slice_eq(c->text, text))
            return c->code;
    }
    options |= a->regex.flags & REGEX_NOCASE ? PCRE2_CASELESS : 0;
    options |= a->regex.flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
    options |= a->regex.flags & REGEX_DOTALL ? PCRE2_DOTALL : 0;
    c = arena_new(&o->arena, struct compiled);
    if (c == NULL)
        abort();
    *c = (struct compiled){.next = *bucket, .flags = a->regex.flags};
    c->text = arena_dup(&o->arena, text);
    c->code = pcre2_compile(c->text.p, c->text.n, options, &code, &offset, NULL);
    *bucket = c;
    return c->code;
}

static bool regex_matches(struct oracle *o, const struct atom *a, const struct oracle_field *f)
{
    const pcre2_code *code = compile(o, a);
    int n = PCRE2_ERROR_NOMATCH;

    if (code != NULL)
        n = pcre2_match(code, f->text.p ? f->text.p : (const uint8_t *)"", f->text.n, 0,
                        PCRE2_NO_JIT, o->data, o->limits);
    o->gave_up += n < 0 && n != PCRE2_ERROR_NOMATCH;
    return n >= 0;
}

static bool cidr_matches(const struct atom *a, const struct oracle_field *f)
{
    size_t zone = slice_find_byte(f->text, '%');
    bool v6 = slice_find_byte(slice_head(f->text, zone), ':') != SIZE_MAX;
    struct ip ip;

    return ip_parse(v6 ? slice_head(f->text, zone) : f->text, &ip) == 0 &&
           ip_in_net(&ip, a->cidr.address, a->cidr.bits, a->cidr.v6);
}

static bool in_data(const struct oracle_field *f)
{
    return slice_is(f->name, "Channel (data)");
}

/* Whether a condition that names the field sees this one. */
static bool is_seen(const struct oracle_event *event, const struct oracle_field *f,
                    struct slice name)
{
    if (slice_is(name, "Channel")) {
        for (uint32_t i = 0; i < event->count; i++) {
            if (in_data(&event->fields[i]))
                return in_data(f);
        }
    }
    return slice_eq(f->name, name);
}

static bool fieldref_matches(const struct atom *a, const struct oracle_field *f,
                             const struct oracle_event *event)
{
    struct slice text = a->cased ? f->text : f->folded;

    for (uint32_t i = 0; i < event->count; i++) {
        const struct oracle_field *other = &event->fields[i];
        struct slice s = a->cased ? other->text : other->folded;

        if (!has_text(other) || !is_seen(event, other, a->ref.other))
            continue;
        if ((a->ref.kind == FIELDREF_EQ && slice_eq(text, s)) ||
            (a->ref.kind == FIELDREF_STARTS && slice_starts(text, s)) ||
            (a->ref.kind == FIELDREF_ENDS && slice_ends(text, s)) ||
            (a->ref.kind == FIELDREF_CONTAINS && slice_find(text, s) != SIZE_MAX))
            return true;
    }
    return false;
}

static bool timepart_matches(const struct atom *a, const struct oracle_field *f)
{
    struct civil c;

    if (time_parse_civil(f->text, &c) < 0)
        return false;
    switch (a->time.part) {
    case TIME_PART_MINUTE:
        return c.minute == a->time.value;
    case TIME_PART_HOUR:
        return c.hour == a->time.value;
    case TIME_PART_DAY:
        return c.day == a->time.value;
    case TIME_PART_WEEK:
        return week_of_days(days_from_date(c.year, c.month, c.day)) == a->time.value;
    case TIME_PART_MONTH:
        return c.month == a->time.value;
    default:
        return c.year == a->time.value;
    }
}

static bool value_matches(struct oracle *o, const struct atom *a, const struct oracle_field *f,
                          const struct oracle_event *event)
{
    if (!has_text(f))
        return false;
    switch (a->op) {
    case ATOM_PATTERN:
        return pattern_matches(o, a, f);
    case ATOM_REGEX:
        return regex_matches(o, a, f);
    case ATOM_CIDR:
        return cidr_matches(a, f);
    case ATOM_FIELDREF:
        return fieldref_matches(a, f, event);
    case ATOM_TIMEPART:
        return timepart_matches(a, f);
    default:
        return number_matches(a, f);
    }
}

static bool atom_matches(struct oracle *o, const struct atom *a, const struct oracle_event *event)
{
    uint32_t present = 0, nulls = 0, satisfied = 0;

    for (uint32_t i = 0; i < event->count; i++) {
        const struct oracle_field *f = &event->fields[i];

        if (a->field.n != 0 && !is_seen(event, f, a->field))
            continue;
        present++;
        nulls += f->type == VALUE_NULL || f->type == VALUE_EMPTY;
        if (a->op != ATOM_EXISTS && a->op != ATOM_NULL)
            satisfied += value_matches(o, a, f, event);
    }
    if (a->op == ATOM_EXISTS)
        return present > 0;
    return a->op == ATOM_NULL ? nulls == present : satisfied > 0;
}

bool oracle_matches(struct oracle *o, const struct expr *e, const struct oracle_event *event)
{
    if (e->op == EXPR_ATOM)
        return atom_matches(o, e->atom, event);
    for (uint32_t i = 0; i < e->count; i++) {
        bool holds = oracle_matches(o, e->kids[i], event);

        if (e->op == EXPR_NOT)
            return !holds;
        if (e->op == EXPR_AND && !holds)
            return false;
        if (e->op == EXPR_OR && holds)
            return true;
    }
    return e->op == EXPR_AND || e->op == EXPR_TRUE;
}

bool oracle_variant_matches(struct oracle *o, const struct rule_variant *v,
                            const struct oracle_event *event)
{
    struct oracle_event routed = {0};
    bool route;

    /* a route does not look into the data */
    routed.fields = calloc((size_t)event->count + 1, sizeof(*routed.fields));
    if (routed.fields == NULL)
        abort();
    for (uint32_t i = 0; i < event->count; i++) {
        if (!in_data(&event->fields[i]))
            routed.fields[routed.count++] = event->fields[i];
    }
    route = oracle_matches(o, v->route, &routed);
    free(routed.fields);
    return route && oracle_matches(o, v->condition, event);
}

bool oracle_rule_matches(struct oracle *o, const struct rule_variant *variants, uint32_t count,
                         const struct oracle_event *event)
{
    for (uint32_t i = 0; i < count; i++) {
        if (oracle_variant_matches(o, &variants[i], event))
            return true;
    }
    return false;
}
