/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/layout.h"

#include "decode/decode.h"

const struct layout windows_layouts[] = {
    {"evtx_dump, golang-evtx, xmltodict, Velociraptor", "Event/System/Channel Event/System/EventID",
     ""},
    {"Winlogbeat, Elastic Agent", "winlog/channel winlog/event_id", ""},
    {"Winlogbeat 6", "log_name event_id", ""},
    {"Graylog, GELF", "winlogbeat_winlog_channel _Channel", ""},
    {"Wazuh", "win/system/channel win/system/eventID", ""},
    {"EvtxECmd, NXLog, Fluent Bit, Splunk, Azure", "Channel EventID EventId EventCode EventLog",
     ""},
    {"Get-WinEvent | ConvertTo-Json", "LogName ProviderName", ""},
    {"osquery, Vector, Grafana's agents, OpenTelemetry's receiver", "channel event_id eventid", ""},
    {"Telegraf", "tags/Channel tags/EventID", ""},
    {"plaso (json_line)", "event_identifier xml_string", ""},
    {NULL, NULL, NULL},
};

const struct layout layouts[] = {
    {"journald", "__REALTIME_TIMESTAMP __CURSOR",
     "@timestamp host.hostname process.* user.id message event.severity"},
    {"Suricata EVE", "flow_id alert/signature_id stats/uptime",
     "source.* destination.* event.dataset url.* http.* dns.question.* rule.name event.action"},
    {"Zeek", "id.orig_h id/orig_h fuid _path", "@timestamp source.* destination.*"},
    {"osquery", "hostIdentifier", "host.hostname @timestamp"},
    {"Wazuh's alerts", "decoder/name manager/name data/srcip",
     "source.* user.name host.hostname message"},
    {"nginx", "remote_addr request_uri time_iso8601",
     "source.ip user.name http.* url.original user_agent.original @timestamp"},
    {"Elastic Common Schema", "ecs/version event/module event/dataset data_stream/dataset", ""},
    {"AWS CloudTrail", "eventVersion awsRegion userIdentity/type", ""},
    {"Azure activity, sign-in and audit logs",
     "operationName riskEventType OperationNameValue OperationName", ""},
    {"Microsoft 365 audit", "Workload OfficeWorkload", ""},
    {"Google Cloud audit", "protoPayload/methodName", ""},
    {"GitHub audit", "actor_location/country_code _document_id", ""},
    {"Okta", "legacyEventType outcome/result", ""},
    {"Kubernetes audit", "auditID", ""},
    {"OpenCanary", "node_id logtype", ""},
    {NULL, NULL, NULL},
};

bool layout_has_mark(const struct slice *path, size_t n)
{
    for (const struct layout *l = layouts; l->name != NULL; l++) {
        struct slice rest = slice_str(l->marks), mark;

        while (slice_cut(&rest, ' ', &mark)) {
            if (shape_path_is(mark, path, n))
                return true;
        }
    }
    return false;
}
