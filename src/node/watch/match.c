/* SPDX-License-Identifier: Apache-2.0 */
#include "node/watch/match.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "data/data.h"
#include "decode/decoder.h"
#include "lang/err_node.h"
#include "sigma/match.h"
#include "sigma/ruleset.h"

enum {
    RULE_FILE_MAX = 8 * 1024 * 1024,
    ALERTS_MAX = 64, /* of one line */
    TEXTS_MAX = 256 * 1024,
    SKEW_MAX = 5, /* minutes that an event may be ahead of its reception */
};

/* Fields that say what an alert is about; the first that has a text. */
static const char *const host_fields[] = {"host.hostname", "host.name", "Computer", NULL};
static const char *const user_fields[] = {"user.name", "TargetUserName", "User", NULL};
static const char *const address_fields[] = {"source.ip", "IpAddress", "SourceIp", NULL};

enum { FIELD_CHOICES = 4 };

struct rules {
    struct ruleset *rs;
    int64_t fold;
    uint16_t host[FIELD_CHOICES], user[FIELD_CHOICES], address[FIELD_CHOICES];
};

struct matching {
    struct rules *rules;
    struct matcher *matcher;
    const struct format *format; /* NULL: not yet known */
    struct decoder *decoder;
    struct buf line; /* with the padding that decoders want */
    struct buf text;
    struct arena arena;
    struct alert_record alerts[ALERTS_MAX];
    uint32_t lost; /* of the last line, over ALERTS_MAX */
};

/* -- rules ----------------------------------------------------------------------------------- */

static int add_carried(struct ruleset *rs, const char *name, bool mapping, struct err *err)
{
    const struct data_folder *folder = data_folder(name);
    int r = 0;

    for (size_t i = 0; folder && r == 0 && i < folder->count; i++) {
        struct buf path = BUF_INIT(4096);
        struct slice text = data_bytes(&folder->files[i]);

        buf_printf(&path, "canh:%s/%s", name, folder->files[i].name);
        if (slice_ends(buf_slice(&path), SLICE(".yml")))
            r = mapping ? ruleset_add_mapping(rs, buf_cstr(&path), text, err)
                        : ruleset_add_rules(rs, buf_slice(&path), text);
        buf_done(&path);
    }
    return r;
}

static int add_file(struct ruleset *rs, const char *path, struct err *err)
{
    struct buf text = BUF_INIT(RULE_FILE_MAX);
    int r = file_read(path, &text, err);

    if (r == 0)
        r = ruleset_add_rules(rs, slice_str(path), buf_slice(&text));
    buf_done(&text);
    return r;
}

static int add_folder(struct ruleset *rs, struct slice folder, struct err *err)
{
    struct buf path = BUF_INIT(4096);
    struct dirent **names = NULL;
    int n, r = 0;

    if (folder.n == 0)
        return 0;
    buf_put_slice(&path, folder);
    n = scandir(buf_cstr(&path), &names, NULL, alphasort);
    if (n < 0)
        r = err_fail(err, CE_IO, ERR_NODE_FOLDER_RULES_CANNOT_READ, buf_cstr(&path));
    for (int i = 0; i < n; i++) {
        struct slice name = slice_str(names[i]->d_name);

        buf_clear(&path);
        buf_printf(&path, SLICE_FMT "/%s", SLICE_ARG(folder), names[i]->d_name);
        if (r == 0 && (slice_ends(name, SLICE(".yml")) || slice_ends(name, SLICE(".yaml"))))
            r = add_file(rs, buf_cstr(&path), err);
        free(names[i]);
    }
    free(names);
    buf_done(&path);
    return r;
}

/* Before the rules are compiled: decoders give no name to what nobody asks for. */
static void find_fields(struct ruleset *rs, const char *const *names, uint16_t *ret)
{
    for (size_t i = 0; names[i]; i++)
        ret[i] = ruleset_intern(rs, slice_str(names[i]));
}

int rules_load(const struct rules_options *o, struct rules **ret, struct err *err)
{
    struct ruleset_options options = {.min_level = (enum rule_level)o->level,
                                      .min_status = STATUS_EXPERIMENTAL};
    struct rules *x = calloc(1, sizeof(*x));
    int r = 0;

    if (x)
        x->rs = ruleset_new(&options);
    if (x == NULL || x->rs == NULL) {
        free(x);
        return err_nomem(err);
    }
    x->fold = o->fold;
    r = add_carried(x->rs, "mappings", true, err);
    if (r == 0)
        r = add_carried(x->rs, "rules", false, err);
    if (r == 0)
        r = add_folder(x->rs, o->folder, err);
    find_fields(x->rs, host_fields, x->host);
    find_fields(x->rs, user_fields, x->user);
    find_fields(x->rs, address_fields, x->address);
    if (r == 0)
        r = ruleset_compile(x->rs, err);
    if (r == 0 && ruleset_count(x->rs) == 0)
        r = err_fail(err, CE_MISSING, ERR_NODE_NOT_ONE_RULE);
    if (r < 0) {
        x = rules_free(x);
        return r;
    }
    *ret = x;
    return 0;
}

struct rules *rules_free(struct rules *r)
{
    if (r)
        r->rs = ruleset_free(r->rs);
    free(r);
    return NULL;
}

void rules_count(const struct rules *r, struct rules_counts *ret)
{
    struct ruleset_counts c;

    ruleset_count_all(r->rs, &c);
    *ret = (struct rules_counts){c.rules, c.refused, c.unreached};
}

/* -- lines ----------------------------------------------------------------------------------- */

struct matching *matching_new(struct rules *rules)
{
    struct matching *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->rules = rules;
    m->line = BUF_INIT((size_t)8 << 20);
    m->text = BUF_INIT(TEXTS_MAX);
    m->arena = ARENA_INIT((size_t)4 << 20);
    m->matcher = matcher_new(rules->rs);
    return m->matcher ? m : matching_free(m);
}

struct matching *matching_free(struct matching *m)
{
    if (m == NULL)
        return NULL;
    m->matcher = matcher_free(m->matcher);
    m->decoder = decoder_free(m->decoder);
    buf_done(&m->line);
    buf_done(&m->text);
    arena_done(&m->arena);
    free(m);
    return NULL;
}

/* The format by the first line that shows it. */
static void find_format(struct matching *m)
{
    struct decode_sample sample = {.bytes = buf_slice(&m->line), .begins = true, .ends = true};
    bool more = false;

    m->format = format_find(&sample, &more);
    if (m->format)
        m->decoder = decoder_new(m->format, ruleset_keys(m->rules->rs), &decode_default_limits);
}

/* The line with its end, and readable bytes behind. */
static bool put_line(struct matching *m, struct slice text, struct slice *ret)
{
    uint8_t *pad;

    buf_clear(&m->line);
    buf_put_slice(&m->line, text);
    buf_putc(&m->line, '\n');
    pad = buf_reserve(&m->line, DECODE_PADDING);
    if (pad == NULL)
        return false;
    memset(pad, 0, DECODE_PADDING);
    *ret = buf_slice(&m->line);
    return true;
}

static struct slice field_of(struct matching *m, const struct event *e, const uint16_t *keys)
{
    for (size_t i = 0; i < FIELD_CHOICES; i++) {
        const struct field *f = keys[i] ? event_get(e, keys[i]) : NULL;
        struct slice text;

        if (f == NULL || f->n == 0)
            continue;
        buf_clear(&m->text);
        field_text(f, &m->text);
        text = arena_dup(&m->arena, slice_head(buf_slice(&m->text), ALERT_RECORD_TEXT));
        if (text.n)
            return text;
    }
    return SLICE_NULL;
}

static struct slice id_text(struct matching *m, const uint8_t id[16])
{
    char hex[33];
    static const uint8_t none[16];

    if (memcmp(id, none, sizeof(none)) == 0)
        return SLICE_NULL;
    return arena_dup(&m->arena, slice_str(sodium_bin2hex(hex, sizeof(hex), id, 16)));
}

/* The asset, else the host, else the source; and the user acted as. */
static struct alert_entity entity_of(struct matching *m, const struct match_line *line,
                                     const struct alert_record *x)
{
    struct slice what = x->asset.n ? x->asset : x->host.n ? x->host : id_text(m, line->source->id);

    return (struct alert_entity){.parts = {what, x->user}, .count = x->user.n ? 2 : 1};
}

static struct slice entity_text(struct matching *m, const struct alert_entity *entity)
{
    buf_clear(&m->text);
    for (uint32_t i = 0; i < entity->count; i++) {
        if (i > 0)
            buf_putc(&m->text, ' ');
        buf_put_slice(&m->text, entity->parts[i]);
    }
    return arena_dup(&m->arena, buf_slice(&m->text));
}

static struct slice alert_field_named(const struct alert_record *x, struct slice name)
{
    if (slice_is(name, "host"))
        return x->host;
    if (slice_is(name, "user"))
        return x->user;
    if (slice_is(name, "address"))
        return x->address;
    return x->about;
}

static bool covers(const struct snapshot_suppression *s, const struct match_line *line,
                   const struct alert_record *x)
{
    return memcmp(s->unit, line->source->unit, 16) == 0 && line->received >= s->start &&
           line->received < s->stop && (s->rule.n == 0 || slice_eq(s->rule, x->rule)) &&
           (s->field.n == 0 || slice_eq(s->value, alert_field_named(x, s->field)));
}

static void put_alert(struct matching *m, const struct match_line *line, const struct event *e,
                      uint32_t rule_index, int64_t time, struct alert_record *x)
{
    const struct sigma_rule *rule = ruleset_rule(m->rules->rs, rule_index);
    struct alert_entity entity;

    *x = (struct alert_record){
        .rule = rule->id.n ? rule->id : rule->path,
        .title = rule->title,
        .level = (int32_t)rule->level + 1,
        .host = field_of(m, e, m->rules->host),
        .user = field_of(m, e, m->rules->user),
        .address = field_of(m, e, m->rules->address),
        .start = alert_window(line->received, m->rules->fold),
        .time = time == TIME_NONE ? line->received : time,
        .event = line->event,
        .stream = line->stream,
        .asset = id_text(m, line->source->asset),
        .history = line->history,
    };
    entity = entity_of(m, line, x);
    x->about = entity_text(m, &entity);
    alert_id(&(struct alert_key){x->rule, rule->content_hash, &entity, x->start}, x->id);
    for (uint32_t i = 0; i < line->snapshot->suppression_count && x->suppression.n == 0; i++)
        if (covers(&line->snapshot->suppressions[i], line, x))
            x->suppression = id_text(m, line->snapshot->suppressions[i].id);
}

const struct alert_record *matching_run(struct matching *m, const struct match_line *line,
                                        int64_t *ret_time, uint32_t *ret_count)
{
    struct decode_context context = {.received = line->received, .modified = TIME_NONE};
    struct decode_block block = {.context = &context, .line = 1};
    struct decode_fault fault;
    struct event e;
    int r;

    *ret_time = TIME_NONE;
    *ret_count = 0;
    m->lost = 0;
    arena_clear(&m->arena);
    if (!put_line(m, line->text, &block.text))
        return m->alerts;
    if (m->format == NULL)
        find_format(m);
    if (m->decoder == NULL)
        return m->alerts;
    decoder_open(m->decoder, &block);
    while ((r = decoder_next(m->decoder, &e, &fault)) != 0) {
        struct match_result result;

        if (r < 0)
            continue;
        result = matcher_run(m->matcher, &e);
        *ret_time = event_time(&e);
        if (*ret_time > line->received + SKEW_MAX * TIME_MINUTE)
            *ret_time = line->received;
        for (uint32_t i = 0; i < result.count; i++) {
            if (*ret_count == ALERTS_MAX)
                m->lost++;
            else
                put_alert(m, line, &e, result.rules[i], *ret_time, &m->alerts[(*ret_count)++]);
        }
    }
    return m->alerts;
}

uint32_t matching_lost(const struct matching *m)
{
    return m->lost;
}
