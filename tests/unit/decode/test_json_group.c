/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a block, those of an event id one behind the other: each once, and each where it is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "decode/decoder.h"
#include "json_text.h"
#include "tap.h"

static const char *const names[] = {"Image"};
static struct keys *keys;
static struct decoder *d;
static struct buf seen = {.max = 1 << 20};

static const char first[] = "{\"Channel\":\"S\",\"EventID\":1,\"Image\":\"0\"}\n";

/* Opens text as a block that begins at line 10 and place 1000. */
static uint8_t *open_text(struct slice text)
{
    uint8_t *p = padded(text);
    struct decode_block block = {.text = slice_of(p, text.n), .offset = 1000, .line = 10};

    decoder_open(d, &block);
    return p;
}

static void put_seen(const struct event *e)
{
    const struct field *image = event_get(e, keys_find(keys, SLICE("Image")));

    buf_printf(&seen, "%llu:", (unsigned long long)e->sequence);
    if (image != NULL)
        field_text(image, &seen);
    buf_putc(&seen, ' ');
}

/* "line:image " of each record in the order in which they come; "!" for what is none. */
static const char *read_rest(void)
{
    struct decode_fault fault;
    struct event e;
    int r;

    buf_clear(&seen);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r > 0)
            put_seen(&e);
        else
            buf_puts(&seen, "! ");
    }
    return buf_cstr(&seen);
}

/* Records make known what stands before an event id. */
static void learn(void)
{
    struct buf text = BUF_INIT(4096);
    uint8_t *p;

    for (int i = 0; i < 20; i++)
        buf_puts(&text, first);
    p = open_text(buf_slice(&text));
    (void)read_rest();
    free(p);
    buf_done(&text);
}

static void line(struct buf *out, const char *id, const char *image)
{
    buf_printf(out, "{\"Channel\":\"S\",\"EventID\":%s,\"Image\":\"%s\"}\n", id, image);
}

static void test_order(void)
{
    struct buf text = BUF_INIT(1 << 16);
    uint8_t *p;

    line(&text, "1", "a");
    line(&text, "2", "b");
    buf_putc(&text, '\n');
    line(&text, "1", "\xC3\xA9");
    line(&text, "30", "d");
    line(&text, "2", "e");
    text.len--; /* the last line has no break */
    p = open_text(buf_slice(&text));
    ok(decoder_group(d), "lines are put in order");
    is_str(read_rest(), "10:a 13:\xC3\xA9 11:b 15:e 14:d ", "an id behind the other");
    free(p);
    p = open_text(buf_slice(&text));
    is_str(read_rest(), "10:a 11:b 13:\xC3\xA9 14:d 15:e ", "as they stand where nobody asks");
    free(p);
    buf_done(&text);
}

/* Records are found again by their places, in whatever order, and what follows is read on. */
static void test_places(void)
{
    struct decode_place places[6];
    struct decode_fault fault;
    struct buf text = BUF_INIT(1 << 16);
    struct event e;
    uint8_t *p;
    size_t n = 0;

    line(&text, "1", "a");
    line(&text, "2", "b");
    line(&text, "1", "c");
    line(&text, "2", "d");
    p = open_text(buf_slice(&text));
    ok(decoder_group(d), "lines are put in order");
    while (decoder_next(d, &e, &fault) > 0 && n < CANH_LEN(places))
        places[n++] = decoder_place(d);
    is_int((long)n, 4, "records");
    decoder_seek(d, places[2]);
    is_str(read_rest(), "11:b 12:c 13:d ", "from the third that came");
    decoder_seek(d, places[1]);
    is_str(read_rest(), "12:c 13:d ", "from the second");
    is_int((long)places[3].line, 13, "the line of the last");
    is_int((long)(places[3].offset - 1000),
           (long)slice_find(buf_slice(&text),
                            SLICE("{\"Channel\":\"S\",\"EventID\":2,\"Image\":\"d\"")),
           "and where it begins");
    free(p);
    p = open_text(buf_slice(&text));
    (void)decoder_group(d);
    ok(decoder_next(d, &e, &fault) > 0, "the first");
    decoder_seek(d, places[0]);
    is_str(read_rest(), "10:a 11:b 12:c 13:d ", "a seek ends the order");
    free(p);
    buf_done(&text);
}

/* Ids are told apart by more than their last digit, and what is broken is found again. */
static void test_kinds(void)
{
    struct buf text = BUF_INIT(1 << 16);
    struct decode_place place = {0};
    struct decode_fault fault;
    struct event e;
    uint8_t *p;
    int r;

    line(&text, "12", "a");
    line(&text, "22", "b");
    line(&text, "12", "c");
    buf_puts(&text, "{\"Channel\":\"S\",\"EventID\":22,\"Image\":01}\n");
    p = open_text(buf_slice(&text));
    ok(decoder_group(d), "lines are put in order");
    while ((r = decoder_next(d, &e, &fault)) > 0)
        place = decoder_place(d);
    place = decoder_place(d);
    is_int((long)place.line, 13, "the line of the one that is bad");
    decoder_seek(d, place);
    ok(decoder_next(d, &e, &fault) < 0, "it is bad again");
    is_int((long)fault.err.line, 13, "its line");
    is_int((long)fault.err.col, 38, "and where in it");
    free(p);
    p = open_text(buf_slice(&text));
    (void)decoder_group(d);
    is_str(read_rest(), "10:a 12:c 11:b ! ", "an id behind the other");
    free(p);
    buf_done(&text);
}

/* An order ends with its block, also where nobody read it to its end. */
static void test_left(void)
{
    struct buf text = BUF_INIT(1 << 16);
    struct decode_fault fault;
    struct event e;
    uint8_t *p;

    line(&text, "1", "a");
    line(&text, "2", "b");
    line(&text, "1", "c");
    p = open_text(buf_slice(&text));
    ok(decoder_group(d) && decoder_next(d, &e, &fault) > 0, "the first of an order");
    free(p);
    p = open_text(buf_slice(&text));
    is_str(read_rest(), "10:a 11:b 12:c ", "the next block has its own");
    free(p);
    buf_done(&text);
}

static bool groups(struct slice text)
{
    uint8_t *p = open_text(text);
    bool r = decoder_group(d);

    (void)read_rest();
    free(p);
    return r;
}

static void test_none(void)
{
    struct buf text = BUF_INIT(4 << 20);
    struct decode_block block = {.line = 1};
    uint8_t *p;

    ok(groups(SLICE("{\"EventID\":1}\n  {\"EventID\":2} \n")), "blanks around documents");
    ok(!groups(SLICE("{\"EventID\":1}\n{\"EventID\":2\n")), "a line that ends no document");
    ok(!groups(SLICE("{\"EventID\":1}\n\"EventID\":2}\n")), "a line that begins none");
    ok(!groups(SLICE("{\"EventID\":1}\n{\"a\":\"\xFF\"}\n")), "no UTF-8 in the last line");
    ok(!groups(SLICE("{\"a\":\"\xC3\"}\n{\"EventID\":1}\n")), "nor in the first");
    for (int bad = 0; bad < 200; bad++) {
        buf_clear(&text);
        for (int i = 0; i < 200; i++)
            line(&text, "1", i == bad ? "\xC3" : i == 199 - bad ? "\xC3\xA9" : "a");
        if (groups(buf_slice(&text)))
            ok(false, "no UTF-8 in line %d", bad);
    }
    ok(!groups(SLICE("{\"a\":\"\xC3\n\xA9\"}\n")), "a letter over a line break");
    ok(!groups(SLICE("{\"a\":\"x\n")), "an open string");
    p = padded(SLICE(first));
    block.text = slice_of(p, sizeof(first) - 1);
    block.cut = true;
    decoder_open(d, &block);
    ok(!decoder_group(d), "a record that is cut");
    free(p);
    buf_clear(&text);
    while (text.len < 1024 * 1024 - 300)
        buf_printf(&text, "{\"EventID\":1,\"Image\":\"%0200d\"}\n", 0);
    while (text.len < 1024 * 1024)
        buf_putc(&text, ' ');
    ok(groups(buf_slice(&text)), "a megabyte");
    buf_putc(&text, ' ');
    ok(!groups(buf_slice(&text)), "a byte more");
    buf_clear(&text);
    for (int i = 0; i < 8192; i++)
        buf_puts(&text, "{\"EventID\":1}\n");
    ok(groups(buf_slice(&text)), "as many lines as there is room for");
    buf_puts(&text, "{\"EventID\":1}\n");
    ok(!groups(buf_slice(&text)), "one more");
    buf_done(&text);
}

/* More ids than are told apart: no record is lost. */
static void test_many(void)
{
    struct buf text = BUF_INIT(1 << 20);
    char id[20], image[20];
    bool there[600] = {false};
    struct decode_fault fault;
    unsigned count = 0, twice = 0;
    struct event e;
    uint8_t *p;

    for (int i = 0; i < 600; i++) {
        (void)snprintf(id, sizeof(id), "%d", i % 300);
        (void)snprintf(image, sizeof(image), "%d", i);
        line(&text, id, image);
    }
    p = open_text(buf_slice(&text));
    ok(decoder_group(d), "many ids");
    while (decoder_next(d, &e, &fault) > 0) {
        uint64_t at = e.sequence - 10;

        if (at < 600) {
            twice += there[at];
            there[at] = true;
            count++;
        }
    }
    is_int((long)count, 600, "all lines come");
    is_int((long)twice, 0, "each once");
    free(p);
    buf_done(&text);
}

int main(void)
{
    keys = keys_new();
    mention(keys, names, CANH_LEN(names));
    d = decoder_new(format_by_name(SLICE("json")), keys, &decode_default_limits);
    if (d == NULL)
        abort();
    ok(!groups(SLICE("{\"Channel\":\"S\"}\n{\"Channel\":\"S\"}\n")), "where no id was ever seen");
    learn();
    test_order();
    test_places();
    test_kinds();
    test_left();
    test_none();
    test_many();
    (void)decoder_free(d);
    (void)keys_free(keys);
    buf_done(&seen);
    return tap_done();
}
