/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/advice.h"

#include "lang/msg_hunt.h"

/* The first row whose tag the rule has counts: what is worst stands first. */
static const struct {
    const char *tag;
    msg_id text;
} tactics[] = {
    {"attack.impact", MSG_HUNT_DO_IMPACT},
    {"attack.exfiltration", MSG_HUNT_DO_EXFILTRATION},
    {"attack.credential-access", MSG_HUNT_DO_CREDENTIALS},
    {"attack.lateral-movement", MSG_HUNT_DO_LATERAL},
    {"attack.command-and-control", MSG_HUNT_DO_CONTROL},
    {"attack.privilege-escalation", MSG_HUNT_DO_PRIVILEGE},
    {"attack.persistence", MSG_HUNT_DO_PERSISTENCE},
    {"attack.defense-impairment", MSG_HUNT_DO_EVASION},
    {"attack.defense-evasion", MSG_HUNT_DO_EVASION},
    {"attack.stealth", MSG_HUNT_DO_EVASION},
    {"attack.collection", MSG_HUNT_DO_EXFILTRATION},
    {"attack.initial-access", MSG_HUNT_DO_INITIAL},
    {"attack.execution", MSG_HUNT_DO_EXECUTION},
    {"attack.discovery", MSG_HUNT_DO_DISCOVERY},
    {"attack.reconnaissance", MSG_HUNT_DO_DISCOVERY},
};

static bool has_tag(const struct sigma_rule *rule, const char *tag)
{
    for (uint32_t i = 0; i < rule->tag_count; i++) {
        if (slice_is(rule->tags[i], tag))
            return true;
    }
    return false;
}

struct slice advice_for(const struct sigma_rule *rule, enum lang lang)
{
    struct slice own = rule_advice(rule, lang == LANG_VI);

    if (own.n)
        return own;
    for (size_t i = 0; i < CANH_LEN(tactics); i++) {
        if (has_tag(rule, tactics[i].tag))
            return slice_str(lang_text(lang, tactics[i].text));
    }
    return slice_str(lang_text(lang, MSG_HUNT_DO_ANY));
}
