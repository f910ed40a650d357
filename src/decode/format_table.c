/* SPDX-License-Identifier: Apache-2.0 */
/* A format is a row here. Its functions stand in its own folder or file. */
#include "decode/evtx/format.h"
#include "decode/json/format.h"
#include "decode/text/formats.h"

const struct format *const decode_formats[] = {
    &format_evtx,
    &format_json,
    TEXT_FORMATS(TEXT_FORMAT_ROW) NULL,
};
