/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of an event of Windows that names neither log nor provider: by its id, and by names that
 * in events of this id only that log has.
 *
 * Source: Microsoft, "Windows security audit events" (the ids that no other log of a plain
 * installation uses: neither NETLOGON's, WMI-Activity's nor those of failover clusters); Sysmon's
 * schema 4.90; the manifests of PowerShell, the Service Control Manager, the Task Scheduler and
 * Defender.
 */
#include "base/num.h"
#include "decode/json/internal.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"

enum { RANGES_MAX = 48 };

/* `names`: one of them has to be there; blanks between them, _ for a blank in one. */
static const struct {
    struct id_range {
        uint16_t from, to;
    } ids[RANGES_MAX]; /* behind the last one zeros */
    const char *names, *log;
} logs[] = {
    {{{1100, 1102}, {1104, 1108}, {4608, 4612}, {4614, 4616}, {4618, 4618}, {4621, 4621},
      {4622, 4622}, {4624, 4627}, {4634, 4634}, {4646, 4675}, {4688, 4707}, {4709, 4720},
      {4722, 4735}, {4737, 4767}, {4768, 4803}, {4816, 4816}, {4817, 4817}, {4819, 4819},
      {4820, 4826}, {4864, 4900}, {4902, 4902}, {4904, 4913}, {4928, 4937}, {4944, 4954},
      {4956, 4958}, {4960, 4965}, {4976, 4985}, {5024, 5024}, {5025, 5025}, {5027, 5035},
      {5037, 5051}, {5056, 5071}, {5136, 5141}, {5144, 5159}, {5168, 5168}, {5376, 5379},
      {5381, 5381}, {5382, 5382}, {5440, 5453}, {5456, 5468}, {5471, 5474}, {5477, 5480},
      {5483, 5485}, {5632, 5632}, {5633, 5633}, {5712, 5712}, {5888, 5890}},
     "EventID EventId EventCode Event_ID SubjectUserName SubjectUserSid TargetUserName "
     "NewProcessName",
     "Security"},
    {{{1, 3}, {5, 18}, {22, 29}}, "ProcessGuid SourceProcessGuid SourceProcessGUID", SYSMON},
    {{{1, 1}}, "ParentImage ParentCommandLine OriginalFileName IntegrityLevel", SYSMON},
    {{{2, 2}}, "PreviousCreationUtcTime", SYSMON},
    {{{3, 3}}, "Initiated DestinationPortName DestinationIsIpv6", SYSMON},
    {{{6, 6}, {7, 7}}, "ImageLoaded", SYSMON},
    {{{8, 8}}, "StartModule StartAddress", SYSMON},
    {{{10, 10}}, "GrantedAccess CallTrace", SYSMON},
    {{{11, 11}, {15, 15}, {23, 23}, {26, 29}}, "TargetFilename", SYSMON},
    {{{12, 14}}, "TargetObject", SYSMON},
    {{{17, 17}, {18, 18}}, "PipeName", SYSMON},
    {{{19, 19}, {20, 20}}, "EventNamespace Consumer Destination", SYSMON},
    {{{21, 21}}, "Consumer", SYSMON},
    {{{22, 22}}, "QueryResults QueryName", SYSMON},
    {{{4103, 4103}}, "ContextInfo Payload", "Microsoft-Windows-PowerShell/Operational"},
    {{{4104, 4104}}, "ScriptBlockText", "Microsoft-Windows-PowerShell/Operational"},
    {{{7045, 7045}}, "ImagePath", "System"},
    {{{106, 106}, {140, 140}, {141, 141}, {200, 200}, {201, 201}},
     "TaskName",
     "Microsoft-Windows-TaskScheduler/Operational"},
    {{{1116, 1119}}, "Threat_Name ThreatName", "Microsoft-Windows-Windows Defender/Operational"},
};

static bool holds_id(const struct id_range *ids, uint64_t id)
{
    for (size_t i = 0; i < RANGES_MAX && ids[i].to > 0; i++) {
        if (id >= ids[i].from && id <= ids[i].to)
            return true;
    }
    return false;
}

/* Whether bytes are a member's name: quotes around it, a colon behind. */
static bool is_member(struct slice text, size_t at, struct slice name)
{
    size_t end = at + name.n;

    if (at == 0 || text.p[at - 1] != '"' || end >= text.n || text.p[end] != '"')
        return false;
    do
        end++;
    while (end < text.n && slice_find_byte(SLICE(" \t\r\n"), text.p[end]) != SIZE_MAX);
    return end < text.n && text.p[end] == ':';
}

/* In the name _ stands for a blank. */
static bool has_name(struct slice text, struct slice name)
{
    uint8_t spelled[32];
    size_t at = 0, n;

    for (size_t i = 0; i < name.n && i < sizeof(spelled); i++)
        spelled[i] = name.p[i] == '_' ? ' ' : name.p[i];
    name = slice_of(spelled, CANH_MIN(name.n, sizeof(spelled)));
    while ((n = slice_find(slice_from(text, at), name)) != SIZE_MAX) {
        if (is_member(text, at + n, name))
            return true;
        at += n + name.n;
    }
    return false;
}

static bool has_one_of(struct slice text, const char *names)
{
    struct slice rest = slice_str(names), name;

    while (slice_cut(&rest, ' ', &name)) {
        if (has_name(text, name))
            return true;
    }
    return false;
}

/* Whether the record has an id, and no log. */
static bool wants_log(const struct json_walk *w)
{
    bool id = false;

    for (const struct field *f = w->fields; f < w->f; f++) {
        if (f->key == KEY_CHANNEL && value_type_has_text(f->type) && f->n > 0)
            return false;
        id |= f->key == KEY_EVENT_ID;
    }
    return id && w->f < w->fields_end;
}

void json_log_end(struct json_walk *w, struct slice record)
{
    struct slice nested;
    const char *log = NULL;
    uint64_t id;

    if (CANH_LIKELY(!wants_log(w)) || num_u64(json_raw_text(w, KEY_EVENT_ID), &id) < 0)
        return;
    if (json_raw_text(w, KEY_PROVIDER).n > 0)
        return;
    nested = buf_slice(&w->decoder->nested);
    for (size_t i = 0; i < CANH_LEN(logs) && log == NULL; i++) {
        if (holds_id(logs[i].ids, id) &&
            (has_one_of(record, logs[i].names) || has_one_of(nested, logs[i].names)))
            log = logs[i].log;
    }
    if (log == NULL)
        return;
    *w->f++ = (struct field){.text = (const uint8_t *)log,
                             .n = (uint32_t)strlen(log),
                             .key = KEY_CHANNEL,
                             .type = VALUE_STRING};
    w->unpacked = true;
}
