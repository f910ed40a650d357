/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_PICTURE_H
#define CANH_REPORT_PICTURE_H
/*
 * Tổng quan toàn tỉnh: the whole province on one A4 page for the coordinator and the leaders, from
 * what overview/ computes. Every figure carries its age; unknown is grey and
 * hatched, never green; a percentage splits into proved, declared and unknown. No ranking of
 * people: only posts and units are named.
 *
 * Lists are cut to what fits on the page, saying how many more there are.
 */
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "office/paper.h"
#include "overview/overview.h"

/*
 * Builds the page into a paper just initialised with the caller's arena, with shorter ones behind
 * it for who draws it. -CE_TOO_BIG when the arena is too small.
 */
CANH_MUST_USE int picture_build(struct paper *p, const struct overview *pic, enum lang lang,
                                struct err *err);

#endif
