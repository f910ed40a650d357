/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_OTLP_H
#define CANH_COLLECT_OTLP_H
/*
 * Logs as OpenTelemetry sends them over HTTP in JSON (OTLP 1.x, ExportLogsServiceRequest): each
 * log record becomes one object of JSON without nesting:
 *
 *     {"@timestamp":"…","message":"…","log.level":"…", resource's and record's attributes}
 *
 * A body that is a text which is itself an object of JSON (a record that a file receiver read) is
 * given as it is: what it says is nearer to the source than what was wrapped around it. Pure.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Gives records one after the other; raw lives during the call. canonical: made here, not sent. */
typedef int otlp_fn(void *u, struct slice raw, bool canonical);

/* 0, what fn returned, -CE_SYNTAX, -CE_DEPTH, -CE_TOO_BIG. */
CANH_MUST_USE int otlp_logs_read(struct slice json, struct arena *arena, otlp_fn *fn, void *u);

#endif
