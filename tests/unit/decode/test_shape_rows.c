/* SPDX-License-Identifier: Apache-2.0 */
/* One path for each row of the tables of shapes: a row that is lost or changed is seen here. */
#include <stdio.h>

#include "decode/decode.h"
#include "json_text.h"
#include "tap.h"

static const struct {
    const char *path, *name;
} paths[] = {
    {"Event/System/Abc/#attributes/Def", "Abc_Def"},
    {"Event/System/Abc_attributes/Def", "Abc_Def"},
    {"Event/System/Abc/#text", "Abc"},
    {"Event/System/Abc/@Def", "Abc_Def"},
    {"Event/System/Abc/$", "Abc"},
    {"Event/System/Abc/@_Def", "Abc_Def"},
    {"Event/System/Abc/_", "Abc"},
    {"Event/System/Abc/$/Def", "Abc_Def"},
    {"document/data/Event/System/Abc", "Abc"},
    {"documents/data/Event/System/Abc", "Abc"},
    {"event/Event/System/Abc", "Abc"},
    {"data/Event/System/Abc", "Abc"},
    {"payload/Event/System/Abc", "Abc"},
    {"value/Event/System/Abc", "Abc"},
    {"body/Event/System/Abc", "Abc"},
    {"Event/System/EventID/Value", "EventID"},
    {"Event/System/Abc/Def", "Abc_Def"},
    {"Event/System/Abc", "Abc"},
    {"UserId/Value", "Security_UserID"},
    {"_time", "@timestamp"},
    {"Event/EventData/Data/#text", "Data"},
    {"Event/EventData/Data/#text/#text", "Data"},
    {"Event/EventData/Abc/#text", "Abc"},
    {"Event/EventData/Abc", "Abc"},
    {"Event/UserData/Wrap/Abc/#text", "Abc"},
    {"Event/UserData/Wrap/Abc", "Abc"},
    {"System/Abc/#attributes/Def", "Abc_Def"},
    {"System/Abc/#text", "Abc"},
    {"System/Abc/@Def", "Abc_Def"},
    {"System/EventID/Value", "EventID"},
    {"System/Abc/Def", "Abc_Def"},
    {"System/Abc", "Abc"},
    {"EventData/Data/#text", "Data"},
    {"EventData/Data/#text/#text", "Data"},
    {"EventData/Abc/#text", "Abc"},
    {"EventData/Abc", "Abc"},
    {"UserData/Wrap/Abc/#text", "Abc"},
    {"UserData/Wrap/Abc", "Abc"},
    {"winlog/event_data/param1", "Data"},
    {"winlog/event_data/Abc", "Abc"},
    {"winlog/user_data/Abc", "Abc"},
    {"winlog/channel", "Channel"},
    {"winlog/event_id", "EventID"},
    {"winlog/provider_name", "Provider_Name"},
    {"winlog/provider_guid", "Provider_Guid"},
    {"winlog/computer_name", "Computer"},
    {"winlog/record_id", "EventRecordID"},
    {"winlog/version", "Version"},
    {"winlog/process/pid", "Execution_ProcessID"},
    {"winlog/process/thread/id", "Execution_ThreadID"},
    {"winlog/user/identifier", "Security_UserID"},
    {"event_identifier", "EventID"},
    {"provider_identifier", "Provider_Guid"},
    {"ProviderId", "Provider_Guid"},
    {"winlogbeat_winlog_channel", "Channel"},
    {"winlogbeat_winlog_event_data_Abc", "Abc"},
    {"winlogbeat_event_id", "EventID"},
    {"winlogbeat_event_data_Abc", "Abc"},
    {"winlog_user_data_Abc", "Abc"},
    {"_SourceName", "Provider_Name"},
    {"_Abc", "Abc"},
    {"messages/message/winlogbeat_log_name", "Channel"},
    {"process/command_line", "CommandLine"},
    {"process/working_directory", "CurrentDirectory"},
    {"process/parent/executable", "ParentImage"},
    {"process/parent/command_line", "ParentCommandLine"},
    {"process/parent/pid", "ParentProcessId"},
    {"process/parent/entity_id", "ParentProcessGuid"},
    {"process/pe/original_file_name", "OriginalFileName"},
    {"process/pe/company", "Company"},
    {"process/pe/description", "Description"},
    {"process/pe/product", "Product"},
    {"process/pe/file_version", "FileVersion"},
    {"win/system/providerName", "Provider_Name"},
    {"win/system/systemTime", "TimeCreated_SystemTime"},
    {"win/system/processID", "Execution_ProcessID"},
    {"win/system/threadID", "Execution_ThreadID"},
    {"win/system/abc", "Abc"},
    {"win/eventdata/abc", "Abc"},
    {"data/win/system/providerName", "Provider_Name"},
    {"data/win/system/systemTime", "TimeCreated_SystemTime"},
    {"data/win/system/processID", "Execution_ProcessID"},
    {"data/win/system/threadID", "Execution_ThreadID"},
    {"data/win/system/abc", "Abc"},
    {"data/win/eventdata/abc", "Abc"},
    {"event_data/param1", "Data"},
    {"event_data/Abc", "Abc"},
    {"user_data/Abc", "Abc"},
    {"log_name", "Channel"},
    {"event_id", "EventID"},
    {"event_id/id", "EventID"},
    {"event_data/data/Abc", "Abc"},
    {"tags/Channel", "Channel"},
    {"tags/EventID", "EventID"},
    {"tags/Computer", "Computer"},
    {"tags/Source", "Provider_Name"},
    {"fields/Data_Abc", "Abc"},
    {"detail/Event/System/Abc", "Abc"},
    {"event/EVENT/Event/System/Abc", "Abc"},
    {"event/EVENT/System/Abc", "Abc"},
    {"source_name", "Provider_Name"},
    {"computer_name", "Computer"},
    {"record_number", "EventRecordID"},
    {"SourceName", "Provider_Name"},
    {"ProviderGuid", "Provider_Guid"},
    {"Hostname", "Computer"},
    {"RecordNumber", "EventRecordID"},
    {"EventId", "EventID"},
    {"Provider", "Provider_Name"},
    {"EventRecordId", "EventRecordID"},
    {"TimeCreated", "TimeCreated_SystemTime"},
    {"ComputerName", "Computer"},
    {"ProviderName", "Provider_Name"},
    {"StringInserts", "Data"},
    {"LogName", "Channel"},
    {"MachineName", "Computer"},
    {"RecordId", "EventRecordID"},
    {"Properties/Value", "Data"},
    {"EventLog", "Channel"},
    {"EventSourceName", "Provider_Name"},
    {"TimeGenerated", "TimeCreated_SystemTime"},
    {"EventCode", "EventID"},
    {"__REALTIME_TIMESTAMP", "@timestamp"},
    {"_HOSTNAME", "host.hostname"},
    {"SYSLOG_IDENTIFIER", "process.name"},
    {"_PID", "process.pid"},
    {"_EXE", "process.executable"},
    {"_CMDLINE", "process.command_line"},
    {"_UID", "user.id"},
    {"MESSAGE", "message"},
    {"PRIORITY", "event.severity"},
    {"src_ip", "source.ip"},
    {"src_port", "source.port"},
    {"dest_ip", "destination.ip"},
    {"dest_port", "destination.port"},
    {"event_type", "event.dataset"},
    {"in_iface", "observer.ingress.interface.name"},
    {"http/hostname", "url.domain"},
    {"http/url", "url.original"},
    {"http/http_user_agent", "user_agent.original"},
    {"http/http_method", "http.request.method"},
    {"http/status", "http.response.status_code"},
    {"http/http_refer", "http.request.referrer"},
    {"dns/rrname", "dns.question.name"},
    {"dns/rrtype", "dns.question.type"},
    {"alert/signature", "rule.name"},
    {"alert/action", "event.action"},
    {"ts", "@timestamp"},
    {"id.orig_h", "source.ip"},
    {"id.orig_p", "source.port"},
    {"id.resp_h", "destination.ip"},
    {"id.resp_p", "destination.port"},
    {"id/orig_h", "source.ip"},
    {"id/orig_p", "source.port"},
    {"id/resp_h", "destination.ip"},
    {"id/resp_p", "destination.port"},
    {"hostIdentifier", "host.hostname"},
    {"unixTime", "@timestamp"},
    {"data/srcip", "source.ip"},
    {"data/srcport", "source.port"},
    {"data/dstuser", "user.name"},
    {"data/srcuser", "user.name"},
    {"agent/name", "host.hostname"},
    {"full_log", "message"},
    {"remote_addr", "source.ip"},
    {"remote_user", "user.name"},
    {"request_method", "http.request.method"},
    {"request_uri", "url.original"},
    {"http_user_agent", "user_agent.original"},
    {"http_referer", "http.request.referrer"},
    {"time_iso8601", "@timestamp"},
    {"timestamp", "@timestamp"},
    {"time", "@timestamp"},
    {"host", "host.hostname"},
    {"hostname", "host.hostname"},
    {"msg", "message"},
};

static const struct {
    const char *path;
    enum shape_role role;
} roles[] = {
    {"Event/EventData/Data", SHAPE_PAIR},
    {"Event/EventData/Data/@Name", SHAPE_PAIR_NAME},
    {"Event/EventData/Data/Name", SHAPE_PAIR_NAME},
    {"Event/EventData/Data/#attributes/Name", SHAPE_PAIR_NAME},
    {"Event/EventData/Data/#text", SHAPE_PAIR_TEXT},
    {"Event/EventData/Data/content", SHAPE_PAIR_TEXT},
    {"Event/EventData/Data/Value", SHAPE_PAIR_TEXT},
    {"Event/EventData/ComplexData", SHAPE_PAIR},
    {"Event/EventData/ComplexData/@Name", SHAPE_PAIR_NAME},
    {"Event/EventData/ComplexData/Name", SHAPE_PAIR_NAME},
    {"Event/EventData/ComplexData/#attributes/Name", SHAPE_PAIR_NAME},
    {"Event/EventData/ComplexData/#text", SHAPE_PAIR_TEXT},
    {"Event/EventData/ComplexData/content", SHAPE_PAIR_TEXT},
    {"Event/EventData/ComplexData/Value", SHAPE_PAIR_TEXT},
    {"Event/EventData/Data/@_Name", SHAPE_PAIR_NAME},
    {"Event/EventData/Data/$/Name", SHAPE_PAIR_NAME},
    {"EventData/Data/Key", SHAPE_PAIR_NAME},
    {"Event/EventData/Data/_", SHAPE_PAIR_TEXT},
    {"Event/EventData/Data/$", SHAPE_PAIR_TEXT},
    {"value/Event/EventData/Data/$", SHAPE_PAIR_TEXT},
    {"EventData/Data/name", SHAPE_PAIR_NAME},
    {"EventData/Data/key", SHAPE_PAIR_NAME},
    {"EventData/Data/value", SHAPE_PAIR_TEXT},
    {"event_data/Data/Name", SHAPE_PAIR_NAME},
    {"winlog/event_data/Data/Value", SHAPE_PAIR_TEXT},
    {"other/Data/Name", SHAPE_PLAIN},
    {"Event/EventData/Data/Other", SHAPE_PLAIN},
    {"Event/EventData/Other/@Name", SHAPE_PLAIN},
    {"Event/Event/EventData/Data", SHAPE_PLAIN},
    {"Data/@Name", SHAPE_PLAIN},
    {"EventData/ComplexData", SHAPE_PAIR},
    {"EventData/ComplexData/@Name", SHAPE_PAIR_NAME},
    {"EventData/ComplexData/Name", SHAPE_PAIR_NAME},
    {"EventData/ComplexData/#attributes/Name", SHAPE_PAIR_NAME},
    {"EventData/ComplexData/#text", SHAPE_PAIR_TEXT},
    {"EventData/ComplexData/content", SHAPE_PAIR_TEXT},
    {"EventData/ComplexData/Value", SHAPE_PAIR_TEXT},
    {"EventData/Data", SHAPE_PAIR},
    {"EventData/Data/@Name", SHAPE_PAIR_NAME},
    {"EventData/Data/Name", SHAPE_PAIR_NAME},
    {"EventData/Data/#attributes/Name", SHAPE_PAIR_NAME},
    {"EventData/Data/#text", SHAPE_PAIR_TEXT},
    {"EventData/Data/content", SHAPE_PAIR_TEXT},
    {"EventData/Data/Value", SHAPE_PAIR_TEXT},
    {"Payload", SHAPE_NESTED},
    {"_raw", SHAPE_RECORD},
    {"CloudTrailEvent", SHAPE_RECORD},
    {"AuditData", SHAPE_RECORD},
    {"request", SHAPE_REQUEST},
    {"RuleTitle", SHAPE_FINDING},
    {"other/RuleTitle", SHAPE_PLAIN},
    {"line", SHAPE_MESSAGE},
    {"RenderedDescription", SHAPE_MESSAGE},
    {"event_data", SHAPE_DATA_TEXT},
    {"columns/data", SHAPE_DATA_TEXT},
    {"xml_string", SHAPE_RECORD},
    {"System", SHAPE_RECORD},
    {"raw", SHAPE_RECORD},
    {"raw_event", SHAPE_RECORD},
    {"RawEvent", SHAPE_RECORD},
    {"xml", SHAPE_RECORD},
    {"Xml", SHAPE_RECORD},
    {"EventXml", SHAPE_RECORD},
    {"EventXML", SHAPE_RECORD},
    {"winlog/xml", SHAPE_RECORD},
    {"message", SHAPE_MESSAGE},
    {"Message", SHAPE_MESSAGE},
    {"msg", SHAPE_MESSAGE},
    {"short_message", SHAPE_MESSAGE},
    {"full_message", SHAPE_MESSAGE},
    {"full_log", SHAPE_MESSAGE},
    {"log", SHAPE_MESSAGE},
    {"event/original", SHAPE_ORIGINAL},
    {"Body", SHAPE_MESSAGE},
    {"body/text", SHAPE_MESSAGE},
    {"event", SHAPE_MESSAGE},
    {"data", SHAPE_MESSAGE},
    {"EventData", SHAPE_DATA_TEXT},
    {"UserData", SHAPE_DATA_TEXT},
    {"Event/EventData", SHAPE_DATA_TEXT},
    {"Event/UserData", SHAPE_DATA_TEXT},
    {"properties/EventData", SHAPE_DATA_TEXT},
    {"_source/winlog/xml", SHAPE_RECORD},
    {"fields/event.original", SHAPE_ORIGINAL},
    {"result/_raw", SHAPE_RECORD},
    {"_source/ecs/version", SHAPE_MARK},
    {"ecs/version", SHAPE_MARK},
    {"Event/System/Data", SHAPE_PLAIN},
    {"Event/System", SHAPE_PLAIN},
    {"a/message", SHAPE_PLAIN},
};

static size_t split(const char *text, struct slice ret[SHAPE_PATH_MAX])
{
    struct slice rest = slice_str(text), part;
    size_t n = 0;

    while (n < SHAPE_PATH_MAX && slice_cut(&rest, '/', &part))
        ret[n++] = part;
    return n;
}

static void test_names(void)
{
    struct slice path[SHAPE_PATH_MAX];

    for (size_t i = 0; i < CANH_LEN(paths); i++) {
        struct keys *keys = keys_new();
        struct shape_names got;

        mention(keys, &paths[i].name, 1);
        got = shape_resolve(keys, path, split(paths[i].path, path));
        ok(got.count == 1 && slice_is(keys_name(keys, got.keys[0]), paths[i].name), "%s is %s",
           paths[i].path, paths[i].name);
        keys_free(keys);
    }
}

/* Which of the names that rules mention a path stands for, with blanks between. */
static void stands_for(const char *text, const char *const *names, size_t count, const char *want)
{
    struct slice path[SHAPE_PATH_MAX];
    struct keys *keys = keys_new();
    struct buf out = BUF_INIT(1000);
    struct shape_names got;

    mention(keys, names, count);
    got = shape_resolve(keys, path, split(text, path));
    for (uint32_t i = 0; i < got.count; i++) {
        buf_puts(&out, i ? " " : "");
        buf_append_slice(&out, keys_name(keys, got.keys[i]));
    }
    is_str(buf_cstr(&out), want, "%s", text);
    buf_done(&out);
    keys_free(keys);
}

static void test_several(void)
{
    static const char *const param[] = {"Data", "param1"};
    static const char *const id[] = {"EventID", "EventID_Value"};
    static const char *const flat[] = {"winlog_channel", "Channel"};
    static const char *const provider[] = {"Provider_Name", "ProviderName"};
    static const char *const host[] = {"host.hostname", "HOSTNAME"};
    static const char *const own[] = {"winlog.channel", "Channel"};
    struct slice path[SHAPE_PATH_MAX];
    char dots[400];

    stands_for("winlog/event_data/param1", param, 2, "Data param1");
    stands_for("event_data/param1", param, 2, "Data param1");
    stands_for("winlogbeat_event_data_param1", param, 2, "Data param1");
    stands_for("winlogbeat_event_data_param1", param + 1, 1, "param1");
    stands_for("winlog_channel", flat, 2, "winlog_channel Channel");
    stands_for("_win_system_providerName", provider, 2, "Provider_Name");
    stands_for("Event/System/EventID/Value", id, 2, "EventID");
    stands_for("_HOSTNAME", host, 2, "host.hostname");
    stands_for("winlog/channel", own, 2, "winlog.channel Channel");
    stands_for("hits/hits/_source/winlog/channel", own, 2, "Channel winlog.channel");
    stands_for("hits/hits/fields/winlog.channel", own, 2, "Channel winlog.channel");
    stands_for("records/winlog/channel", own, 2, "Channel winlog.channel");
    memset(dots, 'a', sizeof(dots));
    for (size_t i = 1; i < sizeof(dots); i += 2)
        dots[i] = '.';
    path[0] = slice_of(dots, sizeof(dots) - 1);
    is_int(shape_unwrap(path, 1, path), 0, "more parts than a path has");
}

static void test_nested(void)
{
    ok(shape_nested(SLICE(" { \"EventData\": {}}")), "data");
    ok(shape_nested(SLICE("{\"UserData\":{}}")), "a program's data");
    ok(!shape_nested(SLICE("\"EventData\": {}")), "no object");
    ok(!shape_nested(SLICE("{\"Other\": {}}")), "another object");
    ok(!shape_nested(SLICE("{")) && !shape_nested(SLICE("")), "nothing");
}

/* Names of System below a path of the data. */
static void test_data(void)
{
    static const struct {
        const char *before, *behind;
    } data[] = {
        {"Event/EventData/", ""},
        {"Event/EventData/", "/#text"},
        {"Event/UserData/W/", ""},
        {"EventData/", ""},
        {"EventData/", "/#text"},
        {"UserData/W/", ""},
        {"winlog/event_data/", ""},
        {"winlog/user_data/", ""},
        {"event_data/", ""},
        {"user_data/", ""},
        {"win/eventdata/", ""},
        {"data/win/eventdata/", ""},
        {"UserData/W/", "/#text"},
        {"Event/UserData/W/", "/#text"},
        {"_source/winlog/event_data/", ""},
        {"fields/winlog.event_data.", ""},
    };
    struct slice path[SHAPE_PATH_MAX];
    struct keys *keys = keys_new();
    char text[100];

    for (size_t i = 0; i < CANH_LEN(data); i++) {
        struct shape_names got;

        (void)snprintf(text, sizeof(text), "%sComputer%s", data[i].before, data[i].behind);
        ok(shape_resolve(keys, path, split(text, path)).count == 0, "%s is not System's", text);
        (void)snprintf(text, sizeof(text), "%sChannel%s", data[i].before, data[i].behind);
        got = shape_resolve(keys, path, split(text, path));
        ok(got.count == 1 && got.keys[0] == KEY_DATA_CHANNEL, "%s is the data's", text);
    }
    is_int(shape_data_name(keys, SLICE("Chan nel")), KEY_DATA_CHANNEL, "the name of a pair");
    is_int(shape_data_name(keys, SLICE("EventID")), KEY_NONE, "a pair is no EventID");
    keys_free(keys);
}

static void test_roles(void)
{
    struct slice path[SHAPE_PATH_MAX];

    for (size_t i = 0; i < CANH_LEN(roles); i++)
        ok(shape_role(path, split(roles[i].path, path)) == roles[i].role, "%s", roles[i].path);
}

int main(void)
{
    test_names();
    test_several();
    test_nested();
    test_data();
    test_roles();
    return tap_done();
}
