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
    {"Source", WINDOWS, "", "Provider_Name"}, /* Azure's table Event, Get-EventLog */
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

enum { RENAMES = sizeof(renames) / sizeof(renames[0]) };

_Static_assert(RENAMES + sizeof(composed) / sizeof(composed[0]) < ECS_NONE, "a byte is enough");

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
    return ecs < RENAMES && strcmp(renames[ecs].path, "event/code") == 0;
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

    if (ecs < RENAMES || i >= CANH_LEN(composed))
        return ECS_PART_NONE;
    *ret_hash = slice_str(composed[i].hash);
    return composed[i].part;
}
