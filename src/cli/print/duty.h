/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PRINT_DUTY_H
#define CANH_CLI_PRINT_DUTY_H
/*
 * The papers of duty: one file a paper; what they share.
 */
#include "cli/duty/duty.h"
#include "cli/print/print.h"

struct duty_sheet_options {
    struct sheet_options sheet;
    const char *post, *from, *until;
    int64_t rows;
    bool phones, masked, blank;
};

/* A sheet being made of a unit's duty. */
struct duty_sheet {
    struct sheet_work s;
    struct duty_run r;
    struct duty_where asked;
    const struct duty_sheet_options *o;
    int64_t from, until;
};

/* Texts and arrays live as long as the sheet; sheet_keep() frees the buffer. */
struct slice sheet_keep(struct duty_sheet *d, struct buf *text);
struct slice sheet_word(const struct duty_sheet *d, msg_id id);
void *sheet_room(struct duty_sheet *d, size_t n, size_t size);
int sheet_no_memory(struct duty_sheet *d);
int sheet_offset(const struct duty_sheet *d, uint32_t post);
/* Local minutes as papers take them; PRINT_NEVER for 0. */
int64_t sheet_minutes(int64_t t, int offset_s);

/* One paper each. 0, or the exit status after saying why not. */
CANH_MUST_USE int sheet_log(struct duty_sheet *d);
CANH_MUST_USE int sheet_handover(struct duty_sheet *d);

#endif
