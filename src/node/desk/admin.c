/* SPDX-License-Identifier: Apache-2.0 */
#include "node/desk/admin_internal.h"

#include <string.h>
#include <sys/statvfs.h>

#include "base/time.h"
#include "control/cells.h"
#include "control/node.h"
#include "lang/err_doctor.h"
#include "lang/error.h"
#include "node/wire/snapshot.h"
#include "source/source.h"
#include "state/backup.h"
#include "state/calls.h"

#define RATE_FROM TIME_HOUR /* what came in less tells nothing of a day */
enum {
    BACKUPS_SHOWN = 12,
    REASONS_SHOWN = 5, /* of one way */
};

uint64_t admin_a_day(uint64_t stored, int64_t oldest, int64_t now)
{
    if (oldest == 0 || now - oldest < RATE_FROM)
        return 0;
    return stored / (uint64_t)((now - oldest) / TIME_MINUTE) * (24 * 60);
}

bool admin_disk_free(const char *folder, unsigned *ret_percent, uint64_t *ret_bytes)
{
    struct statvfs s;

    if (statvfs(folder, &s) < 0 || s.f_blocks == 0)
        return false;
    *ret_percent = (unsigned)(100 * (uint64_t)s.f_bavail / s.f_blocks);
    *ret_bytes = (uint64_t)s.f_bavail * s.f_frsize;
    return true;
}

static int write_backup(struct control_job *job, const char *kind, struct slice name, int64_t at,
                        uint64_t bytes)
{
    act_text(job, slice_str(kind));
    act_text(job, name);
    act_number(job, at);
    act_number(job, (int64_t)bytes);
    return row_send(job);
}

static int list_backups(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    struct state_backup_item list[BACKUPS_SHOWN];
    struct buf shelf = BUF_INIT(PLACE_PATH);
    size_t n;
    int r;

    (void)err;
    state_backup_shelf(slice_str(c->place->state), &shelf);
    n = state_backup_list(buf_cstr(&shelf), list, BACKUPS_SHOWN);
    r = write_backup(job, "shelf", buf_slice(&shelf), 0, 0);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_backup(job, "backup", slice_str(list[i].name), list[i].made_at, list[i].bytes);
    buf_done(&shelf);
    return r;
}

struct admin_class {
    const char *name, *stored, *oldest; /* the last two: keys of keep's status */
    int64_t keep, limit;                /* limit: bytes; 0: none but the disk */
};

uint64_t admin_status(const struct admin_ctx *c, enum status_slot slot, const char *key)
{
    return c->status_fd < 0 ? 0 : status_get(c->status_fd, slot, key, 0);
}

static int list_class(const struct admin_ctx *c, const struct admin_class *k,
                      struct control_job *job)
{
    uint64_t stored = admin_status(c, STATUS_KEEP, k->stored), room = 0, a_day, wanted;
    int64_t oldest = (int64_t)admin_status(c, STATUS_KEEP, k->oldest);
    uint64_t days = (uint64_t)(k->keep / TIME_DAY);
    unsigned percent;

    a_day = admin_a_day(stored, oldest, state_now(job->s));
    wanted = a_day * days;
    if (admin_disk_free(c->place->journal, &percent, &room))
        room += stored;
    if (k->limit > 0)
        room = CANH_MIN(room, (uint64_t)k->limit);
    act_text(job, SLICE("class"));
    act_text(job, slice_str(k->name));
    act_number(job, (int64_t)days);
    act_number(job, (int64_t)stored);
    act_number(job, (int64_t)a_day);
    act_number(job, (int64_t)wanted);
    act_number(job, (int64_t)room);
    act_number(job, oldest);
    act_flag(job, wanted <= room);
    return row_send(job);
}

static int list_retention(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    struct admin_class classes[] = {
        {"events", "events stored", "oldest event", c->config->keep_events, c->config->size},
        {"alerts", "alerts stored", "oldest alert", c->config->keep_alerts, 0},
    };
    int64_t days = 0;
    int r = control_number(job->args, "days", 0, &days, err);

    if (days > 0)
        classes[0].keep = CANH_MIN(days, (int64_t)CONTROL_NODE_DAYS_MAX) * TIME_DAY;
    for (size_t i = 0; r == 0 && i < CANH_LEN(classes); i++)
        r = list_class(c, &classes[i], job);
    return r;
}

/* Scheme and host: what stands behind may be a key. */
static void write_target(struct buf *out, struct slice url)
{
    size_t at = slice_find(url, SLICE("://")), head = at == SIZE_MAX ? 0 : at + 3;
    struct slice host = slice_from(url, head);
    size_t end = CANH_MIN(slice_find_byte(host, '/'), slice_find_byte(host, '?'));
    bool more = end != SIZE_MAX && end + 1 < host.n;

    host = slice_head(host, CANH_MIN(end, host.n));
    while ((at = slice_find_byte(host, '@')) != SIZE_MAX) /* a password may have one, too */
        host = slice_from(host, at + 1);
    buf_append_slice(out, slice_head(url, head));
    buf_append_slice(out, host);
    if (more)
        buf_puts(out, "/…");
}

struct admin_way {
    const char *name;
    struct slice url;
    bool key;
    int64_t sent, waiting, failed, unknown, last;
    unsigned reasons;
    struct {
        struct slice text;
        int64_t count, last;
    } reason[REASONS_SHOWN];
};

struct admin_ways {
    struct admin_way way[STATE_CHANNEL_WEBHOOK + 1];
    struct arena *arena;
};

static void note_reason(struct admin_ways *w, struct admin_way *way,
                        const struct state_message_way *x)
{
    unsigned i = way->reasons;

    if (x->reason.n == 0 || i == REASONS_SHOWN)
        return;
    way->reason[i].text = arena_dup(w->arena, x->reason);
    way->reason[i].count = x->count;
    way->reason[i].last = x->last;
    way->reasons++;
}

static int note_way(void *u, const struct state_message_way *x)
{
    struct admin_ways *w = u;
    struct admin_way *way;

    if (x->channel <= 0 || x->channel > STATE_CHANNEL_WEBHOOK)
        return 0;
    way = &w->way[x->channel];
    if (x->state == STATE_MESSAGE_SENT) {
        way->sent += x->count;
        way->last = CANH_MAX(way->last, x->last);
        return 0;
    }
    if (x->state == STATE_MESSAGE_WAITING || x->state == STATE_MESSAGE_HANDED)
        way->waiting += x->count;
    else if (x->state == STATE_MESSAGE_FAILED)
        way->failed += x->count;
    else if (x->state == STATE_MESSAGE_UNKNOWN)
        way->unknown += x->count;
    note_reason(w, way, x);
    return 0;
}

static int write_way(struct control_job *job, const char *kind, const struct admin_way *x,
                     struct slice text)
{
    struct buf target = BUF_INIT(4096);

    write_target(&target, x->url);
    act_text(job, slice_str(kind));
    act_text(job, slice_str(x->name));
    act_text(job, arena_dup(job->arena, buf_slice(&target)));
    act_flag(job, x->key);
    act_number(job, x->sent);
    act_number(job, x->waiting);
    act_number(job, x->failed);
    act_number(job, x->unknown);
    act_number(job, x->last);
    act_text(job, text);
    buf_done(&target);
    return row_send(job);
}

static int write_ways(struct control_job *job, const struct admin_way *way)
{
    int r = write_way(job, "way", way, SLICE(""));

    for (unsigned i = 0; r == 0 && i < way->reasons; i++) {
        const struct admin_way reason = {.name = way->name,
                                         .failed = way->reason[i].count,
                                         .last = way->reason[i].last};

        r = write_way(job, "reason", &reason, way->reason[i].text);
    }
    return r;
}

static int list_gateways(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    const struct config *f = c->config;
    struct arena arena = ARENA_INIT(1 << 20);
    struct admin_ways w = {.way = {[STATE_CHANNEL_SMS] = {"sms", f->sms, f->sms_key.n > 0},
                                   [STATE_CHANNEL_MAIL] = {"smtp", f->smtp, f->smtp_key.n > 0},
                                   [STATE_CHANNEL_WEBHOOK] = {"webhook", f->webhook,
                                                              f->webhook_key.n > 0}},
                           .arena = &arena};
    const struct admin_way inbox = {.name = "sms-inbox",
                                    .url = f->sms_inbox,
                                    .key = f->sms_key.n > 0,
                                    .last = c->inbox.since};
    int r = state_message_ways(job->s, note_way, &w, err);

    for (size_t i = STATE_CHANNEL_SMS; r == 0 && i < CANH_LEN(w.way); i++)
        r = write_ways(job, &w.way[i]);
    if (r == 0)
        r = write_way(job, "inbox", &inbox, c->inbox.since ? c->inbox.why : SLICE_NULL);
    arena_done(&arena);
    return r;
}

void admin_certificate_read(struct admin_certificate *c, struct slice pem)
{
    if (tls_cert_end(pem, &c->end, NULL) < 0)
        c->end = TIME_NONE;
    if (tls_fingerprint(pem, c->print, NULL) < 0)
        c->print[0] = '\0';
}

static int write_certificate(struct control_job *job, struct slice name, int64_t end,
                             const char *print, struct slice file)
{
    act_text(job, SLICE("certificate"));
    act_text(job, name);
    act_number(job, end);
    act_text(job, slice_str(print));
    act_text(job, file);
    act_text(job, SLICE(""));
    return row_send(job);
}

static int write_sender(void *u, const struct state_source *x)
{
    static const uint8_t none[SNAPSHOT_KEY_HASH - SNAPSHOT_CERT_AT];
    struct control_job *job = u;

    if (!x->enabled || x->key_hash.n != SNAPSHOT_KEY_HASH ||
        memcmp(x->key_hash.p + SNAPSHOT_CERT_AT, none, sizeof(none)) == 0)
        return 0;
    return write_certificate(job, x->code, x->created + DESK_SENDER_DAYS * TIME_DAY, "", SLICE(""));
}

static int write_key(struct control_job *job, const char *name, struct slice file, unsigned words)
{
    struct err what = ERR_INIT;
    struct buf text = BUF_INIT(2000);

    (void)err_fail_id(&what, CE_MISSING, words);
    error_write(&text, control_lang(job->args), &what);
    act_text(job, SLICE("key"));
    act_text(job, slice_str(name));
    act_number(job, 0);
    act_text(job, SLICE(""));
    act_text(job, file);
    act_text(job, arena_dup(job->arena, buf_slice(&text)));
    buf_done(&text);
    return row_send(job);
}

static int write_contact_key(const struct admin_ctx *c, struct control_job *job)
{
    static const unsigned words[] = {[STATE_KEY_NONE] = ERR_DOCTOR_KEY_NONE,
                                     [STATE_KEY_WRONG] = ERR_DOCTOR_KEY_WRONG,
                                     [STATE_KEY_BESIDE] = ERR_DOCTOR_KEY_BESIDE,
                                     [STATE_KEY_CREDENTIAL] = ERR_DOCTOR_KEY_CREDENTIAL,
                                     [STATE_KEY_GIVEN] = ERR_DOCTOR_KEY_GIVEN};
    enum state_key_place place = state_key_place(job->s);
    struct buf file = BUF_INIT(PLACE_PATH + 8);
    int r;

    if (place == STATE_KEY_BESIDE || place == STATE_KEY_WRONG)
        buf_printf(&file, "%s/key", c->place->state);
    r = write_key(job, "contacts", buf_slice(&file), words[place]);
    buf_done(&file);
    return r;
}

static int list_certificates(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < c->certificate_count; i++)
        if (c->certificates[i].end != TIME_NONE)
            r = write_certificate(job, slice_str(c->certificates[i].name), c->certificates[i].end,
                                  c->certificates[i].print, slice_str(c->certificates[i].file));
    if (r == 0)
        r = source_list(job->s, &job->actor, STATE_ID_NONE, write_sender, job, err);
    if (r == 0)
        r = write_contact_key(c, job);
    if (r == 0)
        r = write_key(job, "journal", slice_str(c->place->keys),
                      c->config->encrypt ? ERR_DOCTOR_JOURNAL_KEY : ERR_DOCTOR_JOURNAL_PLAIN);
    return r;
}

/* Addresses of [send] may have a key in them. */
static bool is_target(const struct config_key *k)
{
    static const char *const names[] = {"smtp", "sms", "sms-inbox", "webhook"};

    for (size_t i = 0; strcmp(k->section, "send") == 0 && i < CANH_LEN(names); i++)
        if (strcmp(k->name, names[i]) == 0)
            return true;
    return false;
}

static int write_setting(const struct admin_ctx *c, size_t i, struct control_job *job)
{
    const struct config_key *k = &config_keys[i];
    struct buf value = BUF_INIT(8192), shown = BUF_INIT(8192);

    config_write_value(&value, c->config, k);
    if (is_target(k))
        write_target(&shown, buf_slice(&value));
    act_text(job, SLICE("key"));
    act_text(job, slice_str(k->section));
    act_text(job, slice_str(k->name));
    act_text(job, arena_dup(job->arena, buf_slice(is_target(k) ? &shown : &value)));
    act_text(job, slice_str(k->preset));
    act_number(job, (int64_t)c->config->lines[i]);
    act_text(job, slice_str(lang_text(control_lang(job->args), k->help)));
    buf_done(&value);
    buf_done(&shown);
    return row_send(job);
}

static int list_settings(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    struct slice section = control_text(job->args, "section");
    int r;

    (void)err;
    act_text(job, SLICE("file"));
    act_text(job, SLICE(""));
    act_text(job, slice_str(c->place->conf));
    for (unsigned i = 0; i < 2; i++)
        act_text(job, SLICE(""));
    act_number(job, 0);
    act_text(job, SLICE(""));
    r = row_send(job);
    for (size_t i = 0; r == 0 && i < config_key_count; i++)
        if (section.n == 0 || slice_is(section, config_keys[i].section))
            r = write_setting(c, i, job);
    return r;
}

static int list_listeners(const struct admin_ctx *c, struct control_job *job, struct err *err)
{
    int r = 0;

    (void)err;
    for (size_t i = 0; r == 0 && i < config_key_count; i++) {
        const struct config_address *a = config_listener(c->config, config_keys[i].name);

        if (a == NULL)
            continue;
        act_text(job, slice_str(config_keys[i].name));
        act_text(job, slice_str(a->host));
        act_number(job, a->port);
        r = row_send(job);
    }
    return r;
}

int admin_tell(const struct admin_ctx *c, unsigned part, struct control_job *job, struct err *err)
{
    static int (*const parts[CONTROL_NODE_PARTS])(const struct admin_ctx *, struct control_job *,
                                                  struct err *) = {
        [CONTROL_NODE_RULES] = admin_list_rules,         [CONTROL_NODE_BACKUPS] = list_backups,
        [CONTROL_NODE_RETENTION] = list_retention,       [CONTROL_NODE_GATEWAYS] = list_gateways,
        [CONTROL_NODE_CERTIFICATES] = list_certificates, [CONTROL_NODE_SETTINGS] = list_settings,
        [CONTROL_NODE_LISTENERS] = list_listeners,
    };

    return part < CANH_LEN(parts) ? parts[part](c, job, err) : err_code(err, -CE_NOT_FOUND);
}
