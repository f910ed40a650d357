/* SPDX-License-Identifier: Apache-2.0 */
/* SMS that came in: a gateway's answer line by line, and what each text says. */
#include <stdlib.h>

#include "alert/reply.h"
#include "base/utf.h"
#include "notify/inbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reply(struct slice text)
{
    struct reply r;

    reply_parse(text, &r);
    if (r.count > REPLY_CANDIDATES || (r.kind == REPLY_TO_CODE) != (r.count > 0))
        abort();
    for (size_t i = 0; i < r.count; i++)
        if (strlen(r.codes[i]) != REPLY_CODE)
            abort();
    if (r.kind == REPLY_REPORT &&
        (r.text.n == 0 || r.text.n > REPLY_TEXT_MAX || !utf8_valid(r.text)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct inbox_message list[INBOX_MESSAGES_MAX];
    size_t bad, n = inbox_read(slice_of(data, size), &arena, list, &bad);

    check_reply(slice_of(data, size));
    for (size_t i = 0; i < n; i++) {
        if (list[i].id.n == 0 || list[i].id.n > INBOX_ID_MAX || list[i].text.n > INBOX_TEXT_MAX)
            abort();
        check_reply(list[i].text);
    }
    arena_done(&arena);
    return 0;
}
