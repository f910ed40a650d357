/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of the Linux audit daemon. An event is several records with the same serial number, which
 * may stand interleaved with those of other events; here they become one event.
 *
 *     type=SYSCALL msg=audit(1794470645.130:501): arch=… exe="/usr/bin/curl"
 *     type=EXECVE msg=audit(1794470645.130:501): argc=2 a0="curl" a1=2D6F
 *
 * A quoted value is text; an unquoted one of an untrusted field is hexadecimal, "(null)" nothing.
 * Long arguments come in pieces (a1[0]=…, a1[1]=…). Enriched logs put names behind a 0x1D.
 *
 * A block's records are indexed once by serial; the cutter ends a block where no event of the last
 * records goes on. Names: Sigma's taxonomy uses the records' own; of a name that several records
 * have, all values are kept. PATH's name stands under `name`, the executable under `exe`.
 *
 * Source: Linux audit documentation, "Audit event parsing"; kernel audit.c, auditsc.c
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/time.h"
#include "decode/text/clock.h"
#include "decode/text/formats.h"
#include "lang/msg_decode.h"

enum {
    RECORDS_BEHIND = 24, /* records within which an event's next one comes */
    RECORDS_OPEN = 64,   /* records between whose first and last a block may end */
    EVENT_RECORDS_MAX = 2048,
    EVENT_BYTES_MAX = 1024 * 1024,
    ARGUMENTS_MAX = 512,
    SLOTS = 4096
};

struct record {
    struct slice line; /* whole */
    struct slice body; /* behind "msg=audit(…): " */
    struct slice type, node, id;
    uint64_t number; /* of the line, from 1 */
    size_t at;
    uint32_t next; /* of the same event, 0: none */
    bool follows;  /* one before it has the same id */
};

struct audit {
    struct decoder base;
    struct decode_limits limits;
    struct fields f;
    struct decode_block block;
    struct record *records; /* from 1 */
    uint32_t count, cap, at;
    uint32_t last[SLOTS]; /* the last record whose id has this hash */
    struct buf raw;
};

/* [node=N ]type=T msg=audit(S.MMM:ID): body. False when it is none. */
static bool read_head(struct slice line, struct record *ret)
{
    struct slice s = line;
    size_t n;

    *ret = (struct record){.line = line};
    if (slice_starts(s, SLICE("node="))) {
        n = slice_find_byte(slice_head(s, 300), ' ');
        if (n == SIZE_MAX)
            return false;
        ret->node = slice_of(s.p + 5, n - 5);
        s = slice_from(s, n + 1);
    }
    if (slice_starts(s, SLICE("type="))) {
        n = slice_find_byte(slice_head(s, 80), ' ');
        if (n == SIZE_MAX)
            return false;
        ret->type = slice_of(s.p + 5, n - 5);
        s = slice_from(s, n + 1);
    }
    if (slice_starts(s, SLICE("msg=")))
        s = slice_from(s, 4);
    if (!slice_starts(s, SLICE("audit(")))
        return false;
    n = slice_find_byte(slice_head(s, 64), ')');
    if (n == SIZE_MAX || n + 1 >= s.n || s.p[n + 1] != ':')
        return false;
    ret->id = slice_of(s.p + 6, n - 6);
    ret->body = slice_trim(slice_from(s, n + 2));
    return slice_find_byte(ret->id, ':') != SIZE_MAX;
}

static bool auditd_begins(struct slice line, const struct decode_context *context)
{
    struct record r;

    (void)context;
    return (slice_starts(line, SLICE("type=")) || slice_starts(line, SLICE("node="))) &&
           read_head(line, &r);
}

/* Pairs of capital hexadecimal digits as bytes; the text itself when it is none. */
static struct slice auditd_unhex(struct fields *f, struct slice s)
{
    uint8_t *to;

    if (s.n == 0 || s.n % 2 != 0)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        if (hex_digit(s.p[i]) < 0 || (s.p[i] >= 'a' && s.p[i] <= 'f'))
            return s;
    }
    to = fields_scratch(f, s.n / 2);
    return to && hex_get(s, to, s.n / 2) ? slice_of(to, s.n / 2) : s;
}

/* Fields that the kernel or a program writes as hexadecimal when they hold more than plain text. */
static bool auditd_untrusted(struct slice type, struct slice name)
{
    static const char *const names[] = {"comm",     "exe",   "name", "cwd",  "proctitle",
                                        "acct",     "cmd",   "key",  "path", "data",
                                        "dir",      "ocomm", "vm",   "file", "new-disk",
                                        "old-disk", "unit",  "saddr"};

    if (slice_is(type, "EXECVE"))
        return name.n > 1 && name.p[0] == 'a' && ascii_is_digit(name.p[1]);
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(name, names[i]))
            return !slice_is(name, "saddr");
    }
    return false;
}

/* One name=value; *s is put behind it. quoted: the value is text. */
static bool next_pair(struct slice *s, struct slice *ret_name, struct slice *ret_value,
                      bool *ret_quoted)
{
    struct slice rest = slice_trim(*s);
    size_t eq, n = 0;
    uint8_t quote;

    /* "user pid=1", "avc: denied { read } for": words without a value are passed over */
    for (;;) {
        n = slice_find_byte(rest, ' ');
        eq = slice_find_byte(rest, '=');
        if (eq == SIZE_MAX)
            return false;
        if (n == SIZE_MAX || eq < n)
            break;
        rest = slice_trim(slice_from(rest, n));
    }
    *ret_name = slice_head(rest, eq);
    rest = slice_from(rest, eq + 1);
    quote = rest.n > 0 ? rest.p[0] : 0;
    *ret_quoted = quote == '"' || quote == '\'';
    if (*ret_quoted) {
        rest = slice_from(rest, 1);
        n = slice_find_byte(rest, quote);
        n = CANH_MIN(n, rest.n);
        *ret_value = slice_head(rest, n);
        *s = slice_from(rest, n + 1);
        return true;
    }
    for (n = 0; n < rest.n && rest.p[n] != ' ' && rest.p[n] != 0x1D && rest.p[n] != ',';)
        n++;
    *ret_value = slice_head(rest, n);
    *s = slice_from(rest, n < rest.n && rest.p[n] != 0x1D ? n + 1 : n);
    return true;
}

struct arguments {
    struct slice value[ARGUMENTS_MAX];
    size_t count;
    bool lost;
};

/* a3, a3[1], a3_len: the piece is put behind what argument 3 has already. */
static void add_argument(struct fields *f, struct arguments *a, struct slice name,
                         struct slice value)
{
    size_t n = 1, piece = name.n;
    uint64_t number;

    while (n < name.n && ascii_is_digit(name.p[n]))
        n++;
    if (n == 1 || (n < name.n && name.p[n] != '[') ||
        num_u64(slice_of(name.p + 1, n - 1), &number) < 0)
        return;
    if (number >= ARGUMENTS_MAX) {
        a->lost = true;
        return;
    }
    while (a->count <= number)
        a->value[a->count++] = SLICE("");
    if (n < piece && a->value[number].n > 0) {
        uint8_t *p = fields_scratch(f, a->value[number].n + value.n);

        if (p == NULL)
            return;
        memcpy(p, a->value[number].p, a->value[number].n);
        if (value.n > 0)
            memcpy(p + a->value[number].n, value.p, value.n);
        value = slice_of(p, a->value[number].n + value.n);
    }
    a->value[number] = value;
}

static const struct {
    const char *name;
    enum field_name ecs;
    bool number;
} names[] = {
    {"pid", NAME_PID, true},
    {"ppid", NAME_PARENT_PID, true},
    {"uid", NAME_USER_ID, false},
    {"exe", NAME_EXECUTABLE, false},
    {"cwd", NAME_WORKING_DIRECTORY, false},
    {"acct", NAME_USER, false},
    {"op", NAME_ACTION, false},
};

static bool auditd_unset(struct slice value)
{
    return value.n == 0 || slice_is(value, "?") || slice_is(value, "(null)") ||
           slice_is(value, "(none)") || slice_is(value, "4294967295");
}

static void write_ecs(struct fields *f, struct slice name, struct slice value)
{
    if (auditd_unset(value))
        return;
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (!slice_is(name, names[i].name) || fields_has(f, names[i].ecs))
            continue;
        if (names[i].number)
            fields_number(f, names[i].ecs, value);
        else
            fields_write(f, names[i].ecs, value);
    }
    if (slice_is(name, "addr") && !fields_has(f, NAME_SOURCE_IP))
        (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, value);
    if ((slice_is(name, "res") || slice_is(name, "success")) && !fields_has(f, NAME_OUTCOME)) {
        if (slice_is(value, "failed") || slice_is(value, "no") || slice_is(value, "0"))
            fields_write(f, NAME_OUTCOME, SLICE("failure"));
        else if (slice_is(value, "success") || slice_is(value, "yes") || slice_is(value, "1"))
            fields_write(f, NAME_OUTCOME, SLICE("success"));
    }
}

static void write_pairs(struct fields *f, struct slice type, struct slice s, struct arguments *a,
                        int depth)
{
    struct slice name, value;
    bool quoted;

    while (next_pair(&s, &name, &value, &quoted)) {
        /* msg='op=login acct=…' of programs: pairs in a value */
        if (slice_is(name, "msg") && quoted && depth == 0) {
            write_pairs(f, type, value, a, 1);
            continue;
        }
        if (name.n > 0 && name.p[0] == 0x1D)
            name = slice_from(name, 1);
        if (!quoted && auditd_untrusted(type, name))
            value = auditd_unhex(f, value);
        if (slice_is(type, "EXECVE") && name.n > 1 && name.p[0] == 'a' && !slice_is(name, "argc"))
            add_argument(f, a, name, value);
        fields_own(f, name, value);
        write_ecs(f, name, value);
    }
}

/* The arguments with blanks between them. */
static struct slice auditd_joined(struct fields *f, const struct arguments *a)
{
    size_t n = 0, at = 0;
    uint8_t *p;

    for (size_t i = 0; i < a->count; i++)
        n += a->value[i].n + 1;
    if (n == 0 || (p = fields_scratch(f, n)) == NULL)
        return SLICE_NULL;
    for (size_t i = 0; i < a->count; i++) {
        if (a->value[i].n > 0)
            memcpy(p + at, a->value[i].p, a->value[i].n);
        at += a->value[i].n;
        p[at++] = ' ';
    }
    return slice_of(p, at - 1);
}

/* Zero bytes between the arguments become blanks. */
static void write_proctitle(struct fields *f)
{
    struct slice title = fields_get_own(f, SLICE("proctitle"));
    uint8_t *p;

    if (title.n == 0 || (p = fields_scratch(f, title.n)) == NULL)
        return;
    for (size_t i = 0; i < title.n; i++)
        p[i] = title.p[i] == 0 ? ' ' : title.p[i];
    fields_write(f, NAME_COMMAND_LINE, slice_of(p, title.n));
}

static void write_id(struct fields *f, struct slice id)
{
    struct clock_time t;
    size_t colon = slice_find_byte(id, ':');

    fields_number(f, NAME_AUDIT_SERIAL, slice_from(id, colon + 1));
    if (colon > 0 && clock_epoch(slice_head(id, colon), &t) == colon)
        fields_time(f, t.t, true, t.digits);
}

/*
 * A failed login counts once: USER_LOGIN of a known account only repeats USER_AUTH. For an unknown
 * one it is all there is, but on old kernels ("user pid="), where USER_ERR tells of it.
 */
static bool auditd_repeats(const struct record *r)
{
    return slice_is(r->type, "USER_LOGIN") && (slice_find(r->body, SLICE(" acct=28")) == SIZE_MAX ||
                                               slice_starts(r->body, SLICE("user pid=")));
}

static void write_login(struct fields *f, const struct record *r)
{
    if (slice_is(r->type, "USER_LOGIN") || slice_is(r->type, "USER_AUTH") ||
        slice_is(r->type, "USER_ERR"))
        fields_write(f, NAME_CATEGORY, SLICE("authentication"));
    if (auditd_repeats(r) && slice_find(r->body, SLICE(" res=failed")) != SIZE_MAX)
        fields_write(f, NAME_OUTCOME, SLICE("unknown"));
}

static struct slice auditd_whole(struct audit *d, uint32_t at)
{
    buf_clear(&d->raw);
    for (uint32_t i = at, n = 0; i != 0 && n < EVENT_RECORDS_MAX; i = d->records[i].next, n++) {
        if (n > 0)
            buf_putc(&d->raw, '\n');
        buf_append_slice(&d->raw, d->records[i].line);
    }
    if (d->raw.err)
        d->f.lost = true;
    return buf_slice(&d->raw);
}

/* What was run: its arguments, or its title, and its name. */
static void write_program(struct fields *f, const struct arguments *a)
{
    if (a->count > 0) {
        fields_write(f, NAME_COMMAND_LINE, auditd_joined(f, a));
        for (size_t i = 0; i < a->count; i++)
            fields_add(f, f->known[NAME_ARGS], field_name_text(NAME_ARGS), a->value[i],
                       VALUE_STRING);
    } else {
        write_proctitle(f);
    }
    if (fields_get_own(f, SLICE("comm")).n > 0)
        fields_write(f, NAME_PROGRAM, fields_get_own(f, SLICE("comm")));
}

static void read_event(struct audit *d, uint32_t at)
{
    struct fields *f = &d->f;
    struct arguments *a = (void *)fields_scratch(f, sizeof(*a));
    uint32_t n = 0;

    if (a == NULL)
        return;
    a->count = 0;
    a->lost = false;
    write_id(f, d->records[at].id);
    fields_write(f, NAME_MODULE, SLICE("auditd"));
    fields_write(f, NAME_HOST, d->records[at].node);
    fields_write(f, NAME_MESSAGE, auditd_whole(d, at));
    for (uint32_t i = at; i != 0 && n < EVENT_RECORDS_MAX; i = d->records[i].next, n++) {
        fields_own(f, SLICE("type"), d->records[i].type);
        write_login(f, &d->records[i]);
        write_pairs(f, d->records[i].type, d->records[i].body, a, 0);
    }
    f->lost |= a->lost || n == EVENT_RECORDS_MAX;
    write_program(f, a);
}

static size_t line_at(struct slice s, struct slice *ret)
{
    size_t n = slice_find_byte(s, '\n'), taken = n == SIZE_MAX ? s.n : n + 1;

    *ret = slice_head(s, n == SIZE_MAX ? s.n : n);
    if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
        ret->n--;
    return taken;
}

static uint32_t slot_of(struct slice id)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < id.n; i++)
        h = (h ^ id.p[i]) * 16777619u;
    return h % SLOTS;
}

static bool add_record(struct audit *d, const struct record *r)
{
    if (!array_room(d->records, d->count + 1, d->cap, SIZE_MAX))
        return false;
    d->records[++d->count] = *r;
    return true;
}

static void open_block(struct decoder *decoder, const struct decode_block *block)
{
    struct audit *d = (struct audit *)decoder;
    struct slice rest = block->text, line;
    uint64_t number = block->line;
    size_t at = 0;

    d->block = *block;
    d->count = d->at = 0;
    memset(d->last, 0, sizeof(d->last));
    while (rest.n > 0) {
        size_t taken = line_at(rest, &line);
        struct record r;
        uint32_t slot, before;

        if (!read_head(line, &r))
            r = (struct record){.line = line};
        r.number = number++;
        r.at = at;
        if (slice_trim(line).n > 0) {
            if (!add_record(d, &r))
                break;
            slot = slot_of(r.id);
            before = d->last[slot];
            d->last[slot] = d->count;
            if (r.id.n > 0 && before != 0 && slice_eq(d->records[before].id, r.id)) {
                d->records[before].next = d->count;
                d->records[d->count].follows = true;
            }
        }
        rest = slice_from(rest, taken);
        at += taken;
    }
}

static int auditd_next(struct decoder *decoder, struct event *ret, struct decode_fault *ret_fault)
{
    struct audit *d = (struct audit *)decoder;
    struct fields *f = &d->f;
    const struct record *r;

    (void)ret_fault;
    do {
        if (d->at >= d->count)
            return 0;
        r = &d->records[++d->at];
    } while (r->follows);
    fields_begin(f);
    if (r->id.n > 0)
        read_event(d, d->at);
    else
        fields_write(f, NAME_MESSAGE, r->line);
    fields_event(f, &d->block, &d->limits, &d->base.counts, ret);
    ret->raw = r->next == 0 ? r->line : buf_slice(&d->raw);
    ret->sequence = r->number;
    ret->offset = d->block.offset + r->at;
    return 1;
}

static void free_decoder(struct decoder *decoder)
{
    struct audit *d = (struct audit *)decoder;

    if (d == NULL)
        return;
    fields_done(&d->f);
    free(d->records);
    buf_done(&d->raw);
    free(d);
}

static struct decoder *new_decoder(const struct keys *keys, const struct decode_limits *limits)
{
    struct audit *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->limits = *limits;
    d->raw = BUF_INIT(EVENT_BYTES_MAX);
    if (fields_init(&d->f, keys) < 0) {
        free_decoder(&d->base);
        return NULL;
    }
    return &d->base;
}

/*
 * Records of an event stand close together: a block may end where RECORDS_BEHIND records follow and
 * none of as many before the place has an id that comes again behind it. RECORDS_OPEN records are
 * looked at in all.
 */
static size_t safe_end(struct slice s)
{
    size_t start[RECORDS_OPEN];
    struct slice ids[RECORDS_OPEN];
    size_t count = 0, end = s.n, best = 0;

    while (end > 0 && count < RECORDS_OPEN) {
        size_t at = end - 1;
        struct record r;
        struct slice line;

        while (at > 0 && s.p[at - 1] != '\n')
            at--;
        (void)line_at(slice_from(s, at), &line);
        start[count] = at;
        ids[count++] = read_head(line, &r) ? r.id : SLICE_NULL;
        end = at;
    }
    /* the newest event may go on; place i stands before record i, counted from the end */
    for (size_t i = RECORDS_BEHIND - 1; i < count && best == 0; i++) {
        bool open = end > 0 && count - 1 - i < RECORDS_BEHIND; /* too few before it are seen */

        for (size_t behind = 0; behind <= i && !open; behind++) {
            for (size_t before = i + 1; before < count && !open; before++)
                open = ids[behind].n > 0 && slice_eq(ids[behind], ids[before]);
        }
        if (!open)
            best = start[i];
    }
    return best;
}

static int auditd_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
                      size_t *ret_taken, struct err *err)
{
    return lines_cut_at(cutter, have, last, safe_end, ret, ret_taken, err);
}

static int auditd_recognise(const struct decode_sample *sample)
{
    return lines_recognise(&line_auditd, sample);
}

static void *new_cutter(const struct decode_limits *limits, const struct decode_context *context)
{
    return lines_cutter_new(&line_auditd, limits, context);
}

/* A record by itself, in a log of another kind. */
static bool auditd_parse(struct line_reader *r, struct slice line)
{
    struct arguments *a;
    struct record record;

    if (!read_head(line, &record) || (a = (void *)fields_scratch(&r->fields, sizeof(*a))) == NULL)
        return false;
    a->count = 0;
    a->lost = false;
    write_id(&r->fields, record.id);
    fields_write(&r->fields, NAME_HOST, record.node);
    fields_write(&r->fields, NAME_MESSAGE, line);
    fields_own(&r->fields, SLICE("type"), record.type);
    write_login(&r->fields, &record);
    write_pairs(&r->fields, record.type, record.body, a, 0);
    r->fields.lost |= a->lost;
    write_program(&r->fields, a);
    return true;
}

const struct line_format line_auditd = {
    .name = "auditd",
    .begins = auditd_begins,
    .parse = auditd_parse,
    .sure = 95,
};

/* Records of an event that stand together, of which EOE is the last. */
static bool auditd_joins(struct slice event, struct slice line)
{
    struct slice rest = event, last = event;
    struct record first, next;

    if (!read_head(event, &first))
        return false;
    while (line.p == NULL && slice_cut(&rest, '\n', &last))
        continue;
    if (line.p == NULL)
        return !read_head(last, &next) || !slice_is(next.type, "EOE");
    return read_head(line, &next) && slice_eq(first.id, next.id) && slice_eq(first.node, next.node);
}

const struct format format_auditd = {
    .name = "auditd",
    .text = MSG_DECODE_FORMAT_AUDITD,
    .recognised = "type=… msg=audit(",
    .fields = "records of one serial joined; own names; process.*, user.name, source.ip",
    .tested = "fail2ban selinux-ssh 5 of 5; ausearch on hard lines",
    .lines = true,
    .recognise = auditd_recognise,
    .cutter_new = new_cutter,
    .cutter_free = lines_cutter_free,
    .cut = auditd_cut,
    .joins = auditd_joins,
    .decoder_new = new_decoder,
    .decoder_free = free_decoder,
    .begin = open_block,
    .next = auditd_next,
};
