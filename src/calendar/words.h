/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_WORDS_H
#define CANH_CALENDAR_WORDS_H
/*
 * The words of the frequency grammar, for reading and for writing.
 */
extern const char *const kind_words[];     /* by enum frequency_kind; NULL for FREQ_NONE */
extern const char *const level_words[];    /* by enum frequency_kind, inside by-level */
extern const char *const weekday_words[8]; /* 1..7; 0 is NULL */
extern const char *const workday_words[];  /* by enum workday_rule; 0 is NULL */

#endif
