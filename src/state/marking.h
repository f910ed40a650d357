/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_MARKING_H
#define CANH_STATE_MARKING_H
/*
 * Finds the marking of classified material (Mật, Tối mật, Tuyệt mật) in text, so that it can be
 * refused: nothing classified belongs in canh. Pure. Looks for a line that is nothing but the
 * marking, or "Độ mật: …"; "bảo mật", "mật khẩu" and the like are no marking. Both ways of writing
 * Vietnamese letters (composed or not) are understood.
 */
#include "base/slice.h"

enum marking { MARKING_NONE, MARKING_MAT, MARKING_TOI_MAT, MARKING_TUYET_MAT };

enum marking marking_find(struct slice text);

#endif
