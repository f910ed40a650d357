/* SPDX-License-Identifier: Apache-2.0 */
/* What an official paper of a unit bears: its sign, place, and who signs it as what. */
#include "papers/letter.h"

#include <string.h>

#include "base/ascii.h"
#include "lang/collate.h"
#include "papers/papers_build.h"

enum { NAME_MAX = 4096, HEADS_MAX = 8 };

static const struct behalf_word {
    const char *word;
    enum behalf behalf;
} behalf_words[] = {
    {"tm", BEHALF_COLLECTIVE}, {"q", BEHALF_ACTING},      {"kt", BEHALF_DEPUTY},
    {"tl", BEHALF_ORDER},      {"tuq", BEHALF_DELEGATED},
};

static bool folded_starts(struct slice text, const char *what)
{
    struct buf folded = BUF_INIT(NAME_MAX);
    bool ret;

    viet_fold(text, &folded);
    ret = slice_starts(buf_slice(&folded), slice_str(what));
    buf_done(&folded);
    return ret;
}

/* Words that no abbreviation has a letter for. */
static bool is_small(struct slice word)
{
    static const char *const words[] = {"va", "cua", "cac", "o", "tai", "trong", "thuoc"};
    struct buf folded = BUF_INIT(NAME_MAX);
    bool ret = false;

    viet_fold(word, &folded);
    for (size_t i = 0; i < CANH_LEN(words); i++)
        ret = ret || slice_is(buf_slice(&folded), words[i]);
    buf_done(&folded);
    return ret;
}

/* Its first letter without tone, Đ staying Đ. */
static void write_initial(struct buf *out, struct slice word)
{
    struct buf folded = BUF_INIT(NAME_MAX);

    if (slice_starts(word, SLICE("Đ")) || slice_starts(word, SLICE("đ"))) {
        buf_puts(out, "Đ");
        return;
    }
    viet_key(word, &folded);
    if (folded.len && folded.p[0] < 0x80)
        buf_putc(out,
                 ascii_is_lower(folded.p[0]) ? (uint8_t)(folded.p[0] - 'a' + 'A') : folded.p[0]);
    buf_done(&folded);
}

/* KH&CN, VNPT: an abbreviation already. */
static bool is_short(struct slice word)
{
    struct buf upper = BUF_INIT(NAME_MAX);
    size_t capitals = 0;
    bool same;

    viet_upper(word, &upper);
    same = slice_eq(buf_slice(&upper), word);
    buf_done(&upper);
    for (size_t i = 0; i < word.n; i++)
        capitals += ascii_is_upper(word.p[i]);
    return same && capitals > 1;
}

static void write_word(struct buf *out, struct slice word)
{
    if (!is_short(word)) {
        write_initial(out, word);
        return;
    }
    for (size_t i = 0; i < word.n; i++) {
        bool sign = word.p[i] < 0x80 && !ascii_is_upper(word.p[i]) && !ascii_is_digit(word.p[i]);

        if (!sign)
            buf_putc(out, word.p[i]);
    }
}

/* “Sở KHCN Lam Giang” of “Sở … tỉnh Lam Giang” is SKHCN: no letter is the province's. */
static struct slice without_place(struct slice short_name, struct slice name)
{
    size_t at = slice_find(name, SLICE(" tỉnh "));
    struct slice place = at == SIZE_MAX ? SLICE("") : slice_from(name, at + sizeof(" tỉnh ") - 1);

    if (place.n && short_name.n > place.n + 1 && slice_ends(short_name, place))
        short_name = slice_trim(slice_head(short_name, short_name.n - place.n));
    return short_name;
}

void letter_abbreviation(struct slice name, struct slice short_name, struct buf *out)
{
    struct slice rest = slice_trim(short_name.n ? short_name : name), word;
    bool capitals = is_short(rest), first = true;

    if (folded_starts(rest, "uy ban nhan dan") || folded_starts(rest, "ubnd")) {
        buf_puts(out, "UBND");
        return;
    }
    if (folded_starts(rest, "hoi dong nhan dan") || folded_starts(rest, "hdnd")) {
        buf_puts(out, "HĐND");
        return;
    }
    if (short_name.n)
        rest = without_place(rest, name);
    while (slice_cut(&rest, ' ', &word)) {
        bool place = !first && folded_starts(word, "tinh") && word.n < 6;

        if (place)
            return; /* Sở Y tế tỉnh …: the province has no letter in it */
        if (word.n && !is_small(word)) {
            if (capitals)
                write_initial(out, word);
            else
                write_word(out, word);
        }
        first = false;
    }
}

struct sign_ctx {
    const struct letter_ctx *c;
    struct state_person head, signer;
};

int letter_head(const struct letter_ctx *c, struct state_person *ret, struct err *err)
{
    struct state_query q = {.unit = c->unit->id};
    int64_t now = state_now(c->s);
    struct state_grant *rows;
    size_t n;
    int r = state_grant_list(c->s, c->actor, &q, c->arena, &rows, &n, err);

    *ret = (struct state_person){.version = 0};
    if (r == -CE_DENIED)
        return 0;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct state_person p;

        if (rows[i].role != STATE_HEAD || rows[i].valid_from > now || rows[i].valid_to <= now ||
            state_person_get(c->s, c->actor, rows[i].person, c->arena, &p, NULL) < 0)
            continue;
        /* of several heads the one whose position is no deputy's */
        if (ret->version == 0 || folded_starts(ret->title, "pho"))
            *ret = p;
    }
    return r;
}

/* The person of the unit with this code or name; another name signs as it is written. */
static int find_signer(struct sign_ctx *x, struct slice who, struct err *err)
{
    struct state_query q = {.unit = x->c->unit->id};
    struct state_person *rows = NULL;
    size_t n = 0;
    int r = who.n ? state_person_list(x->c->s, x->c->actor, &q, x->c->arena, &rows, &n, err) : 0;

    x->signer = who.n ? (struct state_person){.name = who} : x->head;
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (slice_eq(rows[i].code, who) || viet_same(rows[i].name, who))
            x->signer = rows[i];
    }
    return r;
}

static struct slice letter_upper(struct arena *arena, struct slice text)
{
    struct buf caps = BUF_INIT(NAME_MAX);
    struct slice ret;

    viet_upper(text, &caps);
    ret = arena_dup(arena, buf_slice(&caps));
    buf_done(&caps);
    return ret;
}

/* What a body that decides together is called when somebody signs for it. */
static struct slice body_name(struct arena *arena, struct slice name)
{
    if (folded_starts(name, "uy ban nhan dan") || folded_starts(name, "ubnd"))
        return SLICE("ỦY BAN NHÂN DÂN");
    if (folded_starts(name, "hoi dong nhan dan") || folded_starts(name, "hdnd"))
        return SLICE("HỘI ĐỒNG NHÂN DÂN");
    return letter_upper(arena, name);
}

static struct slice letter_joined(struct arena *arena, struct slice a, const char *sign,
                                  struct slice b)
{
    struct buf text = BUF_INIT(NAME_MAX);
    struct slice ret;

    buf_append_slice(&text, a);
    buf_printf(&text, "\n%s ", sign);
    buf_append_slice(&text, b);
    ret = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

/* What stands over the signature. Decree 30/2020, Appendix I, II.7. */
static void fill_signer(const struct sign_ctx *x, enum behalf behalf, const struct letterhead *h,
                        struct signer *ret)
{
    bool together = letterhead_alone(h, x->c->unit->name);
    struct slice open = SLICE("……………………"), body = body_name(x->c->arena, x->c->unit->name),
                 head = x->head.title.n ? letter_upper(x->c->arena, x->head.title) : open,
                 own = x->signer.title.n ? letter_upper(x->c->arena, x->signer.title) : open;

    *ret = (struct signer){.name = x->signer.name, .position = own, .behalf = behalf};
    if (behalf == BEHALF_NONE && together)
        ret->behalf = BEHALF_COLLECTIVE;
    if (ret->behalf == BEHALF_COLLECTIVE)
        ret->of = body;
    else if (behalf == BEHALF_ACTING) {
        ret->of = x->signer.title.n ? own : head; /* Q. GIÁM ĐỐC: the sign is all there is */
        ret->position = SLICE_NULL;
    } else if (behalf != BEHALF_NONE)
        ret->of = behalf == BEHALF_ORDER && together ? SLICE("CHỦ TỊCH") : head;
    if (behalf == BEHALF_DEPUTY && together) { /* TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH */
        ret->behalf = BEHALF_COLLECTIVE;
        ret->of = letter_joined(x->c->arena, body, (const char *)h->behalf[BEHALF_DEPUTY].p, head);
    }
}

int letter_signer(const struct letter_ctx *c, const struct letter_request *q,
                  const struct letterhead *h, struct signer *ret, struct err *err)
{
    struct sign_ctx x = {.c = c};
    enum behalf behalf = BEHALF_NONE;
    int r = letter_head(c, &x.head, err);

    for (size_t i = 0; i < CANH_LEN(behalf_words); i++)
        if (slice_is(q->behalf, behalf_words[i].word))
            behalf = behalf_words[i].behalf;
    if (r == 0)
        r = find_signer(&x, q->signer, err);
    if (r == 0)
        fill_signer(&x, behalf, h, ret);
    return r;
}

int papers_letter(const struct letter_ctx *c, const struct letter_request *q, struct official *ret,
                  struct err *err)
{
    struct buf sign = BUF_INIT(NAME_MAX);
    struct state_unit parent;
    int r;

    papers_parent(c->s, c->actor, c->arena, c->unit, &parent);
    *ret = (struct official){.parent = parent.name,
                             .issuer = c->unit->name,
                             .place = q->place.n ? q->place
                                                 : papers_place(c->s, c->actor, c->arena, c->unit),
                             .days = papers_day(state_now(c->s))};
    r = papers_layout(c->arena, q->layout, c->unit->kind, &ret->head, err);
    if (r == 0)
        r = letter_signer(c, q, ret->head, &ret->signer, err);
    if (q->symbol.n) {
        ret->symbol = q->symbol;
    } else {
        buf_append_slice(&sign, q->kind);
        buf_putc(&sign, '-');
        letter_abbreviation(c->unit->name, c->unit->short_name, &sign);
        ret->symbol = arena_dup(c->arena, buf_slice(&sign));
    }
    buf_done(&sign);
    return r;
}
