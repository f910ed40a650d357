/* SPDX-License-Identifier: Apache-2.0 */
/* canh formats: the logs that can be read, and the layouts of JSON that are known. */
#include "cli/decode/decode.h"
#include "cli/listing.h"
#include "lang/msg_decode.h"

struct formats_options {
    struct listing_options listing;
};

static const struct option_spec options[] = {LISTING_OPTIONS(struct formats_options, listing)};

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct formats_options *o = values;
    const struct view_ctx ctx = listing_face(app);
    struct err err = ERR_INIT;
    struct table t;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status != 0)
        return status;
    status = view_formats(&ctx, &t, &err) < 0 ? app_fail(app, NULL, &err)
                                              : listing_print(app, &t, &o->listing);
    table_done(&t);
    return status;
}

const struct verb verb_formats = {
    .name = "formats",
    .summary = MSG_DECODE_FORMATS_SUMMARY,
    .about = MSG_DECODE_FORMATS_ABOUT,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct formats_options),
    .run = run,
};
