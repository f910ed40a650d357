/* SPDX-License-Identifier: Apache-2.0 */
/*
 * all, neq, expand: what becomes of all values of an item, not of one (item.c, placeholder.h); and
 * cased, which each comparison asks for itself.
 */
#include "sigma/modifier/modifier.h"

const struct modifier modifier_all = {.names = {SLICE_INIT("all")},
                                      .bit = MOD_ALL,
                                      .keyword = true};

const struct modifier modifier_neq = {.names = {SLICE_INIT("neq")},
                                      .bit = MOD_NEQ,
                                      .keyword = true};

const struct modifier modifier_expand = {.names = {SLICE_INIT("expand")},
                                         .bit = MOD_EXPAND,
                                         .keyword = true};

const struct modifier modifier_cased = {.names = {SLICE_INIT("cased")},
                                        .bit = MOD_CASED,
                                        .keyword = true};
