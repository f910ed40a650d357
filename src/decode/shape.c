/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which paths of a record are which Windows field, as a table of patterns (shape_path.h). The
 * canonical name is made of what the % took, in order, blanks removed; ^ makes the next letter a
 * capital.
 */
#include "base/buf.h"
#include "base/err.h"
#include "decode/decode.h"
#include "decode/shape_path.h"

enum { NAME_MAX_BYTES = 4096 };

enum row_flag {
    ROW_DATA = 1 << 0, /* the name is one of the event's data: see keys_find_data() */
    ROW_ALSO = 1 << 1, /* and what later rows say */
};

struct row {
    const char *pattern;
    const char *name;
    unsigned flags;
};

/* The first row that fits counts. */
static const struct row rows[] = {
    /* evtx_dump (also with --separate-json-attributes), python-evtx and xmltodict */
    {"Event/System/%/#attributes/%", "%_%"},
    {"Event/System/%_attributes/%", "%_%"},
    {"Event/System/%/#text", "%"},
    {"Event/System/%/@_%", "%_%"}, /* fast-xml-parser */
    {"Event/System/%/@%", "%_%"},
    {"Event/System/%/_", "%"},                 /* xml2js */
    {"Event/System/%/$", "%"},                 /* BadgerFish */
    {"Event/System/%/$/%", "%_%"},             /* xml2js */
    {"Event/System/EventID/Value", "EventID"}, /* golang-evtx and what is built on it */
    {"Event/System/%/%", "%_%"},
    {"Event/System/%", "%"},
    {"Event/EventData/Data/#text/#text", "Data"}, /* a list beside others without a name */
    {"Event/EventData/%/#text", "%", ROW_DATA},
    {"Event/EventData/%", "%", ROW_DATA},
    {"Event/UserData/*/%/#text", "%", ROW_DATA},
    {"Event/UserData/*/%", "%", ROW_DATA},
    /* the same without the outer Event: Velociraptor, Sysmon as JSON, EvtxECmd's Payload */
    {"System/%/#attributes/%", "%_%"},
    {"System/%/#text", "%"},
    {"System/%/@%", "%_%"},
    {"System/EventID/Value", "EventID"},
    {"System/%/%", "%_%"},
    {"System/%", "%"},
    {"EventData/Data/#text/#text", "Data"},
    {"EventData/%/#text", "%", ROW_DATA},
    {"EventData/%", "%", ROW_DATA},
    {"UserData/*/%/#text", "%", ROW_DATA},
    {"UserData/*/%", "%", ROW_DATA},
    /* Winlogbeat 7 and later (ECS) */
    {"winlog/event_data/param%", "Data", ROW_ALSO}, /* <Data> without a name */
    {"winlog/event_data/%", "%", ROW_DATA},
    {"winlog/user_data/%", "%", ROW_DATA},
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
    /* Wazuh: archived events, and alerts, which have them under data */
    {"win/system/providerName", "Provider_Name"},
    {"win/system/systemTime", "TimeCreated_SystemTime"},
    {"win/system/processID", "Execution_ProcessID"},
    {"win/system/threadID", "Execution_ThreadID"},
    {"win/system/%", "^%"},
    {"win/eventdata/%", "^%", ROW_DATA},
    {"data/win/system/providerName", "Provider_Name"},
    {"data/win/system/systemTime", "TimeCreated_SystemTime"},
    {"data/win/system/processID", "Execution_ProcessID"},
    {"data/win/system/threadID", "Execution_ThreadID"},
    {"data/win/system/%", "^%"},
    {"data/win/eventdata/%", "^%", ROW_DATA},
    /* Winlogbeat 6, also in OTRF data sets */
    {"event_data/param%", "Data", ROW_ALSO},
    {"event_data/data/%", "%", ROW_DATA}, /* a Collector's receiver: a list, one name each */
    {"event_data/%", "%", ROW_DATA},
    {"user_data/%", "%", ROW_DATA},
    {"log_name", "Channel"},
    {"event_id", "EventID"},
    {"event_id/id", "EventID"}, /* a Collector's receiver */
    {"source_name", "Provider_Name"},
    {"computer_name", "Computer"},
    {"record_number", "EventRecordID"},
    /* flat: NXLog, OTRF, EvtxECmd; other names there are the canonical ones already */
    {"SourceName", "Provider_Name"},
    {"ProviderGuid", "Provider_Guid"},
    {"Hostname", "Computer"},
    {"RecordNumber", "EventRecordID"},
    {"EventId", "EventID"},
    {"Provider", "Provider_Name"},
    {"EventRecordId", "EventRecordID"},
    {"TimeCreated", "TimeCreated_SystemTime"},
    /* Fluent Bit (winlog, winevtlog) */
    {"ComputerName", "Computer"},
    {"ProviderName", "Provider_Name"},
    {"StringInserts", "Data"},
    /* Get-WinEvent | ConvertTo-Json */
    {"LogName", "Channel"},
    {"UserId/Value", "Security_UserID"},
    {"MachineName", "Computer"},
    {"RecordId", "EventRecordID"},
    {"Properties/Value", "Data"},
    {"ProviderId", "Provider_Guid"},
    /* plaso (json_line) */
    {"event_identifier", "EventID"},
    {"provider_identifier", "Provider_Guid"},
    /* Azure Monitor and Sentinel (Event, SecurityEvent, WindowsEvent) */
    {"EventLog", "Channel"},
    {"EventSourceName", "Provider_Name"},
    {"TimeGenerated", "TimeCreated_SystemTime"},
    /* Splunk */
    {"EventCode", "EventID"},
    /* Telegraf */
    {"tags/Channel", "Channel"},
    {"tags/EventID", "EventID"},
    {"tags/Computer", "Computer"},
    {"tags/Source", "Provider_Name"},
    {"fields/Data_%", "%", ROW_DATA},
    /* the systemd journal as JSON (journalctl -o json) */
    {"__REALTIME_TIMESTAMP", "@timestamp"},
    {"_HOSTNAME", "host.hostname"},
    {"SYSLOG_IDENTIFIER", "process.name"},
    {"_PID", "process.pid"},
    {"_EXE", "process.executable"},
    {"_CMDLINE", "process.command_line"},
    {"_UID", "user.id"},
    {"MESSAGE", "message"},
    {"PRIORITY", "event.severity"},
    /* Suricata EVE */
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
    /* Zeek as JSON */
    {"ts", "@timestamp"},
    {"id/orig_h", "source.ip"},
    {"id/orig_p", "source.port"},
    {"id/resp_h", "destination.ip"},
    {"id/resp_p", "destination.port"},
    /* osquery */
    {"hostIdentifier", "host.hostname"},
    {"unixTime", "@timestamp"},
    /* Wazuh alerts */
    {"data/srcip", "source.ip"},
    {"data/srcport", "source.port"},
    {"data/dstuser", "user.name"},
    {"data/srcuser", "user.name"},
    {"agent/name", "host.hostname"},
    {"full_log", "message"},
    /* nginx with a log_format of JSON, as most examples have it */
    {"remote_addr", "source.ip"},
    {"remote_user", "user.name"},
    {"request_method", "http.request.method"},
    {"request_uri", "url.original"},
    {"http_user_agent", "user_agent.original"},
    {"http_referer", "http.request.referrer"},
    {"time_iso8601", "@timestamp"},
    /* many programs */
    {"timestamp", "@timestamp"},
    {"time", "@timestamp"},
    {"host", "host.hostname"},
    {"hostname", "host.hostname"},
    {"msg", "message"},
};

static void write_without_blanks(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ')
            buf_putc(out, s.p[i]);
    }
}

static void fill_name(const char *name, const struct matched_parts *taken, struct buf *out)
{
    size_t used = 0, capital = SIZE_MAX;

    for (; *name; name++) {
        if (*name == '^')
            capital = out->len;
        else if (*name == '%' && used < taken->count)
            write_without_blanks(taken->part[used++], out);
        else
            buf_putc(out, (uint8_t)*name);
    }
    if (capital < out->len && (uint8_t)(out->p[capital] - 'a') < 26)
        out->p[capital] = (uint8_t)(out->p[capital] - 'a' + 'A');
}

static void add_key(uint32_t key, struct shape_names *ret)
{
    if (key == KEY_NONE || ret->count >= CANH_LEN(ret->keys))
        return;
    if (ret->count == 1 && ret->keys[0] == key)
        return;
    ret->keys[ret->count++] = (uint16_t)key;
}

/* The number of a name just put together. */
static uint32_t key_of(const struct keys *keys, const struct buf *name, unsigned flags)
{
    if (name->err)
        return KEY_NONE;
    return flags & ROW_DATA ? keys_find_data(keys, buf_slice(name))
                            : keys_find(keys, buf_slice(name));
}

static void join_path(const struct slice *path, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_putc(out, '.');
        buf_append_slice(out, path[i]);
    }
}

/* True when some row fits. */
static bool add_rows(const struct keys *keys, const struct slice *path, size_t n,
                     struct shape_names *ret)
{
    struct buf name = BUF_INIT(NAME_MAX_BYTES);
    struct matched_parts taken;
    bool fits = false, more = true;

    for (size_t i = 0; i < CANH_LEN(rows) && more; i++) {
        if (!shape_path_fits(rows[i].pattern, path, n, &taken))
            continue;
        buf_clear(&name);
        fill_name(rows[i].name, &taken, &name);
        add_key(key_of(keys, &name, rows[i].flags), ret);
        fits = true;
        more = rows[i].flags & ROW_ALSO;
    }
    buf_done(&name);
    return fits;
}

static void add_joined(const struct keys *keys, const struct slice *path, size_t n,
                       struct shape_names *ret)
{
    struct buf name = BUF_INIT(NAME_MAX_BYTES);

    join_path(path, n, &name);
    add_key(key_of(keys, &name, 0), ret);
    buf_done(&name);
}

/* What tools put before a name: Graylog's input of Beats, GELF (and NXLog writing it). */
static const char *const prefixes[] = {"winlogbeat_", "_"};

bool shape_flat(struct slice name, struct slice *ret)
{
    for (size_t i = 0; i < CANH_LEN(prefixes); i++) {
        struct slice prefix = slice_str(prefixes[i]);

        if (slice_starts(name, prefix) && name.n > prefix.n) {
            *ret = slice_from(name, prefix.n);
            return true;
        }
    }
    *ret = name;
    return slice_starts(name, SLICE("winlog_"));
}

bool shape_flat_is(const char *pattern, struct slice name, struct slice *ret_taken)
{
    struct buf flat = BUF_INIT(NAME_MAX_BYTES);
    struct matched_parts taken = {.count = 0};
    bool fits;

    for (; *pattern; pattern++)
        buf_putc(&flat, *pattern == '/' ? (uint8_t)'_' : (uint8_t)*pattern);
    fits = flat.err == 0 && slice_find_byte(buf_slice(&flat), '*') == SIZE_MAX &&
           shape_part_fits(buf_slice(&flat), name, &taken);
    *ret_taken = taken.count > 0 ? taken.part[0] : SLICE_NULL;
    buf_done(&flat);
    return fits;
}

/* A name in which underscores stand for a path: winlog_event_data_Image. */
static void add_flat(const struct keys *keys, struct slice name, struct shape_names *ret)
{
    struct buf canonical = BUF_INIT(NAME_MAX_BYTES);
    struct matched_parts taken = {.count = 1};
    bool more = true;

    add_key(keys_find(keys, name), ret);
    for (size_t i = 0; i < CANH_LEN(rows) && more; i++) {
        if (!shape_flat_is(rows[i].pattern, name, &taken.part[0]))
            continue;
        buf_clear(&canonical);
        fill_name(rows[i].name, &taken, &canonical);
        add_key(key_of(keys, &canonical, rows[i].flags), ret);
        more = rows[i].flags & ROW_ALSO;
    }
    buf_done(&canonical);
}

struct shape_names shape_resolve(const struct keys *keys, const struct slice *path, size_t n)
{
    struct shape_names ret = {0};
    struct slice bare[SHAPE_PATH_MAX], flat;
    size_t count;

    add_joined(keys, path, n, &ret);
    if (add_rows(keys, path, n, &ret))
        return ret;
    count = shape_unwrap(path, n, bare);
    if (count > 0) {
        (void)add_rows(keys, bare, count, &ret);
        add_joined(keys, bare, count, &ret);
        path = bare;
        n = count;
    }
    if (n == 1 && shape_flat(path[0], &flat))
        add_flat(keys, flat, &ret);
    return ret;
}

/* How many names at the path's start are a tool's wrapper. */
static size_t wrapper_length(const struct slice *path, size_t n)
{
    static const char *const wrappers[] = {
        "hits/hits/_source/*", "hits/hits/fields/*", "_source/*", "fields/*", "result/*",
        "results/*", "records/*", "messages/message/*", "message/*",
        "detail/*",      /* Amazon EventBridge */
        "event/EVENT/*", /* LimaCharlie */
        /* around an event that says itself that it is one: Chainsaw, Splunk's HEC, queues */
        "document/data/Event", "documents/data/Event", "event/Event", "data/Event", "payload/Event",
        "value/Event", "body/Event"};
    struct matched_parts taken;

    for (size_t i = 0; i < CANH_LEN(wrappers); i++) {
        size_t names = 1;

        for (const char *p = wrappers[i]; *p; p++)
            names += *p == '/';
        taken.count = 0;
        if (n >= names && shape_path_fits(wrappers[i], path, names, &taken))
            return names - 1;
    }
    return 0;
}

size_t shape_unwrap(const struct slice *path, size_t n, struct slice ret[SHAPE_PATH_MAX])
{
    size_t from = wrapper_length(path, n), count = 0;

    for (size_t i = from; i < n; i++) {
        struct slice rest = path[i], part;

        while (slice_cut(&rest, '.', &part)) {
            if (count == SHAPE_PATH_MAX)
                return 0;
            ret[count++] = part;
        }
    }
    return from > 0 || count != n ? count : 0;
}

uint16_t shape_data_name(const struct keys *keys, struct slice name)
{
    struct buf text = BUF_INIT(NAME_MAX_BYTES);
    uint16_t key = KEY_NONE;

    write_without_blanks(name, &text);
    if (text.err == 0)
        key = (uint16_t)keys_find_data(keys, buf_slice(&text));
    buf_done(&text);
    return key;
}
