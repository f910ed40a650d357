/* SPDX-License-Identifier: Apache-2.0 */
/* The timeline for spreadsheets: CSV and XLSX, the same columns. */
#include "base/time.h"
#include "hunt/face.h"
#include "lang/msg_hunt.h"

enum column {
    COL_TIME,
    COL_LEVEL,
    COL_RULE,
    COL_HOST,
    COL_USER,
    COL_DETAILS,
    COL_DECODED,
    COL_CHANNEL,
    COL_EVENT_ID,
    COL_TAGS,
    COL_RULE_ID,
    COL_FILE,
    COL_RECORD,
    COL_COUNT
};

static const struct {
    const char *key; /* in CSV */
    msg_id heading;
    unsigned width;
} columns[COL_COUNT] = {
    [COL_TIME] = {"time", MSG_HUNT_COL_TIME, 20},
    [COL_LEVEL] = {"level", MSG_HUNT_COL_LEVEL, 12},
    [COL_RULE] = {"rule", MSG_HUNT_COL_RULE, 40},
    [COL_HOST] = {"host", MSG_HUNT_COL_HOST, 18},
    [COL_USER] = {"user", MSG_HUNT_COL_USER, 18},
    [COL_DETAILS] = {"details", MSG_HUNT_COL_DETAILS, 80},
    [COL_DECODED] = {"decoded", MSG_HUNT_COL_DECODED, 50},
    [COL_CHANNEL] = {"channel", MSG_HUNT_COL_CHANNEL, 18},
    [COL_EVENT_ID] = {"event_id", MSG_HUNT_COL_EVENT_ID, 9},
    [COL_TAGS] = {"tags", MSG_HUNT_COL_TAGS, 30},
    [COL_RULE_ID] = {"rule_id", MSG_HUNT_COL_RULE_ID, 38},
    [COL_FILE] = {"file", MSG_HUNT_COL_FILE, 40},
    [COL_RECORD] = {"record", MSG_HUNT_COL_RECORD, 10},
};

/* A cell as text, in j->text; its beginning is the caller's. */
static struct slice write_text(struct face_job *j, const struct hit *h, enum column column)
{
    const struct sigma_rule *rule = face_rule(j, h);

    buf_clear(&j->text);
    switch (column) {
    case COL_TIME:
        face_write_time(j, h, 3, &j->text);
        break;
    case COL_LEVEL:
        buf_puts(&j->text, rule_level_to_str(rule->level));
        break;
    case COL_RULE:
        return rule_title(rule, j->lang == LANG_VI);
    case COL_HOST:
        return h->host;
    case COL_USER:
        return hit_get(h, LABEL_USER);
    case COL_DETAILS:
        face_write_details(j, h, &j->text);
        break;
    case COL_DECODED:
        return hit_get(h, LABEL_DECODED);
    case COL_CHANNEL:
        return h->channel;
    case COL_EVENT_ID:
        return h->event_id;
    case COL_TAGS:
        face_write_tags(rule, &j->text);
        break;
    case COL_RULE_ID:
        return rule->id;
    case COL_FILE:
        return h->path;
    case COL_RECORD:
        if (h->record)
            buf_append_u64(&j->text, h->record);
        break;
    case COL_COUNT:
        break;
    }
    return buf_slice(&j->text);
}

static int begin_csv(struct face_job *j, struct err *err)
{
    (void)err;
    buf_puts(j->out, "\xEF\xBB\xBF");
    for (int i = 0; i < COL_COUNT; i++)
        buf_printf(j->out, "%s%s", i ? "," : "", columns[i].key);
    buf_puts(j->out, "\r\n");
    return 0;
}

static int write_csv(struct face_job *j, const struct hit *h, struct err *err)
{
    (void)err;
    for (int i = 0; i < COL_COUNT; i++)
        alert_write_cell(j->out, &j->cell, write_text(j, h, (enum column)i));
    j->out->len--; /* the last comma */
    buf_puts(j->out, "\r\n");
    return 0;
}

static int end_csv(struct face_job *j, int fd, struct err *err)
{
    (void)j;
    (void)fd;
    (void)err;
    return 0;
}

const struct hit_face face_csv = {"csv", begin_csv, write_csv, end_csv};

static int begin_xlsx(struct face_job *j, struct err *err)
{
    struct rows_column heads[COL_COUNT];
    const char *title = lang_text(j->lang, MSG_HUNT_SHEET_TIMELINE);
    int r = rows_open(&j->book, slice_str(title), time_now() / TIME_SECOND, err);

    for (int i = 0; i < COL_COUNT; i++)
        heads[i] = (struct rows_column){slice_str(lang_text(j->lang, columns[i].heading)),
                                        columns[i].width};
    return r < 0 ? r : rows_sheet(j->book, slice_str(title), heads, COL_COUNT, err);
}

static int write_xlsx(struct face_job *j, const struct hit *h, struct err *err)
{
    struct grid_cell cells[COL_COUNT] = {0};
    struct buf texts[COL_COUNT];
    int r;

    for (int i = 0; i < COL_COUNT; i++) {
        struct slice s = write_text(j, h, (enum column)i);

        texts[i] = BUF_INIT(1 << 20);
        buf_append_slice(&texts[i], s);
        cells[i] = (struct grid_cell){.kind = GRID_TEXT, .text = buf_slice(&texts[i])};
    }
    if (h->time != TIME_NONE) {
        cells[COL_TIME].kind = GRID_DATETIME;
        cells[COL_TIME].number =
            (double)(h->time / 1000000 + (face_offset(j, h) * INT64_C(1000))) / 60000;
    }
    if (h->record) {
        cells[COL_RECORD].kind = GRID_NUMBER;
        cells[COL_RECORD].number = (double)h->record;
    }
    r = rows_write(j->book, cells, err);
    for (int i = 0; i < COL_COUNT; i++)
        buf_done(&texts[i]);
    return r;
}

static int end_xlsx(struct face_job *j, int fd, struct err *err)
{
    int r = rows_close(j->book, fd, err);

    j->book = NULL;
    return r;
}

const struct hit_face face_xlsx = {"xlsx", begin_xlsx, write_xlsx, end_xlsx};
