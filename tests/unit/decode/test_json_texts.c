/* SPDX-License-Identifier: Apache-2.0 */
/* Records whose values say more than a value: documents and words in texts, names put together. */
#include <stdlib.h>

#include "base/time.h"
#include "decode/decoder.h"
#include "json_text.h"
#include "tap.h"

static const char *const names[] = {"Image",
                                    "CommandLine",
                                    "UtcTime",
                                    "Payload",
                                    "User",
                                    "Hashes",
                                    "process.executable",
                                    "NewProcessName",
                                    "http.request.method",
                                    "deviceEventClassId"};
static struct keys *keys;
static struct buf seen = {.max = 1 << 20};

/* Fields that are mentioned; "!" some are lost, "+" all text stands in the record. */
static const char *read_with(const struct decode_limits *limits, struct slice text)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, limits);
    uint8_t *p = padded(text);
    struct decode_block block = {.text = slice_of(p, text.n), .line = 1, .single = true};
    struct decode_fault fault;
    struct event e;

    buf_clear(&seen);
    if (d == NULL)
        abort();
    decoder_open(d, &block);
    if (decoder_next(d, &e, &fault) > 0) {
        for (uint32_t i = 0; i < e.count; i++) {
            const struct field *f = &e.fields[i];

            if (f->key == KEY_NONE || !value_type_has_text(f->type))
                continue;
            buf_append_slice(&seen, keys_name(keys, f->key));
            buf_putc(&seen, '=');
            field_text(f, &seen);
            buf_putc(&seen, ' ');
        }
        buf_puts(&seen, e.flags & EVENT_FIELDS_LOST ? "!" : "");
        buf_puts(&seen, e.flags & EVENT_TEXT_IN_RAW ? "+" : "");
    }
    (void)decoder_free(d);
    free(p);
    return buf_cstr(&seen);
}

static void record_is(const char *text, const char *want)
{
    is_str(read_with(&decode_default_limits, slice_str(text)), want, "%.70s", text);
}

#define XML(inside)                                                                                \
    "<Event><System><Channel>S</Channel></System><EventData>" inside "</EventData></Event>"
#define IMAGE XML("<Data Name='Image'>a</Data>")

static void test_documents(void)
{
    static const char *const before[] = {"\\u003c", "\\u003C",  "\\r<", "\\n<",
                                         "\\t<",    "\\ufeff<", " <"};
    struct buf text = BUF_INIT(4096);

    for (size_t i = 0; i < CANH_LEN(before); i++) {
        buf_clear(&text);
        buf_printf(&text, "{\"message\":\"%s%s\"}", before[i], &IMAGE[1]);
        record_is(buf_cstr(&text), "Channel=S Image=a ");
    }
    buf_done(&text);
    record_is("{\"_raw\":\"\\ufeff{\\\"Channel\\\":\\\"S\\\"}\"}", "Channel=S ");
    record_is("{\"xml\":\"<other/>\"}", "+");
    record_is("{\"xml\":\"" XML("<Data Name='Image'>a&amp;b</Data>") "\",\"raw\":\"" XML(
                  "<Data Name='CommandLine'>c&amp;d</Data>") "\"}",
              "Channel=S Image=a&b Channel=S CommandLine=c&d ");
    record_is("{\"xml\":\"" XML("<Data Name='EventID'>4720</Data>") "\"}", "Channel=S ");
    record_is("{\"xml\":\"<Event><System><EventID>1</EventID></System><UserData><x><EventID>4720</"
              "EventID>"
              "</x></UserData></Event>\"}",
              "EventID=1 ");
    record_is("{\"event_data\":\"<UserData><x><Image>a</Image></x></UserData>\"}", "Image=a ");
    record_is("{\"event_data\":\"<EventData><Data Name='Image'>a</Data></EventData>\"}",
              "Image=a ");
    record_is("{\"EventID\":1,\"event_data\":\"<Event><System><Channel>S</Channel></System>"
              "<EventData><Data Name='Image'>a</Data></EventData></Event>\"}",
              "EventID=1 Image=a ");
    record_is("{\"event_data\":\"< no tag\"}", "+");
    record_is("{\"EventID\":1,\"EventData\":[{\"@Name\":\"Image\",\"#text\":\"a\"}]}",
              "EventID=1 Image=a +");
    record_is("{\"_raw\":\"[{\\\"Channel\\\":\\\"S\\\"}]\"}", "+");
    record_is("{\"xml\":\"{not\",\"raw\":\"{\\\"Channel\\\":\\\"S\\\"}\"}", "Channel=S ");
    record_is("{\"xml\":\"" IMAGE "\",\"raw\":\"" XML("<Data Name='CommandLine'>b</Data>") "\"}",
              "Channel=S Image=a Channel=S CommandLine=b ");
    record_is(
        "{\"_raw\":\"{\\\"message\\\":\\\"{\\\\\\\"Channel\\\\\\\":\\\\\\\"S\\\\\\\"}\\\"}\"}", "");
    record_is("{\"_raw\":\"{\\\"event_data\\\":\\\"<Data Name='Image'>a</Data>\\\"}\"}",
              "Image=a ");
    record_is("{\"_raw\":\"{\\\"event_data\\\":\\\"<Data Name='Image'>a</Data>\\\" bad\"}", "+");
    record_is(
        "{\"EventID\":1,\"EventData\":\"[{\\\"@Name\\\":\\\"Image\\\",\\\"#text\\\":\\\"a\\\"}]\"}",
        "EventID=1 Image=a ");
    record_is("{\"EventID\":1,\"EventData\":\"{\\\"Image\\\":\\\"a\\\"}\"}", "EventID=1 Image=a ");
}

/* Words of Windows in a text. */
static void test_words(void)
{
#define WORDS(slash)                                                                               \
    "{\"_raw\":\"01" slash "02" slash "2026 03:04:05 PM\\nLogName=S\\nEventCode=1\\n"              \
    "SourceName=Microsoft-Windows-Sysmon\\nMessage=Image: a\"}"
    record_is(WORDS("/"), "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon Image=a "
                          "@timestamp=2026-01-02T15:04:05 ");
    record_is(WORDS("\\/"), "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon Image=a "
                            "@timestamp=2026-01-02T15:04:05 ");
    record_is(WORDS("-"), "+");
    record_is("{\"_raw\":\"01/02\"}", "+");
    record_is("{\"_raw\":\"01/02/2026 03:04:05 PM\\nno head\"}", "+");
}

#define SYSMON "\"Channel\":\"S\",\"EventID\":1,\"ProviderName\":\"Microsoft-Windows-Sysmon\""

static void test_messages(void)
{
    static const char head[] = "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon ";
    struct buf want = BUF_INIT(500);

    buf_printf(&want, "%sImage=a ", head);
    record_is("{" SYSMON ",\"Message\":\"Image: a\"}", buf_cstr(&want));
    buf_clear(&want);
    buf_printf(&want, "%sUtcTime=t +", head);
    record_is("{" SYSMON ",\"UtcTime\":\"t\",\"Message\":\"Image: a\"}", buf_cstr(&want));
    record_is("{\"EventID\":1,\"ProviderName\":\"Microsoft-Windows-Sysmon\"}",
              "EventID=1 Provider_Name=Microsoft-Windows-Sysmon "
              "Channel=Microsoft-Windows-Sysmon/Operational ");
    record_is("{\"Channel\":\"S\",\"EventID\":1,\"event\":{\"original\":\"" IMAGE "\"}}",
              "Channel=S EventID=1 Channel=S Image=a ");
    record_is("{\"Channel\":\"S\",\"EventID\":1,\"Image\":\"b\",\"event\":{\"original\":\"" IMAGE
              "\"}}",
              "Channel=S EventID=1 Image=b +");
    record_is("{\"Channel\":\"S\",\"message\":\"" IMAGE "\"}", "Channel=S +");
    record_is("{\"EventID\":1,\"message\":\"" IMAGE "\"}", "EventID=1 +");
    buf_clear(&want);
    buf_printf(&want, "%sImage=a ", head);
    record_is("{" SYSMON ",\"message\":\"x\",\"Message\":\"Image: a\"}", buf_cstr(&want));
    record_is("{" SYSMON ",\"Message\":\"Image: a\",\"message\":\"x\"}", buf_cstr(&want));
    record_is("{" SYSMON ",\"event\":{\"original\":\"Image: a\"}}", buf_cstr(&want));
    record_is("{\"Channel\":\"S\",\"EventID\":1,\"message\":\"" IMAGE "\"}",
              "Channel=S EventID=1 +");
    record_is("{" SYSMON ",\"Message\":\"\"}",
              "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon +");
    record_is("{" SYSMON ",\"Message\":\" \\r\\n\"}",
              "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon +");
    record_is("{\"remote_addr\":\"x\",\"request\":\"GET / HTTP/1.1\"}", "http.request.method=GET ");
    record_is("{\"request\":\"GET / HTTP/1.1\",\"remote_addr\":\"x\"}", "http.request.method=GET ");
    record_is("{\"remote_addr\":\"x\",\"request\":\"GET / x\"}", "+");
    record_is("{\"remote_addr\":\"x\",\"request\":\"HTTP/1.1\"}", "+");
    record_is("{\"remote_addr\":\"x\",\"request\":\"gET / HTTP/1.1\"}", "+");
    record_is("{\"remote_addr\":\"x\",\"request\":\"GEt / HTTP/1.1\"}", "+");
    record_is("{\"message\":\"LEEF:1.0|a|b|c|d\"}", "deviceEventClassId=d event.module=leef ");
    buf_done(&want);
}

/* The time that the event has by a line in it: text, "local " before one without a zone; "": none.
 */
static const char *time_of(const char *text)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    uint8_t *p = padded(slice_str(text));
    struct decode_context context = decode_no_context;
    struct decode_block block = {.text = slice_of(p, strlen(text)), .context = &context, .line = 1};
    struct decode_fault fault;
    struct event e;

    context.year = 2026;
    buf_clear(&seen);
    decoder_open(d, &block);
    if (decoder_next(d, &e, &fault) > 0 && e.flags & EVENT_TIME) {
        buf_puts(&seen, e.flags & EVENT_TIME_LOCAL ? "local " : "");
        time_format(&seen, e.time, 0);
    }
    ok((e.flags & EVENT_FIELDS_LOST) == 0, "nothing is lost");
    (void)decoder_free(d);
    free(p);
    return buf_cstr(&seen);
}

#define LOCAL_LINE "\"message\":\"Nov 12 08:00:01 h app[1]: x\""
#define ZONED_LINE "\"message\":\"2026-11-12T08:00:01+07:00 h app[1]: x\""
#define OWN_TIME   "\"@timestamp\":\"2026-11-12T09:00:00Z\""

/* When the line says it happened, and the record only when it was read. */
static void test_times(void)
{
    is_str(time_of("{" LOCAL_LINE "}"), "local 2026-11-12T08:00:01Z", "a clock on a wall");
    is_str(time_of("{" LOCAL_LINE "," OWN_TIME "}"), "", "less than the record's own time");
    is_str(time_of("{" ZONED_LINE "}"), "2026-11-12T01:00:01Z", "a zone");
    is_str(time_of("{" ZONED_LINE "," OWN_TIME "}"), "2026-11-12T01:00:01Z", "more than that");
    is_str(time_of("{" LOCAL_LINE ",\"EventTime\":\"2026-11-12 09:00:00\"}"), "",
           "the record's own by another name");
}

static bool is_known(const char *text)
{
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    uint8_t *p = padded(slice_str(text));
    struct decode_block block = {.text = slice_of(p, strlen(text)), .line = 1};
    struct decode_fault fault;
    struct event e;
    bool known;

    decoder_open(d, &block);
    known = decoder_next(d, &e, &fault) > 0 && event_is_known(d->format, &e);
    (void)decoder_free(d);
    free(p);
    return known;
}

/* What another tool found is of no log, whatever the finding says of the event. */
static void test_findings(void)
{
    record_is("{" SYSMON ",\"RuleTitle\":\"x\",\"Image\":\"a\"}", "Image=a +");
    ok(is_known("{" SYSMON "}") && is_known("{\"auditID\":1}"), "events of known layouts");
    ok(!is_known("{" SYSMON ",\"RuleTitle\":\"x\"}"), "a finding of one of Windows");
    ok(!is_known("{\"auditID\":1,\"RuleTitle\":\"x\"}"), "of one that has a mark");
}

/* Records that name neither log nor provider by names that only Windows has. */
static void test_hints(void)
{
    record_is("{\"channel\":\"S\",\"eventid\":1}", "Channel=S EventID=1 +");
    record_is("{\"eventID\":1,\"channel\":\"S\"}", "EventID=1 Channel=S +");
    record_is("{\"channel\":\"S\",\"event\":{\"code\":\"1\"}}", "+");
    record_is("{\"user\":{\"domain\":\"C\"},\"event\":{\"code\":\"4688\"}}", "+");
    record_is("{\"EventID\":4688,\"Type\":\"SecurityEvent\"}", "EventID=4688 Channel=Security ");
    record_is("{\"Channel\":\"S\",\"EventID\":4688,\"Type\":\"SecurityEvent\"}",
              "Channel=S EventID=4688 +");
    record_is("{\"user\":{\"name\":\"a\"},\"EventID\":4688,\"Type\":\"SecurityEvent\"}",
              "EventID=4688 Channel=Security ");
    record_is("{\"process\":{\"executable\":\"x\"},\"winlog\":{\"provider_name\":\"Microsoft-"
              "Windows-Sysmon\"}}",
              "process.executable=x Provider_Name=Microsoft-Windows-Sysmon Image=x +");
    record_is("{\"EventID\":1,\"Type\":\"SecurityEvent\"}", "EventID=1 +");
    record_is("{\"EventID\":4688,\"Type\":\"Other\"}", "EventID=4688 Channel=Security ");
    record_is("{\"EventID\":1,\"Type\":\"Other\"}", "EventID=1 +");
    record_is("{\"event\":{\"code\":\"x\"},\"winlog\":{\"provider_name\":\"P\"}}",
              "Provider_Name=P +");
    record_is("{\"event\":{\"code\":\"4294967295\"},\"winlog\":{\"provider_name\":\"P\"}}",
              "Provider_Name=P +");
    record_is("{\"event\":{\"code\":\"4294967294\"},\"winlog\":{\"provider_name\":\"P\"}}",
              "EventID=4294967294 Provider_Name=P +");
}

static void test_nested(void)
{
    record_is("{\"Payload\":\"{\\\"EventData\\\":{\\\"Image\\\":\\\"a\\\"}}\"}", "Image=a ");
    record_is("{\"Payload\":\"plain\"}", "Payload=plain +");
    record_is("{\"Payload\":\"{\\\"EventData\\\":\"}", "Payload={\"EventData\": +");
    record_is("{\"Payload\":\"{\\\"EventData\\\":{\\\"Image\\\":\\\"a\\\"}}\",\"xml\":\"" IMAGE
              "\"}",
              "Image=a Channel=S Image=a ");
}

/* Names that are put together, or stand for another, of Winlogbeat's modules. */
static void test_composed(void)
{
#define WINLOG                                                                                     \
    "\"winlog\":{\"channel\":\"S\",\"event_id\":1,\"provider_name\":\"Microsoft-Windows-Sysmon\"}"
    record_is("{\"user\":{\"domain\":\"C\",\"name\":\"an\"}," WINLOG "}",
              "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon User=C\\an ");
    record_is("{\"user\":{\"name\":\"an\",\"domain\":\"C\"}," WINLOG "}",
              "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon User=C\\an ");
    record_is("{\"process\":{\"hash\":{\"md5\":\"aa\",\"sha1\":\"bb\"}}," WINLOG "}",
              "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon Hashes=MD5=aa,SHA1=bb ");
    record_is("{\"process\":{\"executable\":\"x\"}," WINLOG "}",
              "process.executable=x Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon "
              "Image=x +");
    record_is("{\"event\":{\"code\":\"1\"},\"process\":{\"executable\":\"x\"},"
              "\"winlog\":{\"provider_name\":\"Microsoft-Windows-Sysmon\"}}",
              "EventID=1 process.executable=x Provider_Name=Microsoft-Windows-Sysmon Image=x "
              "Channel=Microsoft-Windows-Sysmon/Operational ");
}

/* With room for few fields those that somebody mentions are kept, and it is told. */
static void test_few(void)
{
    struct decode_limits few = decode_default_limits;

    few.max_fields = 2;
    is_str(read_with(&few, SLICE("{\"xml\":\"" IMAGE "\",\"a\":1,\"b\":2}")), "Image=a Channel=S !",
           "of a document");
    is_str(read_with(&few, SLICE("{\"a\":1,\"b\":2,\"EventData\":{\"Data\":[{\"@Name\":\"Image\","
                                 "\"#text\":\"a\"}]}}")),
           "Image=a !+", "of a pair");
    few.max_fields = 4;
    is_str(read_with(&few, SLICE("{" SYSMON ",\"Message\":\"Image: a\",\"b\":1}")),
           "Channel=S EventID=1 Provider_Name=Microsoft-Windows-Sysmon Image=a !",
           "of a message, beside what is lost");
    few.max_fields = 2;
    is_str(read_with(&few, SLICE("{\"a\":1,\"b\":2,\"Image\":\"a\"}")), "Image=a !+", "of a name");
}

/* Neither log nor provider: by the id, and by a name that only that log's events have. */
static void test_logs(void)
{
    static const struct {
        const char *record, *want;
    } rows[] = {
        {"{\"EventID\":4688,\"x\":1}", "EventID=4688 Channel=Security "},
        {"{\"EventId\":\"1102\"}", "EventID=1102 Channel=Security "},
        {"{\"EventCode\" : 4798}", "EventID=4798 Channel=Security "},
        {"{\"event_id\":4720,\"SubjectUserSid\":\"S\"}", "EventID=4720 Channel=Security "},
        {"{\"event_id\":4720}", "EventID=4720 +"},
        {"{\"EventID\":5719}", "EventID=5719 +"}, /* NETLOGON's */
        {"{\"EventID\":4607}", "EventID=4607 +"},
        {"{\"EventID\":1,\"Image\":\"a\"}", "EventID=1 Image=a +"},
        {"{\"EventID\":1,\"Image\":\"a\",\"ParentImage\" :\n\"b\"}",
         "EventID=1 Image=a Channel=Microsoft-Windows-Sysmon/Operational "},
        {"{\"EventID\":1,\"Image\":\"ParentImage\"}", "EventID=1 Image=ParentImage +"},
        {"{\"EventID\":4,\"ParentImage\":1}", "EventID=4 +"},
        {"{\"EventID\":26,\"TargetFilename\":\"b\"}",
         "EventID=26 Channel=Microsoft-Windows-Sysmon/Operational "},
        {"{\"EventID\":13,\"ProcessGuid\":\"b\"}",
         "EventID=13 Channel=Microsoft-Windows-Sysmon/Operational "},
        {"{\"EventID\":4104,\"ScriptBlockText\":\"b\"}",
         "EventID=4104 Channel=Microsoft-Windows-PowerShell/Operational "},
        {"{\"EventID\":7045,\"ImagePath\":\"b\"}", "EventID=7045 Channel=System "},
        {"{\"EventID\":7045}", "EventID=7045 +"},
        {"{\"EventID\":1116,\"Threat Name\":\"b\"}",
         "EventID=1116 Channel=Microsoft-Windows-Windows Defender/Operational "},
        {"{\"EventID\":4688,\"Channel\":\"a\"}", "EventID=4688 Channel=a +"},
        {"{\"EventID\":4688,\"SourceName\":\"a\"}", "EventID=4688 Provider_Name=a +"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        record_is(rows[i].record, rows[i].want);
}

#define SYSMON_LOG "Microsoft-Windows-Sysmon/Operational"

/* Every name that tells a log tells it of every id beside it, and of no other. */
static void test_log_names(void)
{
    static const struct {
        unsigned ids[8]; /* 0 behind the last */
        const char *names, *log;
    } rows[] = {
        {{1, 3, 5, 18, 22, 29}, "ProcessGuid SourceProcessGuid SourceProcessGUID", SYSMON_LOG},
        {{1}, "ParentImage ParentCommandLine OriginalFileName IntegrityLevel", SYSMON_LOG},
        {{2}, "PreviousCreationUtcTime", SYSMON_LOG},
        {{3}, "Initiated DestinationPortName DestinationIsIpv6", SYSMON_LOG},
        {{6, 7}, "ImageLoaded", SYSMON_LOG},
        {{8}, "StartModule StartAddress", SYSMON_LOG},
        {{10}, "GrantedAccess CallTrace", SYSMON_LOG},
        {{11, 15, 23, 26, 29}, "TargetFilename", SYSMON_LOG},
        {{12, 13, 14}, "TargetObject", SYSMON_LOG},
        {{17, 18}, "PipeName", SYSMON_LOG},
        {{19, 20}, "EventNamespace Destination", SYSMON_LOG},
        {{19, 20, 21}, "Consumer", SYSMON_LOG},
        {{22}, "QueryResults QueryName", SYSMON_LOG},
        {{4103}, "ContextInfo Payload", "Microsoft-Windows-PowerShell/Operational"},
        {{4104}, "ScriptBlockText", "Microsoft-Windows-PowerShell/Operational"},
        {{7045}, "ImagePath", "System"},
        {{106, 140, 141, 200, 201}, "TaskName", "Microsoft-Windows-TaskScheduler/Operational"},
        {{1116, 1119}, "ThreatName", "Microsoft-Windows-Windows Defender/Operational"},
        {{4720}, "SubjectUserName SubjectUserSid TargetUserName NewProcessName", "Security"},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct slice left = slice_str(rows[i].names), name;

        while (slice_cut(&left, ' ', &name)) {
            for (size_t k = 0; k < CANH_LEN(rows[i].ids); k++) {
                unsigned id = rows[i].ids[k];
                struct buf record = BUF_INIT(1000), want = BUF_INIT(1000);
                bool told;

                buf_printf(&record, "{\"event_id\":%u,\"%.*s\":\"v\"}", id ? id : 9999, (int)name.n,
                           (const char *)name.p);
                buf_printf(&want, "Channel=%s ", id ? rows[i].log : "");
                told = slice_find(slice_str(read_with(&decode_default_limits, buf_slice(&record))),
                                  id ? buf_slice(&want) : SLICE("Channel=")) != SIZE_MAX;
                ok(told == (id != 0), "%s", buf_cstr(&record));
                buf_done(&record);
                buf_done(&want);
                if (id == 0)
                    break;
            }
        }
    }
}

/* Both ends of what only Security has, as Microsoft lists its events, and what lies between. */
static void test_log_ids(void)
{
    static const unsigned ids[] = {1100, 1102, 1104, 1108, 4608, 4612, 4614, 4616, 4618, 4621,
                                   4622, 4624, 4627, 4634, 4646, 4675, 4688, 4707, 4709, 4720,
                                   4722, 4735, 4737, 4767, 4768, 4803, 4816, 4817, 4819, 4820,
                                   4826, 4864, 4900, 4902, 4904, 4913, 4928, 4937, 4944, 4954,
                                   4956, 4958, 4960, 4965, 4976, 4985, 5024, 5025, 5027, 5035,
                                   5037, 5051, 5056, 5071, 5136, 5141, 5144, 5159, 5168, 5376,
                                   5379, 5381, 5382, 5440, 5453, 5456, 5468, 5471, 5474, 5477,
                                   5480, 5483, 5485, 5632, 5633, 5712, 5888, 5890};
    static const unsigned others[] = {1099, 1103, 1109, 4607, 4613, 4617, 4623, 4676, 4708, 4804,
                                      4818, 4901, 4914, 4955, 4966, 5026, 5036, 5142, 5380, 5891};
    char record[40], want[60];

    for (size_t i = 0; i < CANH_LEN(ids) + CANH_LEN(others); i++) {
        bool told = i < CANH_LEN(ids);
        unsigned id = told ? ids[i] : others[i - CANH_LEN(ids)];

        (void)snprintf(record, sizeof(record), "{\"EventID\":%u}", id);
        (void)snprintf(want, sizeof(want), "EventID=%u %s", id, told ? "Channel=Security " : "+");
        record_is(record, want);
    }
}

static void test_many(void)
{
    static const char *const texts[] = {"_raw", "xml_string", "raw",      "raw_event", "RawEvent",
                                        "xml",  "Xml",        "EventXml", "EventXML"};
    struct decoder *d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    struct buf text = BUF_INIT(1 << 20);
    struct decode_fault fault;
    struct event e = {.count = 0};
    bool lost = false;
    uint8_t *p;

    for (size_t n = 8; n <= 9; n++) {
        buf_clear(&text);
        for (size_t i = 0; i < n; i++)
            buf_printf(&text, "%s\"%s\":\"" IMAGE "\"", i ? "," : "{", texts[i]);
        buf_puts(&text, "}");
        ok(slice_ends(slice_str(read_with(&decode_default_limits, buf_slice(&text))),
                      n == 8 ? SLICE("Image=a ") : SLICE("!")),
           "%zu documents in a record", n);
    }
    buf_clear(&text);
    for (int i = 0; i < 2000; i++)
        buf_puts(&text, "{\"xml\":\"" IMAGE "\"}\n");
    p = padded(buf_slice(&text));
    decoder_open(d, &(struct decode_block){.text = slice_of(p, text.len), .line = 1});
    while (decoder_next(d, &e, &fault) > 0)
        lost = lost || (e.flags & EVENT_FIELDS_LOST) || event_get(&e, KEY_CHANNEL) == NULL;
    ok(!lost, "what one record needed is there for the next");
    is_int((long)d->counts.records, 2000, "records");
    (void)decoder_free(d);
    free(p);
    buf_clear(&text);
    buf_puts(&text, "{" SYSMON);
    for (int i = 0; i < 100; i++)
        buf_puts(&text, ",\"process\":{\"executable\":\"a\"}");
    buf_puts(&text, "}");
    is_int((long)slice_count_byte(slice_str(read_with(&decode_default_limits, buf_slice(&text))),
                                  '='),
           3 + 100 + 1, "more names of the event's than are looked at");
    p = padded(buf_slice(&text));
    d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    decoder_open(d, &(struct decode_block){.text = slice_of(p, text.len), .line = 1});
    for (int i = 0; i < 2; i++) {
        ok(decoder_next(d, &e, &fault) > 0 && e.count == 3 + 100 + 1, "and record after record");
        decoder_open(d, &(struct decode_block){.text = slice_of(p, text.len), .line = 1});
    }
    (void)decoder_free(d);
    free(p);
    buf_clear(&text);
    buf_puts(&text, "{\"xml\":\"<Event><EventData>");
    for (int i = 0; i < 1100; i++)
        buf_printf(&text, "<Data Name='d%d'>x</Data>", i);
    buf_puts(&text, "</EventData></Event>\"}");
    is_str(read_with(&decode_default_limits, buf_slice(&text)), "!", "more data than an event has");
    buf_done(&text);
}

int main(void)
{
    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    test_documents();
    test_words();
    test_messages();
    test_times();
    test_findings();
    test_hints();
    test_nested();
    test_composed();
    test_few();
    test_logs();
    test_log_names();
    test_log_ids();
    test_many();
    (void)keys_free(keys);
    buf_done(&seen);
    return tap_done();
}
