/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_CURL_RUN_H
#define CANH_PROBE_CURL_RUN_H
/*
 * What the checks over libcurl share: limits, the certificate's remaining days, error texts.
 */
#include <curl/curl.h>

#include "probe/probe_run.h"

enum { CURL_BODY_MAX = 1024 * 1024 };

struct curl_look {
    CURL *curl;
    struct buf body; /* the first CURL_BODY_MAX bytes */
    char error[CURL_ERROR_SIZE];
    double seconds;
    int cert_days; /* INT_MIN when no certificate was seen */
};

/* A handle with the run's time limit and `ca` parameter set; NULL and a result when it fails. */
CANH_MUST_USE int curl_look_init(struct curl_look *look, struct probe_run *run, const char *url);
/* Transfers; on failure the result is set (CRITICAL: the target did not answer as it should). */
CANH_MUST_USE int curl_look_go(struct curl_look *look, struct probe_run *run);
/* Worsens the result when the certificate ends within the days the parameters give. */
void curl_look_judge_cert(const struct curl_look *look, struct probe_run *run);
void curl_look_done(struct curl_look *look);

#endif
