/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_ATOM_H
#define CANH_SIGMA_ATOM_H
/*
 * What an atom says of one value that has text, where that needs nothing but the value: for the
 * engine and for explain.h; each stands beside its modifier (modifier/). text is decoded UTF-8, its
 * case kept.
 */
#include <stdbool.h>

#include "base/slice.h"
#include "sigma/expr.h"

/* The text of a value as a number: JSON's grammar, or hexadecimal as Windows writes it (0x20), up
 * to 13 digits. */
bool atom_number_of(struct slice text, double *ret);
/* NUMBER, LT … GTE. Text that is no number satisfies none. */
bool atom_number_holds(const struct atom *a, struct slice text);
bool atom_cidr_holds(const struct atom *a, struct slice text);
/* Date and clock as written: a zone, if there is one, is not applied. */
bool atom_time_holds(const struct atom *a, struct slice text);
/* FIELDREF: a value against one of the other field; both folded unless the atom is cased. */
bool atom_fieldref_holds(const struct atom *a, struct slice text, struct slice other);

#endif
