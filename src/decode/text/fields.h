/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_FIELDS_H
#define CANH_DECODE_TEXT_FIELDS_H
/*
 * The fields of one log line while a parser fills them in. Values are slices of the line, or of
 * `scratch` where they had to be written anew; both live until fields_begin().
 *
 * A field has a name of the Elastic Common Schema (fields_write), or is the source's own under its
 * own name (fields_own). Names that nothing mentions keep key KEY_NONE and are still listed.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"
#include "decode/decoder.h"
#include "event/event.h"
#include "event/keys.h"

/* Names that parsers set by number, so that no name is looked up for a line. */
#define FIELD_NAMES(X)                                                                             \
    X(TIMESTAMP, "@timestamp")                                                                     \
    X(HOST, "host.hostname")                                                                       \
    X(PROGRAM, "process.name")                                                                     \
    X(PID, "process.pid")                                                                          \
    X(MESSAGE, "message")                                                                          \
    X(PRIORITY, "log.syslog.priority")                                                             \
    X(FACILITY, "event.facility")                                                                  \
    X(SEVERITY, "event.severity")                                                                  \
    X(MSGID, "log.syslog.msgid")                                                                   \
    X(VERSION, "log.syslog.version")                                                               \
    X(SEQUENCE, "event.sequence")                                                                  \
    X(CLOCK, "clock.synchronised")                                                                 \
    X(COUNT, "event.count")                                                                        \
    X(CODE, "event.code")                                                                          \
    X(ACTION, "event.action")                                                                      \
    X(OUTCOME, "event.outcome")                                                                    \
    X(CATEGORY, "event.category")                                                                  \
    X(MODULE, "event.module")                                                                      \
    X(DATASET, "event.dataset")                                                                    \
    X(LEVEL, "log.level")                                                                          \
    X(LOGGER, "log.logger")                                                                        \
    X(SOURCE_IP, "source.ip")                                                                      \
    X(SOURCE_DOMAIN, "source.domain")                                                              \
    X(SOURCE_PORT, "source.port")                                                                  \
    X(SOURCE_MAC, "source.mac")                                                                    \
    X(DESTINATION_IP, "destination.ip")                                                            \
    X(DESTINATION_DOMAIN, "destination.domain")                                                    \
    X(DESTINATION_PORT, "destination.port")                                                        \
    X(USER, "user.name")                                                                           \
    X(USER_ID, "user.id")                                                                          \
    X(TARGET_USER, "user.target.name")                                                             \
    X(TRANSPORT, "network.transport")                                                              \
    X(PROTOCOL, "network.protocol")                                                                \
    X(BYTES, "network.bytes")                                                                      \
    X(COMMAND_LINE, "process.command_line")                                                        \
    X(EXECUTABLE, "process.executable")                                                            \
    X(ARGS, "process.args")                                                                        \
    X(PARENT_PID, "process.parent.pid")                                                            \
    X(WORKING_DIRECTORY, "process.working_directory")                                              \
    X(FILE_PATH, "file.path")                                                                      \
    X(METHOD, "http.request.method")                                                               \
    X(HTTP_VERSION, "http.version")                                                                \
    X(STATUS, "http.response.status_code")                                                         \
    X(BODY_BYTES, "http.response.body.bytes")                                                      \
    X(REFERRER, "http.request.referrer")                                                           \
    X(USER_AGENT, "user_agent.original")                                                           \
    X(URL, "url.original")                                                                         \
    X(URL_PATH, "url.path")                                                                        \
    X(URL_QUERY, "url.query")                                                                      \
    X(URL_DOMAIN, "url.domain")                                                                    \
    X(QUEUE_ID, "mail.queue_id")                                                                   \
    X(MAIL_FROM, "mail.from")                                                                      \
    X(MAIL_FROM_DOMAIN, "mail.from_domain")                                                        \
    X(MAIL_TO, "mail.to")                                                                          \
    X(QUESTION, "dns.question.name")                                                               \
    X(QUESTION_TYPE, "dns.question.type")                                                          \
    X(INTERFACE_IN, "observer.ingress.interface.name")                                             \
    X(INTERFACE_OUT, "observer.egress.interface.name")                                             \
    X(RULE_NAME, "rule.name")                                                                      \
    X(AUDIT_SERIAL, "audit.serial")

#define FIELD_ENUM(id, text) NAME_##id,
enum field_name { FIELD_NAMES(FIELD_ENUM) FIELD_NAME_COUNT };
#undef FIELD_ENUM

enum { FIELDS_SCRATCH_MAX = 16 * 1024 * 1024 };

struct fields {
    struct field *items;   /* EVENT_FIELDS_MAX of them */
    struct slice *names;   /* one an item */
    uint8_t *own;          /* one an item: a name of the source, not of the schema */
    uint32_t count, evict; /* evict: see event_room_over() */
    bool lost;             /* more fields, or longer text, than allowed */
    bool local;            /* @timestamp had no zone */
    int64_t time;          /* @timestamp, a time without zone read as UTC; TIME_NONE */
    int64_t day;           /* since 1970, of which date is the text */
    uint8_t date[11];      /* yyyy-mm-ddT */
    struct arena scratch;
    const struct keys *keys;
    uint16_t known[FIELD_NAME_COUNT];
};

/* keys is borrowed. 0 or -CE_NOMEM. */
CANH_MUST_USE int fields_init(struct fields *f, const struct keys *keys);
void fields_done(struct fields *f);

/* Forgets the line before. */
void fields_begin(struct fields *f);

/* *ret and the counts from what was filled in; its raw, sequence and offset are the caller's. */
void fields_event(const struct fields *f, const struct decode_block *block,
                  const struct decode_limits *limits, struct decode_counts *counts,
                  struct event *ret);

/* The text of one of the names above. */
struct slice field_name_text(enum field_name name);
/* The number of any name for a ruleset, or KEY_NONE; for rows compiled once. */
uint16_t fields_key(const struct fields *f, struct slice name);

/* Adds a field; empty values of the schema's names are left out. */
void fields_write(struct fields *f, enum field_name name, struct slice value);
/* The same in lower case, as protocols are named. */
void fields_write_lower(struct fields *f, enum field_name name, struct slice value);
/* The same; what is no digits is text. */
void fields_number(struct fields *f, enum field_name name, struct slice digits);
/* The same; the caller has seen that there are digits and nothing else. */
void fields_digits(struct fields *f, enum field_name name, struct slice digits);
void fields_number_u64(struct fields *f, enum field_name name, uint64_t value);
/* Adds a field whose key is known; name must live as long as the line. */
void fields_add(struct fields *f, uint16_t key, struct slice name, struct slice value,
                enum value_type type);
/* Adds a field that another decoder has read, under its name; both must live as long as the line.
 */
void fields_adopt(struct fields *f, const struct field *field, struct slice name);
/* Adds a field of the source under its own name, also when it is empty. */
void fields_own(struct fields *f, struct slice name, struct slice value);
/* The same of an element of a Windows event's data: keys_find_data(), VALUE_EMPTY. */
void fields_data(struct fields *f, struct slice name, struct slice value);

/* Writes it unless it is there. */
void fields_write_new(struct fields *f, enum field_name name, struct slice value);
/* The first value of a name, SLICE_NULL when absent. */
struct slice fields_get(const struct fields *f, enum field_name name);
bool fields_has(const struct fields *f, enum field_name name);
/* The first value of one of the source's own names. */
struct slice fields_get_own(const struct fields *f, struct slice name);

/*
 * An address as text: [brackets] and a v6 zone are dropped, ::ffff: is kept; goes to `ip`. What is
 * no address but could be a host's name goes to `domain`. Placeholders ("-", "?", "unknown",
 * "UNKNOWN") go nowhere. False when nothing was set.
 */
bool fields_address(struct fields *f, enum field_name ip, enum field_name domain,
                    struct slice text);

/*
 * An URL or the target of a request as url.original, url.path and url.query (what stands behind the
 * first '?'), and url.domain where it has one.
 */
void fields_url(struct fields *f, struct slice url);

/* n bytes of scratch, or NULL and `lost`. */
uint8_t *fields_scratch(struct fields *f, size_t n);

/* Sets @timestamp. zoned false: without Z, as it was written. digits of fraction: 0..9. */
void fields_time(struct fields *f, int64_t t, bool zoned, unsigned digits);

#endif
