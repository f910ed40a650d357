/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/draft_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/time.h"
#include "lang/tone.h"

enum { TOKENS_MAX = 2000 };

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

/* A sign between two digits counts as one that parts a time or a date. */
static char sign_of(uint32_t c, struct slice rest, bool after_digit)
{
    if (!after_digit || rest.n == 0 || !is_digit(rest.p[0]))
        return 0;
    return c == ':' ? ':' : c == '/' || c == '.' || c == '-' ? '/' : 0;
}

static bool ends_sentence(uint32_t c, struct slice rest)
{
    return c == ';' || c == '\n' || (c == '.' && (rest.n == 0 || rest.p[0] <= ' '));
}

static struct token *new_token(struct token_list *l, size_t from, bool opens)
{
    struct token *t = &l->tokens[l->count++];

    *t = (struct token){.number = -1, .from = from, .to = from, .opens = opens};
    return t;
}

static void token_lengthen(struct token *t, uint32_t c, size_t to)
{
    size_t length = strlen(t->text);

    if (length + 1 < TOKEN_BYTES)
        t->text[length] = (char)c;
    t->to = to;
    if (is_digit(c) && length < 6)
        t->number = atoi(t->text);
}

static void read_tokens(struct token_list *l)
{
    struct slice rest = l->text;
    struct token *word = NULL;
    bool digits = false, opens = false;

    while (rest.n > 0 && l->count + 1 < TOKENS_MAX) {
        size_t from = l->text.n - rest.n;
        unsigned marks;
        uint32_t c = viet_next(&rest, &marks);
        bool wanted = is_digit(c) || is_letter(c);
        char sign = sign_of(c, rest, word != NULL && digits);

        if (!wanted || (word != NULL && digits != is_digit(c)))
            word = NULL;
        opens = opens || (!wanted && sign == 0 && ends_sentence(c, rest));
        if (sign != 0)
            token_lengthen(new_token(l, from, false), (uint32_t)sign, l->text.n - rest.n);
        if (!wanted)
            continue;
        if (word == NULL) {
            word = new_token(l, from, opens);
            opens = false;
        }
        digits = is_digit(c);
        token_lengthen(word, c, l->text.n - rest.n);
    }
}

bool token_list_open(struct token_list *l, struct slice text)
{
    *l = (struct token_list){.text = text, .tokens = malloc(TOKENS_MAX * sizeof(*l->tokens))};
    if (l->tokens != NULL)
        read_tokens(l);
    return l->tokens != NULL;
}

void token_list_close(struct token_list *l)
{
    free(l->tokens);
    l->tokens = NULL;
}

bool token_is(const struct token_list *l, size_t i, const char *word)
{
    return i < l->count && strcmp(l->tokens[i].text, word) == 0;
}

bool token_are(const struct token_list *l, size_t i, const char *one, const char *two)
{
    return token_is(l, i, one) && token_is(l, i + 1, two);
}

bool token_is_one_of(const struct token_list *l, size_t i, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(l, i, *words))
            return true;
    }
    return false;
}

int token_number(const struct token_list *l, size_t i)
{
    return i < l->count ? l->tokens[i].number : -1;
}

struct slice token_words(const struct token_list *l, size_t first, size_t last)
{
    last = CANH_MIN(last, l->count - 1);
    return slice_of(l->text.p + l->tokens[first].from, l->tokens[last].to - l->tokens[first].from);
}

/* A digit's word; 0: none. Without marks “tư”, “làm”, “tạm” look like digits: those count only
 * behind “mươi”, or as they are written. */
static int digit_word(const struct token_list *l, size_t i, bool behind_ten)
{
    static const char *const words[] = {"mot", "hai", "ba",  "bon", "nam",
                                        "sau", "bay", "tam", "chin"};

    if (behind_ten && (token_is(l, i, "lam") || token_is(l, i, "tu")))
        return token_is(l, i, "tu") ? 4 : 5;
    if (behind_ten && token_is(l, i, "nam"))
        return 0; /* mười năm */
    if (token_is(l, i, "tam") &&
        !slice_ends(slice_of(l->text.p + l->tokens[i].from, l->tokens[i].to - l->tokens[i].from),
                    SLICE("ám")))
        return 0;
    for (int k = 0; k < (int)CANH_LEN(words); k++) {
        if (token_is(l, i, words[k]))
            return k + 1;
    }
    return 0;
}

static int number_words(const struct token_list *l, size_t i, size_t *ret_n)
{
    int tens = token_is(l, i, "muoi") ? 1 : 0, digit = digit_word(l, i, false);

    *ret_n = 1;
    if (tens == 0 && !token_is(l, i + 1, "muoi"))
        return digit > 0 ? digit : -1;
    if (tens == 0) {
        tens = digit;
        *ret_n = 2;
    }
    digit = digit_word(l, i + *ret_n, true);
    *ret_n += digit > 0;
    return tens > 0 ? tens * 10 + digit : -1;
}

int token_amount(const struct token_list *l, size_t i, size_t *ret_n)
{
    int number = token_number(l, i), said;
    size_t n;

    *ret_n = 1;
    if (number < 0) {
        number = number_words(l, i, ret_n);
        if (number > 0 && token_number(l, i + *ret_n) == number)
            (*ret_n)++;
        return number;
    }
    said = number_words(l, i + 1, &n);
    if (said == number)
        *ret_n += n;
    return number;
}

enum time_unit token_unit(const struct token_list *l, size_t i)
{
    static const struct {
        const char *word;
        enum time_unit unit;
    } units[] = {{"phut", UNIT_MINUTE}, {"gio", UNIT_HOUR},    {"tieng", UNIT_HOUR},
                 {"h", UNIT_HOUR},      {"ca", UNIT_SHIFT},    {"ngay", UNIT_DAY},
                 {"tuan", UNIT_WEEK},   {"thang", UNIT_MONTH}, {"quy", UNIT_QUARTER},
                 {"nam", UNIT_YEAR}};

    for (size_t k = 0; k < CANH_LEN(units); k++) {
        if (token_is(l, i, units[k].word))
            return units[k].unit;
    }
    return UNIT_NONE;
}

int token_clock(const struct token_list *l, size_t i, size_t *ret_n)
{
    static const char *const hours[] = {"gio", "h", "g", NULL};
    static const char *const late[] = {"chieu", "toi", NULL};
    int hour = token_number(l, i), minute = token_number(l, i + 2);
    bool word = token_is_one_of(l, i + 1, hours), colon = token_is(l, i + 1, ":");

    if (hour < 0 || hour > 24 || (!word && !(colon && minute >= 0)))
        return -1;
    *ret_n = 2;
    if (minute < 0 || minute > 59 || token_is(l, i + 3, "/") || token_is(l, i + 3, "thang") ||
        token_is_one_of(l, i + 3, hours))
        minute = 0;
    else
        *ret_n = 3;
    if (*ret_n == 3 && token_is(l, i + 3, "phut"))
        *ret_n = 4;
    if (hour < 12 && token_is_one_of(l, i + *ret_n, late)) {
        hour += 12;
        (*ret_n)++;
    }
    return hour * 60 + minute < 1440 ? hour * 60 + minute : 1439;
}

bool token_date(const struct token_list *l, size_t i, int year, int64_t *ret, size_t *ret_n)
{
    int day = token_number(l, i), month = token_number(l, i + 2), said = token_number(l, i + 4);

    if (!token_is(l, i + 1, "/") && !token_is(l, i + 1, "thang"))
        return false;
    *ret_n = 3;
    if ((token_is(l, i + 3, "/") || token_is(l, i + 3, "nam")) && said >= 1900 && said < 2200) {
        year = said;
        *ret_n = 5;
    }
    if (year == 0 || day < 1 || month < 1 || !date_valid(year, (unsigned)month, (unsigned)day))
        return false;
    *ret = days_from_date(year, (unsigned)month, (unsigned)day);
    return true;
}
