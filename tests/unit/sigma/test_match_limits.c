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

static void open_rules(struct slice file)
{
    const struct ruleset_options options = {0};
    struct err err = ERR_INIT;

    rs = ruleset_new(&options);
    if (rs == NULL || ruleset_add_mapping(rs, "m.yml", slice_str(mapping), &err) < 0 ||
        ruleset_add_rules(rs, SLICE("r.yml"), file) < 0 || ruleset_compile(rs, &err) < 0 ||
        (m = matcher_new(rs)) == NULL ||
        (d = json_decoder_new(ruleset_keys(rs), &decode_default_limits)) == NULL)
        abort();
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
        RULE("a", "n: 7") RULE("b", "n: 7") RULE("c", "n: 7") RULE("d", "n: 7") RULE("e", "n: 7")
            RULE("f", "n: 7") RULE("g", "n: 7") RULE("h", "n: 7") RULE("i", "o: 7");

    open_rules(slice_str(file));
    for (int again = 0; again < 3; again++) {
        is_int(count_matches("{\"A\":1,\"n\":7}", false), OUTCOME_IDS_MAX, "all are remembered");
        is_int(count_matches("{\"A\":1,\"n\":7,\"o\":7}", false), OUTCOME_IDS_MAX + 1,
               "nothing is lost of more");
    }
    close_rules();
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

int main(void)
{
    test_outcomes();
    test_apart();
    return tap_done();
}
