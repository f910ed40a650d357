/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SUPPRESS_H
#define CANH_DETECT_SUPPRESS_H
/*
 * Which suppression of a generation covers an alert.
 */
#include "detect/alert.h"
#include "detect/alert_correlation.h"
#include "detect/suppression.h"

/* The first one that covers the alert, or SUPPRESSION_NONE. scratch is cleared. */
uint32_t suppressions_find(const struct suppressions *s, const struct alert *alert,
                           struct buf *scratch);
uint32_t suppressions_find_correlation(const struct suppressions *s,
                                       const struct correlation_alert *alert);

#endif
