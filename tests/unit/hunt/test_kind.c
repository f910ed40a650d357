/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of kinds/ that came with the program: all can be read, the right one fits, and numbers
 * have words. */
#include "hunt/kind.h"

#include "decode/decoder.h"
#include "hunt/words.h"
#include "tap.h"

static struct kinds kinds;
static struct words words;
static struct ruleset *rules;
static struct buf text = {.max = 1 << 20};

static const struct kind *look(const char *json, struct event *e, struct decoder **ret)
{
    static uint8_t bytes[4096];
    size_t n = strlen(json);
    struct decode_block block = {.text = slice_of(bytes, n), .line = 1, .single = true};
    struct decode_fault fault;

    memset(bytes, 0, sizeof(bytes));
    memcpy(bytes, json, n);
    *ret = decoder_new(format_by_name(SLICE("json")), ruleset_keys(rules), &decode_default_limits);
    decoder_open(*ret, &block);
    ok(decoder_next(*ret, e, &fault) == 1, "decoded");
    return kind_of(&kinds, e, &text);
}

static void shows(const char *json, enum kind_role role, enum label label, const char *want)
{
    struct decoder *d;
    struct event e;
    const struct kind *kind = look(json, &e, &d);

    ok(kind && kind->role == role, "role of %.60s", json);
    buf_clear(&text);
    ok(kind_write(kind, &e, label, &text) == (*want != 0), "%s", label_rows[label].key);
    is_str(buf_cstr(&text), want, "%s of %.60s", label_rows[label].key, json);
    (void)decoder_free(d);
}

static void means(enum label label, const char *value, enum lang lang, const char *want)
{
    buf_clear(&text);
    words_write(&words, label, slice_str(value), lang, &text);
    is_str(buf_cstr(&text), want, "%s", value);
}

int main(void)
{
    struct ruleset_options options = {.min_status = STATUS_NONE};
    struct err err = ERR_INIT;

    rules = ruleset_new(&options);
    is_int(kinds_load(&kinds, &err), 0, "kinds (line %u)", err.line);
    is_int(words_load(&words, &err), 0, "words (line %u)", err.line);
    is_int(kinds_intern(&kinds, rules, &err), 0, "names");
    is_int(ruleset_compile(rules, &err), 0, "compiled");
    ok(kinds.count > 40 && words.count > 40, "%u kinds, %u words", kinds.count, words.count);
    shows("{\"Channel\":\"Security\",\"EventID\":4624,\"TargetUserName\":\"an\","
          "\"TargetDomainName\":\"TINH\"}",
          ROLE_ON, LABEL_USER, "TINH\\an");
    shows("{\"Channel\":\"security\",\"EventID\":4624,\"TargetUserName\":\"an\"}", ROLE_ON,
          LABEL_USER, "an");
    shows("{\"Channel\":\"Security\",\"EventID\":4625,\"IpAddress\":\"-\"}", ROLE_FAIL,
          LABEL_ADDRESS, "");
    shows("{\"Channel\":\"Security\",\"EventID\":4771}", ROLE_FAIL, LABEL_HOW, "kerberos");
    shows("{\"Channel\":\"Security\",\"EventID\":9,\"ProcessName\":\"a\"}", ROLE_NONE,
          LABEL_PROCESS, "a");
    shows("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
          "\"CommandLine\":\"cmd\"}",
          ROLE_PROCESS, LABEL_COMMAND, "cmd");
    shows("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":3,"
          "\"DestinationIp\":\"192.0.2.1\"}",
          ROLE_NONE, LABEL_DESTINATION, "192.0.2.1");
    means(LABEL_LOGON_TYPE, "10", LANG_EN, "remote desktop (10)");
    means(LABEL_LOGON_TYPE, "10", LANG_VI, "máy tính từ xa (RDP) (10)");
    means(LABEL_STATUS, "0xC000006A", LANG_EN, "wrong password (0xC000006A)");
    means(LABEL_STATUS, "0x00000018", LANG_EN, "wrong password (Kerberos) (0x00000018)");
    means(LABEL_USER, "10", LANG_EN, "10");
    means(LABEL_VALUE, "%%1833", LANG_EN, "impersonation (%%1833)");
    means(LABEL_VALUE, "a %%1833, %%9999 %", LANG_EN, "a impersonation, %%9999 %");
    kinds_done(&kinds);
    words_done(&words);
    buf_done(&text);
    rules = ruleset_free(rules);
    return tap_done();
}
