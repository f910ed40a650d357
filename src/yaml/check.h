/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_CHECK_H
#define CANH_YAML_CHECK_H
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * What is looked at before libfyaml sees the text: YAML's character set, and the one construct
 * that libfyaml 0.7 frees memory twice on. first_line: the number of the text's first line.
 */
CANH_MUST_USE int yaml_check_text(struct slice text, unsigned first_line, struct err *err);

#endif
