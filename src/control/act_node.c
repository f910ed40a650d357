/* SPDX-License-Identifier: Apache-2.0 */
#include "control/node.h"

#include "control/cells.h"
#include "lang/err_control.h"
#include "lang/err_doctor.h"

/* clang-format off */
static const struct control_column rules[] = {
    {"kind", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"rules", CONTROL_IS_NUMBER},
    {"refused", CONTROL_IS_NUMBER}, {"at", CONTROL_IS_TIME}, {"newest", CONTROL_IS_TIME},
};
static const struct control_column backups[] = {
    {"kind", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"at", CONTROL_IS_TIME},
    {"bytes", CONTROL_IS_BYTES},
};
static const struct control_column retention[] = {
    {"kind", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"days", CONTROL_IS_NUMBER},
    {"stored", CONTROL_IS_BYTES}, {"a_day", CONTROL_IS_BYTES}, {"wanted", CONTROL_IS_BYTES},
    {"room", CONTROL_IS_BYTES}, {"oldest", CONTROL_IS_TIME}, {"fits", CONTROL_IS_FLAG},
};
static const struct control_column gateways[] = {
    {"kind", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"target", CONTROL_IS_TEXT},
    {"key", CONTROL_IS_FLAG}, {"sent", CONTROL_IS_NUMBER}, {"waiting", CONTROL_IS_NUMBER},
    {"failed", CONTROL_IS_NUMBER}, {"unknown", CONTROL_IS_NUMBER}, {"last", CONTROL_IS_TIME},
    {"text", CONTROL_IS_TEXT},
};
static const struct control_column certificates[] = {
    {"kind", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT}, {"until", CONTROL_IS_TIME},
    {"fingerprint", CONTROL_IS_TEXT}, {"file", CONTROL_IS_TEXT}, {"text", CONTROL_IS_TEXT},
};
static const struct control_column listeners[] = {
    {"name", CONTROL_IS_TEXT}, {"host", CONTROL_IS_TEXT}, {"port", CONTROL_IS_NUMBER},
};
static const struct control_column settings[] = {
    {"kind", CONTROL_IS_TEXT}, {"section", CONTROL_IS_TEXT}, {"name", CONTROL_IS_TEXT},
    {"value", CONTROL_IS_TEXT}, {"preset", CONTROL_IS_TEXT}, {"line", CONTROL_IS_NUMBER},
    {"text", CONTROL_IS_TEXT},
};
/* clang-format on */

static int node_tell(struct control_job *job, enum control_node_part part, struct err *err)
{
    if (part != CONTROL_NODE_LISTENERS && !state_sees_all(job->s, &job->actor))
        return err_fail(err, CE_DENIED, ERR_CONTROL_NODE_FOR_WHO_SEES_ALL);
    if (job->node == NULL)
        return err_fail(err, CE_BUSY, ERR_DOCTOR_NOT_RUNNING);
    return job->node(job->more_u, part, job, err);
}

static int run_rules(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_RULES, err);
}

static int run_backups(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_BACKUPS, err);
}

static int run_retention(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_RETENTION, err);
}

static int run_gateways(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_GATEWAYS, err);
}

static int run_certificates(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_CERTIFICATES, err);
}

static int run_settings(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_SETTINGS, err);
}

static int run_listeners(struct control_job *job, struct err *err)
{
    return node_tell(job, CONTROL_NODE_LISTENERS, err);
}

#define ACT(what)                                                                                  \
    {                                                                                              \
        .name = "node_" #what, .run = run_##what, .columns = what, .column_count = CANH_LEN(what)  \
    }

const struct control_act acts_node[] = {
    ACT(rules),        ACT(backups),  ACT(retention), ACT(gateways),
    ACT(certificates), ACT(settings), ACT(listeners), {.name = NULL},
};
