/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of Windows in the pairs of devices. Source: Micro Focus, "SmartConnector for Microsoft
 * Windows Event Log, Security Event Mappings"; IBM, "WinCollect"; Microsoft, "Advanced Threat
 * Analytics: SIEM support".
 */
#include "base/attr.h"
#include "base/json_write.h"
#include "base/num.h"
#include "decode/text/leef.h"

/* What names a part of the record; several keys of one name: the first that is there. */
static const struct {
    const char *key, *name;
} collector_head[] =
    {
        {"AgentLogFile", "Channel"}, {"Source", "Provider_Name"}, {"EventIDCode", "EventID"},
        {"EventID", "EventID"},      {"Computer", "Computer"},    {"RecordNumber", "EventRecordID"},
        {"Message", "Message"},
},
  leef_head[] =
      {
          {"deviceEventClassId", "EventID"},
          {"application", "Provider_Name"},
          {"resource", "Computer"},
          {"message", "Message"},
},
  cef_head[] = {
      {"cat", "Channel"},
      {"dvchost", "Computer"},
      {"msg", "Message"},
};

/* Where a connector puts the data of some events. */
static const struct {
    const char *ids, *key, *name;
} cef_data[] = {
    {"4688", "dproc", "NewProcessName"},
    {"4688", "destinationProcessName", "NewProcessName"},
    {"4688", "cs4", "CommandLine"},
    {"4624,4625", "duser", "TargetUserName"},
    {"4624,4625", "src", "IpAddress"},
    {"4624,4625", "cn1", "LogonType"},
    {"4720,4722,4725,4726,4738", "duser", "TargetUserName"},
    {"4720,4722,4725,4726,4738", "suser", "SubjectUserName"},
};

static void write_head(const struct fields *f, struct json_write *w, const char *key,
                       const char *name, const char **last)
{
    struct slice value = fields_get_own(f, slice_str(key));

    if (value.n == 0 || (*last != NULL && strcmp(*last, name) == 0))
        return;
    json_optional(w, name, value);
    *last = name;
}

static bool is_one_of(struct slice id, const char *ids)
{
    struct slice rest = slice_str(ids), part;

    while (slice_cut(&rest, ',', &part)) {
        if (slice_eq(part, id))
            return true;
    }
    return false;
}

/* `Microsoft-Windows-Security-Auditing:4688`, `Security:4688` or the number alone. */
static bool split_class(struct slice class, struct slice *ret_provider, struct slice *ret_id)
{
    size_t colon = slice_find_byte(class, ':');
    uint64_t number;

    *ret_provider = colon == SIZE_MAX ? SLICE_NULL : slice_head(class, colon);
    *ret_id = colon == SIZE_MAX ? class : slice_from(class, colon + 1);
    if (slice_is(*ret_provider, "Security"))
        *ret_provider = SLICE("Microsoft-Windows-Security-Auditing");
    return num_u64(*ret_id, &number) == 0;
}

static void write_cef(const struct fields *f, struct json_write *w)
{
    struct slice provider, id;
    const char *last = NULL;

    if (!split_class(fields_get_own(f, SLICE("deviceEventClassId")), &provider, &id))
        return;
    json_optional(w, "EventID", id);
    if (provider.n > 0)
        json_optional(w, "Provider_Name", provider);
    for (size_t i = 0; i < CANH_LEN(cef_head); i++)
        write_head(f, w, cef_head[i].key, cef_head[i].name, &last);
    json_key(w, "EventData");
    json_open(w, '{');
    for (size_t i = 0; i < CANH_LEN(cef_data); i++) {
        if (is_one_of(id, cef_data[i].ids))
            write_head(f, w, cef_data[i].key, cef_data[i].name, &last);
    }
    json_close(w, '}');
}

static struct slice first_of(const struct fields *f, const char *const *keys, size_t count)
{
    struct slice value = SLICE_NULL;

    for (size_t i = 0; i < count && value.n == 0; i++)
        value = fields_get_own(f, slice_str(keys[i]));
    return value;
}

static bool is_named(const struct fields *f)
{
    static const char *const logs[] = {"LogName", "Channel"}, *const ids[] = {"EventCode",
                                                                              "EventID", "EventId"};
    uint64_t id;

    return first_of(f, logs, CANH_LEN(logs)).n > 0 &&
           num_u64(first_of(f, ids, CANH_LEN(ids)), &id) == 0;
}

/* Pairs under the names of Windows: as they are. */
static void write_named(const struct fields *f, struct buf *out)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->own[i] && value_type_has_text(f->items[i].type)) {
            json_key_slice(&w, f->names[i]);
            json_text(&w, slice_of(f->items[i].text, f->items[i].n));
        }
    }
    json_close(&w, '}');
}

void windows_pairs_write(const struct fields *f, struct buf *out)
{
    struct json_write w = JSON_WRITE_INIT(out);
    const char *last = NULL;
    bool microsoft = slice_is(fields_get_own(f, SLICE("deviceVendor")), "Microsoft");
    struct slice product = fields_get_own(f, SLICE("deviceProduct")), provider = SLICE_NULL, id;
    bool collector = slice_is(fields_get_own(f, SLICE("AgentDevice")), "WindowsLog");
    bool cef = fields_get_own(f, SLICE("cefVersion")).p != NULL;

    if (!cef && product.n == 0 && !collector && is_named(f)) {
        write_named(f, out);
        return;
    }
    if (!collector && !(microsoft && (cef || slice_is(product, "Windows"))))
        return;
    if (!collector && !split_class(fields_get_own(f, SLICE("deviceEventClassId")), &provider, &id))
        return;
    /* a number alone is of DHCP, too */
    if (cef && provider.n == 0 && !slice_starts(product, SLICE("Microsoft Windows")) &&
        !slice_starts(product, SLICE("Windows")))
        return;
    json_open(&w, '{');
    if (collector) {
        for (size_t i = 0; i < CANH_LEN(collector_head); i++)
            write_head(f, &w, collector_head[i].key, collector_head[i].name, &last);
    } else if (cef) {
        write_cef(f, &w);
    } else {
        for (size_t i = 0; i < CANH_LEN(leef_head); i++)
            write_head(f, &w, leef_head[i].key, leef_head[i].name, &last);
    }
    json_close(&w, '}');
}
