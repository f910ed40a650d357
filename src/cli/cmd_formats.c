/* SPDX-License-Identifier: Apache-2.0 */
/* canh formats: the logs that can be read, one row a format. */
#include "base/json_write.h"
#include "cli/app.h"
#include "cli/decode.h"
#include "decode/decoder.h"
#include "lang/msg_decode.h"

struct formats_options {
    bool json;
};

static const struct formats_options defaults = {0};

static const struct option_spec options[] = {
    OPTION_FLAG("json", 'j', struct formats_options, json, MSG_DECODE_FORMATS_OPT_JSON),
};

/* What a person needs to know; the formats themselves stand in decode/format_table.c. */
static const struct {
    const char *name;
    msg_id text;
} texts[] = {
    {"evtx", MSG_DECODE_FORMAT_EVTX},
    {"json", MSG_DECODE_FORMAT_JSON},
    {"syslog", MSG_DECODE_FORMAT_SYSLOG},
    {"access", MSG_DECODE_FORMAT_ACCESS},
    {"apache-error", MSG_DECODE_FORMAT_APACHE_ERROR},
    {"nginx-error", MSG_DECODE_FORMAT_NGINX_ERROR},
    {"exim", MSG_DECODE_FORMAT_EXIM},
    {"cef", MSG_DECODE_FORMAT_CEF},
    {"w3c", MSG_DECODE_FORMAT_W3C},
    {"key-value", MSG_DECODE_FORMAT_KEY_VALUE},
    {"postgresql", MSG_DECODE_FORMAT_POSTGRESQL},
    {"mariadb", MSG_DECODE_FORMAT_MARIADB},
    {"auditd", MSG_DECODE_FORMAT_AUDITD},
    {"journal-export", MSG_DECODE_FORMAT_JOURNAL},
    {"csv", MSG_DECODE_FORMAT_CSV},
    {"windows-xml", MSG_DECODE_FORMAT_XML},
};

static msg_id text_of(const char *name)
{
    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        if (strcmp(texts[i].name, name) == 0)
            return texts[i].text;
    }
    return MSG_DECODE_FORMAT_OTHER;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct formats_options *o = values;
    struct buf *out = &app->out.buf;

    (void)operands;
    for (size_t i = 0; decode_formats[i] != NULL; i++) {
        const char *name = decode_formats[i]->name;
        const char *text = lang_text(app->lang, text_of(name));

        if (o->json) {
            struct json_write w = JSON_WRITE_INIT(out);

            json_open(&w, '{');
            json_key(&w, "name");
            json_text(&w, slice_str(name));
            json_key(&w, "lines");
            json_bool(&w, decode_formats[i]->lines);
            json_key(&w, "text");
            json_text(&w, slice_str(text));
            json_close(&w, '}');
            buf_putc(out, '\n');
        } else {
            buf_printf(out, "%-15s %s\n", name, text);
        }
    }
    return EXIT_FINE;
}

const struct verb verb_formats = {
    .name = "formats",
    .summary = MSG_DECODE_FORMATS_SUMMARY,
    .about = MSG_DECODE_FORMATS_ABOUT,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct formats_options, &defaults),
    .run = run,
};
