/* SPDX-License-Identifier: Apache-2.0 */
/* Files, chunks and records: what is found, counted, repaired and refused. */
#include "decode/evtx/evtx.h"

#include "err_words.h"
#include "evtx_build.h"
#include "tap.h"

static struct build b;
static struct evtx_decoder *d;
static struct evtx_chunk_report report;
static struct event e;
static struct err err;

static void add_record(uint64_t id)
{
    record_begin(&b, id);
    element(&b, "Event", -1, 0);
    content(&b);
    element(&b, "A", -1, 0);
    content(&b);
    text(&b, "some text");
    end(&b);
    end(&b);
    record_end(&b);
}

static void three_records(void)
{
    build_begin(&b);
    for (uint64_t id = 10; id < 13; id++)
        add_record(id);
    build_end(&b);
}

/* Reads the whole chunk: "10 11 !560 12 +7", !offset for a bad place, + for a recovered record. */
static void reads(const char *want, const char *name)
{
    struct buf seen = BUF_INIT(1000);
    struct evtx_chunk_report n = {0};
    int r;

    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    while ((r = evtx_next(d, &e, &err)) != 0) {
        if (seen.len)
            buf_putc(&seen, ' ');
        if (r > 0 && e.flags & EVENT_RECOVERED)
            buf_putc(&seen, '+');
        if (r > 0 && e.flags & EVENT_DAMAGED)
            buf_putc(&seen, '~');
        if (r < 0)
            buf_putc(&seen, '!');
        buf_append_u64(&seen, r > 0 ? e.sequence : err.offset);
        n.records += r > 0;
        n.recovered += r > 0 && e.flags & EVENT_RECOVERED;
        n.damaged += r > 0 && e.flags & EVENT_DAMAGED;
        n.bad += r < 0;
        ok(r < 0 || (e.flags & ~(unsigned)(EVENT_RECOVERED | EVENT_DAMAGED)) == 0, "no other mark");
    }
    is_str(buf_cstr(&seen), want, "%s", name);
    ok(n.records == report.records && n.recovered == report.recovered &&
           n.damaged == report.damaged && n.bad == report.bad,
       "which is counted");
    /* nobody needs to be told why */
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    while (evtx_next(d, &e, NULL) != 0)
        n.records--;
    is_int(n.records, -(int64_t)n.bad, "the same without");
    buf_done(&seen);
}

static void test_file_header(void)
{
    uint8_t h[EVTX_FILE_HEADER] = "ElfFile";
    struct evtx_file_info info;

    set_le(h + 8, 2, 8);
    set_le(h + 16, 3, 8);
    set_le(h + 24, 77, 8);
    set_le(h + 36, 1, 2);
    set_le(h + 38, 3, 2);
    set_le(h + 42, 4, 2);
    set_le(h + 120, 1, 4);
    set_le(h + 124, crc32_update(0, slice_of(h, 120)), 4);
    is_int(evtx_file_header(slice_of(h, sizeof(h)), &info, &err), 0, "a header");
    ok(info.dirty && !info.full && !info.bad_crc, "its flags");
    ok(info.first_chunk == 2 && info.last_chunk == 3 && info.next_record == 77 && info.chunks == 4,
       "its numbers");
    h[24]++;
    is_int(evtx_file_header(slice_of(h, sizeof(h)), &info, &err), 0, "a wrong checksum");
    ok(info.bad_crc, "is told");
    h[120] |= 4;
    is_int(evtx_file_header(slice_of(h, sizeof(h)), &info, &err), 0, "no checksum");
    ok(!info.bad_crc, "is not wrong");
    h[38] = 4;
    is_int(evtx_file_header(slice_of(h, sizeof(h)), &info, &err), -CE_UNKNOWN, "version 4");
    is_str(err_words(&err), "EVTX version 4.1", "is named");
    h[38] = 3;
    is_int(evtx_file_header(slice_of(h, 128), &info, &err), 0, "as much of it as is needed");
    is_int(evtx_file_header(slice_of(h, 127), &info, &err), -CE_TRUNCATED, "cut off");
    h[0] = 'e';
    is_int(evtx_file_header(slice_of(h, sizeof(h)), &info, &err), -CE_SYNTAX, "another file");
    ok(!evtx_recognise(slice_of(h, sizeof(h))), "not recognised");
    ok(evtx_recognise(SLICE("ElfFile\0")) && evtx_recognise(SLICE("ElfChnk\0")) &&
           !evtx_recognise(SLICE("ElfFile")),
       "recognised by eight bytes");
}

static void test_find(void)
{
    static uint8_t window[EVTX_CHUNK];

    three_records();
    is_int(evtx_chunk_find(slice_of(b.chunk, sizeof(b.chunk))), 0, "a chunk");
    is_int(evtx_chunk_find(slice_of(window, sizeof(window))), sizeof(window), "no chunk");
    memcpy(window + 1536, b.chunk, sizeof(window) - 1536);
    is_int(evtx_chunk_find(slice_of(window, sizeof(window))), 1536, "a chunk out of place");
    memset(window, 0, sizeof(window));
    memcpy(window + 1001, b.chunk, 900);
    is_int(evtx_chunk_find(slice_of(window, 2000)), 2000, "none at an odd place");
    memset(b.chunk, 0, 8);
    is_int(evtx_chunk_find(slice_of(b.chunk, sizeof(b.chunk))), 0, "records without a header");
    memcpy(window, b.chunk, 2048);
    memcpy(window + 2048, "ElfChnk", 8);
    is_int(evtx_chunk_begin(d, slice_of(window, sizeof(window)), 0, &report), 2048,
           "a damaged chunk ends where the next begins");
    is_int(evtx_next(d, &e, &err), 1, "and has its records");
    ok(report.bad_magic && report.truncated, "and says so");
}

static void test_chunk(void)
{
    three_records();
    reads("10 11 12", "a good chunk");
    ok(!report.bad_magic && !report.bad_header_crc && !report.bad_data_crc && !report.stale &&
           !report.truncated,
       "has nothing to report");
    ok(report.first_record == 10 && report.last_record == 12 && report.records == 3, "but counts");
    b.chunk[8]++;
    b.chunk[b.at - 60]++;
    reads("10 11 12", "wrong checksums");
    ok(report.bad_header_crc && report.bad_data_crc, "are counted, the records read");
    b.chunk[120] = 4;
    reads("10 11 12", "without checksums");
    ok(!report.bad_header_crc && !report.bad_data_crc, "none is wrong");
    memset(b.chunk, 0, 128);
    reads("+10 +11 +12", "without a header");
    ok(report.bad_magic && report.recovered == 3, "which is told");
    b.chunk[512] = 0;
    reads("+11 +12", "nor its first record");
    is_int(evtx_chunk_begin(d, slice_of(b.chunk, 100), 0, &report), 100, "a piece of a header");
    is_int(evtx_next(d, &e, &err), 0, "has no records");
}

/* The numbers that a header states, without the chunk. */
static void test_numbers(void)
{
    uint64_t first = 0, last = 0;

    three_records();
    ok(evtx_chunk_numbers(slice_of(b.chunk, 40), &first, &last) && first == 10 && last == 12,
       "a header's numbers");
    ok(!evtx_chunk_numbers(slice_of(b.chunk, 39), &first, &last), "a piece of a header");
    set_le(b.chunk + 24, 13, 8);
    ok(!evtx_chunk_numbers(slice_of(b.chunk, 128), &first, &last), "the first behind the last");
    set_le(b.chunk + 24, UINT64_MAX, 8);
    set_le(b.chunk + 32, UINT64_MAX, 8);
    ok(!evtx_chunk_numbers(slice_of(b.chunk, 128), &first, &last), "none");
    set_le(b.chunk + 24, 1, 8);
    ok(!evtx_chunk_numbers(slice_of(b.chunk, 128), &first, &last), "no last one");
    set_le(b.chunk + 32, 1, 8);
    ok(evtx_chunk_numbers(slice_of(b.chunk, 128), &first, &last) && first == 1 && last == 1, "one");
    b.chunk[0] = 0;
    ok(!evtx_chunk_numbers(slice_of(b.chunk, 128), &first, &last), "no chunk");
}

/* A mistake in a template is told of each record that needs it, by the record's own place. */
static void test_bad_template(void)
{
    uint32_t at, second;

    build_begin(&b);
    record_begin(&b, 1);
    at = template_begin(&b, 6);
    element(&b, "Event", 0xFFFF, 0);
    put_le(&b, 0x3F, 1);
    template_end(&b, at);
    values(&b, NULL, 0);
    record_end(&b);
    record_begin(&b, 2);
    second = b.record;
    template_use(&b, 6, at);
    values(&b, NULL, 0);
    record_end(&b);
    build_end(&b);
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 70000, &report);
    ok(evtx_next(d, &e, &err) < 0 && err.offset > 70000 + at && err.offset < 70000 + second,
       "in the template: %" PRIu64, err.offset);
    ok(evtx_next(d, &e, &err) < 0, "and of the second");
    is_int(err.offset, 70000 + second, "at its own place");
    is_int(report.bad, 2, "both are counted");
}

static void test_counts_wrong(void)
{
    three_records();
    set_le(b.chunk + 48, 512, 4); /* written before the records, as in a log that is in use */
    reads("10 11 12", "records behind the stated end");
    ok(report.stale, "make the header stale");
    set_le(b.chunk + 48, 0xFFFFFFFF, 4);
    reads("10 11 12", "an impossible end");
    set_le(b.chunk + 48, b.at + 1000, 4);
    reads("10 11 12 !848", "an end beyond the records");
    is_int(b.at, 848, "is told where they stop");
    is_int(report.bad, 1, "once");
}

static void test_gap(void)
{
    uint32_t second;

    three_records();
    second = 512 + (b.at - 512) / 3;
    b.chunk[second] = 0;
    reads("10 !624 12", "a record without its magic");
    b.chunk[second] = 0x2A;
    set_le(b.chunk + second + 4, 20, 4);
    reads("10 !624 12", "a record shorter than its header");
    set_le(b.chunk + second + 4, 0x7FFFFFFF, 4);
    reads("10 !624 12", "a record longer than the chunk");
    is_str(err_words(&err), "EVTX: no record where one should be", "is named");
    three_records();
    b.chunk[second + 28] = 0x3F;
    reads("10 !652 12", "BinXML that is none");
    is_int(report.bad, 1, "counts once");
    three_records();
    set_le(b.chunk + b.at - 4, 0, 4);
    reads("10 11 ~12", "a record whose end is overwritten");
    is_int(report.damaged, 1, "is marked");
}

static void test_recover(void)
{
    uint32_t used;

    three_records();
    used = b.at;
    add_record(7);
    add_record(8);
    add_record(11);
    set_le(b.chunk + 48, used, 4);
    reads("10 11 12", "leftovers are not read unasked");
    evtx_decoder_recover(d, true);
    reads("10 11 12 +7 +8 +11", "leftovers, copies too");
    is_int(report.recovered, 3, "are counted");
    b.chunk[used + 28] = 0x3F;
    set_le(b.chunk + used + 112 + 16, 1, 8);
    reads("10 11 12 !876 +11", "none that cannot be decoded, none of 1601");
    ok((e.flags & EVENT_RECOVERED) != 0 && report.bad == 1, "the first is counted");
    three_records();
    used = b.at;
    add_record(0);
    add_record(5);
    set_le(b.chunk + 48, used, 4);
    reads("10 11 12 +5", "none without a number");
    evtx_decoder_recover(d, false);
}

enum { LOST_ID = 0x01020304 };

/*
 * Two records with a template each, the second of `id`; then three, leftovers or not, of which the
 * first and last need LOST_ID. found: they are read.
 */
static void lost_templates(uint32_t id, bool live, bool found, const char *what)
{
    struct buf want = BUF_INIT(1000);
    uint32_t used, at, other;

    buf_puts(&want, "1 2");
    build_begin(&b);
    record_begin(&b, 1);
    other = template_begin(&b, 6);
    element(&b, "Event", 0xFFFF, 0);
    end_empty(&b);
    template_end(&b, other);
    values(&b, NULL, 0);
    record_end(&b);
    record_begin(&b, 2);
    at = template_begin(&b, id);
    element(&b, "Event", 0xFFFF, 0);
    content(&b);
    text(&b, "x");
    end(&b);
    template_end(&b, at);
    values(&b, NULL, 0);
    record_end(&b);
    used = b.at;
    for (unsigned i = 0; i < 3; i++) {
        record_begin(&b, live ? 3 + i : 13 + i);
        if (found && i != 1)
            buf_printf(&want, " +%u", 13 + i);
        else
            buf_printf(&want, " !%u", b.at);
        template_use(&b, i == 1 ? 8 : LOST_ID, i == 0 ? other : 60000);
        values(&b, NULL, 0);
        record_end(&b);
    }
    build_end(&b);
    if (!live)
        set_le(b.chunk + 48, used, 4);
    reads(buf_cstr(&want), what);
    buf_done(&want);
}

/* A leftover whose template was overwritten: read with the same one elsewhere in the chunk. */
static void test_lost_template(void)
{
    evtx_decoder_recover(d, true);
    lost_templates(LOST_ID, false, true, "leftovers of known templates");
    lost_templates(9, false, false, "of templates of another chunk");
    evtx_decoder_recover(d, false);
    lost_templates(LOST_ID, true, false, "no record of the log is read so");
    is_str(err_words(&err), "EVTX: a template that was overwritten",
           "the template that is nowhere");
}

static void test_json_alone(void)
{
    struct buf out = BUF_INIT(200), small = BUF_INIT(20);

    three_records();
    (void)evtx_chunk_begin(d, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    is_int(evtx_record_json(d, &out, &err), -CE_NOT_FOUND, "no record, no JSON");
    is_int(evtx_next(d, &e, &err), 1, "a record");
    is_int(evtx_record_json(d, &out, &err), 0, "its JSON");
    is_slice(buf_slice(&out), SLICE("{\"Event\":{\"A\":\"some text\"}}"), "as text");
    is_int(e.fields[0].n, 18, "leaves the fields alone");
    err = ERR_INIT;
    ok(evtx_record_json(d, &small, &err) < 0 && err.code != 0, "too little room for it: %s",
       err_words(&err));
    ok(evtx_record_json(d, &small, NULL) < 0, "which need not be told");
    for (size_t n = 1; n < out.len; n++) {
        struct buf less = BUF_INIT(n);

        if (evtx_record_json(d, &less, &err) >= 0)
            ok(false, "%zu bytes are room enough", n);
        buf_done(&less);
    }
    buf_done(&out);
    buf_done(&small);
}

/* How many fields a record has when only `name` is mentioned and nothing else wanted. */
static uint32_t count_named(const char *name)
{
    struct decode_limits limits = decode_default_limits;
    struct keys *keys = keys_new();
    struct buf out = BUF_INIT(200);
    struct evtx_decoder *named;

    limits.named = true;
    ok(keys_intern(keys, slice_str(name)) != KEY_NONE, "%s is mentioned", name);
    named = evtx_decoder_new(keys, &limits);
    three_records();
    (void)evtx_chunk_begin(named, slice_of(b.chunk, sizeof(b.chunk)), 0, &report);
    is_int(evtx_next(named, &e, &err), 1, "a record, read for %s", name);
    is_int(evtx_record_json(named, &out, &err), 0, "its JSON");
    is_slice(buf_slice(&out), SLICE("{\"Event\":{\"A\":\"some text\"}}"), "has all the same");
    buf_done(&out);
    evtx_decoder_free(named);
    keys_free(keys);
    return e.count;
}

static void test_named(void)
{
    is_int(count_named("Event.A"), 1, "a value that somebody mentions is there");
    is_int(count_named("Event.B"), 0, "others are left out");
}

int main(void)
{
    struct keys *keys = keys_new();

    d = evtx_decoder_new(keys, &decode_default_limits);
    test_file_header();
    test_find();
    test_chunk();
    test_numbers();
    test_bad_template();
    test_counts_wrong();
    test_gap();
    test_recover();
    test_lost_template();
    test_json_alone();
    test_named();
    evtx_decoder_free(d);
    keys_free(keys);
    return tap_done();
}
