/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void assert_failed(const char *what, const char *file, int line, const char *function)
{
    (void)fprintf(stderr, "canh: bug: %s:%d: %s(): %s\n", file, line, function, what);
    abort();
}
