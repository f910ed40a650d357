/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/evtx/binxml.h"

#include "base/assert.h"

/* Tokens, without the "more follows" bit. */
enum token {
    TOKEN_EOF = 0x00,
    TOKEN_ELEMENT = 0x01,
    TOKEN_CLOSE_START = 0x02,
    TOKEN_CLOSE_EMPTY = 0x03,
    TOKEN_END_ELEMENT = 0x04,
    TOKEN_VALUE = 0x05,
    TOKEN_ATTRIBUTE = 0x06,
    TOKEN_CDATA = 0x07,
    TOKEN_CHAR_REF = 0x08,
    TOKEN_ENTITY_REF = 0x09,
    TOKEN_PI_TARGET = 0x0A,
    TOKEN_PI_DATA = 0x0B,
    TOKEN_SUBST = 0x0D,
    TOKEN_OPTIONAL_SUBST = 0x0E,
    TOKEN_MORE = 0x40,
};

enum { NAME_HEADER = 8 };

struct scan {
    struct bx *b;
    uint32_t at, end;
    unsigned depth;
    bool definition; /* of a template: substitutions; else texts become values */
    bool dependency; /* elements carry a dependency id */
    bool decided;    /* the above was checked on the first element */
    bool in_tag;     /* between an element's name and the end of its attributes */
    bool keep_text;  /* the attribute whose text names the field */
    bool is_data;
};

static int binxml_scan_fail(struct scan *s, enum ce code, unsigned reason)
{
    return bx_fail(s->b, code, s->at, reason);
}

static int binxml_scan_need(struct scan *s, uint32_t n)
{
    return s->end - s->at < n ? binxml_scan_fail(s, CE_TRUNCATED, ERR_DECODE_EVTX_ENDS_IN_TOKEN)
                              : 0;
}

/* Appends what a token begins with, which is short, and bytes. */
CANH_INLINE int write_canon(struct scan *s, const uint8_t *head, size_t head_n, struct slice bytes)
{
    struct bx *b = s->b;
    size_t n = head_n + bytes.n;
    uint8_t *to = b->canon + b->canon_len;

    canh_assert(b->canon_len <= BX_CANON_MAX && b->scanned <= BX_SCAN_MAX);
    if (n > BX_CANON_MAX - b->canon_len || n > BX_SCAN_MAX - b->scanned)
        return binxml_scan_fail(s, CE_TOO_BIG, ERR_DECODE_EVTX_TEMPLATE_LARGE);
    memcpy(to, head, head_n);
    if (bytes.n)
        memcpy(to + head_n, bytes.p, bytes.n);
    b->canon_len += n;
    b->scanned += n;
    return 0;
}

static int write_token(struct scan *s, enum bx_canon token)
{
    return write_canon(s, &(const uint8_t){(uint8_t)token}, 1, SLICE_NULL);
}

/* A token, a 16-bit number and bytes: all tokens that have content. */
static int write_content(struct scan *s, enum bx_canon token, uint32_t number, struct slice bytes)
{
    const uint8_t head[3] = {(uint8_t)token, (uint8_t)number, (uint8_t)(number >> 8)};

    return write_canon(s, head, sizeof(head), bytes);
}

static int append_value(struct scan *s, uint32_t index)
{
    return write_content(s, CANON_VALUE, index, SLICE_NULL);
}

static int write_text(struct scan *s, struct slice utf16)
{
    return write_content(s, CANON_TEXT, (uint32_t)utf16.n, utf16);
}

/* A text of an element written out becomes a value of its own. */
static int write_text_value(struct scan *s, struct slice utf16)
{
    struct bx *b = s->b;
    uint32_t first = b->value_count;

    if (s->definition || s->keep_text)
        return write_text(s, utf16);
    if (first >= BX_VALUES_MAX)
        return binxml_scan_fail(s, CE_TOO_BIG, ERR_DECODE_EVTX_VALUES_MANY);
    canh_assert(utf16.n <= UINT32_MAX);
    b->values[b->value_count++] = (struct bx_value){utf16.p, (uint32_t)utf16.n, BX_STRING};
    return 0;
}

/* The name record at `off`: next offset, hash, length, characters, a zero. */
static bool name_at(const struct scan *s, uint32_t off, struct slice *ret)
{
    struct slice c = s->b->chunk;
    uint32_t n;

    if (off > c.n || c.n - off < NAME_HEADER + 2)
        return false;
    n = 2u * bx_u16(c.p + off + 6);
    if (c.n - off - NAME_HEADER - 2 < n || bx_u16(c.p + off + NAME_HEADER + n) != 0)
        return false;
    *ret = slice_of(c.p + off + NAME_HEADER, n);
    return true;
}

/* Reads a name's offset, and skips the name when it stands right here. */
static int read_name(struct scan *s, struct slice *ret)
{
    uint32_t off;
    int r = binxml_scan_need(s, 4);

    if (r < 0)
        return r;
    off = bx_u32(s->b->chunk.p + s->at);
    if (!name_at(s, off, ret))
        return binxml_scan_fail(s, CE_CORRUPT, ERR_DECODE_EVTX_NAME_OUTSIDE);
    s->at += 4;
    if (off == s->at) {
        uint32_t n = NAME_HEADER + (uint32_t)ret->n + 2;

        r = binxml_scan_need(s, n);
        s->at += r < 0 ? 0 : n;
    }
    return r;
}

static bool name_is(struct slice utf16, const char *ascii)
{
    size_t n = strlen(ascii);

    if (utf16.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (utf16.p[2 * i] != (uint8_t)ascii[i] || utf16.p[2 * i + 1] != 0)
            return false;
    }
    return true;
}

/*
 * Whether an element's token is followed by a dependency id is not written anywhere: template
 * definitions have it, elements in records and values have not. The name tells when it is not so.
 */
static void decide_dependency(struct scan *s)
{
    const uint8_t *p = s->b->chunk.p;
    uint32_t with = s->at + 7, without = s->at + 5;
    struct slice name = SLICE_NULL;
    bool with_ok, without_ok;

    s->decided = true;
    if (s->end - s->at < 11)
        return;
    with_ok = name_at(s, bx_u32(p + with), &name) && name.n > 0;
    without_ok = name_at(s, bx_u32(p + without), &name) && name.n > 0;
    if (with_ok != without_ok)
        s->dependency = with_ok;
}

static int scan_element(struct scan *s, bool attributes)
{
    uint32_t dep = BX_NO_DEP;
    struct slice name = SLICE_NULL;
    int r;

    if (!s->decided)
        decide_dependency(s);
    r = binxml_scan_need(s, s->dependency ? 7 : 5);
    if (r < 0)
        return r;
    if (s->depth >= CANH_MIN((uint32_t)BX_DEPTH_MAX - 2, s->b->limits.max_depth))
        return binxml_scan_fail(s, CE_DEPTH, ERR_DECODE_EVTX_ELEMENTS_DEEP);
    if (s->dependency && s->definition)
        dep = bx_u16(s->b->chunk.p + s->at + 1);
    s->at += s->dependency ? 7 : 5;
    r = read_name(s, &name);
    if (r < 0)
        return r;
    if (attributes) {
        r = binxml_scan_need(s, 4); /* size of the attribute list: not needed */
        if (r < 0)
            return r;
        s->at += 4;
    }
    s->depth++;
    s->in_tag = true;
    s->is_data = name_is(name, "Data");
    return write_canon(s,
                       (const uint8_t[]){CANON_ELEMENT, (uint8_t)dep, (uint8_t)(dep >> 8),
                                         (uint8_t)name.n, (uint8_t)(name.n >> 8)},
                       5, name);
}

static int scan_attribute(struct scan *s)
{
    struct slice name = SLICE_NULL;
    int r;

    if (!s->in_tag)
        return binxml_scan_fail(s, CE_SYNTAX, ERR_DECODE_EVTX_ATTRIBUTE_OUTSIDE);
    s->at++;
    r = read_name(s, &name);
    if (r < 0)
        return r;
    s->keep_text = s->is_data && name_is(name, "Name");
    return write_content(s, CANON_ATTRIBUTE, (uint32_t)name.n, name);
}

/* Value text, CDATA and processing-instruction data: a 16-bit number of characters, the characters.
 */
static int read_chars(struct scan *s, uint32_t header, struct slice *ret)
{
    uint32_t n;
    int r = binxml_scan_need(s, header + 2);

    if (r < 0)
        return r;
    n = 2u * bx_u16(s->b->chunk.p + s->at + header);
    if (s->end - s->at - header - 2 < n)
        return binxml_scan_fail(s, CE_TRUNCATED, ERR_DECODE_EVTX_TEXT_PAST_END);
    *ret = slice_of(s->b->chunk.p + s->at + header + 2, n);
    s->at += header + 2 + n;
    return 0;
}

static int write_inline_value(struct scan *s, struct slice text, uint32_t first)
{
    int r = write_text_value(s, text);

    if (r == 0 && !s->definition && !s->keep_text)
        r = append_value(s, s->b->value_count - 1 - first);
    return r;
}

static int scan_text(struct scan *s, bool cdata, uint32_t first)
{
    struct slice text = SLICE_NULL;
    int r = binxml_scan_need(s, 2);

    if (r < 0)
        return r;
    if (!cdata && s->b->chunk.p[s->at + 1] != BX_STRING)
        return binxml_scan_fail(s, CE_UNKNOWN, ERR_DECODE_EVTX_LITERAL);
    r = read_chars(s, cdata ? 1 : 2, &text);
    return r < 0 ? r : write_inline_value(s, text, first);
}

static int scan_char_ref(struct scan *s)
{
    int r = binxml_scan_need(s, 3);

    if (r < 0)
        return r;
    s->at += 3;
    return write_text(s, slice_of(s->b->chunk.p + s->at - 2, 2));
}

static int scan_entity_ref(struct scan *s)
{
    static const struct {
        const char *name;
        uint8_t utf16[2];
    } entities[] = {
        {"amp", {'&', 0}},  {"lt", {'<', 0}},    {"gt", {'>', 0}},
        {"quot", {'"', 0}}, {"apos", {'\'', 0}},
    };
    struct slice name = SLICE_NULL;
    int r;

    s->at++;
    r = read_name(s, &name);
    if (r < 0)
        return r;
    for (size_t i = 0; i < CANH_LEN(entities); i++) {
        if (name_is(name, entities[i].name))
            return write_text(s, slice_of(entities[i].utf16, 2));
    }
    return binxml_scan_fail(s, CE_UNKNOWN, ERR_DECODE_EVTX_ENTITY);
}

static int scan_substitution(struct scan *s)
{
    uint32_t index;
    int r = binxml_scan_need(s, 4);

    if (r < 0)
        return r;
    if (!s->definition)
        return binxml_scan_fail(s, CE_SYNTAX, ERR_DECODE_EVTX_SUBSTITUTION);
    index = bx_u16(s->b->chunk.p + s->at + 1);
    s->at += 4;
    return append_value(s, index);
}

static int scan_close_start(struct scan *s)
{
    if (!s->in_tag)
        return binxml_scan_fail(s, CE_SYNTAX, ERR_DECODE_EVTX_TAG_CLOSED_TWICE);
    s->at++;
    s->in_tag = false;
    s->keep_text = false;
    return write_token(s, CANON_CONTENT);
}

static int scan_end(struct scan *s, bool empty)
{
    int r = 0;

    if (s->in_tag != empty)
        return binxml_scan_fail(s, CE_SYNTAX,
                                empty ? ERR_DECODE_EVTX_EMPTY_CLOSED_TWICE
                                      : ERR_DECODE_EVTX_END_IN_TAG);
    s->at++;
    if (empty)
        r = write_token(s, CANON_CONTENT);
    s->in_tag = false;
    s->keep_text = false;
    s->depth--;
    return r < 0 ? r : write_token(s, CANON_END);
}

static int skip_instruction(struct scan *s, bool data)
{
    struct slice ignored;

    if (data)
        return read_chars(s, 1, &ignored);
    s->at++;
    return read_name(s, &ignored);
}

static int scan_token(struct scan *s, uint32_t first)
{
    uint8_t byte, token;
    int r = binxml_scan_need(s, 1);

    if (r < 0)
        return r;
    byte = s->b->chunk.p[s->at];
    token = byte & (uint8_t)~TOKEN_MORE;
    switch (token) {
    case TOKEN_ELEMENT:
        if (s->in_tag)
            return binxml_scan_fail(s, CE_SYNTAX, ERR_DECODE_EVTX_ELEMENT_IN_TAG);
        return scan_element(s, (byte & TOKEN_MORE) != 0);
    case TOKEN_ATTRIBUTE:
        return scan_attribute(s);
    case TOKEN_CLOSE_START:
        return scan_close_start(s);
    case TOKEN_CLOSE_EMPTY:
    case TOKEN_END_ELEMENT:
        return scan_end(s, token == TOKEN_CLOSE_EMPTY);
    case TOKEN_VALUE:
    case TOKEN_CDATA:
        return scan_text(s, token == TOKEN_CDATA, first);
    case TOKEN_CHAR_REF:
        return scan_char_ref(s);
    case TOKEN_ENTITY_REF:
        return scan_entity_ref(s);
    case TOKEN_SUBST:
    case TOKEN_OPTIONAL_SUBST:
        return scan_substitution(s);
    case TOKEN_PI_TARGET:
    case TOKEN_PI_DATA:
        return skip_instruction(s, token == TOKEN_PI_DATA);
    default:
        return binxml_scan_fail(s, CE_SYNTAX, ERR_DECODE_EVTX_TOKEN);
    }
}

int bx_scan(struct bx *b, uint32_t *pos, uint32_t end, uint32_t context, bool definition)
{
    struct scan s = {
        .b = b, .at = *pos, .end = end, .definition = definition, .dependency = definition};
    uint32_t first = b->value_count;
    const uint8_t head[4] = {(uint8_t)context, (uint8_t)(context >> 8), 0, 0};
    int r;

    b->canon_len = 0;
    r = write_canon(&s, head, sizeof(head), SLICE_NULL);
    if (r == 0 && (s.at >= end || (b->chunk.p[s.at] & ~TOKEN_MORE) != TOKEN_ELEMENT))
        r = binxml_scan_fail(&s, CE_SYNTAX, ERR_DECODE_EVTX_NO_ELEMENT);
    do {
        if (r == 0)
            r = scan_token(&s, first);
    } while (r == 0 && s.depth > 0);
    *pos = s.at;
    return r;
}
