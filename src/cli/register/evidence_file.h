/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_REGISTER_EVIDENCE_FILE_H
#define CANH_CLI_REGISTER_EVIDENCE_FILE_H
/*
 * A file that a person hands in as evidence: looked at before the state takes it, so that a refusal
 * names the reason and the cure in the reader's language. The state room checks again.
 */
#include "cli/app.h"
#include "state/evidence.h"

/*
 * Opens path for state_evidence_add(). 0 and *ret_fd, which is the caller's; or an exit status
 * after saying why not: no such file, no regular file, empty, of a type not accepted, too large,
 * marked as classified, or not to be read (record/handed.h) without a declaration that it is not
 * classified. *ret_marking, which goes into the evidence: EVIDENCE_UNREAD when it rests on that
 * declaration, else empty.
 */
CANH_MUST_USE int evidence_file_open(struct app *app, const char *path, bool declared, int *ret_fd,
                                     struct slice *ret_marking);

#endif
