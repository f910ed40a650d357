/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "journal/blocks.h"
#include "tap.h"

static struct journal_key key;
static char folder[] = "/tmp/canh-journal-XXXXXX";

#define NOW (INT64_C(1760000000) * TIME_SECOND)

static struct journal *open_at(const char *name, bool plain)
{
    static char path[256];
    struct journal_options o = {
        .folder = path, .plain = plain, .keys = &key, .key_count = 1, .now = NOW};
    struct err err = ERR_INIT;
    struct journal *j = NULL;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    ok(journal_open(&o, &j, &err) == 0, "%s opens: %s", name, err_words(&err));
    return j;
}

/* The text of record i, of no fixed length. */
static const char *text_of(uint32_t i)
{
    static char text[200];

    (void)snprintf(text, sizeof(text), "<38>Oct  9 08:11:%02u host sshd[%u]: Failed password %.*s",
                   i % 60, 1000 + i, (int)(i % 50),
                   "for invalid user admin from 192.0.2.7 port 4711");
    return text;
}

static int append(struct journal *j, uint32_t stream, uint32_t from, uint32_t count,
                  uint64_t *ret_first)
{
    struct journal_record *records = calloc(count, sizeof(*records));
    struct journal_input input = {.cursor = SLICE("position 17")};
    struct journal_batch batch = {.id = SLICE("batch-1"), .received = NOW};
    struct journal_consumer consumer = {SLICE("desk"), SLICE("alerts"), 7};
    struct journal_group g = {.records = records,
                              .record_count = count,
                              .inputs = &input,
                              .input_count = 1,
                              .batches = &batch,
                              .batch_count = 1,
                              .consumers = &consumer,
                              .consumer_count = 1,
                              .now = NOW};
    struct err err = ERR_INIT;
    uint64_t at = 0;
    int r;

    memset(input.source, 5, sizeof(input.source));
    memset(batch.source, 5, sizeof(batch.source));
    for (uint32_t i = 0; i < count; i++) {
        struct journal_record *rec = &records[i];

        rec->stream = stream;
        rec->received = NOW + (int64_t)(from + i) * TIME_SECOND / 10;
        rec->claimed = i % 3 ? NOW + i : TIME_NONE;
        memset(rec->source, (int)(i % 4), sizeof(rec->source));
        memset(rec->unit, 9, sizeof(rec->unit));
        rec->position = (struct journal_position){SLICE("dev:8:1 inode:77"), at, JOURNAL_AT_BYTE};
        rec->decoder = 3;
        rec->raw = slice_str(strdup(text_of(from + i)));
        at += rec->raw.n + 1;
    }
    r = journal_append(j, &g, &err);
    if (ret_first)
        *ret_first = count ? records[0].offset : 0;
    for (uint32_t i = 0; i < count; i++)
        free((void *)(uintptr_t)records[i].raw.p);
    free(records);
    ok(r == 0, "%u records are appended: %s", count, err_words(&err));
    return r;
}

/* Reads from an offset to the end; the number of records that are what was appended. */
static uint32_t read_all(struct journal *j, uint32_t stream, uint64_t from, uint32_t skew)
{
    struct journal_reader *reader;
    struct journal_record rec;
    struct err err = ERR_INIT;
    uint32_t good = 0;
    uint64_t next = from;
    int r = journal_reader_new(j, stream, from, &reader, &err);

    while (r == 0 && (r = journal_read(reader, &rec, &err)) > 0) {
        good += rec.offset == next && rec.stream == stream && rec.decoder == 3 &&
                slice_is(rec.raw, text_of((uint32_t)rec.offset - skew)) &&
                rec.received == NOW + (int64_t)(rec.offset - skew) * TIME_SECOND / 10 &&
                rec.unit[3] == 9 && slice_is(rec.position.base, "dev:8:1 inode:77");
        next++;
        r = 0;
    }
    ok(r == 0, "reading ends without an error: %s", err_words(&err));
    reader = journal_reader_free(reader);
    return good;
}

static void test_append_and_read(bool plain)
{
    struct journal *j = open_at(plain ? "plain" : "sealed", plain);
    uint8_t source[JOURNAL_ID_SIZE];
    struct err err = ERR_INIT;
    uint32_t events, alerts = 0;
    uint64_t first;

    memset(source, 5, sizeof(source));
    ok(journal_stream(j, "events/default", &events, &err) == 0 &&
           journal_stream(j, "alerts", &alerts, &err) == 0,
       "streams are made");
    append(j, events, 0, 1000, &first);
    is_int(first, 0, "offsets begin at 0");
    append(j, alerts, 0, 2, &first);
    is_int(first, 0, "in each stream");
    append(j, events, 1000, 500, &first);
    is_int(first, 1000, "and go on without gaps");
    is_int(read_all(j, events, 0, 0), 1500, "the tail gives everything back");
    ok(journal_seal(j, NOW, &err) == 0, "it is sealed: %s", err_words(&err));
    append(j, events, 1500, 300, NULL);
    is_int(read_all(j, events, 0, 0), 1800, "segment and tail read as one");
    is_int(read_all(j, events, 1234, 0), 566, "from any offset");
    is_int(read_all(j, events, 1800, 0), 0, "and nothing behind the end");
    j = journal_close(j);

    j = open_at(plain ? "plain" : "sealed", plain);
    ok(journal_stream(j, "events/default", &events, &err) == 0, "the stream is there again");
    is_int(read_all(j, events, 0, 0), 1800, "with all records");
    ok(slice_is(journal_input(j, source), "position 17"), "the source's position is there");
    ok(journal_batch_known(j, source, SLICE("batch-1")) &&
           !journal_batch_known(j, source, SLICE("batch-2")),
       "and its batch");
    is_int(journal_consumer(j, SLICE("desk"), SLICE("alerts")), 7, "and the consumer's offset");
    append(j, events, 1800, 200, &first);
    is_int(first, 1800, "offsets go on after a restart");
    for (uint32_t i = 0; i < 20; i++)
        append(j, events, 2000 + i * 1000, 1000, NULL);
    ok(journal_tick(j, NOW, &err) == 0, "what is due is sealed: %s", err_words(&err));
    is_int(read_all(j, events, 0, 0), 22000, "nothing is missing");
    j = journal_close(j);
}

static uint64_t tail_size(const char *name)
{
    char path[256];
    struct stat st = {.st_size = 0};

    (void)snprintf(path, sizeof(path), "%s/%s/tail/%016x", folder, name, 1);
    ok(stat(path, &st) == 0, "the first tail is there");
    return (uint64_t)st.st_size;
}

/* As the disk has it now. */
static void copy_folder(const char *from, const char *to)
{
    char command[600];

    (void)snprintf(command, sizeof(command), "cp -r %s/%s %s/%s", folder, from, folder, to);
    ok(system(command) == 0, "copied"); /* NOLINT: a fixed command of a test */
}

/* Small groups find room in the file; what is behind the last one is no group. */
static void test_small_groups(void)
{
    struct journal *j = open_at("small", false);
    struct err err = ERR_INIT;
    uint32_t events, next = 0;
    uint64_t size;

    ok(journal_stream(j, "events/default", &events, &err) == 0, "a stream");
    append(j, events, next++, 1, NULL);
    size = tail_size("small");
    append(j, events, next++, 1, NULL);
    append(j, events, next++, 1, NULL);
    ok(tail_size("small") == size, "a small group does not change the size of a tail");
    while (tail_size("small") == size && next < 2000)
        append(j, events, next++, 1, NULL);
    ok(tail_size("small") > size && next > 100, "until its room is used up");
    append(j, events, next, 500, NULL);
    next += 500;
    append(j, events, next++, 1, NULL);
    is_int(read_all(j, events, 0, 0), next, "all are read");
    copy_folder("small", "copied");
    j = journal_close(j);
    j = open_at("copied", false);
    ok(journal_stream(j, "events/default", &events, &err) == 0, "the same after a power cut");
    is_int(read_all(j, events, 0, 0), next, "all are there");
    j = journal_close(j);
}

/* What came at once, or waited long, is no block as large as it is. */
static void test_large(void)
{
    enum { RECORDS = 60000, LARGEST = (1 << 20) + (1 << 19) };
    struct journal *j = open_at("large", false);
    struct journal_blocks *blocks = NULL;
    struct block_head head, before = {.count = 0};
    struct err err = ERR_INIT;
    uint32_t events, count = 0, small = 0, chained = 0;
    int r = journal_stream(j, "events/default", &events, &err);

    append(j, events, 0, RECORDS, NULL);
    ok(r == 0 && journal_tick(j, NOW, &err) == 0, "a large group is sealed: %s", err_words(&err));
    r = journal_blocks_new(j, events, 0, &blocks, &err);
    while (r >= 0 && (r = journal_blocks_next(blocks, &head, &err)) > 0) {
        count++;
        small += head.raw_size <= LARGEST && head.raw_size > LARGEST / 3;
        chained += head.first == before.first + before.count &&
                   (count == 1 || memcmp(head.prev, before.hash, sizeof(head.prev)) == 0);
        before = head;
    }
    is_int(r, 0, "its blocks are read");
    ok(count >= 3, "they are several");
    is_int(small, count, "of about the usual size");
    is_int(chained, count, "and each follows the one before");
    blocks = journal_blocks_free(blocks);
    is_int(read_all(j, events, 0, 0), RECORDS, "nothing is missing");
    j = journal_close(j);
    j = open_at("large", false);
    is_int(read_all(j, events, 0, 0), RECORDS, "nor after a restart");
    j = journal_close(j);
}

static void test_refusals(void)
{
    struct journal_options o = {.folder = folder};
    struct journal *j = NULL, *other = NULL;
    struct err err = ERR_INIT;
    uint32_t stream;
    char path[256];

    is_int(journal_open(&o, &j, &err), -CE_MISSING, "without a key: %s", err_words(&err));
    j = open_at("refusals", false);
    (void)snprintf(path, sizeof(path), "%s/refusals", folder);
    o = (struct journal_options){.folder = path, .keys = &key, .key_count = 1};
    is_int(journal_open(&o, &other, &err), -CE_BUSY, "two writers: %s", err_words(&err));
    is_int(journal_stream(j, "../x", &stream, &err), -CE_RANGE, "a name: %s", err_words(&err));
    is_int(journal_stream(j, "a/b/c", &stream, &err), -CE_RANGE, "a deep name");
    j = journal_close(j);
}

static void test_key_text(void)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(256);
    struct journal_key again;
    struct err err = ERR_INIT;

    journal_key_print(&key, &text);
    ok(journal_key_parse(buf_slice(&text), &again, &err) == 0 &&
           memcmp(&again, &key, sizeof(key)) == 0,
       "a printed key is read again: %s", err_words(&err));
    text.p[30] = text.p[30] == 'A' ? 'B' : 'A';
    is_int(journal_key_parse(buf_slice(&text), &again, &err), -CE_SYNTAX, "a mistyped one is not");
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 99;
    journal_key_make(&key);
    test_key_text();
    test_append_and_read(true);
    test_append_and_read(false);
    test_small_groups();
    test_large();
    test_refusals();
    (void)file_remove_tree(folder, NULL);
    return tap_done();
}
