/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONFIG_CONFIG_WEB_H
#define CANH_CONFIG_CONFIG_WEB_H
/*
 * How the console is reached: the values of [console], and which of them want each other. Only for
 * this room.
 */
#include "config/config.h"

/* https://HOST[:PORT][/PATH], or nothing. -CE_SYNTAX, -CE_NOMEM. */
CANH_MUST_USE int config_read_site(struct config *c, const struct config_key *key,
                                   struct slice value, struct config_site *ret, struct err *err);
/* IP addresses with blanks between them. -CE_SYNTAX, -CE_TOO_BIG. */
CANH_MUST_USE int config_read_hosts(const struct config_key *key, struct slice value,
                                    struct config_hosts *ret, struct err *err);
void config_write_hosts(struct buf *out, const struct config_hosts *hosts);
/* Whether the keys that were given go together: -CE_MISSING with the line of the one that wants
 * another. */
CANH_MUST_USE int config_web_check(const struct config *c, struct err *err);

#endif
