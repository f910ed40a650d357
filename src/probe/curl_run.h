/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_CURL_RUN_H
#define CANH_PROBE_CURL_RUN_H
/*
 * What the checks over libcurl share: limits, the certificate that ends first, error texts. Every
 * transfer makes a connection of its own, so that its certificates are seen.
 */
#include <curl/curl.h>

#include "probe/probe_run.h"

enum { CURL_BODY_MAX = 1024 * 1024 };

struct curl_transfer {
    CURL *curl;
    struct buf body; /* the first CURL_BODY_MAX bytes of the last answer; no more is read */
    char error[CURL_ERROR_SIZE];
    double seconds;      /* of all transfers */
    int cert_days;       /* of the certificate that ends first; INT_MIN when none was seen */
    bool cert_first;     /* which is that of the server asked, not one on the way */
    char cert_name[100]; /* whose it is */
    unsigned transfers;
    bool led_on;  /* this transfer follows a redirect */
    bool far;     /* one of them went into the Internet */
    bool stopped; /* because it would have gone into a private network */
};

/* A handle with the run's time limit and `ca` parameter set; NULL and a result when it fails. */
CANH_MUST_USE int curl_transfer_init(struct curl_transfer *look, struct probe_run *run,
                                     const char *url);
/* Transfers; on failure the result is set (CRITICAL: the target did not answer as it should). */
CANH_MUST_USE int curl_transfer_run(struct curl_transfer *look, struct probe_run *run);
/* Worsens the result when the certificate ends within the days the parameters give. */
void curl_transfer_judge_cert(const struct curl_transfer *look, struct probe_run *run);
void curl_transfer_done(struct curl_transfer *look);

#endif
