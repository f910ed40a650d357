/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one check from the command line for the system tests: KIND TARGET PARAMS TIMEOUT_MS. */
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "check/result_text.h"
#include "probe/probe.h"

int main(int argc, char **argv)
{
    struct check_spec spec;
    struct buf told = BUF_INIT(4000);
    struct check_result r;
    int64_t ms;

    if (argc != 5 || num_range(slice_str(argv[4]), 1, 60000, &ms) < 0) {
        (void)fputs("usage: run_check KIND TARGET PARAMS TIMEOUT_MS\n", stderr);
        return 64;
    }
    spec = (struct check_spec){slice_str(argv[1]), slice_str(argv[2]), slice_str(argv[3]),
                               ms * (TIME_SECOND / 1000)};
    probe_execute(&spec, &r);
    result_text_write_words(&told, LANG_EN, buf_slice(&r.text));
    (void)printf("%s %.3f " SLICE_FMT "\n", check_outcome_to_str(r.outcome), r.value,
                 SLICE_ARG(buf_slice(&told)));
    check_result_done(&r);
    buf_done(&told);
    return 0;
}
