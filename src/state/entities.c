/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/err_noun.h"
#include "state/audit.h"
#include "state/entity.h"

#define ROW(id, thing) [id] = &thing##_entity,
const struct entity *const entities[E_MAX] = {ENTITIES(ROW)};

static const unsigned nouns[E_MAX] = {
    [E_UNIT] = ERR_NOUN_UNIT,
    [E_UNIT_NAME] = ERR_NOUN_UNIT_NAME,
    [E_UNIT_LINK] = ERR_NOUN_UNIT_LINK,
    [E_PERSON] = ERR_NOUN_PERSON,
    [E_GRANT] = ERR_NOUN_GRANT,
    [E_CONTACT] = ERR_NOUN_CONTACT,
    [E_LEAVE] = ERR_NOUN_LEAVE,
    [E_ASSET] = ERR_NOUN_ASSET,
    [E_ASSET_ROLE] = ERR_NOUN_ASSET_ROLE,
    [E_POST] = ERR_NOUN_POST,
    [E_COVERAGE] = ERR_NOUN_COVERAGE,
    [E_LAYER] = ERR_NOUN_LAYER,
    [E_TURN] = ERR_NOUN_TURN,
    [E_ROSTER] = ERR_NOUN_ROSTER,
    [E_SWAP] = ERR_NOUN_SWAP,
    [E_OVERRIDE] = ERR_NOUN_OVERRIDE,
    [E_SHIFT] = ERR_NOUN_SHIFT,
    [E_MARK] = ERR_NOUN_MARK,
    [E_LINE] = ERR_NOUN_LINE,
    [E_HANDOVER] = ERR_NOUN_HANDOVER,
    [E_PLAN] = ERR_NOUN_PLAN,
    [E_CLAUSE] = ERR_NOUN_CLAUSE,
    [E_PHASE] = ERR_NOUN_PHASE,
    [E_OBLIGATION] = ERR_NOUN_OBLIGATION,
    [E_ASSIGNMENT] = ERR_NOUN_ASSIGNMENT,
    [E_EXEMPTION] = ERR_NOUN_EXEMPTION,
    [E_TASK] = ERR_NOUN_TASK,
    [E_EVIDENCE] = ERR_NOUN_EVIDENCE,
    [E_PROOF] = ERR_NOUN_PROOF,
    [E_CHECK] = ERR_NOUN_CHECK,
    [E_RESULT] = ERR_NOUN_RESULT,
    [E_OUTAGE] = ERR_NOUN_OUTAGE,
    [E_FINDING] = ERR_NOUN_FINDING,
    [E_EXCEPTION] = ERR_NOUN_EXCEPTION,
    [E_FORM] = ERR_NOUN_FORM,
    [E_SUBMISSION] = ERR_NOUN_SUBMISSION,
    [E_REQUEST] = ERR_NOUN_REQUEST,
    [E_NOTE] = ERR_NOUN_NOTE,
    [E_NOTICE] = ERR_NOUN_NOTICE,
    [E_DELIVERY] = ERR_NOUN_DELIVERY,
    [E_ACK] = ERR_NOUN_ACK,
    [E_CAMPAIGN] = ERR_NOUN_CAMPAIGN,
    [E_REVIEW] = ERR_NOUN_REVIEW,
    [E_ORDER] = ERR_NOUN_ORDER,
    [E_SETTING] = ERR_NOUN_SETTING,
    [E_ACCOUNT] = ERR_NOUN_ACCOUNT,
    [E_SOURCE] = ERR_NOUN_SOURCE,
    [E_ALERT] = ERR_NOUN_ALERT,
    [E_ALERT_ACK] = ERR_NOUN_ALERT_ACK,
    [E_SUPPRESSION] = ERR_NOUN_SUPPRESSION,
    [E_MAINTENANCE] = ERR_NOUN_MAINTENANCE,
    [E_CALL] = ERR_NOUN_CALL,
    [E_MESSAGE] = ERR_NOUN_MESSAGE,
    [E_AWAKE] = ERR_NOUN_AWAKE,
    [E_CASE] = ERR_NOUN_CASE,
    [E_CASE_LINE] = ERR_NOUN_CASE_LINE,
    [E_CASE_TASK] = ERR_NOUN_CASE_TASK,
    [E_CASE_READING] = ERR_NOUN_CASE_READING,
    [E_TELLING] = ERR_NOUN_TELLING,
    [E_HEARD] = ERR_NOUN_HEARD,
    [E_AVAILABILITY] = ERR_NOUN_AVAILABILITY,
    [E_CASE_TEXT] = ERR_NOUN_CASE_TEXT,
    [E_SHIFT_CHANGE] = ERR_NOUN_SHIFT_CHANGE,
};

struct err_id noun_of(const struct entity *e)
{
    return ERR_ID(nouns[e->id]);
}

struct err_id state_audit_noun(struct slice thing)
{
    for (unsigned id = E_NONE + 1; id < E_MAX; id++) {
        if (slice_is(thing, entities[id]->name))
            return noun_of(entities[id]);
    }
    return ERR_ID(0);
}
