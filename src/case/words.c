/* SPDX-License-Identifier: Apache-2.0 */
/* What classes, states, lines and markings of a case are called, for programs and for people. */
#include "case/case.h"
#include "lang/msg_case_paper.h"

struct word {
    const char *key;
    msg_id text;
};

static const struct word classes[CASE_CLASSES] = {
    {"malware", MSG_CASE_PAPER_CLASS_1},    {"intrusion", MSG_CASE_PAPER_CLASS_2},
    {"dos", MSG_CASE_PAPER_CLASS_3},        {"leak", MSG_CASE_PAPER_CLASS_4},
    {"defacement", MSG_CASE_PAPER_CLASS_5}, {"phishing", MSG_CASE_PAPER_CLASS_6},
    {"supplier", MSG_CASE_PAPER_CLASS_7},   {"insider", MSG_CASE_PAPER_CLASS_8},
    {"other", MSG_CASE_PAPER_CLASS_9},
};
static const struct word states[] = {
    {"", MSG_CASE_PAPER_STATE_1},       {"new", MSG_CASE_PAPER_STATE_1},
    {"triage", MSG_CASE_PAPER_STATE_2}, {"contain", MSG_CASE_PAPER_STATE_3},
    {"remedy", MSG_CASE_PAPER_STATE_4}, {"observe", MSG_CASE_PAPER_STATE_5},
    {"closed", MSG_CASE_PAPER_STATE_6}, {"learned", MSG_CASE_PAPER_STATE_7},
    {"merged", MSG_CASE_PAPER_STATE_8},
};
static const struct word kinds[] = {
    {"", MSG_CASE_PAPER_LINE_1},         {"note", MSG_CASE_PAPER_LINE_1},
    {"action", MSG_CASE_PAPER_LINE_2},   {"decision", MSG_CASE_PAPER_LINE_3},
    {"alert", MSG_CASE_PAPER_LINE_4},    {"observable", MSG_CASE_PAPER_LINE_5},
    {"evidence", MSG_CASE_PAPER_LINE_6}, {"custody", MSG_CASE_PAPER_LINE_7},
    {"report", MSG_CASE_PAPER_LINE_8},   {"step", MSG_CASE_PAPER_LINE_9},
};
static const char *const tlps[] = {"", "clear", "green", "amber", "amber+strict", "red"};

static const struct word *word_at(const struct word *words, size_t n, int32_t i)
{
    return &words[i > 0 && (size_t)i < n ? i : 0];
}

static int32_t word_find(const struct word *words, size_t n, struct slice s)
{
    for (size_t i = 1; i < n; i++)
        if (slice_is(s, words[i].key))
            return (int32_t)i;
    return 0;
}

/* NULL: no class. */
static const struct word *class_find(struct slice s)
{
    for (size_t i = 0; i < CASE_CLASSES; i++)
        if (slice_is(s, classes[i].key))
            return &classes[i];
    return NULL;
}

bool case_class_known(struct slice s)
{
    return class_find(s) != NULL;
}

const char *case_class_text(enum lang lang, struct slice s)
{
    const struct word *found = class_find(s);

    return lang_text(lang, found ? found->text : classes[CASE_CLASSES - 1].text);
}

int32_t case_state_of(struct slice s)
{
    return word_find(states, CANH_LEN(states), s);
}

const char *case_state_word(int32_t state)
{
    return word_at(states, CANH_LEN(states), state)->key;
}

const char *case_state_text(enum lang lang, int32_t state)
{
    return lang_text(lang, word_at(states, CANH_LEN(states), state)->text);
}

const char *case_line_word(int32_t kind)
{
    return word_at(kinds, CANH_LEN(kinds), kind)->key;
}

const char *case_line_text(enum lang lang, int32_t kind)
{
    return lang_text(lang, word_at(kinds, CANH_LEN(kinds), kind)->text);
}

int32_t case_line_of(struct slice s)
{
    return word_find(kinds, CANH_LEN(kinds), s);
}

const char *case_tlp_word(int32_t tlp)
{
    return tlp > 0 && (size_t)tlp < CANH_LEN(tlps) ? tlps[tlp] : "";
}
