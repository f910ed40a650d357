/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_IMPORT_ROSTER_WORDS_H
#define CANH_IMPORT_ROSTER_WORDS_H
/*
 * The words of a duty sheet: times of shifts, labels, names, months. Pure; nothing is copied.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Minutes from midnight of its day; until is over 1440 when it ends on the next day. */
struct shift_time {
    int from, until;
};

/*
 * The first span of two times in a text: “Ca 1 (07:00-15:00)”, “7h30 – 17h”, “từ 19 giờ đến 7 giờ”.
 * An end at or before the beginning is on the next day. *ret_at (may be NULL) is where it begins.
 */
bool words_shift_time(struct slice s, struct shift_time *ret, size_t *ret_at);

/* The time of day that a text begins with (“7h30”, “07:30”, “7 giờ 30 phút”) as minutes. Its
 * length, or 0. */
size_t words_clock(struct slice s, int *ret);
/* What is left of a shift's label without its times and brackets: “Ca 1”. Blanks at the ends go. */
struct slice words_shift_label(struct slice s);
/* The two have the same letters and digits, without tones and case: “Ca đêm”, “CA ĐÊM”. */
bool words_same(struct slice a, struct slice b);
/* The same letters with the same tones; case, blanks and the letter that bears a word's tone may
 * differ: “TRẦN  HÒA”, “Trần Hoà”. */
bool words_same_tones(struct slice a, struct slice b);
/* Any letter has a tone or another mark. */
bool words_has_tones(struct slice s);
/* Any of the words apart by |. */
bool words_any(const char *list, struct slice s);
/* The text begins with a word for a shift (ca, sáng, chiều, tối, đêm, ngày, kíp) or has times. */
bool words_is_shift(struct slice s);
/* x, ✓, có, trực …: the person stands, without saying when. */
bool words_is_tick(struct slice s);
/* Blank, -, 0, nghỉ, phép …: nobody. */
bool words_is_off(struct slice s);
/* What a legend says of a code for nobody: “nghỉ bù”, “đi công tác”. */
bool words_describes_off(struct slice s);
/* A legend of such a code: “N: nghỉ”. */
bool words_explains_off(struct slice s);

/*
 * Cuts the next name off a cell that may hold several (lines, commas, semicolons, +, “và”), without
 * numbers before it, forms of address and what follows in brackets or as a telephone number. False
 * at the end.
 */
bool words_next_name(struct slice *rest, struct slice *ret);
/* The one name of a cell without what stands around it; *ret_position what follows it as one:
 * “Đ/c Nguyễn Văn A - Giám đốc”, “ThS. Nguyễn Văn A, Trưởng phòng”. */
struct slice words_person(struct slice s, struct slice *ret_position);
/* The text begins with a position as people write it: Giám đốc, Trưởng ca, KTV … */
bool words_is_position(struct slice s);

/* Where blanks from i on end. */
size_t words_skip_blanks(struct slice s, size_t i);

/* A line of sums below a list: “Tổng cộng: 12 người”. */
bool words_is_sum(struct slice s);
/* A remark below a list: “Ghi chú: …”. */
bool words_is_remark(struct slice s);
/* What ends a list: “Người lập biểu”, “Nơi nhận:”, “Mẫu, ngày 28 tháng 11 năm 2026”. */
bool words_is_signature(struct slice s);

/* “tháng 12/2026”, “THÁNG 12 NĂM 2026”, “tháng 12-2026”, “T12.2026”; dated: also that of a day,
 * “ngày 28 tháng 11 năm 2026”. */
bool words_month(struct slice s, bool dated, int *ret_year, unsigned *ret_month);
/* The year of a title: “TẾT NĂM 2027”, “Trực Tết 2027”, “(từ 30/11 đến 06/12/2026)”; not of a
 * letter's dateline. */
bool words_year(struct slice s, int *ret_year);

/* Whether a word, or several, stand in a key of viet_key() by themselves. */
bool words_key_has(struct slice key, const char *word);

#endif
