/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/actor.h"

#include "base/num.h"
#include "data/data.h"
#include "lang/err_detect.h"
#include "yaml/yaml.h"

enum { ROWS_MAX = 256, VALUE_MAX = 512 };

static int read_ids(struct arena *arena, const struct yaml_node *n, struct actor_row *ret,
                    struct err *err)
{
    uint32_t count = n && n->kind == YAML_SEQ ? n->count : 0;
    uint32_t *ids = arena_new_array(arena, count + 1, uint32_t);

    if (ids == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        int64_t id;

        if (!yaml_int(n->kids[i], &id) || id < 0 || id > UINT32_MAX)
            return err_fail_at(err, CE_RANGE, n->kids[i]->line, n->kids[i]->col,
                               ERR_DETECT_NOT_EVENT_ID);
        ids[i] = (uint32_t)id;
    }
    ret->ids = ids;
    ret->id_count = count;
    return 0;
}

static int read_row(struct arena *arena, struct ruleset *rs, const struct yaml_node *n,
                    struct actor_row *ret, struct err *err)
{
    struct slice user = yaml_get_text(n, "user"), domain = yaml_get_text(n, "domain");

    if (user.n == 0)
        return err_fail_at(err, CE_MISSING, n->line, n->col, ERR_DETECT_ROW_WITHOUT_USER);
    *ret = (struct actor_row){.channel = yaml_get_text(n, "channel"),
                              .user = ruleset_intern(rs, user),
                              .domain = domain.n ? ruleset_intern(rs, domain) : KEY_NONE};
    return read_ids(arena, yaml_get(n, "event_id"), ret, err);
}

static int read_file(struct actor_table *t, struct arena *arena, struct ruleset *rs,
                     struct slice text, struct err *err)
{
    struct yaml_docs docs = {0};
    int r = yaml_parse(arena, text, &yaml_default_limits, &docs, err);

    for (uint32_t d = 0; r == 0 && d < docs.count; d++) {
        const struct yaml_node *list = docs.roots[d];

        for (uint32_t i = 0; r == 0 && list->kind == YAML_SEQ && i < list->count; i++) {
            if (t->count == ROWS_MAX)
                return err_fail(err, CE_TOO_BIG, ERR_DETECT_MORE_THAN_ROWS, ROWS_MAX);
            r = read_row(arena, rs, list->kids[i], &t->rows[t->count++], err);
        }
    }
    return r;
}

int actor_load(struct actor_table *t, struct arena *arena, struct ruleset *rs, struct err *err)
{
    const struct data_folder *folder = data_folder("actors");
    int r = 0;

    *t = (struct actor_table){.rows = arena_new_array(arena, ROWS_MAX, struct actor_row)};
    if (t->rows == NULL)
        return err_nomem(err);
    for (size_t i = 0; folder && r == 0 && i < folder->count; i++)
        r = read_file(t, arena, rs, data_bytes(&folder->files[i]), err);
    return r;
}

/* The field's text at the end of *out; nothing when it is absent, a dash or long. */
static bool write_text(const struct event *e, uint16_t key, struct buf *out)
{
    const struct field *f = key ? event_get(e, key) : NULL;
    size_t from = out->len;

    if (f == NULL || !value_type_has_text(f->type) || f->n > VALUE_MAX)
        return false;
    field_text(f, out);
    if (slice_is(slice_from(buf_slice(out), from), "-"))
        out->len = from;
    return out->len > from;
}

static bool actor_fits(const struct actor_row *row, struct slice channel, uint64_t id)
{
    if (row->channel.n && !slice_eq(row->channel, channel))
        return false;
    for (uint32_t i = 0; i < row->id_count; i++) {
        if (row->ids[i] == id)
            return true;
    }
    return row->id_count == 0;
}

static const struct actor_row *row_of(const struct actor_table *t, const struct event *e,
                                      struct buf *scratch)
{
    const struct field *channel = event_get(e, KEY_CHANNEL), *id = event_get(e, KEY_EVENT_ID);
    size_t from = scratch->len, middle;
    const struct actor_row *row = NULL;
    uint64_t number;

    if (channel && channel->n <= VALUE_MAX)
        field_text(channel, scratch);
    middle = scratch->len;
    if (id && id->n <= VALUE_MAX)
        field_text(id, scratch);
    if (num_u64(slice_from(buf_slice(scratch), middle), &number) < 0)
        number = UINT64_MAX;
    for (uint32_t i = 0; i < t->count && row == NULL; i++) {
        if (actor_fits(&t->rows[i], slice_of(scratch->p + from, middle - from), number))
            row = &t->rows[i];
    }
    scratch->len = from;
    return row;
}

void actor_write(const struct actor_table *t, const struct event *e, struct buf *out)
{
    const struct actor_row *row = row_of(t, e, out);
    size_t from = out->len;

    if (row == NULL)
        return;
    if (write_text(e, row->domain, out))
        buf_putc(out, '\\');
    if (!write_text(e, row->user, out))
        out->len = from;
}
