/* SPDX-License-Identifier: Apache-2.0 */
#include "node/convert/rules.h"

#include "detect/generation.h"
#include "detect/rule_import.h"
#include "lang/err_office.h"
#include "office/bundle_wire.h"
#include "sigma/ruleset.h"

struct collect_ctx {
    struct buf *out;
    struct ruleset *rules;
    uint32_t count;
};

static int put_file(void *ctx, struct slice name, struct slice text, bool rule, struct err *err)
{
    struct collect_ctx *c = ctx;
    int r = rule ? ruleset_add_rules(c->rules, name, text) : 0;

    bundle_put(c->out, name, text);
    c->count++;
    if (r == 0 && (c->out->err || c->count > BUNDLE_FILES_MAX))
        r = err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_TOO_LARGE);
    else if (r < 0)
        (void)err_code(err, r);
    return r;
}

static int rules_describe(const struct rule_import_result *result, struct err *err)
{
    switch (result->refusal) {
    case RULE_IMPORT_NO_ARCHIVE:
        return err_fail(err, CE_ENCODING, ERR_OFFICE_RULES_NO_ARCHIVE);
    case RULE_IMPORT_NO_RULES:
        return err_fail(err, CE_MISSING, ERR_OFFICE_RULES_NONE);
    case RULE_IMPORT_ENTRIES:
    case RULE_IMPORT_RULES:
    case RULE_IMPORT_BYTES:
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_FILE_TOO_LARGE);
    case RULE_IMPORT_FINE:
    case RULE_IMPORT_NO_NAME:
    case RULE_IMPORT_SHRINKS:
        break;
    }
    return err->code ? -err->code : err_code(err, -CE_ENCODING);
}

static int rules_finish(struct collect_ctx *c, const struct rule_import_result *result,
                        struct err *err)
{
    struct bundle_counts n = {.rules = result->rules,
                              .left_out = (uint64_t)result->unsafe_names + result->too_big +
                                          result->links + result->duplicates};
    struct ruleset_counts counts;
    int r = ruleset_compile(c->rules, err);

    if (r < 0)
        return r;
    ruleset_count_all(c->rules, &counts);
    n.loaded =
        (uint64_t)counts.rules + counts.unreached + counts.correlations; /* no mappings here */
    n.refused = counts.refused;
    n.newest_day = generation_newest_day(c->rules);
    bundle_end(c->out, &n, buf_slice(&result->licences));
    return 0;
}

int rules_collect(int fd, struct buf *out, struct err *err)
{
    const struct ruleset_options options = {.min_level = LEVEL_INFORMATIONAL,
                                            .min_status = STATUS_NONE};
    struct collect_ctx c = {.out = out, .rules = ruleset_new(&options)};
    struct rule_import_result result;
    int r;

    if (c.rules == NULL)
        return err_nomem(err);
    bundle_begin(out);
    r = rule_import_read(fd, put_file, &c, &result, err);
    if (r == 0)
        r = rules_finish(&c, &result, err);
    else
        r = rules_describe(&result, err);
    rule_import_result_done(&result);
    c.rules = ruleset_free(c.rules);
    return r;
}
