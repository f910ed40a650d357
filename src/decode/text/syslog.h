/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_SYSLOG_H
#define CANH_DECODE_TEXT_SYSLOG_H
/*
 * The heads of syslog messages: RFC 5424, RFC 3164 as it is really written (with and without
 * priority, host, tag or year; ISO times of rsyslog; counters and zones of Cisco; a relay's head
 * before the sender's), and what stands in /var/log.
 *
 * Pure: a message and its context in, fields out. What the message itself says is read by
 * program_read(), see program.h.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "decode/text/fields.h"

struct syslog_head {
    struct slice host, program, pid; /* empty when absent */
    struct slice message;
};

/* True when the text begins like a syslog message that has a time or a priority. */
bool syslog_recognise(struct slice line, const struct decode_context *context);

/*
 * Sets the head's fields and returns its parts. False when the text is no syslog message; nothing
 * is set then. A time that is missing is not invented: the caller has the time of reception.
 */
bool syslog_read_head(struct fields *f, struct slice line, const struct decode_context *context,
                      struct syslog_head *ret);

/*
 * Exactly RFC 5424, section 6 (version 1 to 999; sizes of section 6; no SD-ID twice). 0, or
 * -CE_SYNTAX with what could be read set: a cut message keeps its head, and *ret_message is what
 * follows it. ret_message is empty when there is no MSG. f gets all fields.
 */
CANH_MUST_USE int syslog_read_5424(struct fields *f, struct slice text, struct syslog_head *ret);

#endif
