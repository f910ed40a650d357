/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_ALERT_ALERT_H
#define CANH_CLI_ALERT_ALERT_H
/* Alerts of a node, and what is not to become one. */
#include "cli/app.h"
#include "cli/option.h"

extern const struct verb verb_alert, verb_maintenance, verb_suppression;

/* Says when no rule of the node at dir (NULL: place_find()) is called so, and which may be meant,
 * or why its rules cannot be looked at. rule NULL: none was named. */
void alert_check_rule(struct app *app, const char *dir, const char *rule);

#endif
