/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The reading thread: walks the inputs, recognises logs by content, and lets workers cut blocks of
 * whole records. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/time.h"
#include "detect/scan_input.h"
#include "detect/unpack.h"
#include "lang/err_detect.h"

enum {
    SNIFF_BYTES = 4096,
    SNIFF_MAX = 256 * 1024,        /* bytes that tell at most what an input is */
    BEFORE_MAX = 32 * 1024 * 1024, /* bytes in no format before a log begins */
    BEFORE_LINE_MAX = 1024 * 1024,
};

static bool scan_read_stopped(const struct input *s)
{
    return cancel_asked(s->scan->request->cancel);
}

static void note_read_failure(struct input *s)
{
    struct scan_note note = {.trouble = TROUBLE_UNREADABLE, .placed = true, .offset = s->at};

    (void)err_fail_sys(&note.err, s->failed, ERR_BASE_FILE, "read");
    scan_add_note(s->block, &note);
}

/* What the cutter says of the input as a whole: it cannot be read any further. */
static void note_refused(struct input *s, const struct err *err)
{
    struct scan_note note = {.trouble = TROUBLE_NO_LOG,
                             .placed = true,
                             .offset = err->offset + s->before,
                             .line = err->line ? err->line + s->before_lines : 0,
                             .err = *err};

    if (!s->again)
        scan_add_note(s->block, &note);
    s->block->len = 0;
}

/* Hands the block on with what was cut. False: stop everything. */
static bool emit_block(struct input *s, const struct decode_block *cut, size_t taken)
{
    struct scan_block *b = s->block;

    b->records = true;
    b->cut = *cut;
    b->cut.offset += s->before;
    b->cut.line += s->before_lines;
    b->cut.leftovers = s->again;
    buf_clear(&b->head);
    buf_append_slice(&b->head, cut->head);
    if (b->head.err)
        s->scan->no_memory = true;
    if (b->head.err || !input_keep(s, taken))
        return false;
    input_end_block(s);
    return true;
}

/*
 * After an early end whole lines still count; one that is cut is nobody's fault. True when what the
 * block holds is the last of the input.
 */
static bool is_last(struct input *s)
{
    struct scan_block *b = s->block;

    if (!scan_read_stopped(s) || !s->file->format->lines)
        return s->ended;
    while (b->len > 0 && b->store->data[b->len - 1] != '\n')
        b->len--;
    return true;
}

/* Once through an input, in blocks of whole records, by whichever thread fills the next. */
struct pass {
    struct input *input;
    struct cutter *cutter;
    size_t want; /* bytes of a block */
    bool wanted; /* false: stop everything */
};

enum pass_state { PASS_MORE, PASS_BLOCK, PASS_OVER };

/* Cuts what the block holds. */
static enum pass_state cut_block(struct pass *p)
{
    struct input *s = p->input;
    struct scan_block *b = s->block;
    struct err err = ERR_INIT;
    struct decode_block cut;
    size_t taken;
    bool last = is_last(s);
    int r = cutter_cut(p->cutter, slice_of(b->store->data, b->len), last, &cut, &taken, &err);

    if (r < 0)
        note_refused(s, &err);
    if (r < 0 || (scan_read_stopped(s) && r == 0 && taken == 0))
        return PASS_OVER;
    if (r > 0) {
        p->wanted = emit_block(s, &cut, taken);
        return p->wanted ? PASS_BLOCK : PASS_OVER;
    }
    if (taken > 0)
        input_drop(s, taken);
    else if (s->ended)
        return PASS_OVER;
    else if (b->len >= p->want)
        p->want = CANH_MIN(p->want * 2, (size_t)decode_default_limits.max_record + SCAN_BLOCK);
    return PASS_MORE;
}

/* False: stop everything. */
static bool read_more(struct pass *p)
{
    if (!input_fit(p->input, p->want))
        return false;
    input_read(p->input, p->want);
    return true;
}

/* Begins a block with what the one before it left over. False: stop everything. */
static bool begin_next(struct pass *p)
{
    if (!input_begin_block(p->input))
        return false;
    p->want = CANH_MAX(p->input->scan->block_size, p->input->block->len);
    return read_more(p);
}

/* A ring_fill_fn. When the pass is over, a block is begun that nobody has handed on. */
static bool fill_block(void *ctx)
{
    struct pass *p = ctx;
    enum pass_state state = PASS_OVER;

    /* of the first, whose beginning has been read, whole records need not wait for more */
    p->wanted = p->input->block != NULL || begin_next(p);
    while (p->wanted && (state = cut_block(p)) == PASS_MORE)
        p->wanted = read_more(p);
    return p->wanted && state == PASS_BLOCK;
}

/* False: stop everything. */
static bool read_blocks(struct input *s, struct cutter *c)
{
    struct pass pass = {.input = s, .cutter = c, .want = s->scan->block_size, .wanted = true};

    if (s->regular)
        input_read_full(s, pass.want);
    ring_lend(&s->scan->ring, fill_block, &pass);
    return pass.wanted && s->block != NULL;
}

static bool read_once(struct input *s)
{
    struct cutter *c = cutter_new(s->file->format, &decode_default_limits, &s->file->context);
    bool go_on;

    if (c == NULL)
        s->scan->no_memory = true;
    go_on = c != NULL && read_blocks(s, c);
    (void)cutter_free(c);
    return go_on;
}

static bool read_records(struct input *s)
{
    struct scan_note note = {.trouble = TROUBLE_NOT_TWICE};
    bool recover = s->scan->request->recover && s->file->format->leftovers;

    if (recover && s->began < 0)
        scan_add_note(s->block, &note);
    else if (recover && (s->file->recovery = recovery_new()) == NULL)
        s->scan->no_memory = true;
    if (s->scan->no_memory || !read_once(s))
        return false;
    if (s->file->recovery == NULL || s->failed || scan_read_stopped(s) || !input_rewind(s))
        return true;
    return read_once(s);
}

/* What comes first decides, as soon as it is enough. */
static const struct format *scan_read_recognise(struct input *s)
{
    const struct format *format;
    bool more;

    input_read_full(s, 2);
    input_detect_coding(s);
    if (s->scan->request->as != NULL && s->block->len > 0)
        return s->scan->request->as;
    do {
        struct decode_sample sample = {.begins = true};

        input_read(s, CANH_MIN(s->block->len + SNIFF_BYTES, (size_t)SNIFF_MAX));
        sample.bytes = slice_of(s->block->store->data, s->block->len);
        sample.ends = s->ended || s->block->len >= SNIFF_MAX;
        format = format_find(&sample, &more);
    } while (more && !scan_read_stopped(s));
    return format;
}

/* Letters of ASCII with bytes of zero between: UTF-32, or UTF-16 that nothing marks. */
static bool is_wide(struct slice s)
{
    size_t letters = 0;

    for (size_t i = 0; i < s.n && i < 64; i++) {
        if (s.p[i] != 0 && (s.p[i] < '\t' || s.p[i] > '~' || (i > 0 && s.p[i - 1] != 0)))
            return false;
        letters += s.p[i] != 0;
    }
    return letters > 7;
}

/* Nothing that can be read here; what people mistake for a log gets a hint what to do. */
static struct scan_note no_log_note(const struct input *s)
{
    static const struct {
        struct slice begins;
        enum scan_hint hint;
    } rows[] = {
        {SLICE_INIT("7z\xBC\xAF"), HINT_PACKED},
        {SLICE_INIT("Rar!"), HINT_PACKED},
        {SLICE_INIT("<"), HINT_XML},
    };
    struct slice seen = slice_trim(slice_of(s->block->store->data, s->block->len));
    struct scan_note note = {.trouble = TROUBLE_NO_LOG};

    if (slice_starts(seen, SLICE("\xEF\xBB\xBF")))
        seen = slice_trim(slice_from(seen, 3));
    if (seen.n == 0)
        note.trouble = TROUBLE_EMPTY;
    for (size_t i = 0; i < CANH_LEN(rows) && note.hint == HINT_NONE; i++) {
        if (slice_starts(seen, rows[i].begins))
            note.hint = rows[i].hint;
    }
    if (is_wide(seen))
        note.hint = HINT_WIDE;
    return note;
}

/* Passes over n bytes that belong to no log. */
static void pass_over(struct input *s, size_t n)
{
    struct slice passed = slice_of(s->block->store->data, n);

    s->before += n;
    for (size_t at; (at = slice_find_byte(passed, '\n')) != SIZE_MAX; s->before_lines++)
        passed = slice_from(passed, at + 1);
    input_drop(s, n);
}

/* A log that begins behind lines in no format; NULL: there is none. */
static const struct format *recognise_later(struct input *s)
{
    struct scan_block *b = s->block;

    if (memchr(b->store->data, 0, CANH_MIN(b->len, (size_t)SNIFF_BYTES)) != NULL)
        return NULL;
    while (!scan_read_stopped(s) && !s->failed) {
        size_t at;
        const struct format *format =
            format_find_later(slice_of(b->store->data, b->len), s->ended, &at);

        pass_over(s, at);
        if (format != NULL || s->ended)
            return format;
        if (s->before > BEFORE_MAX || b->len > BEFORE_LINE_MAX || !input_fit(s, b->len + SNIFF_MAX))
            return NULL;
        input_read(s, b->len + SNIFF_MAX);
    }
    return NULL;
}

static void note_before(struct input *s)
{
    struct scan_note note = {.trouble = TROUBLE_BEFORE,
                             .placed = true,
                             .offset = s->before,
                             .line = s->before_lines + 1};

    scan_add_note(s->block, &note);
}

/* False: stop everything. The file's last block is begun, not handed on. */
static bool read_log(struct input *s)
{
    struct scan_note no_log;

    s->file->format = scan_read_recognise(s);
    if (s->file->format != NULL)
        return read_records(s);
    no_log = no_log_note(s);
    s->file->format = no_log.trouble == TROUBLE_NO_LOG ? recognise_later(s) : NULL;
    if (s->file->format != NULL) {
        note_before(s);
        return read_records(s);
    }
    if (!s->failed && !scan_read_stopped(s))
        scan_add_note(s->block, &no_log);
    return true;
}

/* What is to be read next: a file that the walk found, or an entry of a packed one. */
struct source {
    struct walk_item item;
    enum walk_kind kind;
    enum scan_trouble trouble; /* of WALK_ERROR */
    unsigned depth;            /* archives around it */
    int64_t modified;          /* of an entry */
};

static struct scan_input_file *new_file(struct scan *scan, const struct source *from,
                                        uint32_t number)
{
    struct scan_input_file *file = calloc(1, sizeof(*file));
    struct stat st;

    if (file == NULL)
        return NULL;
    file->number = number;
    file->shown.operand = from->item.operand;
    file->shown.path = strdup(from->item.path);
    if (file->shown.path == NULL) {
        free(file);
        return NULL;
    }
    file->context = decode_no_context;
    if (from->depth)
        scan_expect_copies(scan);
    if (from->depth)
        file->context.modified = from->modified;
    else if (from->item.regular && fstat(from->item.fd, &st) == 0)
        file->context.modified = st.st_mtim.tv_sec * TIME_SECOND + st.st_mtim.tv_nsec;
    else
        file->context.received = time_now();
    file->first = file->last = TIME_NONE;
    file->origin =
        (struct origin){.path = file->shown.path,
                        .received = TIME_NONE,
                        .zone = path_zone_of(scan->request->zones, scan->request->zone_count,
                                             file->shown.path),
                        .shown = scan->request->shown};
    return file;
}

static bool read_source(struct scan *scan, struct source *from);

/* Says what is wrong with a packed file, as of a file that cannot be read. */
static bool note_packed(struct scan *scan, const struct source *from, enum scan_trouble trouble,
                        const struct err *err)
{
    struct source note = {.kind = WALK_ERROR,
                          .trouble = trouble,
                          .depth = from->depth,
                          .item = from->item};

    note.item.fd = -1;
    note.item.err = *err;
    return read_source(scan, &note);
}

/* All entries of a packed input, one after the other. False: stop everything. */
static bool read_entries(struct scan *scan, const struct source *from, struct unpack *u,
                         uint64_t *ret_entries)
{
    struct unpack_entry entry;
    bool go_on = true;

    while (go_on && unpack_next(u, &entry)) {
        struct source inner = {.kind = WALK_FILE,
                               .depth = from->depth + 1,
                               .modified = entry.modified,
                               .item = {.path = entry.path,
                                        .fd = entry.fd,
                                        .regular = true, /* it never waits for somebody to type */
                                        .operand = from->item.operand && entry.alone}};

        ++*ret_entries;
        go_on = read_source(scan, &inner);
    }
    return go_on;
}

static bool read_packed(struct input *s, const struct source *from, struct slice first)
{
    struct unpack_request request = {.path = from->item.path,
                                     .fd = s->fd,
                                     .regular = s->began >= 0,
                                     .prefix = first,
                                     .passwords = s->scan->request->passwords,
                                     .password_count = s->scan->request->password_count,
                                     .modified = s->file->context.modified,
                                     .cancel = s->scan->request->cancel,
                                     .bytes_read = from->depth ? NULL : &s->scan->bytes_read};
    struct unpack *u = unpack_start(&request);
    struct err err = ERR_INIT;
    uint64_t entries = 0;
    bool go_on;

    if (u == NULL) {
        s->scan->no_memory = true;
        return false;
    }
    go_on = read_entries(s->scan, from, u, &entries);
    if (unpack_end(u, &err) < 0 && go_on)
        return note_packed(s->scan, from, TROUBLE_UNREADABLE, &err);
    return go_on && entries == 0 ? note_packed(s->scan, from, TROUBLE_EMPTY, &err) : go_on;
}

/* A plain input, or one that is wrong. False: stop everything. */
static bool read_plain(struct input *s, const struct source *from)
{
    struct scan_note note = {.trouble = from->trouble, .err = from->item.err};
    bool go_on = input_begin_block(s);

    if (go_on && from->kind == WALK_ERROR)
        scan_add_note(s->block, &note);
    else if (go_on)
        go_on = read_log(s);
    if (!go_on)
        return false;
    if (s->failed)
        note_read_failure(s);
    s->block->records = false;
    s->block->len = 0;
    s->block->file_ends = true;
    input_end_block(s);
    s->file = NULL; /* the writer's now */
    return true;
}

/* The first bytes, when they say that the input is packed; else empty. */
static struct slice find_packed(struct input *s, const struct source *from)
{
    struct slice first = from->kind == WALK_FILE ? input_peek(s, UNPACK_SNIFF) : SLICE_NULL;

    return unpack_likely(first) ? first : SLICE_NULL;
}

/* Not to be read at all: last written before what is asked for. */
static bool is_before(struct scan *scan, const struct source *from)
{
    const struct scan_scope *scope = scan->request->scope;
    struct stat st;
    int64_t modified = from->modified;

    if (scope == NULL || from->kind == WALK_ERROR || !from->item.regular)
        return false;
    if (from->depth == 0) {
        if (fstat(from->item.fd, &st) < 0)
            return false;
        modified = st.st_mtim.tv_sec * TIME_SECOND + st.st_mtim.tv_nsec;
    }
    return scope_is_before(scope, modified);
}

/* False: stop everything. Closes the source. */
static bool read_source(struct scan *scan, struct source *from)
{
    struct err too_deep = ERR_INIT;
    struct slice packed;
    struct input s;
    bool go_on;

    if (is_before(scan, from)) {
        scan->result->files_before++;
        fd_closep(&from->item.fd);
        return true;
    }
    input_init(&s, scan, new_file(scan, from, ++scan->file_count), from->item.fd,
               from->item.regular);
    s.unpacked = from->depth > 0;
    packed = s.file ? find_packed(&s, from) : SLICE_NULL;
    if (s.file == NULL) {
        scan->no_memory = true;
        go_on = false;
    } else if (packed.n && from->depth > UNPACK_DEPTH_MAX) {
        (void)err_fail(&too_deep, CE_DEPTH, ERR_DETECT_ARCHIVE_DEPTH, from->item.path);
        go_on = note_packed(scan, from, TROUBLE_UNREADABLE, &too_deep);
    } else if (packed.n) {
        go_on = read_packed(&s, from, packed);
    } else {
        go_on = read_plain(&s, from);
        scan->unfinished = s.file;
        s.file = NULL;
    }
    if (s.file)
        free(s.file->shown.path);
    free(s.file);
    fd_closep(&from->item.fd);
    input_done(&s);
    return go_on;
}

void *scan_reader(void *arg)
{
    struct scan *scan = arg;
    const struct scan_request *request = scan->request;
    struct source from = {0};
    struct walk w;

    if (walk_init(&w, request->inputs) < 0) {
        scan->no_memory = true;
        ring_stop(&scan->ring);
        return NULL;
    }
    w.skip = request->skip;
    w.skip_dev = request->skip_dev;
    w.skip_ino = request->skip_ino;
    while (!cancel_asked(request->cancel) && (from.kind = walk_next(&w, &from.item)) != WALK_END) {
        from.trouble = TROUBLE_UNREADABLE;
        if (!read_source(scan, &from))
            break;
    }
    scan->result->links = w.links;
    scan->result->special = w.special;
    walk_done(&w);
    if (scan->no_memory)
        ring_stop(&scan->ring);
    ring_end(&scan->ring);
    return NULL;
}
