/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of docs/json-shapes.md: each event there says what it gives. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "decode/json/json.h"
#include "err_words.h"
#include "json_text.h"
#include "tap.h"

static struct keys *keys;
static struct json_decoder *decoder;

static const char *const names[] = {
    "Image",
    "CommandLine",
    "TargetFilename",
    "Data",
    "ThreatName",
    "TargetUserName",
    "Hashes",
    "ParentImage",
    "Version",
    "Qualifiers",
    "EventID_Qualifiers",
    "Security_UserID",
    "ServiceName",
    "Provider_Guid",
    "OriginalFileName",
    "Execution_ProcessID",
    "User",
    "ContextInfo",
    "source.ip",
    "event.outcome",
    "http.response.status_code",
};

/* The mentioned fields with text, without those that only say that a group is there. */
static void put_named(const struct event *e, struct buf *out)
{
    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        if (f->key == KEY_NONE || f->type == VALUE_GROUP)
            continue;
        buf_append_slice(out, keys_name(keys, f->key));
        buf_putc(out, '=');
        field_text(f, out);
        buf_putc(out, '\n');
    }
}

static void check_example(struct slice title, struct slice json, struct slice want)
{
    struct buf got = BUF_INIT(1 << 16);
    struct err err = ERR_INIT;
    uint8_t *p = padded(json);
    struct event e;

    if (json_decode(decoder, slice_of(p, json.n), &e, &err) < 0)
        buf_printf(&got, "%u:%u: %s", err.line, err.col, err_words(&err));
    else
        put_named(&e, &got);
    is_slice(buf_slice(&got), want, SLICE_FMT, SLICE_ARG(title));
    free(p);
    buf_done(&got);
}

/* The text between ```lang and ``` behind *rest, which moves behind it; false at the end. */
static bool fenced(struct slice *rest, const char *lang, struct slice *ret)
{
    char open[32];
    size_t at, end;

    (void)snprintf(open, sizeof(open), "```%s\n", lang);
    at = slice_find(*rest, slice_str(open));
    if (at == SIZE_MAX)
        return false;
    *rest = slice_from(*rest, at + strlen(open));
    end = slice_find(*rest, SLICE("```"));
    if (end == SIZE_MAX)
        return false;
    *ret = slice_head(*rest, end);
    *rest = slice_from(*rest, end + 3);
    return true;
}

static void test_document(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    struct slice rest, part, json, want, title;
    char path[5000];
    unsigned count = 0;

    (void)snprintf(path, sizeof(path), "%s/docs/json-shapes.md", tap_source_dir());
    if (!ok(file_read(path, &text, &err) == 0, "docs/json-shapes.md is there"))
        return;
    rest = buf_slice(&text);
    while (slice_find(rest, SLICE("\n## ")) != SIZE_MAX) {
        rest = slice_from(rest, slice_find(rest, SLICE("\n## ")) + 4);
        title = slice_head(rest, slice_find_byte(rest, '\n'));
        part = slice_head(rest, slice_find(rest, SLICE("\n## ")));
        while (fenced(&part, "json", &json) && fenced(&part, "text", &want)) {
            check_example(title, json, want);
            count++;
        }
    }
    ok(count >= 12, "%u examples", count);
    buf_done(&text);
}

#define PAIRS(data) "{\"Event\":{\"EventData\":{\"Data\":" data "}}}"

static void check(const char *json, const char *want, const char *what)
{
    check_example(slice_str(what), slice_str(json), slice_str(want));
}

static void test_pairs(void)
{
    check(PAIRS("[{\"@Name\":\"Image\",\"#text\":\"x\"},{\"@Name\":\"User\",\"#text\":\"y\"}]"),
          "Image=x\nUser=y\n", "names before texts");
    check(PAIRS("[{\"#text\":\"x\",\"@Name\":\"Image\"},{\"#text\":\"y\",\"@Name\":\"User\"}]"),
          "Image=x\nUser=y\n", "texts before names");
    check(PAIRS("[{\"@Name\":\"Image\"},{\"#text\":\"y\"},{\"@Name\":\"User\",\"#text\":\"z\"}]"),
          "Image=\nData=y\nUser=z\n", "a name without text, a text without name");
    check(PAIRS("{\"@Name\":\"Image\",\"#text\":\"x\"}"), "Image=x\n", "one alone");
    check(PAIRS("[\"x\",{\"@Name\":\"Image\",\"#text\":\"y\"},\"z\"]"), "Data=x\nImage=y\nData=z\n",
          "mixed with plain texts");
    check(PAIRS("[{\"@Name\":\"Threat Name\",\"#text\":\"x\"}]"), "ThreatName=x\n",
          "a name with a blank");
    check(PAIRS("[{\"@Name\":\"I\\u006dage\",\"#text\":\"x\"}]"), "Image=x\n",
          "a name with an escape");
    check(PAIRS("[{\"@Name\":\"Unheard\",\"#text\":\"x\"}]"), "", "a name nobody mentions");
    check(PAIRS("[{\"#attributes\":{\"Name\":\"Image\"},\"#text\":5}]"), "Image=5\n",
          "a name as attribute, a number as text");
    check("{\"EventData\":{\"Data\":[{\"@Name\":\"Image\"}]},\"User\":\"x\"}", "Image=\nUser=x\n",
          "a name without text at the end of its array");
}

#define SAID(rest)                                                                                 \
    "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"                         \
    "\"SourceName\":\"Microsoft-Windows-Sysmon\",\"Message\":\"Process Create:\\nImage: "          \
    "a\\nUser: "                                                                                   \
    "b\"" rest "}"
#define SAID_HEAD                                                                                  \
    "Channel=Microsoft-Windows-Sysmon/Operational\nEventID=1\nProvider_Name="                      \
    "Microsoft-Windows-Sysmon\n"

/* A message tells the data only where the record has none of it, by whatever name. */
static void test_message(void)
{
    check(SAID(""), SAID_HEAD "Image=a\nUser=b\n", "the message alone");
    check(SAID(",\"Image\":\"c\""), SAID_HEAD "Image=c\n", "data beside it");
    check(SAID(",\"process\":{\"executable\":\"c\"}"), SAID_HEAD "Image=c\n",
          "data by the names of ECS");
    check(SAID(",\"User\":\"c\""), SAID_HEAD "User=c\nImage=a\n", "a name that it has stays");
    check(SAID(",\"xml\":\"<Event><System/><EventData><Data Name='Image'>c</Data></EventData></"
               "Event>\""),
          SAID_HEAD "Image=c\n", "data in another text");
    check("{\"EventID\":1,\"SourceName\":\"Other\",\"Message\":\"x:\\nImage: a\"}",
          "EventID=1\nProvider_Name=Other\n", "of another provider");
    check("{\"SourceName\":\"Microsoft-Windows-Sysmon\",\"Message\":\"x:\\nImage: a\"}",
          "Provider_Name=Microsoft-Windows-Sysmon\n", "without an id");
}

/* So much longer than the text before that a growing buffer would have moved. */
#define FILLER_8 "0123456789012345678901234567890123456789012345678901234567890123"
#define FILLER   FILLER_8 FILLER_8 FILLER_8 FILLER_8 FILLER_8 FILLER_8 FILLER_8 FILLER_8

static void test_nested(void)
{
    check(
        "{\"Payload\":\"{\\\"EventData\\\":{\\\"Image\\\":\\\"C:\\\\\\\\x\\\"}}\",\"User\":\"y\"}",
        "Image=C:\\x\nUser=y\n", "JSON inside a string");
    check("{\"Payload\":\"{\\\"EventData\\\":{\\\"Image\\\":\\\"x\\\"}\",\"User\":\"y\"}",
          "User=y\n", "broken JSON inside a string is text");
    check("{\"Payload\":\"{\\\"Payload\\\":\\\"{}\\\"}\",\"User\":\"y\"}", "User=y\n",
          "other JSON inside a string is text");
    check("{\"Payload\":[\"{\\\"EventData\\\":{\\\"Image\\\":\\\"x\\\"}}\","
          "\"{\\\"EventData\\\":{\\\"Image\\\":\\\"y\\\",\\\"Filler\\\":\\\"" FILLER "\\\"}}\"]}",
          "Image=x\nImage=y\n", "several documents inside strings");
    check("{\"Payload\":\"{\\n\\\"EventData\\\":\\n{\\\"Image\\\":\\\"x\\\"}}\"}", "Image=x\n",
          "line breaks inside");
}

static void test_precedence(void)
{
    check("{\"winlog.channel\":\"a\",\"winlog\":{\"channel\":\"b\"}}", "Channel=a\nChannel=b\n",
          "a dotted name is a path");
    check("{\"Event\":{\"EventData\":{\"Image\":\"a\",\"Image\":\"b\"}}}", "Image=a\nImage=b\n",
          "a name twice");
    check("{\"Event\":{\"EventData\":{\"image\":\"a\"}}}", "", "names are case-sensitive");
    check("{\"Event\":{\"EventData\":{\"X\":{\"Image\":\"a\"}}}}", "", "deeper is something else");
}

int main(void)
{
    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    decoder = json_decoder_new(keys, &decode_default_limits);
    test_document();
    test_pairs();
    test_message();
    test_nested();
    test_precedence();
    json_decoder_free(decoder);
    keys_free(keys);
    return tap_done();
}
