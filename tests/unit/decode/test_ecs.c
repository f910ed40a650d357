/* SPDX-License-Identifier: Apache-2.0 */
/* One path for each row of the tables of what Winlogbeat's modules rename, and of the marks by
 * which layouts of JSON are known. */
#include "decode/json/ecs.h"

#include "decode/decode.h"
#include "decode/layout.h"
#include "tap.h"

/* After Winlogbeat's module/sysmon/ingest/sysmon.yml and module/powershell/ingest/powershell.yml.
 */
static const struct {
    const char *path, *provider;
    uint32_t id;
    const char *name; /* "": none */
} renames[] = {
    {"event/code", "Any", 1, "EventID"},
    {"event/code", "", 1, ""},
    {"Id", "Any", 1, "EventID"},
    {"Id", "", 1, ""},
    {"eventid", "Any", 1, "EventID"},
    {"eventID", "Any", 1, "EventID"},
    {"columns/eventid", "Any", 1, "EventID"},
    {"channel", "Any", 1, "Channel"},
    {"channel", "", 1, ""},
    {"columns/channel", "Any", 1, "Channel"},
    {"computer", "Any", 1, "Computer"},
    {"columns/computer_name", "Any", 1, "Computer"},
    {"provider", "Any", 1, "Provider_Name"},
    {"provider_name", "Any", 1, "Provider_Name"},
    {"columns/provider_name", "Any", 1, "Provider_Name"},
    {"provider/name", "Any", 1, "Provider_Name"},
    {"source", "Any", 1, "Provider_Name"},
    {"record_id", "Any", 1, "EventRecordID"},
    {"eventRecordID", "Any", 1, "EventRecordID"},
    {"Source", "Any", 1, "Provider_Name"},
    {"Source", "", 1, ""},
    {"process/executable", "Microsoft-Windows-Sysmon", 1, "Image"},
    {"process/executable", "Microsoft-Windows-Sysmon", 8, "SourceImage"},
    {"process/executable", "Microsoft-Windows-Sysmon", 10, "SourceImage"},
    {"process/executable", "Microsoft-Windows-Sysmon/Operational", 8, "Image"},
    {"process/executable", "", 8, "Image"},
    {"process/pid", "Microsoft-Windows-Sysmon", 1, "ProcessId"},
    {"process/pid", "Microsoft-Windows-Sysmon", 8, "SourceProcessId"},
    {"process/pid", "Microsoft-Windows-Sysmon", 10, "SourceProcessId"},
    {"process/entity_id", "Microsoft-Windows-Sysmon", 1, "ProcessGuid"},
    {"process/entity_id", "Microsoft-Windows-Sysmon", 8, "SourceProcessGuid"},
    {"process/entity_id", "Microsoft-Windows-Sysmon", 10, "SourceProcessGUID"},
    {"process/thread/id", "Microsoft-Windows-Sysmon", 10, "SourceThreadId"},
    {"process/thread/id", "Microsoft-Windows-Sysmon", 8, ""},
    {"file/path", "Microsoft-Windows-Sysmon", 6, "ImageLoaded"},
    {"file/path", "Microsoft-Windows-Sysmon", 7, "ImageLoaded"},
    {"file/path", "Microsoft-Windows-Sysmon", 2, "TargetFilename"},
    {"file/path", "Microsoft-Windows-Sysmon", 11, "TargetFilename"},
    {"file/path", "Microsoft-Windows-Sysmon", 15, "TargetFilename"},
    {"file/path", "Microsoft-Windows-Sysmon", 23, "TargetFilename"},
    {"file/path", "Microsoft-Windows-Sysmon", 29, "TargetFilename"},
    {"file/path", "Microsoft-Windows-Sysmon", 9, "Device"},
    {"file/path", "Microsoft-Windows-PowerShell", 4104, "Path"},
    {"file/path", "Microsoft-Windows-Sysmon", 1, ""},
    {"file/name", "Microsoft-Windows-Sysmon", 17, "PipeName"},
    {"file/name", "Microsoft-Windows-Sysmon", 18, "PipeName"},
    {"file/name", "Microsoft-Windows-Sysmon", 11, ""},
    {"source/ip", "Microsoft-Windows-Sysmon", 3, "SourceIp"},
    {"source/ip", "Microsoft-Windows-Sysmon", 4, ""},
    {"source/port", "Microsoft-Windows-Sysmon", 3, "SourcePort"},
    {"source/domain", "Microsoft-Windows-Sysmon", 3, "SourceHostname"},
    {"destination/ip", "Microsoft-Windows-Sysmon", 3, "DestinationIp"},
    {"destination/port", "Microsoft-Windows-Sysmon", 3, "DestinationPort"},
    {"destination/domain", "Microsoft-Windows-Sysmon", 3, "DestinationHostname"},
    {"network/transport", "Microsoft-Windows-Sysmon", 3, "Protocol"},
    {"dns/question/name", "Microsoft-Windows-Sysmon", 22, "QueryName"},
    {"sysmon/dns/status", "Microsoft-Windows-Sysmon", 22, "QueryStatus"},
    {"registry/path", "Microsoft-Windows-Sysmon", 12, "TargetObject"},
    {"registry/path", "Microsoft-Windows-Sysmon", 13, "TargetObject"},
    {"registry/path", "Microsoft-Windows-Sysmon", 14, "TargetObject"},
    {"registry/data/strings", "Microsoft-Windows-Sysmon", 13, "Details"},
    {"file/pe/original_file_name", "Microsoft-Windows-Sysmon", 7, "OriginalFileName"},
    {"file/pe/company", "Microsoft-Windows-Sysmon", 7, "Company"},
    {"file/pe/description", "Microsoft-Windows-Sysmon", 7, "Description"},
    {"file/pe/product", "Microsoft-Windows-Sysmon", 7, "Product"},
    {"file/pe/file_version", "Microsoft-Windows-Sysmon", 7, "FileVersion"},
    {"file/code_signature/subject_name", "Microsoft-Windows-Sysmon", 6, "Signature"},
    {"file/code_signature/status", "Microsoft-Windows-Sysmon", 7, "SignatureStatus"},
    {"file/code_signature/signed", "Microsoft-Windows-Sysmon", 6, "Signed"},
    {"powershell/file/script_block_text", "Microsoft-Windows-PowerShell", 4104, "ScriptBlockText"},
    {"powershell/file/script_block_id", "Microsoft-Windows-PowerShell", 4104, "ScriptBlockId"},
    {"powershell/sequence", "Microsoft-Windows-PowerShell", 4104, "MessageNumber"},
    {"powershell/sequence", "Microsoft-Windows-PowerShell", 4103, ""},
    {"powershell/total", "Microsoft-Windows-PowerShell", 4104, "MessageTotal"},
    {"winlogbeat_process_executable", "Microsoft-Windows-Sysmon", 8, "SourceImage"},
};

static const struct {
    const char *path;
    enum ecs_part part;
    const char *hash;
} composed[] = {
    {"user/domain", ECS_USER_DOMAIN, ""},        {"user/name", ECS_USER_NAME, ""},
    {"process/hash/md5", ECS_HASH, "MD5"},       {"process/hash/sha1", ECS_HASH, "SHA1"},
    {"process/hash/sha256", ECS_HASH, "SHA256"}, {"process/hash/imphash", ECS_HASH, "IMPHASH"},
    {"process/pe/imphash", ECS_HASH, "IMPHASH"}, {"file/hash/md5", ECS_HASH, "MD5"},
    {"file/hash/sha1", ECS_HASH, "SHA1"},        {"file/hash/sha256", ECS_HASH, "SHA256"},
    {"file/hash/imphash", ECS_HASH, "IMPHASH"},  {"file/pe/imphash", ECS_HASH, "IMPHASH"},
};

/* Each is found by one of its layout's marks alone. */
static const char *const marks[] = {
    "__REALTIME_TIMESTAMP",
    "__CURSOR",
    "flow_id",
    "alert/signature_id",
    "stats/uptime",
    "id.orig_h",
    "id/orig_h",
    "fuid",
    "_path",
    "hostIdentifier",
    "decoder/name",
    "manager/name",
    "data/srcip",
    "remote_addr",
    "request_uri",
    "time_iso8601",
    "ecs/version",
    "event/module",
    "event/dataset",
    "data_stream/dataset",
    "eventVersion",
    "awsRegion",
    "userIdentity/type",
    "operationName",
    "riskEventType",
    "Workload",
    "OfficeWorkload",
    "OperationName",
    "OperationNameValue",
    "protoPayload/methodName",
    "actor_location/country_code",
    "_document_id",
    "legacyEventType",
    "outcome/result",
    "auditID",
    "node_id",
    "logtype",
};

static struct slice path[SHAPE_PATH_MAX];

static size_t split(const char *text)
{
    struct slice rest = slice_str(text), part;
    size_t n = 0;

    while (n < SHAPE_PATH_MAX && slice_cut(&rest, '/', &part))
        path[n++] = part;
    return n;
}

static bool is_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, list[i]) == 0)
            return true;
    }
    return false;
}

static void test_renames(void)
{
    static const char *const ids[] = {"eventid", "eventID", "columns/eventid", "Id", "event/code"};
    static const char *const logs[] = {"channel", "columns/channel"};
    struct slice hash;

    for (size_t i = 0; i < CANH_LEN(renames); i++) {
        uint8_t ecs = ecs_find(path, split(renames[i].path));

        is_slice(ecs_name(ecs, slice_str(renames[i].provider), renames[i].id),
                 slice_str(renames[i].name), "%s of %s %u", renames[i].path, renames[i].provider,
                 renames[i].id);
        is_int(ecs_is_event_id(ecs), is_one_of(renames[i].path, ids, CANH_LEN(ids)),
               "an id, or not");
        is_int(ecs_tells_windows(ecs), is_one_of(renames[i].path, ids, 3),
               "it says enough, or not");
        is_int(ecs_is_channel(ecs), is_one_of(renames[i].path, logs, CANH_LEN(logs)),
               "a log, or not");
        is_int(ecs_part(ecs, &hash), ECS_PART_NONE, "a value of its own");
    }
    is_int(ecs_find(path, split("process/other")), ECS_NONE, "no name of the modules");
    is_int(ecs_find(path, split("executable")), ECS_NONE, "nor part of one");
    ok(!ecs_is_event_id(ECS_NONE), "nothing is no id");
    is_slice(ecs_name(ECS_NONE, SLICE("Microsoft-Windows-Sysmon"), 1), SLICE(""), "nor a name");
    is_int(ecs_part(ECS_NONE, &hash), ECS_PART_NONE, "nor part of a value");
}

/* Which log an event is from whose record does not name it. */
static void test_logs(void)
{
    static const struct {
        const char *path, *text;
        uint32_t id;
        const char *log;
    } cases[] = {
        {"Activity", "4688 - A new process has been created.", 4688, "Security"},
        {"Activity", "4688 - A new process has been created.", 4689, ""},
        {"Activity", "4688 A new process has been created.", 4688, ""},
        {"Activity", "8002 - was allowed to run.", 8002, ""},
        {"Type", "SecurityEvent", 4608, "Security"},
        {"Type", "SecurityEvent", 6424, "Security"},
        {"Type", "SecurityEvent", 1100, "Security"},
        {"Type", "SecurityEvent", 1108, "Security"},
        {"Type", "SecurityEvent", 4607, ""},
        {"Type", "SecurityEvent", 6425, ""},
        {"Type", "SecurityEvent", 1099, ""},
        {"Type", "SecurityEvent", 1109, ""},
        {"Type", "4688 - x", 4688, ""},
        {"source", "WinEventLog:Security", 1, "Security"},
        {"source", "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", 1,
         "Microsoft-Windows-Sysmon/Operational"},
        {"source", "/var/log/syslog", 1, ""},
        {"Source", "WinEventLog:Security", 1, ""},
        {"EventSourceName", "SecurityEvent", 4688, ""},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++)
        is_slice(ecs_log(ecs_find(path, split(cases[i].path)), slice_str(cases[i].text),
                         cases[i].id),
                 slice_str(cases[i].log), "%s %s", cases[i].path, cases[i].text);
    is_int(ecs_find(path, split("ProviderName")) == ECS_NONE, false, "a provider may tell it");
    is_int(ecs_find(path, split("Provider")) == ECS_NONE, false, "by another name");
    is_int(ecs_find(path, split("Provider_Name")) == ECS_NONE, false, "or by its own");
}

static void test_composed(void)
{
    for (size_t i = 0; i < CANH_LEN(composed); i++) {
        struct slice hash = SLICE("unset");
        uint8_t ecs = ecs_find(path, split(composed[i].path));

        is_int(ecs_part(ecs, &hash), composed[i].part, "%s", composed[i].path);
        is_slice(hash, slice_str(composed[i].hash), "its hash");
        is_slice(ecs_name(ecs, SLICE("Microsoft-Windows-Sysmon"), 1), SLICE(""), "no name");
    }
}

static void test_marks(void)
{
    for (size_t i = 0; i < CANH_LEN(marks); i++)
        ok(layout_has_mark(path, split(marks[i])), "%s", marks[i]);
    ok(!layout_has_mark(path, split("ecs")), "the beginning of a mark is none");
    ok(!layout_has_mark(path, split("ecs/version/x")), "what goes on is none");
    ok(!layout_has_mark(path, split("message")), "a name of many layouts is none");
}

/* What is told of layouts of Windows events is what they are known by. */
static void test_windows(void)
{
    struct keys *keys = keys_new();
    unsigned count = 0;

    for (const struct layout *l = windows_layouts; l->name != NULL; l++) {
        struct slice rest = slice_str(l->marks), mark;
        char text[100];
        bool known = false;

        count++;
        while (slice_cut(&rest, ' ', &mark)) {
            struct shape_names got;

            memcpy(text, mark.p, mark.n);
            text[mark.n] = 0;
            got = shape_resolve(keys, path, split(text));
            known |= got.count > 0 && (got.keys[0] == KEY_CHANNEL || got.keys[0] == KEY_EVENT_ID);
        }
        ok(known, "%s has a channel or an id", l->name);
    }
    is_int(count, 10, "layouts of Windows events are told of");
    keys_free(keys);
}

int main(void)
{
    test_renames();
    test_logs();
    test_composed();
    test_marks();
    test_windows();
    return tap_done();
}
