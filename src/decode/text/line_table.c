/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/formats.h"

const struct line_format *const line_formats[] = {
    &line_syslog,
    NULL,
};
