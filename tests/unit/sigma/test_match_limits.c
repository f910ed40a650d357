/* SPDX-License-Identifier: Apache-2.0 */
/* At the edge of what is remembered of an event, and of what is looked through as one. */
#include <stdio.h>
#include <stdlib.h>

#include "decode/json/json.h"
#include "err_words.h"
#include "sigma/match.h"
#include "sigma/runner.h"
#include "tap.h"

static const char mapping[] = "transformations:\n"
                              "- {type: add_condition, conditions: {A: 1}, rule_conditions: "
                              "[{type: logsource, service: a}]}\n";

static struct ruleset *rs;
static struct matcher *m;
static struct json_decoder *d;

static void open_with(const char *routes, struct slice file)
{
    const struct ruleset_options options = {0};
    struct err err = ERR_INIT;

    rs = ruleset_new(&options);
    if (rs == NULL || ruleset_add_mapping(rs, "m.yml", slice_str(routes), &err) < 0 ||
        ruleset_add_rules(rs, SLICE("r.yml"), file) < 0 || ruleset_compile(rs, &err) < 0 ||
        (m = matcher_new(rs)) == NULL ||
        (d = json_decoder_new(ruleset_keys(rs), &decode_default_limits)) == NULL)
        abort();
}

static void open_rules(struct slice file)
{
    open_with(mapping, file);
}

static void close_rules(void)
{
    m = matcher_free(m);
    d = json_decoder_free(d);
    rs = ruleset_free(rs);
}

/* How many rules match a record; apart: one that does not stand anywhere as its values are. */
static uint32_t count_matches(const char *text, bool apart)
{
    char padded[APART_MAX + 1000] = {0};
    size_t n = strlen(text);
    struct event e;

    memcpy(padded, text, n);
    if (json_decode(d, slice_of(padded, n), &e, NULL) < 0)
        return UINT32_MAX;
    if (apart) {
        e.flags &= ~(unsigned)EVENT_TEXT_IN_RAW;
        e.raw = SLICE_NULL;
    }
    return matcher_run(m, &e).count;
}

#define RULE(title, detection)                                                                     \
    "title: " title "\nlogsource: {service: a}\ndetection: {s: {" detection                        \
    "}, condition: s}\n---\n"

/* As many rules as are remembered of an event, and one more. */
static void test_outcomes(void)
{
    static const char file[] =
        RULE("a", "n: 7") RULE("b", "n: 7") RULE("c", "n: 7") RULE("i", "o: 7");

    open_rules(slice_str(file));
    for (int again = 0; again < 3; again++) {
        is_int(count_matches("{\"A\":1,\"n\":7}", false), OUTCOME_IDS_MAX, "all are remembered");
        is_int(count_matches("{\"A\":1,\"n\":7,\"o\":7}", false), OUTCOME_IDS_MAX + 1,
               "nothing is lost of more");
    }
    close_rules();
}

/* No more ids or candidates than an entry has room for. */
static void test_outcome_room(void)
{
    const uint32_t ids[OUTCOME_IDS_MAX + 1] = {0};
    struct outcome entry = {0};
    struct outcome_place place = {&entry, 1};

    outcome_keep(&place, 1, ids, OUTCOME_IDS_MAX + 1);
    ok(!outcome_is_known(&place), "of more ids nothing is kept");
    outcome_keep(&place, UINT16_MAX + 1, ids, 1);
    ok(!outcome_is_known(&place), "nor of more candidates");
    outcome_keep(&place, UINT16_MAX, ids, OUTCOME_IDS_MAX);
    ok(outcome_is_known(&place) && entry.candidates == UINT16_MAX && entry.count == OUTCOME_IDS_MAX,
       "what there is room for is");
}

/* Keywords are found in values laid side by side, and where these are more than are laid so. */
static void test_apart(void)
{
    enum { AROUND = 64 };
    unsigned found = 0, wrong = 0;

    open_rules(SLICE("title: k\nlogsource: {service: a}\n"
                     "detection: {k: [needle], condition: k}\n"));
    for (int n = APART_MAX - AROUND; n < APART_MAX + AROUND; n++) {
        char text[APART_MAX + 500];

        (void)snprintf(text, sizeof(text), "{\"A\":1,\"f\":\"%*s\",\"g\":\"needle\"}", n, "");
        found += count_matches(text, true) == 1;
        (void)snprintf(text, sizeof(text), "{\"A\":1,\"f\":\"%*s\",\"g\":\"needlx\"}", n, "");
        wrong += count_matches(text, true) != 0;
    }
    is_int(found, 2 * AROUND, "a keyword behind values of any length");
    is_int(wrong, 0, "and no other word");
    close_rules();
}

/* A record of two fields that are written in forms of their own. */
static uint32_t count_forms(struct field text)
{
    const uint32_t key = keys_find(ruleset_keys(rs), SLICE("A"));
    struct field fields[] = {text,
                             {.text = (const uint8_t *)"1",
                              .n = 1,
                              .key = (uint16_t)key,
                              .type = VALUE_STRING,
                              .form = FORM_UTF8}};
    const struct event e = {.fields = fields, .count = 2};

    return matcher_run(m, &e).count;
}

static struct field field_in(struct slice text, enum value_form form)
{
    return (struct field){.text = text.p,
                          .n = (uint32_t)text.n,
                          .type = VALUE_STRING,
                          .form = (uint8_t)form};
}

/* Keywords are found in whatever form a text is, also in more of it than is laid side by side. */
static void test_forms(void)
{
    static uint8_t big[4 * APART_MAX];

    open_rules(SLICE("title: k\nlogsource: {service: a}\n"
                     "detection: {k: ['nee\"dle'], condition: k}\n"));
    is_int(count_forms(field_in(SLICE("a Nee\"dle"), FORM_UTF8)), 1, "as it is");
    is_int(count_forms(field_in(SLICE("a Nee\\\"dle"), FORM_JSON)), 1, "escaped");
    is_int(count_forms(field_in(SLICE("a Nee\\u0022d\xE1\xBB\x9D"), FORM_JSON)), 0, "another");
    is_int(count_forms(field_in(SLICE("N\0e\0e\0\"\0d\0l\0e\0"), FORM_UTF16)), 1, "in UTF-16");
    is_int(count_forms(field_in(SLICE("\x10\x01N\0e\0e\0\"\0d\0l\0e\0"), FORM_UTF16)), 1,
           "beside others");
    memset(big, ' ', sizeof(big));
    memcpy(big + sizeof(big) - 7, "nee\"dle", 7);
    is_int(count_forms(field_in(slice_of(big, sizeof(big)), FORM_UTF8)), 1, "at the end of much");
    for (size_t n = 64; n < APART_MAX; n += 64) {
        for (size_t i = 0; i < n; i += 2)
            memcpy(big + i, "\x10\x01", 2);
        for (size_t i = 0; i < 7; i++)
            memcpy(big + n - 14 + 2 * i, (const uint8_t[]){(uint8_t) "nee\"dle"[i], 0}, 2);
        if (count_forms(field_in(slice_of(big, n), FORM_UTF16)) != 1)
            ok(false, "at the end of %zu bytes of UTF-16", n);
    }
    close_rules();
}

/* Texts too long to be remembered by: events that differ in them alone are told apart. */
static void test_long_outcome(void)
{
    static char text[8192];

    open_rules(slice_str(RULE("a", "x|endswith: b")));
    for (int i = 0; i < 6; i++) {
        memset(text, 'a', sizeof(text) - 1);
        text[sizeof(text) - 2] = i % 2 ? 'b' : 'a';
        is_int(count_forms((struct field){.text = (const uint8_t *)text,
                                          .n = sizeof(text) - 1,
                                          .key = keys_find(ruleset_keys(rs), SLICE("x")),
                                          .type = VALUE_STRING,
                                          .form = FORM_UTF8}),
               i % 2, "a long text");
    }
    close_rules();
}

/* Numbers that are asked for only where something else holds, and parts of numbers. */
static void test_asked_numbers(void)
{
    static const char file[] =
        RULE("a", "x|endswith: '\\a.exe', n: 443") RULE("b", "x|endswith: '\\a.exe', n: 444")
            RULE("c", "p|startswith: '77777'") RULE("i", "s: 7") RULE("f", "y: a rare text, m: 443")
                RULE("g", "y: a rare text, m: 444") RULE("h", "y: a rare text, m: [444, 445]")
                    RULE("d", "q|contains: '77777'") RULE("e", "r|endswith: '77777'");

    open_rules(slice_str(file));
    for (int again = 0; again < 2; again++) {
        is_int(count_matches("{\"A\":1,\"x\":\"c:\\\\a.exe\",\"n\":443}", false), 1, "asked");
        is_int(count_matches("{\"A\":1,\"x\":\"c:\\\\a.exe\",\"n\":445}", false), 0, "not asked");
        is_int(count_matches("{\"A\":1,\"x\":\"c:\\\\a.exe\",\"n\":444}", false), 1, "another");
        is_int(count_matches("{\"A\":1,\"y\":\"a rare text\",\"m\":443}", false), 1, "asked");
        is_int(count_matches("{\"A\":1,\"y\":\"a rare text\",\"m\":444}", false), 2, "of two");
        is_int(count_matches("{\"A\":1,\"y\":\"a rare text\",\"m\":446}", false), 0, "of none");
        is_int(count_matches("{\"A\":1,\"s\":\"5\"}", false), 0, "of none");
        is_int(count_matches("{\"A\":1,\"s\":\"007\"}", false), 0, "nor with zeros before it");
        is_int(count_matches("{\"A\":1,\"p\":12345678}", false), 0, "of no part");
        is_int(count_matches("{\"A\":1,\"p\":77777123}", false), 1, "of its beginning");
        is_int(count_matches("{\"A\":1,\"q\":12345678}", false), 0, "of no part");
        is_int(count_matches("{\"A\":1,\"q\":17777712}", false), 1, "of a part");
        is_int(count_matches("{\"A\":1,\"r\":12345678}", false), 0, "of no part");
        is_int(count_matches("{\"A\":1,\"r\":12377777}", false), 1, "of its end");
    }
    close_rules();
}

/* Rules that nothing of an event sets off are evaluated for each, which is counted. */
static void test_always(void)
{
    struct matcher_counts before, after;

    open_rules(SLICE("title: a\nlogsource: {service: a}\n"
                     "detection: {f: {n: 1}, condition: not f}\n---\n"
                     "title: b\nlogsource: {service: a}\n"
                     "detection: {s: {o: 1}, condition: s}\n"));
    matcher_count(m, &before);
    for (int again = 0; again < 3; again++)
        is_int(count_matches("{\"A\":1,\"n\":2,\"o\":1}", false), 2, "both");
    matcher_count(m, &after);
    is_int(after.candidates - before.candidates, 6, "two rules for each event");
    close_rules();
}

/* Routes that all ask of one field for one value or another. */
static void test_one_routing_field(void)
{
    static const char text[] = "transformations:\n"
                               "- {type: add_condition, conditions: {A: 1}, rule_conditions: "
                               "[{type: logsource, service: a}]}\n"
                               "- {type: add_condition, conditions: {A: 2}, rule_conditions: "
                               "[{type: logsource, service: b}]}\n";

    open_with(text,
              SLICE("title: a\nlogsource: {service: a}\ndetection: {s: {n: 1}, condition: s}\n"
                    "---\ntitle: b\nlogsource: {service: b}\n"
                    "detection: {s: {n: [1, 2]}, condition: s}\n"));
    for (int again = 0; again < 2; again++) {
        is_int(count_matches("{\"A\":1,\"n\":2}", false), 0, "the first");
        is_int(count_matches("{\"A\":2,\"n\":2}", false), 1, "the second");
        is_int(count_matches("{\"A\":3,\"n\":2}", false), 0, "neither");
    }
    close_rules();
}

/* A name that nobody asked for when routes were made. */
static void test_late_name(void)
{
    uint16_t key;

    open_rules(slice_str(RULE("a", "n: 7")));
    m = matcher_free(m);
    d = json_decoder_free(d);
    key = ruleset_intern(rs, SLICE("later"));
    m = matcher_new(rs);
    d = json_decoder_new(ruleset_keys(rs), &decode_default_limits);
    ok(key != KEY_NONE && m != NULL && d != NULL && !matcher_has_seen(m, key), "a name comes late");
    is_int(count_matches("{\"A\":1,\"later\":\"x\",\"n\":7}", false), 1, "it is in no way");
    ok(matcher_has_seen(m, key), "and seen");
    close_rules();
}

int main(void)
{
    test_outcomes();
    test_late_name();
    test_outcome_room();
    test_apart();
    test_forms();
    test_long_outcome();
    test_asked_numbers();
    test_always();
    test_one_routing_field();
    ok(matcher_free(NULL) == NULL && ruleset_free(NULL) == NULL && program_free(NULL) == NULL &&
           text_index_free(NULL) == NULL,
       "nothing to free");
    return tap_done();
}
