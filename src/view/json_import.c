/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "lang/value.h"
#include "view/json.h"

static const char *const change_words[IMPORT_CHANGE_MAX] = {"added", "changed", "same", "failed"};

static void write_counts(struct json_write *w, const struct import_report *rep)
{
    json_key(w, "added");
    json_u64(w, rep->counts[IMPORT_ADDED]);
    json_key(w, "changed");
    json_u64(w, rep->counts[IMPORT_CHANGED]);
    json_key(w, "same");
    json_u64(w, rep->counts[IMPORT_SAME]);
    json_key(w, "failed");
    json_u64(w, rep->counts[IMPORT_FAILED]);
}

static void write_ignored(struct json_write *w, const struct import_report *rep)
{
    char letters[8];

    for (size_t i = 0; i < rep->ignored_count; i++) {
        json_open(w, '{');
        json_key(w, "column");
        json_text(w, slice_str(column_name(rep->ignored[i].col, letters)));
        json_key(w, "heading");
        json_text(w, rep->ignored[i].heading);
        json_close(w, '}');
    }
}

static void write_row(struct json_write *w, const struct import_row *x)
{
    json_open(w, '{');
    json_key(w, "row");
    json_u64(w, x->number);
    json_key(w, "change");
    json_text(w, slice_str(change_words[x->change]));
    json_key(w, "what");
    json_text(w, x->what);
    json_close(w, '}');
}

static void write_note(struct json_write *w, const struct import_note *n)
{
    char letters[8];

    json_open(w, '{');
    json_key(w, "row");
    json_u64(w, n->row);
    if (n->col) {
        json_key(w, "column");
        json_text(w, slice_str(column_name(n->col, letters)));
    }
    json_key(w, "warning");
    json_bool(w, n->warning);
    json_key(w, "count");
    json_u64(w, n->count);
    json_key(w, "text");
    json_text(w, n->text);
    json_close(w, '}');
}

void view_json_imported(struct buf *out, struct slice file, struct slice sheet,
                        const struct import_report *rep)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "file");
    json_text(&w, file);
    json_key(&w, "sheet");
    json_text(&w, sheet);
    json_key(&w, "applied");
    json_bool(&w, rep->applied);
    write_counts(&w, rep);
    json_key(&w, "columns_ignored");
    json_open(&w, '[');
    write_ignored(&w, rep);
    json_close(&w, ']');
    json_key(&w, "rows");
    json_open(&w, '[');
    for (size_t i = 0; i < rep->row_count; i++)
        write_row(&w, &rep->rows[i]);
    json_close(&w, ']');
    json_key(&w, "notes");
    json_open(&w, '[');
    for (size_t i = 0; i < rep->note_count; i++)
        write_note(&w, &rep->notes[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(out, '\n');
}
