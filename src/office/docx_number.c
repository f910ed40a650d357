/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "base/num.h"
#include "office/docx.h"
#include "office/xlsx_parts.h"

enum { STYLES_MAX = 8192, LISTS_MAX = 2048, BASED_ON_MAX = 16, NAMES_MAX = 1 << 20 };

struct style {
    struct docx_props props;
    struct slice based_on;
};

struct abstract {
    int id;
    struct label_list list;
};

struct num {
    int id, abstract_id;
    uint16_t restart; /* bit per level: starts anew when first used */
    uint32_t start[LABEL_LEVELS];
};

struct docx_numbering {
    struct arena arena; /* names */
    struct map style_by_id;
    struct style *styles;
    size_t style_count, style_cap;
    struct abstract *abstracts;
    size_t abstract_count, abstract_cap;
    struct num *nums;
    size_t num_count, num_cap;
    /* while parsing */
    struct err *err;
    unsigned level;
    bool in_style, in_override;
};

int docx_numbering_new(struct docx_numbering **ret, struct err *err)
{
    struct docx_numbering *n = calloc(1, sizeof(*n));

    if (n == NULL)
        return err_nomem(err);
    n->arena = ARENA_INIT(NAMES_MAX);
    map_init(&n->style_by_id, STYLES_MAX);
    *ret = n;
    return 0;
}

struct docx_numbering *docx_numbering_free(struct docx_numbering *n)
{
    if (n != NULL) {
        map_done(&n->style_by_id);
        arena_done(&n->arena);
        free(n->styles);
        free(n->abstracts);
        free(n->nums);
        free(n);
    }
    return NULL;
}

static int attr_int(const char **attrs, const char *name, int none)
{
    int64_t v;

    return num_range(xml_attr(attrs, name), 0, INT32_MAX, &v) < 0 ? none : (int)v;
}

static int no_memory(struct docx_numbering *n)
{
    return err_nomem(n->err);
}

static int add_style(struct docx_numbering *n, const char **attrs)
{
    struct slice id;

    n->in_style = false;
    if (!slice_is(xml_attr(attrs, "type"), "paragraph") || n->style_count >= STYLES_MAX)
        return 0;
    id = arena_dup(&n->arena, xml_attr(attrs, "styleId"));
    if (id.p == NULL)
        return 0; /* more names than any real document has: the style counts for nothing */
    if (!array_room(n->styles, n->style_count, n->style_cap, SIZE_MAX))
        return no_memory(n);
    if (map_put(&n->style_by_id, id, (uint32_t)n->style_count) < 0)
        return no_memory(n);
    n->styles[n->style_count++] = (struct style){.props = DOCX_PROPS_NONE};
    n->in_style = true;
    return 0;
}

static int styles_start(void *user, struct slice name, const char **attrs)
{
    struct docx_numbering *n = user;
    struct style *s = n->in_style ? &n->styles[n->style_count - 1] : NULL;

    if (slice_is(name, "style"))
        return add_style(n, attrs);
    if (s == NULL)
        return 0;
    if (slice_is(name, "basedOn"))
        s->based_on = arena_dup(&n->arena, xml_attr(attrs, "val"));
    else if (slice_is(name, "numId"))
        s->props.num_id = attr_int(attrs, "val", -1);
    else if (slice_is(name, "ilvl"))
        s->props.ilvl = attr_int(attrs, "val", 0);
    else if (slice_is(name, "outlineLvl"))
        s->props.outline = attr_int(attrs, "val", -1);
    return 0;
}

static int styles_end(void *user, struct slice name)
{
    struct docx_numbering *n = user;

    if (slice_is(name, "style"))
        n->in_style = false;
    return 0;
}

int docx_read_styles(struct docx_numbering *n, struct pack *p, const char *part, struct err *err)
{
    static const struct xml_sink sink = {styles_start, styles_end, NULL};

    n->err = err;
    return pack_xml(p, part, &sink, n, err);
}

int docx_style(const struct docx_numbering *n, struct slice id)
{
    uint32_t index;

    return map_get(&n->style_by_id, id, &index) ? (int)index : -1;
}

struct docx_props docx_resolve(const struct docx_numbering *n, struct docx_props own)
{
    int style = own.style;

    for (unsigned i = 0; i < BASED_ON_MAX && style >= 0; i++) {
        const struct style *s = &n->styles[style];

        if (own.num_id < 0)
            own.num_id = s->props.num_id;
        if (own.ilvl < 0)
            own.ilvl = s->props.ilvl;
        if (own.outline < 0)
            own.outline = s->props.outline;
        style = s->based_on.n ? docx_style(n, s->based_on) : -1;
    }
    return own;
}

static enum label_format format_of(struct slice name)
{
    static const struct {
        const char *name;
        enum label_format format;
    } rows[] = {{"decimal", LABEL_DECIMAL},
                {"decimalZero", LABEL_DECIMAL_ZERO},
                {"lowerLetter", LABEL_LOWER_LETTER},
                {"upperLetter", LABEL_UPPER_LETTER},
                {"lowerRoman", LABEL_LOWER_ROMAN},
                {"upperRoman", LABEL_UPPER_ROMAN},
                {"bullet", LABEL_BULLET},
                {"none", LABEL_NONE}};

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (slice_is(name, rows[i].name))
            return rows[i].format;
    }
    return LABEL_DECIMAL;
}

static int start_abstract(struct docx_numbering *n, const char **attrs)
{
    struct abstract *a;

    if (n->abstract_count >= LISTS_MAX)
        return 0;
    if (!array_room(n->abstracts, n->abstract_count, n->abstract_cap, SIZE_MAX))
        return no_memory(n);
    a = &n->abstracts[n->abstract_count++];
    memset(a, 0, sizeof(*a));
    a->id = attr_int(attrs, "abstractNumId", -1);
    for (unsigned i = 0; i < LABEL_LEVELS; i++)
        a->list.level[i].start = 1;
    return 0;
}

static int start_num(struct docx_numbering *n, const char **attrs)
{
    if (n->num_count >= LISTS_MAX)
        return 0;
    if (!array_room(n->nums, n->num_count, n->num_cap, SIZE_MAX))
        return no_memory(n);
    n->nums[n->num_count++] = (struct num){.id = attr_int(attrs, "numId", -1), .abstract_id = -1};
    return 0;
}

/* Fonts of signs put bullets in the private area; a plain dash says the same. */
static void set_bullet(struct label_level *l)
{
    struct slice s = slice_of(l->text, l->text_n);

    if (!slice_is(s, "-") && !slice_is(s, "+") && !slice_is(s, "*"))
        label_set_text(l, SLICE("-"));
}

static void level_prop(struct docx_numbering *n, struct slice name, const char **attrs)
{
    struct label_level *l = &n->abstracts[n->abstract_count - 1].list.level[n->level];

    if (slice_is(name, "start"))
        l->start = (uint32_t)attr_int(attrs, "val", 1);
    else if (slice_is(name, "numFmt"))
        l->format = (uint8_t)format_of(xml_attr(attrs, "val"));
    else if (slice_is(name, "lvlText"))
        label_set_text(l, xml_attr(attrs, "val"));
    if (l->format == LABEL_BULLET && l->text_n > 0)
        set_bullet(l);
}

static void override_prop(struct docx_numbering *n, struct slice name, const char **attrs)
{
    struct num *num = &n->nums[n->num_count - 1];

    if (slice_is(name, "startOverride")) {
        num->restart |= (uint16_t)(1u << n->level);
        num->start[n->level] = (uint32_t)attr_int(attrs, "val", 1);
    }
}

static int numbering_start(void *user, struct slice name, const char **attrs)
{
    struct docx_numbering *n = user;

    if (slice_is(name, "abstractNum"))
        return start_abstract(n, attrs);
    if (slice_is(name, "num"))
        return start_num(n, attrs);
    if (slice_is(name, "abstractNumId") && n->num_count > 0) {
        n->nums[n->num_count - 1].abstract_id = attr_int(attrs, "val", -1);
    } else if (slice_is(name, "lvlOverride") || slice_is(name, "lvl")) {
        n->level = (unsigned)CANH_MIN(attr_int(attrs, "ilvl", 0), LABEL_LEVELS - 1);
        n->in_override = n->in_override || slice_is(name, "lvlOverride");
    } else if (n->in_override && n->num_count > 0) {
        override_prop(n, name, attrs);
    } else if (n->abstract_count > 0 && n->num_count == 0) {
        level_prop(n, name, attrs);
    }
    return 0;
}

static int numbering_end(void *user, struct slice name)
{
    struct docx_numbering *n = user;

    if (slice_is(name, "lvlOverride"))
        n->in_override = false;
    return 0;
}

int docx_read_numbering(struct docx_numbering *n, struct pack *p, const char *part, struct err *err)
{
    static const struct xml_sink sink = {numbering_start, numbering_end, NULL};

    n->err = err;
    return pack_xml(p, part, &sink, n, err);
}

static struct num *find_num(struct docx_numbering *n, int id)
{
    for (size_t i = 0; i < n->num_count; i++) {
        if (n->nums[i].id == id)
            return &n->nums[i];
    }
    return NULL;
}

static struct abstract *find_abstract(struct docx_numbering *n, int id)
{
    for (size_t i = 0; i < n->abstract_count; i++) {
        if (n->abstracts[i].id == id)
            return &n->abstracts[i];
    }
    return NULL;
}

void docx_label(struct docx_numbering *n, const struct docx_props *props, struct buf *out)
{
    struct num *num = props->num_id > 0 ? find_num(n, props->num_id) : NULL;
    struct abstract *a = num ? find_abstract(n, num->abstract_id) : NULL;
    unsigned level = (unsigned)CANH_MIN(CANH_MAX(props->ilvl, 0), LABEL_LEVELS - 1);

    if (a == NULL)
        return;
    if (num->restart & 1u << level) {
        label_restart(&a->list, level, num->start[level]);
        num->restart &= (uint16_t) ~(1u << level);
    }
    label_next(&a->list, level, out);
}
