/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/papers.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/time.h"
#include "base/utf.h"
#include "data/data.h"
#include "lang/msg_papers.h"
#include "office/odt.h"
#include "office/pdf.h"

enum { PAPER_BYTES_MAX = 64 << 20 };

static struct slice template_text(const char *prefix, const char *name)
{
    const struct data_folder *folder = data_folder("templates");
    struct buf path = BUF_INIT(200);
    const struct data_file *f;

    buf_printf(&path, "%s%s.yml", prefix, name);
    f = folder ? data_find(folder, buf_slice(&path)) : NULL;
    buf_done(&path);
    return f ? data_bytes(f) : SLICE_NULL;
}

static const char *layout_of(struct slice kind)
{
    if (slice_is(kind, "party"))
        return "party";
    return slice_is(kind, "telecom") || slice_is(kind, "postal") ? "enterprise" : "government";
}

int papers_layout(struct app *app, struct arena *arena, const char *name, struct slice unit_kind,
                  const struct letterhead **ret)
{
    const char *chosen = name ? name : layout_of(unit_kind);
    struct slice text = template_text("layout-", chosen);
    struct letterhead *h = NULL;
    struct err err = ERR_INIT;

    if (text.p == NULL)
        return app_usage(app, MSG_PAPERS_NO_LAYOUT, chosen);
    if (letterhead_parse(arena, text, &h, &err) < 0)
        return app_fail(app, chosen, &err);
    *ret = h;
    return 0;
}

int papers_wording(struct app *app, struct arena *arena, const char *name, struct wording **ret)
{
    struct err err = ERR_INIT;

    return wording_parse(arena, template_text("", name), ret, &err) < 0 ? app_fail(app, name, &err)
                                                                        : 0;
}

void papers_parent(struct ledger *st, const struct state_unit *unit, struct state_unit *ret)
{
    *ret = (struct state_unit){.version = 0};
    if (!id_is_none(unit->parent) &&
        state_unit_get(st->s, &st->actor, unit->parent, &st->arena, ret, NULL) < 0)
        *ret = (struct state_unit){.version = 0};
}

/* The unit's own area, else the nearest one above it. */
struct slice papers_place(struct ledger *st, const struct state_unit *unit)
{
    struct state_unit up = *unit;

    for (unsigned depth = 0; depth < 16; depth++) {
        if (up.area.n)
            return up.area;
        if (id_is_none(up.parent) ||
            state_unit_get(st->s, &st->actor, up.parent, &st->arena, &up, NULL) < 0)
            break;
    }
    return SLICE("……");
}

int64_t papers_minutes(int64_t t)
{
    if (t == 0 || t == TIME_NONE || t == STATE_FOREVER)
        return PRINT_NEVER;
    return (t + PAPERS_ZONE * TIME_SECOND) / TIME_MINUTE;
}

int64_t papers_day(int64_t t)
{
    int64_t local = t + PAPERS_ZONE * TIME_SECOND;

    return (local - ((local % TIME_DAY) + TIME_DAY) % TIME_DAY) / TIME_DAY;
}

int papers_head(struct ledger *st, const struct state_unit *unit, const char *layout,
                struct print_head *ret)
{
    int64_t now = state_now(st->s);
    struct buf footer = BUF_INIT(400);
    struct state_unit parent;
    enum lang lang = st->app->lang;
    int status;

    papers_parent(st, unit, &parent);
    *ret = (struct print_head){
        .parent = parent.name,
        .unit = unit->name,
        .place = papers_place(st, unit),
        .day = papers_day(now),
        .banner = ledger_banner(st),
        .left_title = slice_str(lang_text(lang, MSG_PAPERS_MADE_BY)),
        .right_title = slice_str(lang_text(lang, MSG_PAPERS_HEAD_OF_UNIT)),
        .created = now / TIME_SECOND,
        .lang = lang,
    };
    buf_puts(&footer, "canh · ");
    buf_puts(&footer, lang_text(lang, MSG_PAPERS_AS_OF));
    ledger_put_time(&footer, now);
    ret->footer = arena_dup(&st->arena, buf_slice(&footer));
    buf_done(&footer);
    status = papers_layout(st->app, &st->arena, layout, unit->kind, &ret->layout);
    return status;
}

struct slice papers_cut(struct arena *arena, struct slice s, size_t n)
{
    struct buf text = BUF_INIT(1 << 16);
    size_t chars = 0, i = 0;
    struct slice ret;
    unsigned len;

    for (; i < s.n && chars < n; i += len, chars++)
        (void)utf8_decode(s.p + i, s.n - i, &len);
    buf_put_slice(&text, slice_head(s, i));
    if (i < s.n)
        buf_puts(&text, "…");
    ret = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

/* Not /dev/stdout and the like, into which the name does not belong. */
static bool is_file(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

int papers_save(struct app *app, const struct paper *p, const char *path)
{
    bool odt = slice_ends(slice_str(path), SLICE(".odt")), standard = strcmp(path, "-") == 0;
    struct buf bytes = BUF_INIT(PAPER_BYTES_MAX);
    struct err err = ERR_INIT;
    int status = 0, r;

    if (standard && app->out_tty)
        return app_usage(app, MSG_PAPERS_NO_TERMINAL);
    r = odt ? odt_render(p, &bytes, &err) : pdf_render(p, &bytes, NULL, &err);
    if (r == 0 && standard)
        buf_put_slice(&app->out.buf, buf_slice(&bytes));
    else if (r == 0)
        r = file_deliver(path, buf_slice(&bytes), 0644, &err);
    if (r < 0)
        status = app_fail(app, NULL, &err);
    else if (!standard && is_file(path))
        buf_printf(&app->out.buf, "%s\n", path);
    buf_done(&bytes);
    return status;
}
