/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_SYSLOG_INTERNAL_H
#define CANH_DECODE_TEXT_SYSLOG_INTERNAL_H
/* Shared by both kinds of syslog heads. */
#include "decode/text/syslog.h"

/* Sets priority, facility and severity from <PRI>; bytes taken, 0 when there is none (0..191). */
size_t syslog_read_priority(struct fields *f, struct slice s);
/* Sets host, program and pid. */
void syslog_write_names(struct fields *f, const struct syslog_head *head);

#endif
