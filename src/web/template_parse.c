/* SPDX-License-Identifier: Apache-2.0 */
/* Walks HTML far enough to know where a place is (the tokenizer states of the HTML standard that
 * our own templates need), and refuses every place that no escaping makes safe. */
#include "web/template_parse.h"

#include "base/ascii.h"
#include "lang/err_web.h"

enum html_state {
    HTML_TEXT,
    HTML_TAG_NAME,
    HTML_TAG,  /* between attributes */
    HTML_NAME, /* of an attribute */
    HTML_VALUE_WANTED,
    HTML_VALUE,  /* in double quotes */
    HTML_MARKUP, /* <!…> */
    HTML_COMMENT,
    HTML_RAW, /* script or style */
};

enum { WORD_MAX = 16 };

struct walker {
    enum html_state state;
    char tag[WORD_MAX], attribute[WORD_MAX];
    size_t tag_n, attribute_n;
    bool closing;
    bool value_begun; /* something constant stands in this value already */
};

struct parser {
    struct walker html;
    struct slice rest;
    struct slice file;
    unsigned line;
    struct template_step *steps;
    size_t count, open[TEMPLATE_DEPTH_MAX], depth;
    struct walker at_open[TEMPLATE_DEPTH_MAX];
    struct err *err;
};

static void word_add(char *word, size_t *n, uint8_t c)
{
    if (*n < WORD_MAX - 1)
        word[(*n)++] = (char)ascii_to_lower(c);
    word[*n] = '\0';
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void end_tag(struct walker *w)
{
    bool raw = strcmp(w->tag, "script") == 0 || strcmp(w->tag, "style") == 0;

    w->state = raw && !w->closing ? HTML_RAW : HTML_TEXT;
}

static void begin_tag(struct walker *w, struct slice after)
{
    w->closing = after.n > 0 && after.p[0] == '/';
    w->tag_n = w->attribute_n = 0;
    w->tag[0] = w->attribute[0] = '\0';
    w->state = slice_starts(after, SLICE("!--"))  ? HTML_COMMENT
               : after.n > 0 && after.p[0] == '!' ? HTML_MARKUP
                                                  : HTML_TAG_NAME;
}

static bool in_tag(struct walker *w, uint8_t c)
{
    if (c == '>') {
        end_tag(w);
    } else if (is_blank(c) || c == '/') {
        w->state = HTML_TAG;
    } else if (w->state == HTML_NAME && c == '=') {
        w->state = HTML_VALUE_WANTED;
    } else {
        if (w->state == HTML_TAG)
            w->attribute_n = 0;
        w->state = HTML_NAME;
        word_add(w->attribute, &w->attribute_n, c);
    }
    return true;
}

/* One byte; `after` follows it. False for what our templates do not do. */
static bool template_parse_walk(struct walker *w, uint8_t c, struct slice after)
{
    switch (w->state) {
    case HTML_TEXT:
        if (c == '<')
            begin_tag(w, after);
        return true;
    case HTML_TAG_NAME:
        if (c == '>')
            end_tag(w);
        else if (is_blank(c))
            w->state = HTML_TAG;
        else if (c != '/')
            word_add(w->tag, &w->tag_n, c);
        return true;
    case HTML_TAG:
    case HTML_NAME:
        return in_tag(w, c);
    case HTML_VALUE_WANTED:
        w->state = HTML_VALUE;
        w->value_begun = false;
        return c == '"';
    case HTML_VALUE:
        if (c == '"')
            w->state = HTML_TAG;
        w->value_begun = true;
        return true;
    case HTML_MARKUP:
        if (c == '>')
            w->state = HTML_TEXT;
        return true;
    case HTML_COMMENT:
        if (c == '-' && slice_starts(after, SLICE("->")))
            w->state = HTML_MARKUP;
        return true;
    case HTML_RAW:
        if (c == '<' && after.n > 0 && after.p[0] == '/')
            begin_tag(w, after);
        return true;
    }
    return false;
}

static int template_parse_fail(struct parser *p, const char *why)
{
    return err_fail_at(p->err, CE_SYNTAX, p->line, 0, ERR_WEB_CONSOLE_HTML_2, p->file, why);
}

/* Where the walker stands, as a place for a value; negative when nothing may stand there. */
static int place_of(const struct walker *w)
{
    static const char *const urls[] = {"href", "src", "action", "formaction"};

    if (w->state == HTML_TEXT)
        return PLACE_TEXT;
    if (w->state == HTML_TAG)
        return PLACE_TAG;
    if (w->state != HTML_VALUE || strncmp(w->attribute, "on", 2) == 0 ||
        strcmp(w->attribute, "style") == 0 || strcmp(w->attribute, "srcdoc") == 0)
        return -1;
    for (size_t i = 0; i < CANH_LEN(urls); i++) {
        if (strcmp(w->attribute, urls[i]) == 0)
            return w->value_begun ? PLACE_URL_REST : PLACE_URL;
    }
    return PLACE_ATTRIBUTE;
}

static int template_parse_add(struct parser *p, enum template_step_kind kind, struct slice text)
{
    int place = place_of(&p->html);

    if (p->count == TEMPLATE_STEPS_MAX)
        return template_parse_fail(p, "too many steps");
    if (kind != STEP_LITERAL && place < 0)
        return template_parse_fail(p, "nothing may be put here");
    p->steps[p->count++] =
        (struct template_step){.kind = kind,
                               .place = place < 0 ? PLACE_TEXT : (enum template_place)place,
                               .text = text,
                               .line = p->line};
    return 0;
}

/* Whether a path of this console begins behind byte i. */
static bool begins_path(const struct parser *p, struct slice s, size_t i)
{
    return s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '/' && place_of(&p->html) == PLACE_URL;
}

static int template_parse_literal(struct parser *p, struct slice s)
{
    size_t from = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < s.n; i++) {
        p->line += s.p[i] == '\n';
        if (!template_parse_walk(&p->html, s.p[i], slice_from(s, i + 1)))
            return template_parse_fail(p, "attributes stand in double quotes");
        if (!begins_path(p, s, i))
            continue;
        r = template_parse_add(p, STEP_LITERAL, slice_of(s.p + from, i + 1 - from));
        if (r == 0)
            r = template_parse_add(p, STEP_PREFIX, SLICE_NULL);
        from = i + 1;
    }
    return r < 0 || from == s.n ? r : template_parse_add(p, STEP_LITERAL, slice_from(s, from));
}

static int template_parse_value(struct parser *p, struct slice name)
{
    if (p->html.state == HTML_TAG)
        return template_parse_fail(p, "no value between attributes");
    return template_parse_add(p, STEP_VALUE, name);
}

static int template_parse_text(struct parser *p, struct slice key)
{
    msg_id id = template_text_id(key);
    int r;

    if (id == MSG_NONE)
        return err_fail_at(p->err, CE_SYNTAX, p->line, 0, ERR_WEB_CONSOLE_HTML_NO_TEXT_LANG,
                           p->file, key);
    if (p->html.state == HTML_TAG)
        return template_parse_fail(p, "no text between attributes");
    r = template_parse_add(p, STEP_TEXT, key);
    if (r == 0)
        p->steps[p->count - 1].other = id;
    return r;
}

static int template_parse_section(struct parser *p, struct slice name, bool inverted)
{
    if (p->depth == TEMPLATE_DEPTH_MAX)
        return template_parse_fail(p, "sections in too many sections");
    p->open[p->depth] = p->count;
    p->at_open[p->depth++] = p->html;
    return template_parse_add(p, inverted ? STEP_INVERTED : STEP_SECTION, name);
}

static int end_section(struct parser *p, struct slice name)
{
    const struct walker *began;

    if (p->depth == 0 || !slice_eq(p->steps[p->open[p->depth - 1]].text, name))
        return template_parse_fail(p, "a section ends that did not begin");
    began = &p->at_open[--p->depth];
    if (began->state != p->html.state ||
        (began->state == HTML_VALUE && strcmp(began->attribute, p->html.attribute) != 0))
        return template_parse_fail(p, "a section begins and ends in different places");
    p->steps[p->open[p->depth]].other = p->count;
    return template_parse_add(p, STEP_END, name);
}

static int template_parse_partial(struct parser *p, struct slice name)
{
    if (p->html.state != HTML_TEXT)
        return template_parse_fail(p, "a template stands in element text only");
    return template_parse_add(p, STEP_PARTIAL, name);
}

static int template_parse_place(struct parser *p, struct slice in)
{
    struct slice name = slice_from(in, 1);
    int r;

    if (in.n == 0)
        return template_parse_fail(p, "an empty place");
    switch (in.p[0]) {
    case '#':
        return template_parse_section(p, name, false);
    case '^':
        return template_parse_section(p, name, true);
    case '/':
        return end_section(p, name);
    case '>':
        return template_parse_partial(p, name);
    case '=':
        r = template_parse_text(p, name);
        break;
    default:
        r = template_parse_value(p, in);
        break;
    }
    p->html.value_begun = true;
    return r;
}

static int run(struct parser *p)
{
    int r = 0;

    while (r == 0 && p->rest.n > 0) {
        size_t at = slice_find(p->rest, SLICE("{{")), end;

        r = template_parse_literal(p, slice_head(p->rest, at));
        if (r < 0 || at == SIZE_MAX)
            break;
        p->rest = slice_from(p->rest, at + 2);
        end = slice_find(p->rest, SLICE("}}"));
        if (end == SIZE_MAX)
            return template_parse_fail(p, "{{ without }}");
        r = template_parse_place(p, slice_head(p->rest, end));
        p->rest = slice_from(p->rest, end + 2);
    }
    if (r == 0 && p->depth > 0)
        r = template_parse_fail(p, "a section does not end");
    if (r == 0 && p->html.state != HTML_TEXT)
        r = template_parse_fail(p, "the template ends inside a tag");
    return r;
}

int template_parse(const struct template_file *file, struct arena *arena, struct template *ret,
                   struct err *err)
{
    struct parser p = {.rest = file->text,
                       .file = file->name,
                       .line = 1,
                       .steps = arena_new_array(arena, TEMPLATE_STEPS_MAX, struct template_step),
                       .err = err};
    int r;

    if (p.steps == NULL)
        return err_nomem(err);
    r = run(&p);
    *ret = (struct template){file->name, p.steps, p.count};
    return r;
}
