/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/level.h"

#include "lang/msg_level.h"

#define NAMES "informational", "low", "medium", "high", "critical", NULL

const char *const level_names[LEVELS + 1] = {NAMES};
const char *const level_choices[LEVELS + 2] = {"-", NAMES};

const char *level_name(int32_t level)
{
    return level > 0 && level <= LEVELS ? level_names[level - 1] : "";
}

int32_t level_of(struct slice name)
{
    for (int32_t i = 0; i < LEVELS; i++) {
        if (slice_is(name, level_names[i]))
            return i + 1;
    }
    return 0;
}

static const char *level_pick(enum lang lang, const msg_id *words, int32_t level)
{
    return lang_text(lang, words[level > 0 && level <= LEVELS ? level - 1 : 0]);
}

const char *level_text(enum lang lang, int32_t level)
{
    static const msg_id words[LEVELS] = {MSG_LEVEL_WORD_1, MSG_LEVEL_WORD_2, MSG_LEVEL_WORD_3,
                                         MSG_LEVEL_WORD_4, MSG_LEVEL_WORD_5};

    return level_pick(lang, words, level);
}

const char *level_capitals(enum lang lang, int32_t level)
{
    static const msg_id words[LEVELS] = {MSG_LEVEL_CAPITALS_1, MSG_LEVEL_CAPITALS_2,
                                         MSG_LEVEL_CAPITALS_3, MSG_LEVEL_CAPITALS_4,
                                         MSG_LEVEL_CAPITALS_5};

    return level_pick(lang, words, level);
}
