/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_DESK_DOCTOR_H
#define CANH_NODE_DESK_DOCTOR_H
/* Findings and metrics from what watch and keep say of themselves; doctor.c has the rest. */
#include "node/desk/desk.h"

struct control_job;

/* disk_free: bytes that the node's folder may still grow by. */
CANH_MUST_USE int doctor_report_status(const struct desk *d, struct control_job *job,
                                       uint64_t disk_free);
/* A live alert that arrived then is in the state now. */
void doctor_note_delay(struct desk_delay *d, int64_t arrived, int64_t now);
/* Appends canh_alert_delay_seconds, a histogram. */
void doctor_write_delay(const struct desk_delay *d, struct buf *out);
/* Appends canh_watch_* and canh_keep_* in Prometheus' text format. */
void doctor_write_metrics(struct buf *out);

#endif
