/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_HOST_SEARCH_H
#define CANH_TESTS_HOST_SEARCH_H
/*
 * Looks at a journal that is not there: what was asked comes back in what is found.
 */
#include "control/search.h"

struct search_host host_search(void);

#endif
