/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/split.h"

#include "decode/decoder.h"
#include "decode/json/table.h"
#include "lang/err_decode.h"

void json_split_init(struct json_split *s, const struct decode_limits *limits)
{
    *s = (struct json_split){.max_record = limits->max_record,
                             .line = 1,
                             .columns = BUF_INIT(DECODE_HEAD_MAX),
                             .head = BUF_INIT(DECODE_HEAD_MAX)};
}

void json_split_done(struct json_split *s)
{
    buf_done(&s->columns);
    buf_done(&s->head);
}

size_t json_lookahead(uint32_t max_record)
{
    return CANH_MIN((size_t)64 * 1024, (size_t)max_record + 1);
}

static size_t skip_blanks(struct slice s, size_t i)
{
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r' || s.p[i] == '\n'))
        i++;
    return i;
}

static int refuse_utf16(struct slice have, struct err *err)
{
    static const uint8_t marks[][2] = {{0xFF, 0xFE}, {0xFE, 0xFF}, {'{', 0},
                                       {0, '{'},     {'[', 0},     {0, '['}};

    for (size_t i = 0; i < CANH_LEN(marks); i++) {
        if (slice_starts(have, slice_of(marks[i], 2)))
            return err_fail(err, CE_ENCODING, ERR_DECODE_THIS_UTF_16_CONVERT_ICONV);
    }
    return 0;
}

/* The first line begins a document that goes on in the next line. */
static bool goes_on(struct slice line, struct slice next)
{
    struct json_docs docs = {0};
    struct slice doc;
    size_t at;

    if (json_docs_next(&docs, line, false, &doc) > 0 || docs.in_string || !docs.in_record)
        return false;
    line = slice_trim(line);
    at = skip_blanks(next, 0);
    return at == next.n || next.p[at] != '{' || strchr("[,:", line.p[line.n - 1]) != NULL;
}

/*
 * The kind of stream; -1 when these bytes do not tell. More bytes never change the answer, so it
 * does not depend on how they come in. final: there will be no more.
 */
static int mode_of(struct slice have, bool final)
{
    size_t at = skip_blanks(have, 0), n, eol;
    struct json_docs docs = {0};
    struct json_list list;
    struct slice doc;

    while ((n = json_record_line(slice_from(have, at))) > 0)
        at = skip_blanks(have, at + n);
    have = slice_from(have, at);
    eol = slice_find_byte(have, '\n');
    if (slice_starts(have, SLICE("[")))
        return JSON_DOCS;
    n = json_answer(have, SIZE_MAX, final, 0, &list);
    if (n > 0)
        return n == SIZE_MAX ? -1 : JSON_DOCS;
    if (!final && (eol == SIZE_MAX || skip_blanks(have, eol) == have.n))
        return -1;
    if (!slice_starts(have, SLICE("{")))
        return JSON_LINES;
    if (eol != SIZE_MAX)
        return goes_on(slice_head(have, eol), slice_from(have, eol)) ? JSON_DOCS : JSON_LINES;
    /* no line break at all: several documents? */
    if (json_docs_next(&docs, have, false, &doc) > 0 && skip_blanks(have, docs.at) < have.n)
        return JSON_DOCS;
    return JSON_LINES;
}

/* Of text whose kind is known. */
static bool is_answer(struct slice have)
{
    size_t at = skip_blanks(have, 0), n;
    struct json_list list;

    while ((n = json_record_line(slice_from(have, at))) > 0)
        at = skip_blanks(have, at + n);
    n = json_answer(slice_from(have, at), SIZE_MAX, true, 0, &list);
    return n > 0;
}

static bool find_mode(struct json_split *s, struct slice have, bool last)
{
    size_t look = json_lookahead(s->max_record);
    int mode = mode_of(slice_head(have, look), last || have.n >= look);

    if (mode < 0)
        return false;
    s->mode = (enum json_mode)mode;
    s->docs.look = s->mode == JSON_DOCS && is_answer(slice_head(have, look)) ? look : 0;
    s->docs.columns = &s->columns;
    s->before = s->docs;
    return true;
}

static void split_read(struct json_split *s, struct slice have, size_t n, size_t *ret_taken)
{
    size_t begun = 0;

    *ret_taken = n;
    s->offset += n;
    while (begun < n && have.p[n - 1 - begun] != '\n')
        begun++;
    s->begun = begun < n ? begun : s->begun + n;
    s->line += slice_count_byte(slice_head(have, n), '\n');
}

static void make_block(const struct json_split *s, struct slice text, struct json_block *ret)
{
    *ret = (struct json_block){
        .text = text, .offset = s->offset, .line = s->line, .begun = s->begun, .mode = s->mode};
}

/* The start of a record over the limit, all of have being part of it. */
static int cut_long(struct json_split *s, struct slice have, struct json_block *ret,
                    size_t *ret_taken)
{
    make_block(s, slice_head(have, s->max_record), ret);
    ret->cut = true;
    s->skipping = true;
    split_read(s, have, have.n, ret_taken);
    return 1;
}

static int cut_lines(struct json_split *s, struct slice have, bool last, struct json_block *ret,
                     size_t *ret_taken)
{
    size_t n = have.n, blank;

    if (s->skipping) {
        size_t at = slice_find_byte(have, '\n');

        s->skipping = at == SIZE_MAX;
        split_read(s, have, at == SIZE_MAX ? have.n : at + 1, ret_taken);
        return 0;
    }
    while (n > 0 && have.p[n - 1] != '\n')
        n--;
    blank = n == 0 && have.n > s->max_record ? skip_blanks(have, 0) : 0;
    if (blank > 0) { /* no part of a record, however many there are */
        split_read(s, have, blank, ret_taken);
        return 0;
    }
    if (n == 0 && have.n > s->max_record)
        return cut_long(s, have, ret, ret_taken);
    if (last)
        n = have.n;
    if (n == 0)
        return 0;
    make_block(s, slice_head(have, n), ret);
    split_read(s, have, n, ret_taken);
    return 1;
}

/* n bytes are gone from the front of the text; a record that is open begins there now. */
static void split_rebase(struct json_docs *docs, size_t n)
{
    docs->at -= n;
    docs->start = 0;
}

static void read_docs(struct json_split *s, struct slice have, size_t n, size_t *ret_taken)
{
    split_read(s, have, n, ret_taken);
    split_rebase(&s->docs, n);
    s->before = s->docs;
    s->moved = true;
}

static int cut_docs(struct json_split *s, struct slice have, bool last, struct json_block *ret,
                    size_t *ret_taken)
{
    struct json_docs cut;
    struct slice record;
    bool found = false;

    if (s->moved) {
        buf_clear(&s->head);
        buf_append_slice(&s->head, buf_slice(&s->columns));
        s->moved = false;
    }
    if (s->skipping) {
        s->skipping = json_docs_next(&s->docs, have, last, &record) == 0;
        read_docs(s, have, s->docs.at, ret_taken);
        if (*ret_taken > 0 || s->skipping)
            return 0;
    }
    while (json_docs_next(&s->docs, have, last, &record) > 0) {
        cut = s->docs;
        found = true;
    }
    if (found) {
        s->docs = cut;
        make_block(s, slice_head(have, cut.at), ret);
        ret->in_array = s->before.in_array;
        ret->columns = buf_slice(&s->head);
        ret->answers = s->before.look > 0;
        ret->tail = s->before.tail;
        ret->beside = s->before.beside;
        ret->in_string = s->before.in_string;
        ret->escape = s->before.escape;
        ret->depth = (uint16_t)CANH_MIN(s->before.depth, (uint32_t)UINT16_MAX);
        read_docs(s, have, cut.at, ret_taken);
        return 1;
    }
    if (!s->docs.in_record)
        read_docs(s, have, last ? have.n : s->docs.at, ret_taken);
    else if (have.n > s->max_record && s->docs.start > 0)
        read_docs(s, have, s->docs.start, ret_taken); /* separators */
    else if (have.n > s->max_record) {
        split_rebase(&s->docs, have.n);
        return cut_long(s, have, ret, ret_taken);
    }
    return 0;
}

int json_split_cut(struct json_split *s, struct slice have, bool last, struct json_block *ret,
                   size_t *ret_taken, struct err *err)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    int r;

    *ret_taken = 0;
    if (!s->opened) {
        if (have.n < sizeof(mark) && !last)
            return 0;
        r = refuse_utf16(have, err);
        if (r < 0)
            return r;
        s->opened = true;
        if (slice_starts(have, slice_of(mark, sizeof(mark)))) {
            split_read(s, have, sizeof(mark), ret_taken);
            return 0;
        }
    }
    if (!s->known) {
        s->known = find_mode(s, have, last);
        if (!s->known)
            return 0;
    }
    return s->mode == JSON_LINES ? cut_lines(s, have, last, ret, ret_taken)
                                 : cut_docs(s, have, last, ret, ret_taken);
}
