/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a scan and shows on standard error what happens meanwhile. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/scan/scan.h"
#include "decode/decoder.h"
#include "detect/alert.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_scan.h"

enum {
    NOTES_PER_FILE = 3, /* on standard error; all are counted */
    NOTES_SHOWN_MAX = 50,
};

static struct cancel *interrupted; /* for the signal handler */

static void on_signal(int number)
{
    (void)number;
    cancel_ask(interrupted);
}

/* The first signal asks for an early end, the second one ends at once. */
static void catch_signals(struct cancel *c)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

    interrupted = c;
    for (size_t i = 0; i < CANH_LEN(numbers); i++) {
        struct sigaction before;

        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &act, NULL);
    }
}

static void leave_signals(void)
{
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    interrupted = NULL;
}

/* "chunk: bad signature, wrong data checksum" */
static void write_damage(struct buf *out, enum lang lang, const struct scan_note *note)
{
    static const struct {
        unsigned bit;
        msg_id what;
    } rows[] = {
        {DAMAGE_SIGNATURE, MSG_SCAN_CHUNK_SIGNATURE},
        {DAMAGE_HEADER, MSG_SCAN_CHUNK_HEADER},
        {DAMAGE_DATA, MSG_SCAN_CHUNK_DATA},
        {DAMAGE_CUT, MSG_SCAN_CHUNK_CUT},
    };
    bool first = true;

    if (note->damage & DAMAGE_LOST)
        lang_write(out, lang, MSG_SCAN_NO_CHUNK, note->bytes);
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (!(note->damage & rows[i].bit))
            continue;
        buf_puts(out, first ? lang_text(lang, MSG_SCAN_CHUNK) : ", ");
        buf_puts(out, lang_text(lang, rows[i].what));
        first = false;
    }
}

void scan_write_note(struct buf *out, enum lang lang, const struct scan_note *note)
{
    static const msg_id texts[TROUBLE_MAX] = {
        [TROUBLE_NO_LOG] = MSG_SCAN_NO_LOG,
        [TROUBLE_EMPTY] = MSG_SCAN_EMPTY,
        [TROUBLE_DAMAGED_RECORD] = MSG_SCAN_DAMAGED_RECORD,
        [TROUBLE_NOT_TWICE] = MSG_SCAN_NOT_TWICE,
        [TROUBLE_BEFORE] = MSG_SCAN_BEFORE,
    };
    static const msg_id hints[] = {
        [HINT_PACKED] = MSG_SCAN_PACKED,
        [HINT_XML] = MSG_SCAN_XML,
        [HINT_WIDE] = MSG_SCAN_WIDE,
    };

    if (note->gaps) {
        buf_puts(out, lang_text(lang, MSG_SCAN_NOT_EXAMINED));
        alert_write_gaps(out, note->gaps, ", ");
    } else if (note->damage)
        write_damage(out, lang, note);
    else if (note->hint != HINT_NONE)
        buf_puts(out, lang_text(lang, hints[note->hint]));
    else if (note->err.code != 0)
        error_write(out, lang, &note->err);
    else if (note->trouble != TROUBLE_STALE)
        buf_puts(out, lang_text(lang, texts[note->trouble]));
}

static void keep_place(struct scan_view *v, const struct scan_file *file,
                       const struct scan_note *note)
{
    struct buf *places = &v->places[note->trouble];
    uint32_t most = v->options->details ? SCAN_PLACES_DETAILS : SCAN_PLACES;

    if (v->place_count[note->trouble] >= most)
        return;
    v->place_count[note->trouble]++;
    buf_puts(places, file->path);
    if (note->placed && note->line)
        buf_printf(places, ":%" PRIu64, note->line);
    else if (note->placed)
        buf_printf(places, " @%" PRIu64, note->offset);
    buf_putc(places, 0);
    if (note->gaps || note->damage || note->hint != HINT_NONE || note->err.code != 0)
        scan_write_note(places, v->app->lang, note);
    buf_putc(places, 0);
}

/* A named file of which nothing could be examined: said however much else there is to say. */
static void describe_layout(struct scan_view *v, const struct scan_file *file,
                            const struct scan_note *note)
{
    struct buf *line = app_line(v->app);

    buf_puts(line, file->path);
    buf_puts(line, ": ");
    error_write(line, v->app->lang, &note->err);
    app_print_bare(v->app);
}

/* One line on standard error, the first few of each file. */
static void show_note(void *ctx, struct scan_file *file, const struct scan_note *note)
{
    struct scan_view *v = ctx;
    struct buf *line;

    keep_place(v, file, note);
    if (!file->operand && (note->trouble == TROUBLE_NO_LOG || note->trouble == TROUBLE_EMPTY ||
                           note->trouble == TROUBLE_LAYOUT))
        return;
    if (note->trouble == TROUBLE_STALE)
        return;
    if (note->trouble == TROUBLE_LAYOUT) {
        describe_layout(v, file, note);
        return;
    }
    if (file->notes++ >= NOTES_PER_FILE || v->notes_shown++ >= NOTES_SHOWN_MAX)
        return;
    line = app_line(v->app);
    if (note->trouble != TROUBLE_UNREADABLE || note->placed)
        buf_puts(line, file->path);
    if (note->placed && note->line)
        buf_printf(line, ":%" PRIu64, note->line);
    if (note->placed)
        lang_write(line, v->app->lang, MSG_SCAN_AT_OFFSET, note->offset);
    if (line->len)
        buf_puts(line, ": ");
    scan_write_note(line, v->app->lang, note);
    app_print_line(v->app);
}

static bool write_alerts(void *ctx, struct slice lines)
{
    struct scan_view *v = ctx;

    if (v->take)
        return v->take(v->ctx, lines);
    return out_emit(v->out, lines);
}

static bool use_kept(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct scan_view *v = ctx;

    return v->kept == NULL || v->kept(v->ctx, file, bytes);
}

static void end_file(void *ctx, const struct scan_file *file, const struct scan_file_end *end)
{
    struct scan_view *v = ctx;

    if (v->file_end)
        v->file_end(v->ctx, file, end);
}

static void use_match(void *ctx, const struct scan_file *file, uint32_t rule)
{
    struct scan_view *v = ctx;

    if (v->on_match)
        v->on_match(v->ctx, file, rule);
}

static bool show_progress(void *ctx, const struct scan_progress *progress, bool idle)
{
    struct scan_view *v = ctx;
    bool fine = idle ? out_flush(v->out) : v->out->sys == 0;

    scan_progress_draw(v, progress);
    return fine;
}

int scan_view_run(struct scan_view *v)
{
    static const struct scan_sink sink = {.alerts = write_alerts,
                                          .match = use_match,
                                          .kept = use_kept,
                                          .file = end_file,
                                          .note = show_note,
                                          .progress = show_progress};
    struct cancel cancel;
    struct scan_request request = {.generation = v->loaded.generation,
                                   .zones = v->input_zones,
                                   .zone_count = v->options->input_zones.count,
                                   .as = v->as,
                                   .shown = &v->zone,
                                   .inputs = v->inputs,
                                   .threads = (unsigned)v->options->threads,
                                   .format = v->format,
                                   .apart = v->apart,
                                   .keep = v->keep,
                                   .scope = v->scope,
                                   .no_match = v->no_match,
                                   .passwords = v->passwords.items,
                                   .password_count = v->passwords.count,
                                   .spill_max = (uint64_t)v->options->spill_max << 20,
                                   .original = v->options->original,
                                   .recover = v->options->recover,
                                   .copies = v->options->duplicates,
                                   .skip = v->skip,
                                   .skip_dev = v->skip_dev,
                                   .skip_ino = v->skip_ino,
                                   .cancel = &cancel,
                                   .sink = &sink,
                                   .ctx = v};
    struct err err = ERR_INIT;
    int r;

    for (int i = 0; i < TROUBLE_MAX; i++)
        v->places[i] = BUF_INIT(1024 * 1024);
    if (cancel_init(&cancel) < 0) {
        app_print(v->app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    catch_signals(&cancel);
    r = scan_run(&request, &v->result, &err);
    leave_signals();
    v->interrupted = cancel_asked(&cancel);
    cancel_done(&cancel);
    scan_progress_draw(v, NULL);
    (void)out_flush(v->out);
    if (r == 0 || r == -CE_PEER)
        return 0;
    app_print(v->app, MSG_CLI_NO_MEMORY);
    return EX_OSERR;
}

void scan_view_done(struct scan_view *v)
{
    for (int i = 0; i < TROUBLE_MAX; i++)
        buf_done(&v->places[i]);
    scan_result_done(&v->result);
}
