/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_STATEMENTS_H
#define CANH_STATE_STATEMENTS_H
/*
 * The statements that belong to no single entity's descriptor, one row each in statements.c. What
 * an entity does alike with all others stands in its descriptor (entity.h).
 */
enum sql_id {
    SQL_META_GET,
    SQL_META_PUT,
    SQL_COUNTER_NEXT,
    SQL_SCOPE_UNITS,
    SQL_SCOPE_LINKS,
    SQL_UNIT_NAME_AT,
    SQL_UNIT_PARENT_AT,
    SQL_UNIT_CODE_TAKEN,
    SQL_UNIT_BY_CODE,
    SQL_UNITS_AT,
    SQL_UNIT_CHILD,
    SQL_PARENT_STARTS,
    SQL_AUDIT_LAST,
    SQL_AUDIT_ADD,
    SQL_AUDIT_FROM,
    SQL_AUDIT_OF_ROW,
    SQL_AUDIT_AT,
    SQL_AUDIT_ERASE,
    SQL_STATUS_PUT,
    SQL_STATUS_ALL,
    SQL_STATUS_UNIT,
    SQL_GRANTS_NOW,
    SQL_VALUE_ADD,
    SQL_VALUES,
    SQL_VALUES_COUNT,
    SQL_VALUES_DROP,
    SQL_SUBMISSION_LAST,
    SQL_DELIVERY_BY_TOKEN,
    SQL_ACK_COUNTS,
    SQL_PROOF_OF,
    SQL_PROOF_SCAN,
    SQL_EVIDENCE_FILES,
    SQL_EVIDENCE_NAMED,
    SQL_SESSION_ADD,
    SQL_SESSION_GET,
    SQL_SESSION_SET,
    SQL_SESSION_DROP,
    SQL_SESSION_DROP_ALL,
    SQL_SESSION_SWEEP,
    SQL_INVITATION_ADD,
    SQL_INVITATION_GET,
    SQL_INVITATION_DROP,
    SQL_INVITATION_SWEEP,
    SQL_ATTEMPT_GET,
    SQL_ATTEMPT_PUT,
    SQL_ATTEMPT_DROP,
    SQL_ATTEMPT_SWEEP,
    SQL_ACCOUNT_STEP,
    SQL_OFFSET_GET,
    SQL_OFFSET_PUT,
    SQL_ALERT_COUNTS,
    SQL_CALL_DUE,
    SQL_MESSAGE_DUE,
    SQL_MESSAGE_HANDED,
    SQL_MESSAGE_CARRIED,
    SQL_MESSAGE_WAITING,
    SQL_MESSAGE_RECENT,
    SQL_AWAKE_UNTIL,
    SQL_MAX
};

struct statement {
    enum sql_id id;
    const char *sql;
};

extern const struct statement statements[SQL_MAX];

#endif
