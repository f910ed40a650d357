/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: prints what the EVTX decoder makes of files, a JSON line a record and one a problem.
 *
 *     evtx_dump [-r] [-p] [-k NAMES] FILE...
 *
 * -r recovers records from unused space. -p does without plans. -k reads field names, one a line,
 * and adds the fields of each record: [name or null, text, type].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/err_words.h"
#include "base/file.h"
#include "decode/evtx/binxml.h"
#include "decode/evtx/evtx.h"

enum { FILE_MAX = 1 << 30 };

static void die(const char *what)
{
    fprintf(stderr, "evtx_dump: %s\n", what);
    exit(EXIT_FAILURE);
}

static void load_names(const char *path, struct keys *keys)
{
    struct buf text = BUF_INIT(FILE_MAX);
    struct err err = ERR_INIT;
    struct slice rest, line;

    if (file_read(path, &text, &err) < 0)
        die(err_words(&err));
    rest = buf_slice(&text);
    while (slice_cut(&rest, '\n', &line)) {
        if (line.n > 0 && keys_intern(keys, line) == KEY_NONE)
            die("too many names");
    }
    buf_done(&text);
}

static void write_string(struct buf *out, const uint8_t *p, size_t n, uint8_t form)
{
    struct bx_text t = {p, (uint32_t)n, VALUE_STRING, form};

    buf_putc(out, '"');
    bx_json_escape(out, &t);
    buf_putc(out, '"');
}

static void put_fields(const struct keys *keys, const struct event *e, struct buf *out)
{
    buf_puts(out, ",\"fields\":[");
    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];
        struct slice name = f->key ? keys_name(keys, f->key) : SLICE("");

        buf_puts(out, i ? ",[" : "[");
        write_string(out, name.p, name.n, FORM_UTF8);
        buf_putc(out, ',');
        write_string(out, f->text, f->n, f->form);
        buf_printf(out, ",%u]", f->type);
    }
    buf_putc(out, ']');
}

static void put_record(struct evtx_decoder *d, const struct keys *keys, const struct event *e,
                       bool fields)
{
    struct buf out = BUF_INIT(FILE_MAX);
    struct err err = ERR_INIT;

    buf_printf(&out, "{\"id\":%llu,\"offset\":%llu,\"recovered\":%d,\"damaged\":%d,\"record\":",
               (unsigned long long)e->sequence, (unsigned long long)e->offset,
               (e->flags & EVENT_RECOVERED) != 0, (e->flags & EVENT_DAMAGED) != 0);
    if (evtx_record_json(d, &out, &err) < 0)
        die(err_words(&err));
    if (fields)
        put_fields(keys, e, &out);
    buf_putc(&out, '}');
    puts(buf_cstr(&out));
    buf_done(&out);
}

static size_t dump_chunk(struct evtx_decoder *d, const struct keys *keys, struct slice window,
                         uint64_t at, bool fields)
{
    struct evtx_chunk_report report;
    struct err err = ERR_INIT;
    struct event e;
    size_t taken;
    int r;

    taken = evtx_chunk_begin(d, window, at, &report);
    while ((r = evtx_next(d, &e, &err)) != 0) {
        if (r > 0)
            put_record(d, keys, &e, fields);
        else
            printf("{\"bad\":\"%s\",\"offset\":%llu}\n", err_words(&err),
                   (unsigned long long)err.offset);
    }
    printf("{\"chunk\":%llu,\"records\":%llu,\"recovered\":%llu,\"bad_records\":%llu,"
           "\"bad_magic\":%d,\"bad_header_crc\":%d,\"bad_data_crc\":%d,\"stale\":%d}\n",
           (unsigned long long)at, (unsigned long long)report.records,
           (unsigned long long)report.recovered, (unsigned long long)report.bad, report.bad_magic,
           report.bad_header_crc, report.bad_data_crc, report.stale);
    return taken;
}

static void dump_file(struct evtx_decoder *d, const struct keys *keys, const char *path,
                      bool fields, bool recover)
{
    struct buf file = BUF_INIT(FILE_MAX);
    struct err err = ERR_INIT;
    struct buf name = BUF_INIT(FILE_MAX);
    struct evtx_file_info info;
    size_t at;

    if (file_read(path, &file, &err) < 0)
        die(err_words(&err));
    write_string(&name, (const uint8_t *)path, strlen(path), FORM_UTF8);
    printf("{\"file\":%s", buf_cstr(&name));
    buf_done(&name);
    if (evtx_file_header(buf_slice(&file), &info, &err) < 0)
        printf(",\"header\":null}\n");
    else
        printf(",\"header\":{\"dirty\":%d,\"bad_crc\":%d}}\n", info.dirty, info.bad_crc);
    evtx_decoder_recover(d, recover);
    for (at = 0; at < file.len;) {
        struct slice window = slice_head(slice_from(buf_slice(&file), at), EVTX_CHUNK);
        size_t skip = evtx_chunk_find(window);

        if (skip > 0) {
            at += skip;
            continue;
        }
        at += dump_chunk(d, keys, window, at, fields);
    }
    buf_done(&file);
}

int main(int argc, char **argv)
{
    struct keys *keys = keys_new();
    struct evtx_decoder *d;
    bool fields = false, recover = false, plans = true;
    int c;

    if (keys == NULL)
        die("no memory");
    while ((c = getopt(argc, argv, "rpk:")) != -1) {
        if (c == 'r') {
            recover = true;
        } else if (c == 'p') {
            plans = false;
        } else if (c == 'k') {
            load_names(optarg, keys);
            fields = true;
        } else {
            return EXIT_FAILURE;
        }
    }
    d = evtx_decoder_new(keys, &decode_default_limits);
    if (d == NULL)
        die("no memory");
    evtx_decoder_plans(d, plans);
    for (int i = optind; i < argc; i++)
        dump_file(d, keys, argv[i], fields, recover);
    evtx_decoder_free(d);
    keys_free(keys);
    return EXIT_SUCCESS;
}
