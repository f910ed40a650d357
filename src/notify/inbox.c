/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/inbox.h"

#include "base/json_flat.h"
#include "base/json_write.h"
#include "base/utf.h"
#include "notify/letter.h"

static int receive_member(void *u, struct slice key, const struct json_value *value)
{
    struct inbox_message *m = u;

    if (slice_is(key, "id"))
        m->id = value->text; /* a number is fine */
    else if (slice_is(key, "from") && value->is_text)
        m->from = value->text;
    else if (slice_is(key, "text") && value->is_text)
        m->text = value->text;
    return 0;
}

/* An id becomes a key and goes back to the gateway: printable characters alone. */
static bool id_is_sound(struct slice id)
{
    for (size_t i = 0; i < id.n; i++)
        if (id.p[i] <= ' ' || id.p[i] >= 0x7f)
            return false;
    return id.n > 0 && id.n <= INBOX_ID_MAX;
}

static bool is_sound(const struct inbox_message *m)
{
    return id_is_sound(m->id) && letter_number_ok(m->from) && m->text.n <= INBOX_TEXT_MAX &&
           utf8_valid(m->text);
}

size_t inbox_read(struct slice body, struct arena *arena,
                  struct inbox_message ret[INBOX_MESSAGES_MAX], size_t *ret_bad)
{
    struct slice line;
    size_t n = 0;

    *ret_bad = 0;
    while (n < INBOX_MESSAGES_MAX && slice_cut(&body, '\n', &line)) {
        struct inbox_message m = {.id = SLICE_NULL};

        line = slice_trim(line);
        if (line.n == 0)
            continue;
        if (json_flat_read(line, arena, receive_member, &m) == 0 && is_sound(&m))
            ret[n++] = m;
        else
            ++*ret_bad;
    }
    return n;
}

void inbox_write_done(struct buf *out, struct slice id)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "done");
    json_open(&w, '[');
    json_text(&w, id);
    json_close(&w, ']');
    json_close(&w, '}');
}
