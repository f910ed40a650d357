/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include "base/time.h"
#include "lang/level.h"
#include "lang/msg_config.h"

#define AT(field) offsetof(struct config, field)

static const char *const sandboxes[] = {"require", "degrade", NULL};
static const char *const tls_versions[] = {"1.3", "1.2", NULL};

/* clang-format off */
const struct config_key config_keys[] = {
    {"node", "sandbox", CONFIG_CHOICE, AT(sandbox), "require", .choices = sandboxes,
     .help = MSG_CONFIG_SANDBOX},
    {"listen", "console", CONFIG_ADDRESS, AT(console), "127.0.0.1:8470", .help = MSG_CONFIG_CONSOLE},
    {"listen", "ingest", CONFIG_ADDRESS, AT(ingest), "127.0.0.1:8471", .help = MSG_CONFIG_INGEST},
    {"listen", "syslog", CONFIG_ADDRESS, AT(syslog), "127.0.0.1:514", .help = MSG_CONFIG_SYSLOG},
    {"listen", "syslog-tls", CONFIG_ADDRESS, AT(syslog_tls), "127.0.0.1:6514",
     .help = MSG_CONFIG_SYSLOG_TLS},
    {"listen", "lumberjack", CONFIG_ADDRESS, AT(lumberjack), "127.0.0.1:5044",
     .help = MSG_CONFIG_LUMBERJACK},
    {"ingest", "elasticsearch", CONFIG_TEXT, AT(elasticsearch), "",
     .help = MSG_CONFIG_ELASTICSEARCH},
    {"tls", "certificate", CONFIG_PATH, AT(certificate), "", .help = MSG_CONFIG_CERTIFICATE},
    {"tls", "key", CONFIG_PATH, AT(key), "", .help = MSG_CONFIG_KEY},
    {"tls", "oldest", CONFIG_CHOICE, AT(tls_oldest), "1.3", .choices = tls_versions,
     .help = MSG_CONFIG_OLDEST_TLS},
    {"console", "address", CONFIG_SITE, AT(site), "", .help = MSG_CONFIG_SITE},
    {"console", "socket", CONFIG_PATH, AT(socket), "", .help = MSG_CONFIG_SOCKET},
    {"console", "socket-group", CONFIG_TEXT, AT(socket_group), "", .help = MSG_CONFIG_SOCKET_GROUP},
    {"console", "proxies", CONFIG_HOSTS, AT(proxies), "", .help = MSG_CONFIG_PROXIES},
    {"detect", "rules", CONFIG_PATH, AT(rules), "", .help = MSG_CONFIG_RULES},
    {"detect", "level", CONFIG_CHOICE, AT(level), "low", .choices = level_names,
     .help = MSG_CONFIG_LEVEL},
    {"detect", "fold", CONFIG_SPAN, AT(fold), "1 h", .min = TIME_MINUTE, .max = TIME_DAY,
     .help = MSG_CONFIG_FOLD},
    {"journal", "encrypt", CONFIG_FLAG, AT(encrypt), "yes", .help = MSG_CONFIG_ENCRYPT},
    {"journal", "keep-events", CONFIG_SPAN, AT(keep_events), "90 d", .min = TIME_HOUR,
     .max = 36500 * TIME_DAY, .help = MSG_CONFIG_KEEP_EVENTS},
    {"journal", "keep-least", CONFIG_SPAN, AT(keep_least), "1 d", .min = 0,
     .max = 36500 * TIME_DAY, .help = MSG_CONFIG_KEEP_LEAST},
    {"journal", "keep-alerts", CONFIG_SPAN, AT(keep_alerts), "730 d", .min = TIME_DAY,
     .max = 36500 * TIME_DAY, .help = MSG_CONFIG_KEEP_ALERTS},
    {"journal", "size", CONFIG_SIZE, AT(size), "20 GiB", .min = INT64_C(64) << 20,
     .max = INT64_C(1) << 50, .help = MSG_CONFIG_SIZE},
    {"send", "smtp", CONFIG_TEXT, AT(smtp), "", .help = MSG_CONFIG_SMTP},
    {"send", "smtp-user", CONFIG_TEXT, AT(smtp_user), "", .help = MSG_CONFIG_SMTP_USER},
    {"send", "smtp-key", CONFIG_PATH, AT(smtp_key), "", .help = MSG_CONFIG_SMTP_KEY},
    {"send", "from", CONFIG_TEXT, AT(from), "", .help = MSG_CONFIG_FROM},
    {"send", "sms", CONFIG_TEXT, AT(sms), "", .help = MSG_CONFIG_SMS},
    {"send", "sms-key", CONFIG_PATH, AT(sms_key), "", .help = MSG_CONFIG_SMS_KEY},
    {"send", "sms-inbox", CONFIG_TEXT, AT(sms_inbox), "", .help = MSG_CONFIG_SMS_INBOX},
    {"send", "marks", CONFIG_FLAG, AT(marks), "no", .help = MSG_CONFIG_MARKS},
    {"send", "webhook", CONFIG_TEXT, AT(webhook), "", .help = MSG_CONFIG_WEBHOOK},
    {"send", "webhook-key", CONFIG_PATH, AT(webhook_key), "", .help = MSG_CONFIG_WEBHOOK_KEY},
    {"limits", "record", CONFIG_SIZE, AT(record), "4 MiB", .min = 4096, .max = INT64_C(4) << 20,
     .help = MSG_CONFIG_RECORD},
};
/* clang-format on */
const size_t config_key_count = CANH_LEN(config_keys);
_Static_assert(CANH_LEN(config_keys) <= CONFIG_KEYS_MAX, "a line a key");
