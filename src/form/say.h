/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FORM_SAY_H
#define CANH_FORM_SAY_H
/* Errors of this room in the reader's language; the name that its files know it by. */
#include "base/say.h"

#define form_fail say_fail

#endif
