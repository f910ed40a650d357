/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/pattern.h"

#include "base/ascii.h"
#include "base/assert.h"
#include "base/ip.h"

enum { SEGMENTS_MAX = 48, MATCHED_PARTS_MAX = 24, ADDRESS_MAX = 64, HOST_MAX = 255 };
#define NO_FIT SIZE_MAX

enum kind { LITERAL, WORD, NUMBER, ADDRESS, HOST, QUOTED, FIRST, LAST, REST, MAYBE };

struct segment {
    enum kind kind;
    bool drop;
    uint16_t key;
    uint16_t inside;   /* MAYBE: segments that belong to it */
    int16_t known;     /* enum field_name, or -1 */
    struct slice text; /* LITERAL, else the field's name */
};

struct fixed_field {
    int16_t known;
    uint16_t key;
    struct slice name, value;
};

struct compiled {
    const struct segment *segments;
    const struct fixed_field *settings;
    uint16_t segment_count, setting_count;
};

struct pattern {
    struct compiled *rows;
    size_t count;
};

struct capture {
    const struct segment *segment;
    struct slice value;
};

struct run {
    struct slice text;
    struct capture taken[MATCHED_PARTS_MAX];
    unsigned count;
};

static bool pattern_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of an address at the start of s, 0 when there is none. */
static size_t address_length(struct slice s)
{
    size_t n = 0, dots = 0;
    struct ip ip;
    struct slice plain;

    if (s.n > 1 && s.p[0] == '[') {
        size_t end = slice_find_byte(slice_head(s, ADDRESS_MAX), ']');

        if (end == SIZE_MAX)
            return 0;
        plain = slice_of(s.p + 1, end - 1);
        n = end + 1;
    } else {
        while (n < s.n && n < ADDRESS_MAX &&
               (ascii_is_digit(s.p[n]) || pattern_letter(s.p[n]) || s.p[n] == '.' ||
                s.p[n] == ':' || s.p[n] == '%')) {
            dots += s.p[n] == '.';
            n++;
        }
        if (dots == 3) { /* address:port, also of a v4 address in v6 */
            size_t dot = n;

            while (s.p[dot - 1] != '.')
                dot--;
            n = CANH_MIN(n, dot + CANH_MIN(slice_find_byte(slice_of(s.p + dot, n - dot), ':'), n));
        }
        while (n > 0 && (s.p[n - 1] == '.' || (s.p[n - 1] == ':' && (n < 2 || s.p[n - 2] != ':'))))
            n--;
        plain = slice_head(s, n);
    }
    if (slice_find_byte(plain, '%') != SIZE_MAX && slice_find_byte(plain, ':') != SIZE_MAX)
        plain = slice_head(plain, slice_find_byte(plain, '%'));
    return ip_parse(plain, &ip) == 0 ? n : 0;
}

static size_t host_length(struct slice s)
{
    size_t n = address_length(s);

    if (n > 0)
        return n;
    while (n < s.n && n < HOST_MAX &&
           (ascii_is_digit(s.p[n]) || pattern_letter(s.p[n]) || s.p[n] == '.' || s.p[n] == '-' ||
            s.p[n] == '_' || s.p[n] >= 0x80))
        n++;
    while (n > 0 && s.p[n - 1] == '.')
        n--;
    return n;
}

/* Words end at a blank, or where the text behind them in the pattern begins. */
static size_t word_length(struct slice s, const struct segment *next, const struct segment *end)
{
    uint8_t stop = next < end && next->kind == LITERAL ? next->text.p[0] : ' ';
    size_t n = 0;

    while (n < s.n && !ascii_is_space(s.p[n]) && s.p[n] != stop)
        n++;
    return n;
}

static size_t quoted_length(struct slice s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '"')
        n += s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
    return n;
}

static size_t digits_length(struct slice s)
{
    size_t n = 0;

    while (n < s.n && ascii_is_digit(s.p[n]))
        n++;
    return n;
}

/* Most rows fail with their first byte. */
CANH_INLINE bool literal_here(struct slice text, const struct segment *s)
{
    return text.n >= s->text.n && text.p[0] == s->text.p[0] &&
           memcmp(text.p, s->text.p, s->text.n) == 0;
}

/* How many bytes the segment takes of s, or NO_FIT. */
static size_t pattern_read(const struct segment *s, const struct segment *end, struct slice text)
{
    size_t n;

    switch (s->kind) {
    case LITERAL:
        return literal_here(text, s) ? s->text.n : NO_FIT;
    case WORD:
        n = word_length(text, s + 1, end);
        break;
    case NUMBER:
        n = digits_length(text);
        break;
    case ADDRESS:
        n = address_length(text);
        break;
    case HOST:
        n = host_length(text);
        break;
    case QUOTED:
        return quoted_length(text);
    case FIRST:
        return s + 1 < end ? slice_find(text, s[1].text) : text.n;
    default:
        return text.n;
    }
    return n > 0 ? n : NO_FIT;
}

static void pattern_keep(struct run *r, const struct segment *s, struct slice value)
{
    if (!s->drop && s->kind != LITERAL && r->count < MATCHED_PARTS_MAX)
        r->taken[r->count++] = (struct capture){s, value};
}

static size_t run_maybe(struct run *r, const struct segment *s, const struct segment *end,
                        size_t at);

/* Where the segments end in the text when they fit from `at` on, or NO_FIT. */
static size_t run_from(struct run *r, const struct segment *s, const struct segment *end, size_t at)
{
    for (; s < end; s++) {
        struct slice text = slice_from(r->text, at);
        size_t n;

        if (s->kind == MAYBE) {
            at = run_maybe(r, s, end, at);
            s += s->inside;
            continue;
        }
        if (s->kind == LAST) {
            unsigned count = r->count;

            for (n = text.n + 1; n-- > 0;) {
                if (s + 1 < end && s[1].kind == LITERAL &&
                    !literal_here(slice_from(text, n), &s[1]))
                    continue;
                r->count = count;
                pattern_keep(r, s, slice_head(text, n));
                if (run_from(r, s + 1, end, at + n) == r->text.n)
                    return r->text.n;
            }
            return NO_FIT;
        }
        n = pattern_read(s, end, text);
        if (n == NO_FIT)
            return NO_FIT;
        pattern_keep(r, s, slice_head(text, n));
        at += n;
    }
    return at;
}

/* Whether what follows {?…?} in the pattern is a text, and stands here already. */
static bool follows_here(const struct segment *s, const struct segment *end, struct slice text)
{
    for (s += s->inside + 1; s < end && s->kind == MAYBE; s += s->inside + 1) {
        if (s[1].kind == LITERAL && literal_here(text, &s[1]))
            return true;
    }
    return s < end && s->kind == LITERAL && literal_here(text, s);
}

static size_t run_maybe(struct run *r, const struct segment *s, const struct segment *end,
                        size_t at)
{
    unsigned count = r->count;
    size_t to;

    if (s[1].kind != LITERAL && follows_here(s, end, slice_from(r->text, at)))
        return at;
    to = run_from(r, s + 1, s + 1 + s->inside, at);
    if (to != NO_FIT)
        return to;
    r->count = count;
    return at;
}

static void set_one(struct fields *f, int16_t known, uint16_t key, struct slice name,
                    struct slice value, enum kind kind)
{
    if (known >= 0 && fields_has(f, (enum field_name)known))
        return; /* the head of the line has said it already */
    if (known == NAME_SOURCE_IP && kind != REST)
        (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, value);
    else if (known == NAME_DESTINATION_IP && kind != REST)
        (void)fields_address(f, NAME_DESTINATION_IP, NAME_DESTINATION_DOMAIN, value);
    else if (known == NAME_TRANSPORT)
        fields_write_lower(f, NAME_TRANSPORT, value);
    else if (known == NAME_SOURCE_DOMAIN && slice_is(value, "unknown"))
        return;
    else if (value.n > 0)
        fields_add(f, key, name, value, kind == NUMBER ? VALUE_NUMBER : VALUE_STRING);
}

bool pattern_match(const struct pattern *p, struct fields *f, struct slice text)
{
    struct run r;

    for (size_t i = 0; i < p->count; i++) {
        const struct compiled *c = &p->rows[i];
        const struct segment *s = c->segments;

        if (s->kind == LITERAL && !literal_here(text, s))
            continue;
        r.text = text;
        r.count = 0;
        if (run_from(&r, s, s + c->segment_count, 0) != text.n)
            continue;
        for (unsigned k = 0; k < r.count; k++)
            set_one(f, r.taken[k].segment->known, r.taken[k].segment->key, r.taken[k].segment->text,
                    r.taken[k].value, r.taken[k].segment->kind);
        for (unsigned k = 0; k < c->setting_count; k++)
            fields_add(f, c->settings[k].key, c->settings[k].name, c->settings[k].value,
                       VALUE_STRING);
        return true;
    }
    return false;
}

static int16_t known_name(struct slice name)
{
    for (int16_t i = 0; i < FIELD_NAME_COUNT; i++) {
        if (slice_eq(name, field_name_text((enum field_name)i)))
            return i;
    }
    return -1;
}

static enum kind kind_of(uint8_t c)
{
    static const char letters[] = "wnahqtT*";
    const char *at = c ? strchr(letters, c) : NULL;

    canh_assert(at != NULL);
    return (enum kind)(WORD + (at - letters));
}

/* {name kind} at s; returns what is behind it. */
static struct slice read_taking(struct segment *to, const struct fields *f, struct slice s)
{
    size_t end = slice_find_byte(s, '}'), gap = slice_find_byte(s, ' ');
    struct slice name;

    canh_assert(end != SIZE_MAX && gap != SIZE_MAX && gap + 2 == end);
    name = slice_of(s.p + 1, gap - 1);
    *to =
        (struct segment){.kind = kind_of(s.p[gap + 1]), .drop = slice_is(name, "-"), .text = name};
    to->known = to->drop ? -1 : known_name(name);
    if (to->known >= 0)
        to->text = field_name_text((enum field_name)to->known);
    to->key = fields_key(f, to->text);
    return slice_from(s, end + 1);
}

static uint16_t read_pattern(struct segment *to, const struct fields *f, struct slice s)
{
    uint16_t n = 0, maybe = 0;
    bool in_maybe = false;

    while (s.n > 0) {
        canh_assert(n < SEGMENTS_MAX);
        if (slice_starts(s, SLICE("{?"))) {
            canh_assert(!in_maybe);
            in_maybe = true;
            maybe = n;
            to[n++] = (struct segment){.kind = MAYBE};
            s = slice_from(s, 2);
        } else if (slice_starts(s, SLICE("?}"))) {
            canh_assert(in_maybe);
            in_maybe = false;
            to[maybe].inside = (uint16_t)(n - maybe - 1);
            s = slice_from(s, 2);
        } else if (s.p[0] == '{') {
            s = read_taking(&to[n], f, s);
            canh_assert(!(in_maybe && to[n].kind == LAST));
            n++;
        } else {
            size_t len = 0;

            while (len < s.n && s.p[len] != '{' && !slice_starts(slice_from(s, len), SLICE("?}")))
                len++;
            to[n++] = (struct segment){.kind = LITERAL, .text = slice_head(s, len)};
            s = slice_from(s, len);
        }
    }
    canh_assert(!in_maybe && n > 0);
    for (uint16_t i = 0; i + 1 < n; i++)
        canh_assert(to[i].kind != FIRST || to[i + 1].kind == LITERAL);
    return n;
}

static bool pattern_copy(struct arena *a, const void **to, const void *from, size_t count,
                         size_t size)
{
    void *p = arena_array(a, CANH_MAX(count, (size_t)1), size);

    if (p != NULL && count > 0)
        memcpy(p, from, count * size);
    *to = p;
    return p != NULL;
}

static bool compile_row(struct arena *a, const struct fields *f, const struct pattern_row *row,
                        struct compiled *ret)
{
    struct segment segments[SEGMENTS_MAX];
    struct fixed_field settings[MATCHED_PARTS_MAX];
    struct slice rest = slice_str(row->sets), part;

    ret->segment_count = read_pattern(segments, f, slice_str(row->pattern));
    while (rest.n > 0 && slice_cut(&rest, ';', &part)) {
        struct fixed_field *s = &settings[ret->setting_count++];
        size_t eq = slice_find_byte(part, '=');

        canh_assert(eq != SIZE_MAX && ret->setting_count < MATCHED_PARTS_MAX);
        s->name = slice_head(part, eq);
        s->value = slice_from(part, eq + 1);
        s->known = known_name(s->name);
        if (s->known >= 0)
            s->name = field_name_text((enum field_name)s->known);
        s->key = fields_key(f, s->name);
    }
    return pattern_copy(a, (const void **)&ret->segments, segments, ret->segment_count,
                        sizeof(*segments)) &&
           pattern_copy(a, (const void **)&ret->settings, settings, ret->setting_count,
                        sizeof(*settings));
}

struct pattern *pattern_compile(struct arena *a, const struct fields *f,
                                const struct pattern_list *list)
{
    struct pattern *p = arena_new(a, struct pattern);

    if (p == NULL)
        return NULL;
    p->rows = arena_new_array(a, CANH_MAX(list->count, (size_t)1), struct compiled);
    if (p->rows == NULL)
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (!compile_row(a, f, &list->rows[i], &p->rows[p->count++]))
            return NULL;
    }
    return p;
}
