/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the ingest pipelines and scripts of Winlogbeat 7 and 8 (module/sysmon, module/powershell),
 * which rename and do not copy.
 */
#include "decode/json/ecs.h"

#include "base/attr.h"
#include "base/num.h"
#include "decode/decode.h"

struct rename {
    const char *path;
    const char *provider; /* the end of the provider's name; "": any; WINDOWS: any that is there */
    const char *ids;      /* "8,10"; empty: any */
    const char *name;
};

/* There is a provider, a channel or an event id: of other events the name says something else. */
#define WINDOWS "+"

/* Rows of one path stand together; the first that fits counts. */
static const struct rename renames[] = {
    {"event/code", WINDOWS, "", "EventID"},
    {"Id", WINDOWS, "", "EventID"}, /* Get-WinEvent */
    {"eventid", WINDOWS, "", "EventID"},
    {"eventID", WINDOWS, "", "EventID"},
    {"columns/eventid", WINDOWS, "", "EventID"}, /* osquery */
    {"Source", WINDOWS, "", "Provider_Name"},    /* Azure's table Event, Get-EventLog */
    /* small: osquery, Vector, Grafana's agents, a Collector's receiver */
    {"channel", WINDOWS, "", "Channel"},
    {"columns/channel", WINDOWS, "", "Channel"},
    {"computer", WINDOWS, "", "Computer"},
    {"columns/computer_name", WINDOWS, "", "Computer"},
    {"provider", WINDOWS, "", "Provider_Name"},
    {"provider_name", WINDOWS, "", "Provider_Name"},
    {"columns/provider_name", WINDOWS, "", "Provider_Name"},
    {"provider/name", WINDOWS, "", "Provider_Name"},
    {"source", WINDOWS, "", "Provider_Name"},
    {"record_id", WINDOWS, "", "EventRecordID"},
    {"eventRecordID", WINDOWS, "", "EventRecordID"},
    {"process/executable", "Sysmon", "8,10", "SourceImage"},
    {"process/executable", "", "", "Image"},
    {"process/pid", "Sysmon", "8,10", "SourceProcessId"},
    {"process/pid", "", "", "ProcessId"},
    {"process/entity_id", "Sysmon", "8", "SourceProcessGuid"},
    {"process/entity_id", "Sysmon", "10", "SourceProcessGUID"},
    {"process/entity_id", "", "", "ProcessGuid"},
    {"process/thread/id", "Sysmon", "10", "SourceThreadId"},
    {"file/path", "Sysmon", "6,7", "ImageLoaded"},
    {"file/path", "Sysmon", "2,11,15,23,26,27,28,29", "TargetFilename"},
    {"file/path", "Sysmon", "9", "Device"},
    {"file/path", "PowerShell", "", "Path"},
    {"file/name", "Sysmon", "17,18", "PipeName"},
    {"source/ip", "Sysmon", "3", "SourceIp"},
    {"source/port", "Sysmon", "3", "SourcePort"},
    {"source/domain", "Sysmon", "3", "SourceHostname"},
    {"destination/ip", "Sysmon", "3", "DestinationIp"},
    {"destination/port", "Sysmon", "3", "DestinationPort"},
    {"destination/domain", "Sysmon", "3", "DestinationHostname"},
    {"network/transport", "Sysmon", "3", "Protocol"},
    {"dns/question/name", "Sysmon", "22", "QueryName"},
    {"sysmon/dns/status", "Sysmon", "22", "QueryStatus"},
    {"registry/path", "Sysmon", "12,13,14", "TargetObject"},
    {"registry/data/strings", "Sysmon", "13", "Details"},
    {"file/pe/original_file_name", "Sysmon", "7", "OriginalFileName"},
    {"file/pe/company", "Sysmon", "7", "Company"},
    {"file/pe/description", "Sysmon", "7", "Description"},
    {"file/pe/product", "Sysmon", "7", "Product"},
    {"file/pe/file_version", "Sysmon", "7", "FileVersion"},
    {"file/code_signature/subject_name", "Sysmon", "6,7", "Signature"},
    {"file/code_signature/status", "Sysmon", "6,7", "SignatureStatus"},
    {"file/code_signature/signed", "Sysmon", "6,7", "Signed"},
    {"powershell/file/script_block_text", "PowerShell", "", "ScriptBlockText"},
    {"powershell/file/script_block_id", "PowerShell", "", "ScriptBlockId"},
    {"powershell/sequence", "PowerShell", "4104", "MessageNumber"},
    {"powershell/total", "PowerShell", "4104", "MessageTotal"},
};

static const struct {
    const char *path;
    enum ecs_part part;
    const char *hash;
} composed[] = {
    {"user/domain", ECS_USER_DOMAIN, ""},          {"user/name", ECS_USER_NAME, ""},
    {"process/hash/md5", ECS_HASH, "MD5"},         {"process/hash/sha1", ECS_HASH, "SHA1"},
    {"process/hash/sha256", ECS_HASH, "SHA256"},   {"file/hash/md5", ECS_HASH, "MD5"},
    {"file/hash/sha1", ECS_HASH, "SHA1"},          {"file/hash/sha256", ECS_HASH, "SHA256"},
    {"process/pe/imphash", ECS_HASH, "IMPHASH"},   {"file/pe/imphash", ECS_HASH, "IMPHASH"},
    {"process/hash/imphash", ECS_HASH, "IMPHASH"}, {"file/hash/imphash", ECS_HASH, "IMPHASH"},
};

/* Besides those of `source`: what tells the log where the record does not name it. */
static const char *const hints[] = {
    "Activity",        "Type", /* Azure's table SecurityEvent */
    "EventSourceName", "ProviderName",
    "Provider",        "Provider_Name" /* in one log only: text/rendered.h */
};

enum {
    RENAMES = sizeof(renames) / sizeof(renames[0]),
    COMPOSED = sizeof(composed) / sizeof(composed[0]),
    HINTS = sizeof(hints) / sizeof(hints[0]),
};

_Static_assert(RENAMES + COMPOSED + HINTS < ECS_NONE, "a byte is enough");

/* The name of a path whose parts underscores join. */
static bool flat_is(const char *pattern, const struct slice *path, size_t n)
{
    struct slice name, taken;

    return n == 1 && shape_flat(path[0], &name) && shape_flat_is(pattern, name, &taken);
}

uint8_t ecs_find(const struct slice *path, size_t n)
{
    for (size_t i = 0; i < CANH_LEN(renames); i++) {
        if (shape_path_is(slice_str(renames[i].path), path, n) || flat_is(renames[i].path, path, n))
            return (uint8_t)i;
    }
    for (size_t i = 0; i < CANH_LEN(composed); i++) {
        if (shape_path_is(slice_str(composed[i].path), path, n) ||
            flat_is(composed[i].path, path, n))
            return (uint8_t)(RENAMES + i);
    }
    for (size_t i = 0; i < CANH_LEN(hints); i++) {
        if (shape_path_is(slice_str(hints[i]), path, n))
            return (uint8_t)(RENAMES + COMPOSED + i);
    }
    return ECS_NONE;
}

static bool has_id(const char *ids, uint32_t id)
{
    struct slice rest = slice_str(ids), part;
    uint64_t number;

    if (rest.n == 0)
        return true;
    while (slice_cut(&rest, ',', &part)) {
        if (num_u64(part, &number) == 0 && number == id)
            return true;
    }
    return false;
}

static bool is_of(struct slice provider, const char *want)
{
    return strcmp(want, WINDOWS) == 0 ? provider.n > 0 : slice_ends(provider, slice_str(want));
}

bool ecs_is_event_id(uint8_t ecs)
{
    return ecs < RENAMES && strcmp(renames[ecs].name, "EventID") == 0;
}

bool ecs_tells_windows(uint8_t ecs)
{
    struct slice path = ecs_is_event_id(ecs) ? slice_str(renames[ecs].path) : SLICE_NULL;

    return slice_ends(path, SLICE("eventid")) || slice_ends(path, SLICE("eventID"));
}

bool ecs_is_channel(uint8_t ecs)
{
    return ecs < RENAMES && strcmp(renames[ecs].name, "Channel") == 0;
}

/* Source: Microsoft, "Appendix L: Events to Monitor" and the events of the provider Eventlog. */
static bool is_audit(uint32_t id)
{
    return (id >= 4608 && id <= 6424) || (id >= 1100 && id <= 1108);
}

/* `4688 - A new process has been created.` */
static bool begins_with_id(struct slice text, uint32_t id)
{
    size_t end = slice_find(text, SLICE(" - "));
    uint64_t number;

    return end != SIZE_MAX && num_u64(slice_head(text, end), &number) == 0 && number == id;
}

struct slice ecs_log(uint8_t ecs, struct slice text, uint32_t id)
{
    static const char *const inputs[] = {"WinEventLog:", "XmlWinEventLog:"}; /* Splunk's */
    bool audit = false;

    if (ecs < RENAMES) {
        for (size_t i = 0; i < CANH_LEN(inputs) && strcmp(renames[ecs].path, "source") == 0; i++) {
            if (slice_starts(text, slice_str(inputs[i])))
                return slice_from(text, strlen(inputs[i]));
        }
    } else if (ecs == RENAMES + COMPOSED) {
        audit = begins_with_id(text, id);
    } else if (ecs == RENAMES + COMPOSED + 1) {
        audit = slice_is(text, "SecurityEvent");
    }
    return audit && is_audit(id) ? SLICE("Security") : SLICE_NULL;
}

struct slice ecs_name(uint8_t ecs, struct slice provider, uint32_t id)
{
    const char *path = ecs < RENAMES ? renames[ecs].path : NULL;

    for (size_t i = ecs; path != NULL && i < RENAMES && strcmp(renames[i].path, path) == 0; i++) {
        if (is_of(provider, renames[i].provider) && has_id(renames[i].ids, id))
            return slice_str(renames[i].name);
    }
    return SLICE_NULL;
}

enum ecs_part ecs_part(uint8_t ecs, struct slice *ret_hash)
{
    size_t i = (size_t)ecs - RENAMES;

    if (ecs < RENAMES || i >= COMPOSED)
        return ECS_PART_NONE;
    *ret_hash = slice_str(composed[i].hash);
    return composed[i].part;
}
