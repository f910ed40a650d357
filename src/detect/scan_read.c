/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The reading thread: walks the inputs, recognises logs by content, cuts blocks of whole records.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/time.h"
#include "detect/scan_input.h"

enum { SNIFF_BYTES = 4096 };

static bool stopped(const struct input *s)
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
                             .offset = err->offset,
                             .line = err->line,
                             .err = *err};

    if (!s->again)
        scan_add_note(s->block, &note);
    s->block->len = 0;
}

/* Hands the block on with what was cut, and begins the next. False: stop everything. */
static bool give_block(struct input *s, const struct decode_block *cut, size_t taken)
{
    struct scan_block *b = s->block;

    b->records = true;
    b->cut = *cut;
    b->cut.leftovers = s->again;
    buf_clear(&b->head);
    buf_put_slice(&b->head, cut->head);
    if (b->head.err)
        s->scan->no_memory = true;
    if (b->head.err || !input_keep(s, taken))
        return false;
    input_end_block(s);
    return input_begin_block(s);
}

/*
 * After an early end whole lines still count; one that is cut is nobody's fault. True when what the
 * block holds is the last of the input.
 */
static bool is_last(struct input *s)
{
    struct scan_block *b = s->block;

    if (!stopped(s) || !s->file->format->lines)
        return s->ended;
    while (b->len > 0 && b->data[b->len - 1] != '\n')
        b->len--;
    return true;
}

/* Once through the input, in blocks of whole records. False: stop everything. */
static bool read_blocks(struct input *s, struct cutter *c)
{
    struct err err = ERR_INIT;
    size_t want = SCAN_BLOCK;

    if (s->regular)
        input_read_full(s, want);
    for (;;) {
        struct scan_block *b = s->block;
        struct decode_block cut;
        size_t taken;
        bool last = is_last(s);
        int r = cutter_cut(c, slice_of(b->data, b->len), last, &cut, &taken, &err);

        if (r < 0)
            note_refused(s, &err);
        if (r < 0 || (stopped(s) && r == 0 && taken == 0))
            return true;
        if (r > 0) {
            if (!give_block(s, &cut, taken))
                return false;
            want = CANH_MAX((size_t)SCAN_BLOCK, s->block->len);
            if (s->block->len >= want && !s->ended)
                continue;
        } else if (taken > 0) {
            input_drop(s, taken);
        } else if (s->ended) {
            return true;
        } else if (b->len >= want) {
            want = CANH_MIN(want * 2, (size_t)decode_default_limits.max_record + SCAN_BLOCK);
        }
        if (!input_fit(s, want))
            return false;
        input_read(s, want);
    }
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
    if (s->file->recovery == NULL || s->failed || stopped(s) || !input_rewind(s))
        return true;
    return read_once(s);
}

/* What comes first decides, as soon as it is enough. */
static const struct format *recognise(struct input *s)
{
    const struct format *format;
    bool more;

    input_read_full(s, 2);
    input_detect_coding(s);
    do {
        struct decode_sample sample = {.begins = true};

        input_read(s, CANH_MIN(s->block->len + SNIFF_BYTES, (size_t)SCAN_BLOCK));
        sample.bytes = slice_of(s->block->data, s->block->len);
        sample.ends = s->ended || s->block->len >= SCAN_BLOCK;
        format = format_find(&sample, &more);
    } while (more && !stopped(s));
    return format;
}

/* Nothing that can be read here; what people mistake for a log gets a hint what to do. */
static void note_no_log(struct input *s)
{
    static const struct {
        struct slice begins;
        enum scan_hint hint;
    } rows[] = {
        {SLICE_INIT("PK\3\4"), HINT_PACKED},
        {SLICE_INIT("\x1F\x8B"), HINT_PACKED},
        {SLICE_INIT("7z\xBC\xAF"), HINT_PACKED},
        {SLICE_INIT("\xFD"
                    "7zXZ"),
         HINT_PACKED},
        {SLICE_INIT("\x28\xB5\x2F\xFD"), HINT_PACKED},
        {SLICE_INIT("BZh"), HINT_PACKED},
        {SLICE_INIT("Rar!"), HINT_PACKED},
        {SLICE_INIT("<"), HINT_XML},
    };
    struct slice seen = slice_trim(slice_of(s->block->data, s->block->len));
    struct scan_note note = {.trouble = TROUBLE_NO_LOG};

    if (slice_starts(seen, SLICE("\xEF\xBB\xBF")))
        seen = slice_trim(slice_from(seen, 3));
    if (seen.n == 0)
        note.trouble = TROUBLE_EMPTY;
    for (size_t i = 0; i < CANH_LEN(rows) && note.hint == HINT_NONE; i++) {
        if (slice_starts(seen, rows[i].begins))
            note.hint = rows[i].hint;
    }
    scan_add_note(s->block, &note);
}

/* False: stop everything. The file's last block is begun, not handed on. */
static bool read_log(struct input *s)
{
    s->file->format = recognise(s);
    if (s->file->format != NULL)
        return read_records(s);
    if (!s->failed && !stopped(s))
        note_no_log(s);
    return true;
}

static struct scan_input_file *new_file(const struct scan *scan, const struct walk_item *item,
                                        uint32_t number)
{
    struct scan_input_file *file = calloc(1, sizeof(*file));
    struct stat st;

    if (file == NULL)
        return NULL;
    file->number = number;
    file->shown.operand = item->operand;
    file->shown.path = strdup(item->path);
    if (file->shown.path == NULL) {
        free(file);
        return NULL;
    }
    file->context = decode_no_context;
    if (item->regular && fstat(item->fd, &st) == 0)
        file->context.modified = st.st_mtim.tv_sec * TIME_SECOND + st.st_mtim.tv_nsec;
    else
        file->context.received = time_now();
    file->origin = (struct origin){.path = file->shown.path,
                                   .received = TIME_NONE,
                                   .zoned = scan->request->zoned,
                                   .zone_s = scan->request->zone_s,
                                   .shown_s = scan->request->shown_s};
    return file;
}

static bool read_item(struct scan *scan, struct walk_item *item, enum walk_kind kind)
{
    struct scan_note note = {.trouble = TROUBLE_UNREADABLE, .err = item->err};
    struct input s;
    bool go_on;

    input_init(&s, scan, new_file(scan, item, ++scan->file_count), item->fd, item->regular);
    if (s.file == NULL)
        scan->no_memory = true;
    go_on = s.file != NULL && input_begin_block(&s);
    if (go_on && kind == WALK_ERROR)
        scan_add_note(s.block, &note);
    else if (go_on)
        go_on = read_log(&s);
    if (go_on) {
        if (s.failed)
            note_read_failure(&s);
        s.block->records = false;
        s.block->len = 0;
        s.block->file_ends = true;
        input_end_block(&s);
    } else {
        scan->unfinished = s.file;
    }
    fd_closep(&item->fd);
    input_done(&s);
    return go_on;
}

void *scan_reader(void *arg)
{
    struct scan *scan = arg;
    const struct scan_request *request = scan->request;
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;

    if (walk_init(&w, request->inputs) < 0) {
        scan->no_memory = true;
        ring_stop(&scan->ring);
        return NULL;
    }
    w.skip = request->skip;
    w.skip_dev = request->skip_dev;
    w.skip_ino = request->skip_ino;
    while (!cancel_asked(request->cancel) && (kind = walk_next(&w, &item)) != WALK_END) {
        if (!read_item(scan, &item, kind))
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
