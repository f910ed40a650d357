/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh journal cat, canh journal export: records printed, or copied into a file. While the node
 * runs it gives them itself, within the asker's scope and after its audit; else they are read here.
 * Of events accounts, addresses and mailboxes are masked without a case.
 */
#include <unistd.h>

#include <sodium.h>

#include "base/num.h"
#include "base/width.h"
#include "cli/journal/journal.h"
#include "control/client.h"
#include "event/stream.h"
#include "journal/care.h"
#include "lang/msg_journal.h"
#include "search/mask.h"
#include "search/record_decoder.h"

struct copy {
    struct app *app;
    const struct journal_args *o;
    struct journal_copy *file; /* NULL: standard output */
    bool safe;                 /* on a terminal nothing of the records may steer it */
    bool stopped;              /* nobody reads on */
    struct keys *keys;         /* what masks; NULL: nothing does */
    struct mask *mask;
    struct record_decoder decoder;
};

static uint64_t until_of(const struct journal_args *o)
{
    return o->until ? (uint64_t)o->until : UINT64_MAX;
}

static struct slice stream_of(const struct journal_args *o)
{
    return slice_str(o->stream ? o->stream : STREAM_EVENTS);
}

/* Alerts and results are no events: they need no reason. */
static bool is_events(const struct journal_args *o)
{
    return stream_has_events(stream_of(o));
}

static bool is_masked(const struct journal_args *o)
{
    return is_events(o) && o->why.case_id == NULL;
}

static int write_text(struct copy *c, struct slice text, struct err *err)
{
    struct buf *out = &c->app->out.buf;

    if (c->file)
        return journal_copy_write(c->file, text, err);
    if (c->safe)
        text_write_safe(out, text);
    else
        buf_append_slice(out, text);
    buf_putc(out, '\n');
    c->stopped = !out_settle(&c->app->out);
    return 0;
}

static int masking_begin(struct copy *c, struct err *err)
{
    uint64_t seed;

    randombytes_buf(&seed, sizeof(seed));
    c->keys = keys_new();
    c->mask = c->keys ? mask_new(c->keys, seed) : NULL;
    record_decoder_init(&c->decoder, c->keys, JOURNAL_RAW_MAX);
    return c->mask ? 0 : err_nomem(err);
}

static void masking_end(struct copy *c)
{
    if (c->keys)
        record_decoder_done(&c->decoder);
    c->mask = mask_free(c->mask);
    c->keys = keys_free(c->keys);
}

static struct slice copy_masked(struct copy *c, const struct journal_record *x)
{
    if (c->mask == NULL)
        return x->raw;
    return mask_text(c->mask, x->raw, record_decode(&c->decoder, record_format(x->raw), x));
}

static int read_records(struct copy *c, struct local_journal *l, uint32_t stream, struct err *err)
{
    struct journal_reader *reader = NULL;
    struct journal_record x;
    int r = journal_reader_new(l->journal, stream, (uint64_t)c->o->from, &reader, err);

    if (r == 0 && is_masked(c->o))
        r = masking_begin(c, err);
    while (r >= 0 && !c->stopped && (r = journal_read(reader, &x, err)) > 0 &&
           x.offset < until_of(c->o))
        r = write_text(c, copy_masked(c, &x), err);
    reader = journal_reader_free(reader);
    masking_end(c);
    return r < 0 ? r : 0;
}

/* Of a node that does not run. whole: as a segment of the journal. */
static int copy_here(struct copy *c, const char *whole)
{
    const struct journal_args *o = c->o;
    struct err err = ERR_INIT;
    struct local_journal l;
    uint32_t stream;
    int status = local_journal_open(c->app, o->dir, &l), r = 0;

    if (status == 0 && journal_stream(l.journal, (const char *)stream_of(o).p, &stream, &err) < 0)
        status = node_fail(c->app, &err);
    if (status == 0 && is_events(o))
        status = access_audit(c->app, &l.place, &o->why, whole || c->file ? "export" : "cat",
                              stream_of(o));
    if (status == 0)
        r = whole ? journal_export(l.journal, stream, (uint64_t)o->from, until_of(o), whole, &err)
                  : read_records(c, &l, stream, &err);
    if (r < 0)
        status = node_fail(c->app, &err);
    local_journal_close(&l);
    return status;
}

/* Cells of a record (control/search.h). */
enum { CELL_OFFSET = 2, CELL_RAW = 5, RECORD_CELLS = 6 };

static int read_row(void *u, const struct slice *cells, size_t n)
{
    struct copy *c = u;
    uint64_t offset;
    int r;

    if (n != RECORD_CELLS || !slice_is(cells[0], "record"))
        return 0;
    if (num_u64(cells[CELL_OFFSET], &offset) < 0)
        return -CE_PEER;
    if (offset < (uint64_t)c->o->from || offset >= until_of(c->o))
        return 0;
    r = write_text(c, cells[CELL_RAW], NULL);
    return r < 0 ? r : c->stopped;
}

static int copy_of_node(struct copy *c, const struct place *place)
{
    const struct journal_args *o = c->o;
    struct control_args args = {.count = 0};
    struct err err = ERR_INIT;

    (void)control_write(&args, "query", SLICE_NULL);
    (void)control_write(&args, "stream", stream_of(o));
    if (o->why.purpose)
        (void)control_write(&args, "purpose", slice_str(o->why.purpose));
    if (o->why.case_id)
        (void)control_write(&args, "case", slice_str(o->why.case_id));
    return node_ask(c->app, place, NODE_AS_PERSON, "search", &args, read_row, c, &err) < 0
               ? node_fail(c->app, &err)
               : 0;
}

static int copy_journal(struct copy *c, const char *path)
{
    struct err err = ERR_INIT;
    struct place place;
    bool runs;
    int status;

    if (place_find(c->o->dir, &place, &err) < 0)
        return node_fail(c->app, &err);
    runs = place_is_locked(&place);
    if (path && !runs && !is_masked(c->o))
        return copy_here(c, path);
    if (path && journal_copy_new(path, &c->file, &err) < 0)
        return node_fail(c->app, &err);
    status = runs ? copy_of_node(c, &place) : copy_here(c, NULL);
    if (c->file && journal_copy_end(c->file, status == 0, &err) < 0 && status == 0)
        status = node_fail(c->app, &err);
    return status;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    struct copy c = {.app = app, .o = values};

    return copy_journal(&c, operands->items[0]);
}

static int run_cat(struct app *app, const void *values, const struct operands *operands)
{
    struct copy c = {.app = app, .o = values, .safe = isatty(STDOUT_FILENO)};

    (void)operands;
    return copy_journal(&c, NULL);
}

#define RANGE                                                                                      \
    OPTION_TEXT("stream", 0, struct journal_args, stream, "NAME", COMPLETE_NONE,                   \
                MSG_JOURNAL_OPT_STREAM),                                                           \
        OPTION_NUMBER("from", 0, struct journal_args, from, "N", 0, INT64_MAX,                     \
                      MSG_JOURNAL_OPT_FROM),                                                       \
        OPTION_NUMBER("until", 0, struct journal_args, until, "N", 1, INT64_MAX,                   \
                      MSG_JOURNAL_OPT_UNTIL),                                                      \
        OPTION_TEXT("purpose", 0, struct journal_args, why.purpose, "TEXT", COMPLETE_NONE,         \
                    MSG_NODE_OPT_PURPOSE),                                                         \
        OPTION_TEXT("case", 0, struct journal_args, why.case_id, "ID", COMPLETE_NONE,              \
                    MSG_NODE_OPT_CASE)

static const struct option_spec range_specs[] = {NODE_DIR_OPTION(struct journal_args), RANGE};

const struct verb verb_journal_export = {
    .name = "export",
    .summary = MSG_JOURNAL_EXPORT,
    .about = MSG_JOURNAL_EXPORT_ABOUT,
    .operands = "FILE",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(range_specs),
    .options_size = sizeof(struct journal_args),
    .run = run_export,
};
const struct verb verb_journal_cat = {
    .name = "cat",
    .summary = MSG_JOURNAL_CAT,
    VERB_OPTIONS(range_specs),
    .options_size = sizeof(struct journal_args),
    .run = run_cat,
};
