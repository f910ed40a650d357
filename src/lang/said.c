/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/said.h"

#include <string.h>

#include "base/num.h"
#include "base/time.h"
#include "lang/msg_said.h"
#include "lang/zone.h"

enum { BEGIN = 0x1e, FIELD = 0x1f, OTHER = 0x1c, END = 0x1d };
enum { WRITTEN_MAX = 64 << 10 };

/* How many arguments the words take, checked against the text. */
#define TAKES(id, ...) .text = (id) + 0 * (msg_id)sizeof(snprintf(NULL, 0, id##_FMT, ##__VA_ARGS__))
#define NONE(id)       TAKES(id)
#define ONE(id)        TAKES(id, "")
#define TWO(id)        TAKES(id, "", "")
#define THREE(id)      TAKES(id, "", "", "")

/* The whole run of words without arguments: such ones are constant. */
#define KEPT(name) .run = SLICE_INIT("\x1e" name "\x1d")

static const struct {
    struct slice run;
    msg_id text;
} kept[SAID_MAX] = {
    [SAID_EACH] = {KEPT("each"), ONE(MSG_SAID_EACH)},
    [SAID_READY] = {KEPT("ready"), TWO(MSG_SAID_READY)},
    [SAID_CHANGE_ON] = {KEPT("change-on"), TWO(MSG_SAID_CHANGE_ON)},
    [SAID_CHANGE_OFF] = {KEPT("change-off"), TWO(MSG_SAID_CHANGE_OFF)},
    [SAID_CHANGE_MANY] = {KEPT("change-many"), THREE(MSG_SAID_CHANGE_MANY)},
    [SAID_HANDOVER] = {KEPT("handover"), TWO(MSG_SAID_HANDOVER)},
    [SAID_TEST_CALL] = {KEPT("test-call"), NONE(MSG_SAID_TEST_CALL)},
    [SAID_BY_SMS] = {KEPT("by-sms"), NONE(MSG_SAID_BY_SMS)},
    [SAID_SMS_TITLE] = {KEPT("sms-title"), ONE(MSG_SAID_SMS_TITLE)},
    [SAID_TEAM_ASKED] = {KEPT("team-asked"), TWO(MSG_SAID_TEAM_ASKED)},
    [SAID_DRILL] = {KEPT("drill"), NONE(MSG_SAID_DRILL)},
    [SAID_DRILL_SSH] = {KEPT("drill-ssh"), NONE(MSG_SAID_DRILL_SSH)},
    [SAID_DRILL_RANSOM] = {KEPT("drill-ransom"), NONE(MSG_SAID_DRILL_RANSOM)},
    [SAID_DRILL_PORTAL] = {KEPT("drill-portal"), NONE(MSG_SAID_DRILL_PORTAL)},
    [SAID_DRILL_CABLE] = {KEPT("drill-cable"), NONE(MSG_SAID_DRILL_CABLE)},
    [SAID_DRILL_SHIFT] = {KEPT("drill-shift"), NONE(MSG_SAID_DRILL_SHIFT)},
    [SAID_DRILL_OVER] = {KEPT("drill-over"), NONE(MSG_SAID_DRILL_OVER)},
    [SAID_SCAN_EVIDENCE] = {KEPT("scan-evidence"), NONE(MSG_SAID_SCAN_EVIDENCE)},
    [SAID_CONFIRMATION] = {KEPT("confirmation"), NONE(MSG_SAID_CONFIRMATION)},
    [SAID_SIGNED_SHEET] = {KEPT("signed-sheet"), NONE(MSG_SAID_SIGNED_SHEET)},
    [SAID_TESTED] = {KEPT("tested"), NONE(MSG_SAID_TESTED)},
    [SAID_DRILL_REMEDY] = {KEPT("drill-remedy"), NONE(MSG_SAID_DRILL_REMEDY)},
};

/* Keeping. */

static struct slice name_of(enum said words)
{
    return slice_of(kept[words].run.p + 1, kept[words].run.n - 2);
}

struct slice said_words(enum said words)
{
    return kept[words].run;
}

void said_begin(struct buf *out, enum said words)
{
    buf_append_slice(out, slice_head(kept[words].run, kept[words].run.n - 1));
}

void said_end(struct buf *out)
{
    buf_putc(out, END);
}

static void begin_argument(struct buf *out, char kind)
{
    buf_putc(out, FIELD);
    buf_putc(out, (uint8_t)kind);
}

/* Without control characters, which would end the run. */
static void write_argument(struct buf *out, struct slice s, size_t most)
{
    s = slice_head_utf8(s, most);
    for (size_t i = 0; i < s.n; i++)
        buf_putc(out, s.p[i] != '\n' && (s.p[i] < 0x20 || s.p[i] == 0x7f) ? ' ' : s.p[i]);
}

void said_each(struct buf *out, const struct title *t, size_t most)
{
    begin_argument(out, 'e');
    for (int lang = 0; lang < LANG_MAX; lang++) {
        if (lang > 0)
            buf_putc(out, OTHER);
        write_argument(out, title_in(t, (enum lang)lang), most);
    }
}

/* What is kept in words of every language. */
struct both {
    struct buf vi, en;
};

static struct title both_begin(struct both *b, struct slice s)
{
    *b = (struct both){BUF_INIT(WRITTEN_MAX), BUF_INIT(WRITTEN_MAX)};
    said_write(&b->vi, LANG_VI, s);
    said_write(&b->en, LANG_EN, s);
    return (struct title){buf_slice(&b->vi), buf_slice(&b->en)};
}

static void both_done(struct both *b)
{
    buf_done(&b->vi);
    buf_done(&b->en);
}

void said_text(struct buf *out, struct slice s)
{
    struct both both;
    struct title t;

    if (said_is(s)) {
        t = both_begin(&both, s);
        said_each(out, &t, SAID_SHORT);
        both_done(&both);
    } else {
        begin_argument(out, 't');
        write_argument(out, s, SAID_SHORT);
    }
}

void said_number(struct buf *out, int64_t n)
{
    begin_argument(out, 'n');
    buf_append_i64(out, n);
}

void said_moment(struct buf *out, int64_t at)
{
    begin_argument(out, 'm');
    buf_append_i64(out, at);
}

void said_title(struct buf *out, const struct title *t, size_t most)
{
    if (slice_eq(title_in(t, LANG_VI), title_in(t, LANG_EN))) {
        buf_append_slice(out, slice_head_utf8(title_in(t, LANG_VI), most));
        return;
    }
    said_begin(out, SAID_EACH);
    said_each(out, t, most);
    said_end(out);
}

void said_head(struct buf *out, struct slice s, size_t most)
{
    struct both both;
    struct title t = both_begin(&both, s);

    said_title(out, &t, most);
    both_done(&both);
}

/* Showing. */

size_t said_run(struct slice s)
{
    if (s.n == 0 || s.p[0] != BEGIN)
        return 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == END)
            return i + 1;
        if (s.p[i] < 0x20 && s.p[i] != FIELD && s.p[i] != OTHER && s.p[i] != '\n')
            return 0;
    }
    return 0;
}

static void show_number(struct buf *out, enum lang lang, struct slice s)
{
    int64_t n = 0;

    if (num_range(s, 0, INT64_MAX, &n) == 0)
        lang_write_number(out, lang, (uint64_t)n);
}

static void show_moment(struct buf *out, struct slice s)
{
    struct civil c;
    int64_t at = 0;

    if (num_range(s, INT64_MIN, INT64_MAX, &at) < 0)
        return;
    time_to_civil(at, ZONE_OWN, &c);
    buf_printf(out, "%02u:%02u %02u/%02u", (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.day,
               (unsigned)c.month);
}

/* The text of a language; the first where it has fewer. */
static void show_each(struct buf *out, enum lang lang, struct slice s)
{
    struct slice first, part;
    bool there = slice_cut(&s, OTHER, &first);

    part = first;
    for (int i = 0; there && i < (int)lang; i++)
        there = slice_cut(&s, OTHER, &part);
    buf_append_slice(out, there ? part : first);
}

static void show_argument(struct buf *out, enum lang lang, struct slice s)
{
    struct slice value = slice_from(s, 1);

    switch (s.n ? s.p[0] : 0) {
    case 'e':
        show_each(out, lang, value);
        break;
    case 'n':
        show_number(out, lang, value);
        break;
    case 'm':
        show_moment(out, value);
        break;
    default:
        buf_append_slice(out, value);
    }
}

static void show_words(struct buf *out, enum lang lang, struct slice name,
                       const char *const args[SAID_ARGUMENTS])
{
    for (size_t i = 0; i < SAID_MAX; i++)
        if (slice_eq(name, name_of((enum said)i))) {
            lang_write_checked(out, lang, kept[i].text, args[0], args[1], args[2], args[3]);
            return;
        }
    for (size_t i = 0; i < SAID_ARGUMENTS && *args[i]; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", args[i]);
}

/* What stands between the two ends of a run. */
static void show_run(struct buf *out, enum lang lang, struct slice s)
{
    struct buf shown[SAID_ARGUMENTS];
    const char *args[SAID_ARGUMENTS];
    struct slice name = SLICE_NULL, part;

    (void)slice_cut(&s, FIELD, &name);
    for (size_t i = 0; i < SAID_ARGUMENTS; i++) {
        shown[i] = BUF_INIT(WRITTEN_MAX);
        if (slice_cut(&s, FIELD, &part))
            show_argument(&shown[i], lang, part);
        args[i] = buf_cstr(&shown[i]);
    }
    show_words(out, lang, name, args);
    for (size_t i = 0; i < SAID_ARGUMENTS; i++)
        buf_done(&shown[i]);
}

void said_write(struct buf *out, enum lang lang, struct slice s)
{
    size_t at, n;

    while ((at = slice_find_byte(s, BEGIN)) != SIZE_MAX) {
        buf_append_slice(out, slice_head(s, at));
        s = slice_from(s, at);
        n = said_run(s);
        if (n > 0)
            show_run(out, lang, slice_of(s.p + 1, n - 2));
        s = slice_from(s, n > 0 ? n : 1);
    }
    buf_append_slice(out, s);
}

struct slice said_in(enum lang lang, struct slice s, struct arena *arena)
{
    struct buf out = BUF_INIT(8 << 20);
    struct slice shown;

    if (!said_is(s))
        return s;
    said_write(&out, lang, s);
    shown = out.err < 0 ? SLICE_NULL : arena_dup(arena, buf_slice(&out));
    buf_done(&out);
    return shown.p ? shown : s;
}

bool said_same(struct slice kept_text, struct slice given)
{
    bool same = slice_eq(kept_text, given);

    for (int lang = 0; !same && said_is(kept_text) && lang < LANG_MAX; lang++) {
        struct buf shown = BUF_INIT(8 << 20);

        said_write(&shown, (enum lang)lang, kept_text);
        same = slice_eq(buf_slice(&shown), given);
        buf_done(&shown);
    }
    return same;
}
