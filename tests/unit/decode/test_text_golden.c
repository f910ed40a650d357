/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes of lines of text, whole: tests/golden/text/FORMAT*.txt. A file has
 * logs of one format,
 *
 *     > a line of a log
 *     > its next line
 *     name=value         all fields of its first event, then those of the next
 * after an empty line
 *
 * and in programs.txt messages by themselves of the program that a line "=
 * NAME" names. A number's name has a # behind it, a truth's a ?. Bytes that are
 * no text are written \xHH. With CANH_BLESS=1 the fields are written anew: read
 * the difference before it is committed.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "decode/text/formats.h"
#include "tap.h"

enum { LOG_MAX = 256 * 1024, OUT_MAX = 1 << 20, FEW = 3 /* fields */ };

/* Within which limits a log is read. */
enum within { USUAL, FEW_FIELDS, SHORT_RECORDS, WITHINS };

static const struct format *const formats[] = {TEXT_FORMATS(TEXT_FORMAT_ROW)};
static struct fields fields;
static struct programs *programs;
static struct keys *keys;
static struct buf recognised;
static struct decoder *decoders[WITHINS][CANH_LEN(formats)];

static const struct format *format_of(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(formats); i++) {
        size_t n = strlen(formats[i]->name);

        if (slice_starts(name, slice_str(formats[i]->name)) && (name.n == n || name.p[n] == '.'))
            return formats[i];
    }
    return NULL;
}

/* Appends a line of a golden file without its \xHH. */
static void unescape(struct slice s, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned byte;
        char digits[3] = {0};

        if (s.n - i >= 4 && s.p[i] == '\\' && s.p[i + 1] == 'x') {
            memcpy(digits, s.p + i + 2, 2);
            if (sscanf(digits, "%2x", &byte) == 1) {
                buf_putc(out, (uint8_t)byte);
                i += 3;
                continue;
            }
        }
        buf_putc(out, s.p[i]);
    }
}

static void write_field(struct slice name, const struct field *field, struct buf *out)
{
    static const char *const marks[] = {[VALUE_NUMBER] = "#", [VALUE_BOOL] = "?"};
    const char *mark = field->type < CANH_LEN(marks) ? marks[field->type] : NULL;

    buf_printf(out, SLICE_FMT "%s=", SLICE_ARG(name), mark ? mark : "");
    for (uint32_t i = 0; i < field->n; i++) {
        uint8_t c = field->text[i];

        if (c < 0x20 || c == 0x7F)
            buf_printf(out, "\\x%02X", c);
        else
            buf_putc(out, c);
    }
    buf_putc(out, '\n');
}

static void write_event(const struct event *e, struct buf *out)
{
    for (uint32_t i = 0; e->names && i < e->count; i++)
        write_field(e->names[i], &e->fields[i], out);
    if (e->names == NULL)
        buf_puts(out, "(a line of another format)\n");
    if (e->flags & EVENT_FIELDS_LOST)
        buf_puts(out, "(fields lost)\n");
}

/* What is written of a log's events, and with `places` where each stands. */
struct output {
    const struct format *format;
    enum within within;
    struct decoder *decoder;
    struct buf *out;
    size_t from;
    bool places;
    unsigned many; /* events with more than FEW fields, or that would have them */
};

/* What an event says of itself: its first line stands where it says, and its flags are counted. */
static void check_event(const struct decode_block *block, const struct event *e, struct buf *out)
{
    uint64_t at = e->offset - block->offset;
    struct slice line = slice_head(e->raw, slice_find_byte(e->raw, '\n'));
    uint64_t number = block->line;

    if (e->offset < block->offset || at > block->text.n || e->raw.n > block->text.n - at ||
        !slice_starts(slice_from(block->text, (size_t)at), line))
        buf_puts(out, "(stands elsewhere)\n");
    for (size_t i = 0; i < at && i < block->text.n; i++)
        number += block->text.p[i] == '\n';
    if (e->sequence != number)
        buf_puts(out, "(is another line)\n");
    if (e->names && !(e->flags & EVENT_TIME) != (e->time == TIME_NONE))
        buf_puts(out, "(has a time or has none)\n");
    if (e->names && !(e->flags & EVENT_TRUNCATED) != !block->cut)
        buf_puts(out, "(cut or not)\n");
}

static void check_counts(const struct decode_counts *before, const struct decode_counts *c,
                         uint64_t events, uint64_t lost, uint64_t cut, struct buf *out)
{
    if (c->records - before->records != events || c->fields_lost - before->fields_lost != lost ||
        c->truncated - before->truncated != cut)
        buf_puts(out, "(counted otherwise)\n");
}

static void write_block(struct output *o, const struct decode_block *block)
{
    struct decode_counts before = o->decoder->counts;
    uint64_t events = 0, others = 0, lost = 0, cut = 0;
    struct decode_fault fault;
    struct event event;
    int r;

    decoder_open(o->decoder, block);
    while ((r = decoder_next(o->decoder, &event, &fault)) != 0) {
        if (r > 0) {
            check_event(block, &event, o->out);
            events++;
            others += event.names == NULL;
            lost += (event.flags & EVENT_FIELDS_LOST) != 0;
            cut += (event.flags & EVENT_TRUNCATED) != 0;
            o->many += event.count > FEW || (event.flags & EVENT_FIELDS_LOST) != 0;
        }
        if (o->out->len > o->from)
            buf_putc(o->out, '\n');
        if (o->places)
            buf_printf(o->out, "%" PRIu64 " %" PRIu64 "\n", event.sequence, event.offset);
        if (r > 0)
            write_event(&event, o->out);
        else
            buf_puts(o->out, "(fault)\n");
    }
    if (others == 0) /* what another decoder reads is counted there */
        check_counts(&before, &o->decoder->counts, events, lost, cut, o->out);
}

static struct decode_limits limits_of(enum within within)
{
    struct decode_limits limits = decode_default_limits;

    if (within != USUAL)
        limits.max_fields = FEW;
    if (within == SHORT_RECORDS)
        limits.max_record = 48;
    return limits;
}

/* A format's decoder; one for all of its logs. */
static struct decoder *decoder_of(const struct format *format, enum within within)
{
    struct decode_limits limits = limits_of(within);
    size_t i = 0;

    while (formats[i] != format)
        i++;
    if (decoders[within][i] == NULL)
        decoders[within][i] = decoder_new(format, keys, &limits);
    return decoders[within][i];
}

/* All fields of all events of a log that comes `step` bytes at a time. */
static void write_events(struct output *o, struct slice text, size_t step)
{
    struct decode_limits limits = limits_of(o->within);
    struct decode_context context = {.received = TIME_NONE};
    struct cutter *cutter = cutter_new(o->format, &limits, &context);
    struct decode_block block;
    struct err err = ERR_INIT;
    size_t have = CANH_MIN(step, text.n), taken = 0;
    int r;

    o->decoder = decoder_of(o->format, o->within);
    o->from = o->out->len;
    if (o->decoder == NULL || cutter == NULL ||
        time_parse(SLICE("2026-12-01T00:00:00Z"), 0, &context.modified, NULL) < 0)
        abort();
    while ((r = cutter_cut(cutter, slice_head(text, have), have == text.n, &block, &taken, &err)) >
               0 ||
           taken > 0 || have < text.n) {
        if (r > 0)
            write_block(o, &block);
        if (r < 0 || taken > have)
            buf_puts(o->out, "(not cut)\n");
        if (r == 0 && taken == 0)
            have = CANH_MIN(have + step, text.n);
        text = slice_from(text, taken);
        have = CANH_MIN(have - taken, text.n);
        taken = 0;
    }
    if (o->out->len == o->from)
        buf_puts(o->out, "(no event)\n");
    cutter_free(cutter);
}

/* A log of several lines says the same wherever it is cut. */
static void check_pieces(const struct format *format, struct slice log)
{
    static const size_t steps[] = {1, 7};
    struct buf whole = BUF_INIT(OUT_MAX), pieces = BUF_INIT(OUT_MAX);
    struct output o = {.format = format, .out = &whole, .places = true};

    write_events(&o, log, log.n);
    o.out = &pieces;
    for (size_t i = 0; i < CANH_LEN(steps); i++) {
        buf_clear(&pieces);
        write_events(&o, log, steps[i]);
        is_slice(buf_slice(&pieces), buf_slice(&whole), "%zu bytes at a time", steps[i]);
    }
    buf_done(&whole);
    buf_done(&pieces);
}

/* What a log's events say of themselves is right, too, where its last line does not end, where
 * records are cut and fields left out; and each that leaves some out says so. */
static void check_limited(const struct format *format, struct slice log)
{
    static const char *const wrong[] = {"(not cut)",           "(stands elsewhere)",
                                        "(is another line)",   "(cut or not)",
                                        "(counted otherwise)", "(has a time or has none)"};
    struct buf out = BUF_INIT(OUT_MAX);
    struct output whole = {.format = format, .out = &out};
    struct output few = {.format = format, .within = FEW_FIELDS, .out = &out};
    struct output cut = {.format = format, .within = SHORT_RECORDS, .out = &out};

    write_events(&whole, log, log.n);
    write_events(&few, log, log.n);
    is_int(few.many, whole.many, "events that leave fields out");
    write_events(&whole, slice_head(log, log.n - 1), log.n);
    write_events(&cut, log, log.n);
    write_events(&cut, log, 64);
    for (size_t i = 0; i < CANH_LEN(wrong); i++) {
        if (slice_find(buf_slice(&out), slice_str(wrong[i])) != SIZE_MAX)
            ok(false, "cut " SLICE_FMT ": %s",
               SLICE_ARG(slice_head(log, CANH_MIN(log.n, (size_t)60))), wrong[i]);
    }
    buf_done(&out);
}

/* The fields that a program's wordings give of one message. */
static void write_message(struct slice program, struct slice message, struct buf *out)
{
    fields_begin(&fields);
    if (!program_read(programs, &fields, program, message, &decode_no_context))
        buf_puts(out, "(no wording)\n");
    for (uint32_t i = 0; i < fields.count; i++)
        write_field(fields.names[i], &fields.items[i], out);
}

/* What the formats say of a log: whole, when only its beginning is there, and from its middle on;
 * as percentages, and how many must see more. */
static void write_recognised(struct slice log, struct buf *out)
{
    struct slice line = slice_head(log, CANH_MIN(slice_find_byte(log, '\n'), (size_t)60));

    for (size_t i = 0; i < line.n; i++)
        buf_putc(out, line.p[i] < ' ' || line.p[i] >= 0x7F ? '?' : line.p[i]);
    buf_puts(out, " =>");
    for (int k = 0; k < 3; k++) {
        size_t cut = k == 1 ? CANH_MIN(log.n, (size_t)7) : 0;
        struct decode_sample sample = {.bytes = slice_head(log, log.n - cut),
                                       .begins = k < 2,
                                       .ends = k == 0};
        unsigned more = 0;

        for (size_t i = 0; i < CANH_LEN(formats); i++) {
            int sure = formats[i]->recognise(&sample);

            more += sure == RECOGNISE_MORE;
            if (sure > RECOGNISE_NO)
                buf_printf(out, " %s %d", formats[i]->name, sure);
        }
        buf_printf(out, "%s%.0u%s", more ? " more " : "", more, k < 2 ? " |" : "\n");
    }
}

static void check_recognised(void)
{
    const char *bless = getenv("CANH_BLESS");
    struct buf text = BUF_INIT(OUT_MAX);
    struct err err = ERR_INIT;
    struct slice want, got = buf_slice(&recognised), line, wanted;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/tests/golden/text-recognised.txt", tap_source_dir());
    if (bless && bless[0] == '1')
        ok(file_replace(path, got, 0644, &err) == 0, "%s is written", path);
    ok(file_read(path, &text, &err) == 0, "%s is read", path);
    want = buf_slice(&text);
    while (want.n > 0 && slice_cut(&want, '\n', &wanted) && slice_cut(&got, '\n', &line)) {
        if (!slice_eq(line, wanted))
            is_slice(line, wanted, "what a log is taken for");
    }
    is_int((int)got.n, (int)want.n, "all logs");
    buf_done(&text);
}

struct golden {
    const struct format *format; /* NULL: messages of programs */
    struct slice program;
    struct slice rest; /* of the file */
    struct buf log, got, file;
};

/* The lines up to the next that begins with one of these. */
static struct slice lines_before(struct slice *rest, const char *stops)
{
    const uint8_t *from = rest->p;

    while (rest->n > 0 && strchr(stops, rest->p[0]) == NULL) {
        size_t end = slice_find_byte(*rest, '\n');

        *rest = slice_from(*rest, end == SIZE_MAX ? rest->n : end + 1);
    }
    return slice_of(from, (size_t)(rest->p - from));
}

/* A log of lines "> …" and what is wanted of it. */
static void check_log(struct golden *g)
{
    const uint8_t *from = g->rest.p;
    struct slice line, lines, want;

    buf_clear(&g->log);
    buf_clear(&g->got);
    while (g->rest.n > 1 && g->rest.p[0] == '>' && slice_cut(&g->rest, '\n', &line)) {
        unescape(slice_from(line, CANH_MIN(line.n, (size_t)2)), &g->log);
        buf_putc(&g->log, '\n');
    }
    lines = slice_of(from, (size_t)(g->rest.p - from));
    want = lines_before(&g->rest, "#=>");
    if (g->format) {
        struct output o = {.format = g->format, .out = &g->got};

        write_events(&o, buf_slice(&g->log), g->log.len);
        write_recognised(buf_slice(&g->log), &recognised);
        check_limited(g->format, buf_slice(&g->log));
        if (slice_find_byte(buf_slice(&g->log), '\n') + 1 < g->log.len)
            check_pieces(g->format, buf_slice(&g->log));
    } else {
        write_message(g->program, slice_head(buf_slice(&g->log), g->log.len - 1), &g->got);
    }
    buf_append_slice(&g->file, lines);
    buf_append_slice(&g->file, buf_slice(&g->got));
    buf_putc(&g->file, '\n');
    is_slice(slice_trim(want), slice_trim(buf_slice(&g->got)), SLICE_FMT,
             SLICE_ARG(slice_head(lines, CANH_MIN(lines.n - 1, (size_t)70))));
}

static void check_file(const char *path)
{
    const char *bless = getenv("CANH_BLESS"), *name = strrchr(path, '/') + 1;
    struct golden g = {.log = BUF_INIT(LOG_MAX),
                       .got = BUF_INIT(OUT_MAX),
                       .file = BUF_INIT(OUT_MAX)};
    struct buf text = BUF_INIT(OUT_MAX);
    struct err err = ERR_INIT;

    g.format = format_of(slice_str(name));
    ok(file_read(path, &text, &err) == 0 && (g.format || strcmp(name, "programs.txt") == 0),
       "%s is read", path);
    g.rest = buf_slice(&text);
    while (g.rest.n > 0) {
        struct slice line;

        if (g.rest.p[0] == '>') {
            check_log(&g);
            continue;
        }
        (void)slice_cut(&g.rest, '\n', &line);
        if (slice_starts(line, SLICE("= ")))
            g.program = slice_from(line, 2);
        buf_append_slice(&g.file, line);
        buf_putc(&g.file, '\n');
    }
    if (bless && bless[0] == '1')
        ok(file_replace(path, slice_head(buf_slice(&g.file), g.file.len - 1), 0644, &err) == 0,
           "%s is written", path);
    buf_done(&g.log);
    buf_done(&g.got);
    buf_done(&g.file);
    buf_done(&text);
}

int main(void)
{
    struct arena arena = ARENA_INIT(16 << 20);
    char pattern[4096];
    glob_t found;

    recognised = BUF_INIT(OUT_MAX);
    for (size_t i = 0; i < CANH_LEN(formats); i++)
        buf_printf(&recognised, "%s:%s%s%s%s\n", formats[i]->name,
                   formats[i]->lines ? " lines" : "", formats[i]->documents ? " documents" : "",
                   formats[i]->any_layout ? " any layout" : "",
                   formats[i]->leftovers ? " leftovers" : "");
    (void)snprintf(pattern, sizeof(pattern), "%s/tests/golden/text/*.txt", tap_source_dir());
    if ((keys = keys_new()) == NULL || fields_init(&fields, keys) < 0 ||
        (programs = programs_new(&arena, &fields)) == NULL || glob(pattern, 0, NULL, &found) != 0)
        abort();
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_file(found.gl_pathv[i]);
    globfree(&found);
    for (size_t i = 0; i < CANH_LEN(formats); i++) {
        for (int k = 0; k < WITHINS; k++)
            (void)decoder_free(decoders[k][i]);
    }
    check_recognised();
    buf_done(&recognised);
    programs_done(programs);
    arena_done(&arena);
    fields_done(&fields);
    keys = keys_free(keys);
    return tap_done();
}
