/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The export format of the systemd journal: NAME=value lines, or NAME, a line break, eight bytes of
 * length, that many bytes, a line break; an empty line ends an entry.
 *
 * Source: systemd "Journal Export Formats"
 */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "decode/text/formats.h"
#include "decode/text/journal.h"
#include "lang/msg_decode.h"

enum { NAME_LONGEST = 64, PART = 64 * 1024 };

static bool name_char(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/*
 * One field at s; bytes taken, 0 when it is not whole, SIZE_MAX when it is none. An empty line
 * gives an empty name.
 */
static size_t read_field(struct slice s, struct slice *ret_name, struct slice *ret_value)
{
    size_t n = 0, end;
    uint64_t length = 0;

    *ret_name = *ret_value = SLICE_NULL;
    if (s.n == 0)
        return 0;
    if (s.p[0] == '\n')
        return 1;
    while (n < s.n && n <= NAME_LONGEST && name_char(s.p[n]))
        n++;
    if (n == s.n)
        return n > NAME_LONGEST ? SIZE_MAX : 0;
    if (n == 0 || n > NAME_LONGEST || (s.p[n] != '=' && s.p[n] != '\n'))
        return SIZE_MAX;
    *ret_name = slice_head(s, n);
    if (s.p[n] == '=') {
        end = slice_find_byte(slice_from(s, n), '\n');
        if (end == SIZE_MAX)
            return 0;
        *ret_value = slice_of(s.p + n + 1, end - 1);
        return n + end + 1;
    }
    if (s.n < n + 9)
        return 0;
    for (size_t i = 8; i-- > 0;)
        length = length << 8 | s.p[n + 1 + i];
    if (length > s.n - n - 9 || s.n - n - 9 - length < 1)
        return length > (uint64_t)INT32_MAX ? SIZE_MAX : 0;
    *ret_value = slice_of(s.p + n + 9, (size_t)length);
    return s.p[n + 9 + length] == '\n' ? n + 10 + (size_t)length : SIZE_MAX;
}

static int journal_recognise(const struct decode_sample *sample)
{
    struct slice s = sample->bytes, name, value;
    size_t n;

    while (s.n > 0 && s.p[0] == '\n')
        s = slice_from(s, 1);
    n = read_field(s, &name, &value);
    if (n == SIZE_MAX)
        return RECOGNISE_NO;
    if (n == 0)
        return sample->ends || s.n > 4096 ? RECOGNISE_NO : RECOGNISE_MORE;
    return slice_starts(name, SLICE("__CURSOR")) || slice_starts(name, SLICE("__REALTIME"))
               ? RECOGNISE_SURE
               : RECOGNISE_NO;
}

/* Where the entry at the start of s ends; 0 when it is not whole. What is none ends at its line. */
static size_t entry_end(struct slice s)
{
    size_t at = 0;

    while (at < s.n) {
        struct slice name, value;
        size_t n = read_field(slice_from(s, at), &name, &value);

        if (n == 0)
            return 0;
        if (n == SIZE_MAX) {
            n = slice_find_byte(slice_from(s, at), '\n');
            if (n == SIZE_MAX)
                return 0;
            at += n + 1;
            continue;
        }
        at += n;
        if (name.p == NULL)
            return at;
    }
    return 0;
}

struct cutter_own {
    uint32_t max_record;
    bool skipping;
    uint64_t offset, line;
};

static void *new_cutter(const struct decode_limits *limits, const struct decode_context *context)
{
    struct cutter_own *c = calloc(1, sizeof(*c));

    (void)context;
    if (c != NULL)
        c->max_record = limits->max_record;
    return c;
}

static void pass_over(struct cutter_own *c, struct slice s)
{
    c->offset += s.n;
    for (size_t i = 0; i < s.n; i++)
        c->line += s.p[i] == '\n';
}

static int journal_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
                       size_t *ret_taken, struct err *err)
{
    struct cutter_own *c = cutter;
    size_t n = 0, more;

    (void)err;
    while ((more = entry_end(slice_from(have, n))) > 0 && n < (size_t)16 * PART)
        n += more;
    if (c->skipping && have.n > 0) {
        size_t gap = slice_find(have, SLICE("\n\n"));

        *ret_taken = gap == SIZE_MAX ? (last ? have.n : have.n - 1) : gap + 2;
        c->skipping = gap == SIZE_MAX && !last;
        pass_over(c, slice_head(have, *ret_taken));
        return 0;
    }
    if (n == 0 && last)
        n = have.n;
    if (n == 0 && have.n > (size_t)c->max_record) {
        n = c->max_record;
        ret->cut = c->skipping = true;
    }
    if (n == 0)
        return 0;
    ret->text = slice_head(have, n);
    ret->offset = c->offset;
    ret->line = c->line + 1;
    *ret_taken = n;
    pass_over(c, ret->text);
    return 1;
}

struct journal {
    struct decoder base;
    struct decode_limits limits;
    struct fields f;
    struct arena table;
    struct programs *programs;
    struct decode_block block;
    size_t at;
    uint64_t line;
};

static void free_decoder(struct decoder *decoder)
{
    struct journal *d = (struct journal *)decoder;

    if (d == NULL)
        return;
    fields_done(&d->f);
    programs_done(d->programs);
    arena_done(&d->table);
    free(d);
}

static struct decoder *new_decoder(const struct keys *keys, const struct decode_limits *limits)
{
    struct journal *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->limits = *limits;
    d->table = ARENA_INIT(16 * 1024 * 1024);
    if (fields_init(&d->f, keys) == 0)
        d->programs = programs_new(&d->table, &d->f);
    if (d->programs == NULL) {
        free_decoder(&d->base);
        return NULL;
    }
    return &d->base;
}

static void journal_begin(struct decoder *decoder, const struct decode_block *block)
{
    struct journal *d = (struct journal *)decoder;

    d->block = *block;
    d->at = 0;
    d->line = block->line;
}

static const struct {
    const char *name;
    enum field_name ecs;
    bool number;
} names[] = {
    {"_HOSTNAME", NAME_HOST, false},
    {"SYSLOG_IDENTIFIER", NAME_PROGRAM, false},
    {"_COMM", NAME_PROGRAM, false},
    {"_PID", NAME_PID, true},
    {"SYSLOG_PID", NAME_PID, true},
    {"MESSAGE", NAME_MESSAGE, false},
    {"_EXE", NAME_EXECUTABLE, false},
    {"_CMDLINE", NAME_COMMAND_LINE, false},
    {"_UID", NAME_USER_ID, false},
    {"PRIORITY", NAME_SEVERITY, true},
    {"SYSLOG_FACILITY", NAME_FACILITY, true},
};

void journal_fields_name(struct fields *f, const struct programs *programs,
                         const struct decode_context *context)
{
    uint64_t micro;

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct slice value = fields_get_own(f, slice_str(names[i].name));

        if (value.n == 0 || fields_has(f, names[i].ecs))
            continue;
        if (names[i].number)
            fields_number(f, names[i].ecs, value);
        else
            fields_write(f, names[i].ecs, value);
    }
    if (num_u64(fields_get_own(f, SLICE("__REALTIME_TIMESTAMP")), &micro) == 0 &&
        micro < (uint64_t)INT64_MAX / 1000)
        fields_time(f, (int64_t)micro * 1000, true, 6);
    (void)program_read(programs, f, fields_get(f, NAME_PROGRAM), fields_get(f, NAME_MESSAGE),
                       context);
}

static int journal_next(struct decoder *decoder, struct event *ret, struct decode_fault *ret_fault)
{
    struct journal *d = (struct journal *)decoder;
    struct fields *f = &d->f;
    struct slice name, value, rest;
    size_t from, n;
    uint64_t line;

    (void)ret_fault;
    while (d->at < d->block.text.n && d->block.text.p[d->at] == '\n') {
        d->at++;
        d->line++;
    }
    if (d->at >= d->block.text.n)
        return 0;
    from = d->at;
    line = d->line;
    fields_begin(f);
    while (d->at < d->block.text.n) {
        rest = slice_from(d->block.text, d->at);
        n = read_field(rest, &name, &value);
        if (n == 0 || n == SIZE_MAX) { /* cut off, or no field: as text */
            n = CANH_MIN(slice_find_byte(rest, '\n'), rest.n - 1) + 1;
            name = SLICE("unreadable");
            value = slice_trim(slice_head(rest, n));
        }
        for (size_t i = 0; i < n; i++)
            d->line += rest.p[i] == '\n';
        d->at += n;
        if (name.p == NULL)
            break;
        fields_own(f, name, value);
    }
    fields_write(f, NAME_MODULE, SLICE("journal"));
    journal_fields_name(f, d->programs, d->block.context);
    fields_event(f, &d->block, &d->limits, &d->base.counts, ret);
    ret->raw = slice_of(d->block.text.p + from, d->at - from);
    ret->sequence = line;
    ret->offset = d->block.offset + from;
    return 1;
}

const struct format format_journal = {
    .name = "journal-export",
    .text = MSG_DECODE_FORMAT_JOURNAL,
    .recognised = "__CURSOR= or __REALTIME_…=",
    .fields = "own names, then as syslog",
    .tested = "constructed",
    .recognise = journal_recognise,
    .cutter_new = new_cutter,
    .cutter_free = free,
    .cut = journal_cut,
    .decoder_new = new_decoder,
    .decoder_free = free_decoder,
    .begin = journal_begin,
    .next = journal_next,
};
