/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* docs/state.md says of every entity who may read and write it: what it says is what is done. */
#include "base/file.h"
#include "state/internal.h"
#include "tap.h"

static const struct {
    uint32_t roles;
    const char *name;
} sets[] = {
    {R_OPEN, "all"},      {R_WORK, "work"},      {W_ALL, "all but observer"},
    {W_DUTY, "duty"},     {W_TECH, "technical"}, {W_HEAD_LEAD, "head, lead"},
    {W_HEAD, "head"},     {W_LEAD, "lead"},      {W_ADMIN, "admin"},
    {W_SYSTEM, "system"},
};

static const char *set_name(uint32_t roles)
{
    for (size_t i = 0; i < CANH_LEN(sets); i++)
        if (sets[i].roles == roles)
            return sets[i].name;
    return "?";
}

static const struct {
    uint8_t flag;
    const char *word;
} words[] = {
    {ENT_OPEN, "open"}, {ENT_APPEND, "append"}, {ENT_DROP, "drop"},     {ENT_LED, "led"},
    {ENT_BOTH, "both"}, {ENT_SILENT, "silent"}, {ENT_INSIDE, "inside"},
};

static void row_of(const struct entity *e, struct buf *out)
{
    bool first = true;

    buf_printf(out, "| `%s` | %s | %s | ", e->name, set_name(e->readers), set_name(e->writers));
    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (!(e->flags & words[i].flag))
            continue;
        buf_printf(out, "%s%s", first ? "" : ", ", words[i].word);
        first = false;
    }
    buf_puts(out, first ? "|" : " |");
}

int main(void)
{
    struct buf doc = BUF_INIT(1u << 20), path = BUF_INIT(4096);

    buf_printf(&path, "%s/docs/state.md", tap_source_dir());
    if (!ok(file_read(buf_cstr(&path), &doc, NULL) == 0, "docs/state.md is there"))
        return tap_done();
    for (unsigned i = 1; i < E_MAX; i++) {
        struct buf row = BUF_INIT(400);

        row_of(entities[i], &row);
        if (!ok(slice_find(buf_slice(&doc), buf_slice(&row)) != SIZE_MAX, "docs/state.md: %s",
                entities[i]->name))
            tap_note("expected: " SLICE_FMT, SLICE_ARG(buf_slice(&row)));
        buf_done(&row);
    }
    buf_done(&doc);
    buf_done(&path);
    return tap_done();
}
