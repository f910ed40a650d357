/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_ALERT_ALERT_H
#define CANH_CLI_ALERT_ALERT_H
/* Alerts of a node, and what is not to become one. */
#include "cli/option.h"

extern const struct verb verb_alert, verb_maintenance, verb_suppression;

#endif
