/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_EVTX_FORMAT_H
#define CANH_DECODE_EVTX_FORMAT_H

#include "decode/decoder.h"

extern const struct format format_evtx;

#endif
