/* SPDX-License-Identifier: Apache-2.0 */
#include "papers/papers.h"

#include <string.h>

#include "base/ascii.h"
#include "base/time.h"
#include "base/utf.h"
#include "data/data.h"
#include "lang/collate.h"
#include "lang/err_papers.h"
#include "lang/msg_cli.h"
#include "lang/msg_papers.h"
#include "lang/said.h"
#include "papers/letter.h"
#include "papers/papers_build.h"
#include "proof/plan_store.h"
#include "state/clock.h"

static struct slice template_text(const char *prefix, struct slice name)
{
    const struct data_folder *folder = data_folder("templates");
    struct buf path = BUF_INIT(200);
    const struct data_file *f;

    buf_printf(&path, "%s" SLICE_FMT ".yml", prefix, SLICE_ARG(name));
    f = folder && path.err == 0 ? data_find(folder, buf_slice(&path)) : NULL;
    buf_done(&path);
    return f ? data_bytes(f) : SLICE_NULL;
}

int papers_unit_kind(struct arena *arena, struct slice kind, const struct unit_kind **ret,
                     struct err *err)
{
    const struct catalogue *words;
    int r = catalogue_parse(arena, proof_data("catalogue.yaml"), &words, err);

    if (r == 0)
        *ret = catalogue_unit_kind(words, kind);
    return r;
}

int papers_layout(struct arena *arena, struct slice name, struct slice unit_kind,
                  const struct letterhead **ret, struct err *err)
{
    const struct unit_kind *kind = NULL;
    struct letterhead *h = NULL;
    struct slice text;
    int r = name.n ? 0 : papers_unit_kind(arena, unit_kind, &kind, err);

    if (r < 0)
        return r;
    name = kind ? kind->layout : name;
    text = template_text("layout-", name);
    if (text.p == NULL)
        return err_fail(err, CE_UNKNOWN, ERR_PAPERS_NO_LAYOUT, slice_head(name, 100));
    r = letterhead_parse(arena, text, &h, err);
    *ret = h;
    return r;
}

int papers_wording(struct arena *arena, const char *name, struct wording **ret, struct err *err)
{
    return wording_parse(arena, template_text("", slice_str(name)), ret, err);
}

struct slice papers_post_name(struct papers_ctx *p, const struct state_post *post)
{
    struct state_unit unit;
    struct buf text = BUF_INIT(4096);

    if (id_eq(post->unit, p->unit.id) ||
        state_unit_get(p->s, &p->actor, post->unit, p->arena, &unit, NULL) < 0)
        return said_in(p->lang, post->name, p->arena);
    buf_printf(&text, SLICE_FMT ": " SLICE_FMT,
               SLICE_ARG(unit.short_name.n ? unit.short_name : unit.name),
               SLICE_ARG(said_in(p->lang, post->name, p->arena)));
    return papers_keep(p, &text);
}

void papers_parent(struct state *s, const struct state_actor *a, struct arena *arena,
                   const struct state_unit *unit, struct state_unit *ret)
{
    *ret = (struct state_unit){.version = 0};
    if (!id_is_none(unit->parent) && state_unit_get(s, a, unit->parent, arena, ret, NULL) < 0)
        *ret = (struct state_unit){.version = 0};
}

/*
 * “tỉnh Lam Giang” → “Lam Giang”: papers are dated from the name alone; “Phường 5” keeps its word
 * (Decree 30/2020, Appendix I, II.4.a).
 */
static struct slice place_name(struct slice area)
{
    static const char *const words[] = {"tỉnh ",    "thành phố ", "xã ",      "phường ",
                                        "đặc khu ", "thị trấn ",  "Tỉnh ",    "Thành phố ",
                                        "Xã ",      "Phường ",    "Đặc khu ", "Thị trấn "};
    struct slice rest = area;

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_starts(area, slice_str(words[i])))
            rest = slice_trim(slice_from(area, strlen(words[i])));
    }
    return rest.n && !ascii_is_digit(rest.p[0]) ? rest : area;
}

/* The unit's own area, else the nearest one above it. */
struct slice papers_place(struct state *s, const struct state_actor *a, struct arena *arena,
                          const struct state_unit *unit)
{
    struct state_unit up = *unit;

    for (unsigned depth = 0; depth < 16; depth++) {
        if (up.area.n)
            return place_name(up.area);
        if (id_is_none(up.parent) || state_unit_get(s, a, up.parent, arena, &up, NULL) < 0)
            break;
    }
    return SLICE("……");
}

bool papers_clock(const struct papers_ctx *p, int64_t t)
{
    return t != 0 && state_clock_word(p->s, t, false)[0] != 0;
}

int64_t papers_minutes(int64_t t)
{
    if (t == 0 || t == TIME_NONE || t == STATE_FOREVER)
        return PRINT_NEVER;
    return (t + ZONE_OWN * TIME_SECOND) / TIME_MINUTE;
}

int64_t papers_day(int64_t t)
{
    int64_t local = t + ZONE_OWN * TIME_SECOND;

    return (local - ((local % TIME_DAY) + TIME_DAY) % TIME_DAY) / TIME_DAY;
}

struct slice papers_keep(struct papers_ctx *p, struct buf *text)
{
    struct slice s = arena_dup(p->arena, buf_slice(text));

    buf_done(text);
    return s;
}

/* canh · as of 07:30 01/12/2026 */
static struct slice footer_of(struct papers_ctx *p, int64_t now)
{
    struct buf footer = BUF_INIT(400);
    struct civil c;

    time_to_civil(now, ZONE_OWN, &c);
    buf_printf(&footer, "canh · %s%02u:%02u %02u/%02u/%d", lang_text(p->lang, MSG_PAPERS_AS_OF),
               c.hour, c.minute, c.day, c.month, c.year);
    return papers_keep(p, &footer);
}

/* Who signs for the unit, by the position that the state has. */
static int write_head(struct papers_ctx *p, struct err *err)
{
    const struct letter_ctx c = {p->s, &p->actor, p->arena, &p->unit};
    struct buf title = BUF_INIT(4096);
    struct state_person head;
    int r = letter_head(&c, &head, err);

    if (r < 0 || head.version == 0)
        return r;
    p->head.right_name = head.name;
    viet_upper(head.title, &title);
    if (title.len)
        p->head.right_title = papers_keep(p, &title);
    buf_done(&title);
    return 0;
}

int papers_begin(struct papers_ctx *p, const struct state_unit *unit, struct slice layout,
                 struct err *err)
{
    int64_t now = state_now(p->s);
    struct state_unit parent;
    int r;

    p->unit = *unit;
    papers_parent(p->s, &p->actor, p->arena, unit, &parent);
    p->head = (struct print_head){
        .parent = parent.name,
        .unit = unit->name,
        .place = p->place.n ? p->place : papers_place(p->s, &p->actor, p->arena, unit),
        .day = papers_day(now),
        .banner =
            state_is_demo(p->s) ? slice_str(lang_text(p->lang, MSG_CLI_DEMO_BANNER)) : SLICE_NULL,
        .footer = footer_of(p, now),
        .left_title = slice_str(lang_text(p->lang, MSG_PAPERS_MADE_BY)),
        .right_title = slice_str(lang_text(p->lang, MSG_PAPERS_HEAD_OF_UNIT)),
        .created = now / TIME_SECOND,
        .lang = p->lang,
    };
    paper_init(&p->paper, p->arena);
    r = write_head(p, err);
    return r < 0 ? r : papers_layout(p->arena, layout, unit->kind, &p->head.layout, err);
}

struct slice papers_cut(struct arena *arena, struct slice s, size_t n)
{
    struct buf text = BUF_INIT(1 << 16);
    size_t chars = 0, i = 0;
    struct slice ret;
    unsigned len;

    for (; i < s.n && chars < n; i += len, chars++)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    buf_append_slice(&text, slice_head(s, i));
    if (i < s.n)
        buf_puts(&text, "…");
    ret = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}
