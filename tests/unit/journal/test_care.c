/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/care.h"

#include <fcntl.h>
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
static char folder[] = "/tmp/canh-care-XXXXXX";
static char path[300];

#define NOW (INT64_C(1760000000) * TIME_SECOND)

static struct journal *open_journal(const char *name, bool read_only)
{
    struct journal_options o = {.folder = path,
                                .read_only = read_only,
                                .keys = &key,
                                .key_count = 1,
                                .now = NOW,
                                .segment_size = 3400,
                                .reserve_size = 4096};
    struct err err = ERR_INIT;
    struct journal *j = NULL;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    ok(journal_open(&o, &j, &err) == 0, "%s opens: %s", name, err_words(&err));
    return j;
}

/* count records a second apart, the text of each with its number. */
static void append(struct journal *j, uint32_t stream, uint32_t from, uint32_t count)
{
    struct journal_record records[100] = {{.stream = 0}};
    struct journal_group g = {.records = records, .record_count = count, .now = NOW};
    static char texts[100][128];

    for (uint32_t i = 0; i < count; i++) {
        struct journal_record *r = &records[i];

        r->stream = stream;
        r->received = NOW + (int64_t)(from + i) * TIME_SECOND;
        r->claimed = TIME_NONE;
        r->raw = slice_of(texts[i],
                          (size_t)snprintf(texts[i], sizeof(texts[i]),
                                           "sshd[77]: Failed password for user%u from 192.0.2.%u",
                                           from + i, (from + i) % 256));
    }
    ok(journal_append(j, &g, NULL) == 0, "records %u to %u are appended", from, from + count);
}

static void fill(struct journal *j, uint32_t stream, uint32_t blocks)
{
    for (uint32_t i = 0; i < blocks; i++) {
        append(j, stream, i * 50, 50);
        ok(journal_seal(j, NOW + i * TIME_MINUTE, NULL) == 0, "and sealed");
    }
}

struct found {
    uint32_t count;
    char what[64];
};

static void tell(void *ctx, const struct journal_problem *p)
{
    struct found *f = ctx;

    f->count++;
    (void)snprintf(f->what, sizeof(f->what), "%s", p->what);
    tap_note("%s %llu at %llu: %s %s", p->stream, (unsigned long long)p->segment,
             (unsigned long long)p->at, p->what, p->detail);
}

static uint32_t problems(struct journal *j, struct journal_verdict *ret, struct found *f)
{
    struct err err = ERR_INIT;

    *f = (struct found){.count = 0};
    ok(journal_verify(j, tell, f, ret, &err) == 0, "it can be verified: %s", err_words(&err));
    return ret->problems;
}

static void flip(const char *file, off_t at)
{
    int fd = open(file, O_RDWR);
    uint8_t b = 0;

    ok(pread(fd, &b, 1, at) == 1, "a byte of %s", file);
    b ^= 4;
    ok(pwrite(fd, &b, 1, at) == 1, "is changed");
    (void)close(fd);
}

/* A segment a step, while records come in and old ones go in between. */
static void test_verify_steps(void)
{
    struct journal *j = open_journal("steps", false);
    const struct journal_keep keep = {.bytes = 1};
    struct journal_retained gone;
    struct journal_verify *job;
    struct journal_verdict v;
    struct found f = {.count = 0};
    struct err err = ERR_INIT;
    uint32_t s;
    bool more = true;

    ok(journal_stream(j, "events/default", &s, &err) == 0, "a stream");
    fill(j, s, 24);
    ok(journal_verify_new(j, tell, &f, &v, &job, &err) == 0, "a check begins");
    for (unsigned i = 0; more; i++) {
        more = journal_verify_step(job);
        if (i < 3)
            fill(j, s, 2);
        if (i == 1)
            ok(journal_retain(j, s, &keep, "test", NOW, &gone, &err) == 0 && gone.segments > 0,
               "what it has not seen yet goes: %u segments", gone.segments);
    }
    job = journal_verify_free(job);
    is_int(f.count, 0, "what grows and goes meanwhile is no problem");
    ok(v.segments > 2 && v.records > 300, "and what is there is looked at: %u segments, %u records",
       (unsigned)v.segments, (unsigned)v.records);
    j = journal_close(j);
}

static void test_verify(void)
{
    struct journal *j = open_journal("verify", false);
    struct journal_verdict v;
    struct found f;
    struct err err = ERR_INIT;
    uint32_t s;
    char file[400];

    ok(journal_stream(j, "events/default", &s, &err) == 0, "a stream");
    fill(j, s, 6);
    is_int(problems(j, &v, &f), 0, "a whole journal has no problems");
    ok(v.records == 300 && v.blocks == 6 && v.segments > 1 && !v.unread, "and everything was seen");
    j = journal_close(j);
    (void)snprintf(file, sizeof(file), "%s/streams/events/default/%016x.seg", path, 0);
    flip(file, 700);
    j = open_journal("verify", true);
    is_int(problems(j, &v, &f), 1, "a changed byte is found");
    ok(strcmp(f.what, "hash") == 0 || strcmp(f.what, "head") == 0, "as %s", f.what);
    j = journal_close(j);
    flip(file, 700);
    ok(unlink(file) == 0, "a segment is removed by hand");
    j = open_journal("verify", true);
    ok(problems(j, &v, &f) >= 1 && strcmp(f.what, "missing") == 0, "which is found, too");
    j = journal_close(j);
}

static void test_retain(void)
{
    struct journal *j = open_journal("retain", false);
    struct journal_keep keep = {.bytes = 3500};
    struct journal_retained gone;
    struct journal_stream_state state;
    struct journal_consumer consumer = {SLICE("desk"), SLICE("alerts"), 10};
    struct journal_group g = {.consumers = &consumer, .consumer_count = 1, .now = NOW};
    struct journal_verdict v;
    struct found f;
    struct err err = ERR_INIT;
    uint32_t events, alerts = 0;

    ok(journal_stream(j, "events/default", &events, &err) == 0 &&
           journal_stream(j, "alerts", &alerts, &err) == 0,
       "streams");
    fill(j, events, 8);
    ok(journal_retain(j, events, &keep, "size", NOW, &gone, &err) == 0 && gone.segments > 0,
       "%u segments go by size: %s", gone.segments, err_words(&err));
    ok(journal_stream_state(j, events, &state, &err) == 0 && state.first == gone.records,
       "the stream begins later, at %llu", (unsigned long long)state.first);
    is_int(problems(j, &v, &f), 0, "its chain closes over the mark");
    fill(j, events, 8);
    keep = (struct journal_keep){.age = TIME_HOUR, .bytes = 1, .least = TIME_DAY};
    ok(journal_retain(j, events, &keep, "age", NOW + 2 * TIME_HOUR, &gone, &err) == 0 &&
           gone.segments == 0 && gone.young,
       "nothing goes that is too young, whatever its age and size");
    keep.bytes = 0;
    ok(journal_retain(j, events, &keep, "age", NOW + 2 * TIME_HOUR, &gone, &err) == 0 &&
           gone.segments == 0 && !gone.young,
       "nor for its age alone, but then it is not too much");
    keep = (struct journal_keep){.age = TIME_DAY};
    ok(journal_retain(j, events, &keep, "age", NOW + TIME_HOUR, &gone, &err) == 0 &&
           gone.segments == 0,
       "nothing is a day old");
    ok(journal_retain(j, events, &keep, "age", NOW + 2 * TIME_DAY, &gone, &err) == 0 &&
           gone.segments > 0,
       "later all but the last are: %s", err_words(&err));
    fill(j, alerts, 8);
    ok(journal_append(j, &g, &err) == 0, "a consumer has read ten alerts");
    keep = (struct journal_keep){.bytes = 1};
    ok(journal_retain(j, alerts, &keep, "size", NOW, &gone, &err) == 0 && gone.held &&
           gone.segments == 0,
       "alerts stay until they are read");
    consumer.offset = 400;
    ok(journal_append(j, &g, &err) == 0 &&
           journal_retain(j, alerts, &keep, "size", NOW, &gone, &err) == 0 && gone.segments > 0,
       "and go then");
    j = journal_close(j);
    j = open_journal("retain", false);
    is_int(problems(j, &v, &f), 0, "all this after a restart");
    j = journal_close(j);
}

static bool folder_has(const char *text)
{
    char command[600];

    (void)snprintf(command, sizeof(command), "grep -rqF '%s' '%s'", text, path);
    return system(command) == 0; /* NOLINT: a fixed command of a test */
}

static void test_redact(void)
{
    struct journal *j = open_journal("redact", false);
    struct journal_redaction what = {.offset = 60,
                                     .who = SLICE("uid 0"),
                                     .why = SLICE("a password"),
                                     .now = NOW};
    struct journal_reader *reader;
    struct journal_record rec;
    struct journal_verdict v;
    struct found f;
    struct err err = ERR_INIT;

    ok(journal_stream(j, "events/default", &what.stream, &err) == 0, "a stream");
    fill(j, what.stream, 4);
    ok(journal_redact(j, &what, &err) == 0, "a record is redacted: %s", err_words(&err));
    is_int(problems(j, &v, &f), 0, "the chain closes over it");
    is_int(v.redactions, 1, "and it is counted");
    ok(journal_reader_new(j, what.stream, 59, &reader, &err) == 0, "a reader");
    ok(journal_read(reader, &rec, &err) == 1 && slice_find(rec.raw, SLICE("user59")) != SIZE_MAX,
       "the record before is as it was");
    ok(journal_read(reader, &rec, &err) == 1 && rec.raw.n == 0 && (rec.flags & JOURNAL_REDACTED) &&
           rec.received == NOW + 60 * TIME_SECOND,
       "the redacted one has times, a mark and no bytes");
    ok(journal_read(reader, &rec, &err) == 1 && slice_find(rec.raw, SLICE("user61")) != SIZE_MAX,
       "the one behind it is as it was");
    reader = journal_reader_free(reader);
    append(j, what.stream, 200, 10);
    what.offset = 205;
    ok(journal_redact(j, &what, &err) == 0, "one of the tail: %s", err_words(&err));
    append(j, what.stream, 210, 10);
    what.offset = 1000;
    is_int(journal_redact(j, &what, &err), -CE_NOT_FOUND, "none that is not there");
    j = journal_close(j);
    j = open_journal("redact", false);
    is_int(problems(j, &v, &f), 0, "all this after a restart");
    is_int(v.redactions, 2, "with both marks");
    j = journal_close(j);
}

static long offsets_size(void)
{
    char file[400];
    struct stat st = {.st_size = 0};

    (void)snprintf(file, sizeof(file), "%s/offsets", path);
    return stat(file, &st) == 0 ? (long)st.st_size : -1;
}

/* Of what went with its segment no mark stays, and the chain closes all the same. */
static void test_marks_go(void)
{
    struct journal *j = open_journal("marks", false);
    struct journal_keep keep = {.bytes = 5000};
    struct journal_redaction what = {.who = SLICE("uid 0"), .why = SLICE("tokens"), .now = NOW};
    struct journal_retained gone;
    struct journal_verdict v;
    struct found f;
    struct err err = ERR_INIT;
    long before, plain;

    ok(journal_stream(j, "events/default", &what.stream, &err) == 0, "a stream");
    fill(j, what.stream, 8);
    plain = offsets_size();
    for (what.offset = 0; what.offset < 100; what.offset += 4)
        ok(journal_redact(j, &what, &err) == 0, "record %llu goes",
           (unsigned long long)what.offset);
    what.offset = 399;
    ok(journal_redact(j, &what, &err) == 0, "one that stays with its segment");
    before = offsets_size();
    ok(before > plain + 25 * 70, "marks stand in offsets: %ld, %ld bytes", plain, before);
    ok(journal_retain(j, what.stream, &keep, "size", NOW, &gone, &err) == 0 && gone.records >= 100,
       "the segments that had them go");
    append(j, what.stream, 400, 50);
    ok(journal_seal(j, NOW, NULL) == 0, "more comes");
    ok(offsets_size() < before - 25 * 70, "their marks went, too: %ld bytes", offsets_size());
    is_int(problems(j, &v, &f), 0, "the chain closes");
    is_int(v.redactions, 1, "the mark of what is still there is kept");
    j = journal_close(j);
    j = open_journal("marks", false);
    is_int(problems(j, &v, &f), 0, "and after a restart");
    is_int(v.redactions, 1, "too");
    j = journal_close(j);
}

static void test_export(void)
{
    struct journal *j = open_journal("export", false);
    struct err err = ERR_INIT;
    uint32_t s;
    char file[400], command[4000];

    ok(journal_stream(j, "events/default", &s, &err) == 0, "a stream");
    fill(j, s, 3);
    append(j, s, 150, 7);
    (void)snprintf(file, sizeof(file), "%s/out.zst", folder);
    ok(journal_export(j, s, 0, UINT64_MAX, file, &err) == 0, "is exported: %s", err_words(&err));
    (void)snprintf(command, sizeof(command),
                   "test \"$(zstdcat '%s' | grep -c 'Failed password')\" = 157", file);
    ok(system(command) == 0, "zstdcat reads it, tail included"); /* NOLINT */
    (void)snprintf(command, sizeof(command),
                   "python3 '%s/tests/tools/read_journal.py' '%s' > '%s.json' && "
                   "test \"$(grep -c 'Failed password for user' '%s.json')\" = 157 && "
                   "grep -q '\"offset\": 156, \"received\": 1760000156000000000, ' '%s.json'",
                   tap_source_dir(), file, file, file, file);
    ok(system(command) == 0, "and a reader written from docs/journal.md"); /* NOLINT */
    ok(!folder_has("Failed password"), "the journal itself is not readable");
    j = journal_close(j);
}

static void test_heads(void)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(65536);
    struct journal *j = open_journal("heads", false);
    struct journal_keys other = {.count = 1}, now_and_before = {.count = 2};
    struct err err = ERR_INIT;
    uint32_t s;

    journal_key_make(&other.items[0]);
    journal_key_make(&now_and_before.items[0]);
    now_and_before.items[1] = key;
    ok(journal_stream(j, "events/default", &s, &err) == 0, "a stream");
    fill(j, s, 3);
    ok(journal_heads(j, NOW, &text, &err) == 0, "heads are written");
    fill(j, s, 2);
    is_int(journal_heads_check(j, buf_slice(&text), &now_and_before, &err), 0, "and hold later: %s",
           err_words(&err));
    is_int(journal_heads_check(j, buf_slice(&text), &other, &err), -CE_CORRUPT,
           "not by another key");
    j = journal_close(j);
    j = open_journal("heads-other", false);
    ok(journal_stream(j, "events/default", &s, &err) == 0, "another journal");
    fill(j, s, 4);
    now_and_before.items[0] = key;
    now_and_before.items[1] = other.items[0];
    is_int(journal_heads_check(j, buf_slice(&text), &now_and_before, &err), -CE_CORRUPT,
           "is another: %s", err_words(&err));
    ok(strstr(err_words(&err), "signed") == NULL, "which has nothing to do with who signed");
    j = journal_close(j);
}

static void test_filter(void)
{
    struct journal *j = open_journal("filter", false);
    struct journal_blocks *blocks;
    struct block_head head;
    struct err err = ERR_INIT;
    uint32_t s, may = 0, wrong = 0, count = 0;
    struct ip ip;

    ok(journal_stream(j, "events/default", &s, &err) == 0, "a stream");
    fill(j, s, 10);
    ok(journal_blocks_new(j, s, 0, &blocks, &err) == 0, "its blocks");
    ok(ip_parse(SLICE("::ffff:192.0.2.77"), &ip) == 0, "an address in another spelling");
    while (journal_blocks_next(blocks, &head, &err) == 1) {
        bool has = head.first <= 123 && head.first + head.count > 123;

        count++;
        may += journal_blocks_may_hold(blocks, SLICE("User123"));
        wrong += has && !journal_blocks_may_hold(blocks, SLICE("USER123"));
        wrong += head.first == 50 && !journal_blocks_may_hold_ip(blocks, &ip);
        for (uint32_t i = 0; i < head.count; i++) {
            char word[32];
            int n = snprintf(word, sizeof(word), "user%u", (unsigned)head.first + i);

            wrong += !journal_blocks_may_hold(blocks, slice_of(word, (size_t)n));
        }
    }
    is_int(count, 10, "ten blocks");
    is_int(wrong, 0, "no word that is there is denied");
    ok(may <= 3, "a word of one block may be in %u of them", may);
    blocks = journal_blocks_free(blocks);
    j = journal_close(j);
}

/* Bytes of a segment are changed, from one on. */
static void damage(const char *name, uint64_t segment, long at, unsigned count)
{
    char file[400];
    FILE *f;

    (void)snprintf(file, sizeof(file), "%s/%s/streams/events/default/%016llx.seg", folder, name,
                   (unsigned long long)segment);
    f = fopen(file, "r+b");
    ok(f && fseek(f, at, at < 0 ? SEEK_END : SEEK_SET) == 0, "%s can be changed", file);
    for (unsigned i = 0; f && i < count; i++)
        (void)fputc(0xee, f);
    if (f)
        (void)fclose(f);
}

struct mends {
    unsigned steps;
    uint64_t lost;
    char what[64];
};

static void take_mend(void *ctx, const struct journal_mend *m)
{
    struct mends *x = ctx;

    x->steps++;
    x->lost += m->until - m->from;
    (void)snprintf(x->what, sizeof(x->what), "%s", m->what);
    tap_note("%s %llu: %s %llu to %llu", m->stream, (unsigned long long)m->segment, m->what,
             (unsigned long long)m->from, (unsigned long long)m->until);
}

static struct mends repair(struct journal *j, bool apply)
{
    struct mends x = {.steps = 0};
    struct journal_repair_request q = {.apply = apply,
                                       .who = SLICE("uid 0"),
                                       .why = SLICE("a bad disk"),
                                       .tell = take_mend,
                                       .ctx = &x,
                                       .now = NOW + TIME_DAY};
    struct journal_repair *r;
    struct err err = ERR_INIT;
    int e = journal_repair_new(j, &q, &r, &err);

    while (e == 0 && (e = journal_repair_step(r, &err)) > 0)
        e = 0;
    ok(e == 0, "it is %s: %s", apply ? "repaired" : "looked through", err_words(&err));
    r = journal_repair_free(r);
    return x;
}

static unsigned count_records(struct journal *j, uint32_t stream)
{
    struct journal_reader *reader;
    struct journal_record rec;
    unsigned n = 0;
    int r = journal_reader_new(j, stream, 0, &reader, NULL);

    while (r == 0 && (r = journal_read(reader, &rec, NULL)) != 0) {
        n += r > 0 && !(rec.flags & JOURNAL_GAP);
        r = 0;
    }
    reader = journal_reader_free(reader);
    return n;
}

/* Twelve blocks of 50 records, five a segment: some bytes of one segment are changed. */
static void test_repair_of(const char *name, uint32_t which, long at, unsigned count, uint64_t lost)
{
    struct journal *j = open_journal(name, false);
    uint32_t stream = 0;
    struct journal_stream_state st = {.name = NULL};
    struct journal_verdict v;
    struct mends x;
    struct found f;

    ok(journal_stream(j, "events/default", &stream, NULL) == 0, "a stream");
    fill(j, stream, 12);
    ok(journal_stream_state(j, stream, &st, NULL) == 0 && st.segments == 3, "three segments");
    x = repair(j, false);
    is_int(x.steps, 0, "there is nothing to repair");
    j = journal_close(j);
    damage(name, which, at, count);
    j = open_journal(name, false);
    ok(problems(j, &v, &f) > 0, "%s is found", name);
    x = repair(j, false);
    is_int((long long)x.lost, (long long)lost, "what would be given up");
    ok(problems(j, &v, &f) > 0, "nothing was changed by looking");
    x = repair(j, true);
    is_int((long long)x.lost, (long long)lost, "what is given up");
    is_int(problems(j, &v, &f), 0, "the chain closes over it");
    is_int((long long)v.lost, (long long)lost, "and it is counted");
    is_int(count_records(j, stream), 600 - (long long)lost, "all others are there");
    append(j, stream, 700, 10);
    ok(journal_seal(j, NOW + TIME_HOUR, NULL) == 0, "it goes on");
    x = repair(j, true);
    is_int(x.steps, 0, "a second time there is nothing to do");
    j = journal_close(j);
    j = open_journal(name, false);
    is_int(problems(j, &v, &f), 0, "all this after a restart");
    ok(journal_stream(j, "events/default", &stream, NULL) == 0, "its number may be another");
    is_int(count_records(j, stream), 610 - (long long)lost, "with what was appended");
    j = journal_close(j);
}

static bool is_aside(const char *name, const char *more)
{
    char file[400];

    (void)snprintf(file, sizeof(file), "%s/%s/streams/events/default/%016x.seg.damaged%s", folder,
                   name, 0, more);
    return access(file, F_OK) == 0;
}

/* A segment that is damaged a second time: what it was each time is kept. */
static void test_repaired_twice(void)
{
    for (int time = 1; time <= 2; time++) {
        struct journal *j = open_journal("twice", false);
        struct journal_verdict v;
        struct mends x;
        struct found f;
        uint32_t stream = 0;

        ok(journal_stream(j, "events/default", &stream, NULL) == 0, "a stream");
        if (time == 1)
            fill(j, stream, 12);
        j = journal_close(j);
        damage("twice", 0, 400, 4);
        j = open_journal("twice", false);
        x = repair(j, true);
        is_int((long long)x.lost, 50 * time, "a block is given up, with those before it");
        is_int(problems(j, &v, &f), 0, "the chain closes over them");
        j = journal_close(j);
        ok(is_aside("twice", "") && is_aside("twice", ".2") == (time == 2) &&
               !is_aside("twice", ".3"),
           "the segment as it was is kept, %d", time);
    }
}

/* The disk is what it was before the redaction's last step. */
static void test_unfinished_redaction(void)
{
    struct journal *j = open_journal("half", false);
    struct journal_redaction what = {.offset = 60,
                                     .who = SLICE("uid 0"),
                                     .why = SLICE("a password"),
                                     .now = NOW};
    struct buf file = BUF_INIT(1 << 20);
    char name[400];
    struct journal_verdict v;
    struct mends x;
    struct found f;
    struct err err = ERR_INIT;

    ok(journal_stream(j, "events/default", &what.stream, NULL) == 0, "a stream");
    fill(j, what.stream, 4);
    (void)snprintf(name, sizeof(name), "%s/streams/events/default/%016x.seg", path, 0);
    ok(file_read(name, &file, &err) == 0, "a segment: %s", err_words(&err));
    ok(journal_redact(j, &what, &err) == 0, "a record is redacted: %s", err_words(&err));
    j = journal_close(j);
    ok(file_replace(name, buf_slice(&file), 0600, NULL) == 0,
       "a crash: the segment is the old one");
    j = open_journal("half", false);
    is_int(problems(j, &v, &f), 1, "a record is still there");
    is_str(f.what, "unfinished-redaction", "and this is told");
    x = repair(j, false);
    is_int(x.steps, 1, "it would be finished");
    x = repair(j, true);
    is_str(x.what, "unfinished-redaction", "and is");
    is_int(problems(j, &v, &f), 0, "now it is gone");
    is_int(v.redactions, 1, "with one mark");
    buf_done(&file);
    j = journal_close(j);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 99;
    journal_key_make(&key);
    test_verify_steps();
    test_verify();
    test_retain();
    test_redact();
    test_marks_go();
    test_repair_of("first-head", 0, 20, 4, 250);
    test_repair_of("block", 0, 1500, 4, 50);
    test_repair_of("last-bytes", 0, -20, 20, 50);
    test_repaired_twice();
    test_unfinished_redaction();
    test_export();
    test_heads();
    test_filter();
    (void)file_remove_tree(folder, NULL);
    return tap_done();
}
