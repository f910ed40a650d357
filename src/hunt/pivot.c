/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/pivot.h"

#include "lang/msg_hunt.h"

enum { LIST_USERS, LIST_HOSTS, LIST_ADDRESSES, LIST_NAMES, LIST_HASHES, LIST_COUNT };

/* Which list a label's values go to. */
static int list_of(enum label label)
{
    switch (label) {
    case LABEL_USER:
        return LIST_USERS;
    case LABEL_WORKSTATION:
        return LIST_HOSTS;
    case LABEL_ADDRESS:
    case LABEL_DESTINATION_ADDRESS:
        return LIST_ADDRESSES;
    case LABEL_DESTINATION:
    case LABEL_QUERY:
        return LIST_NAMES;
    case LABEL_HASH:
        return LIST_HASHES;
    default:
        return -1;
    }
}

int pivot_init(struct pivot *p, uint64_t spill_max)
{
    static const enum counter_order orders[COUNTER_LISTS] = {COUNTER_MOST_FIRST};

    p->counter = counter_new(orders, spill_max);
    return p->counter ? 0 : -CE_NOMEM;
}

void pivot_done(struct pivot *p)
{
    p->counter = counter_free(p->counter);
}

/* "SHA1=…,MD5=…": each by itself. */
static int add_hashes(struct pivot *p, struct slice all, int64_t time)
{
    struct slice part;
    int r = 0;

    while (r == 0 && slice_cut(&all, ',', &part)) {
        part = slice_trim(part);
        if (part.n)
            r = counter_add(p->counter, LIST_HASHES, part, time, 1);
    }
    return r;
}

int pivot_add(struct pivot *p, const struct hit *h)
{
    int r = h->host.n ? counter_add(p->counter, LIST_HOSTS, h->host, h->time, 1) : 0;

    for (uint32_t i = 0; r == 0 && i < h->detail_count; i++) {
        const struct hit_detail *d = &h->details[i];
        int list = d->name.n ? -1 : list_of(d->label);

        if (list == LIST_HASHES)
            r = add_hashes(p, d->value, h->time);
        else if (list >= 0)
            r = counter_add(p->counter, (unsigned)list, d->value, h->time, 1);
    }
    return r;
}

static const struct table_column columns[] = {
    {.key = "list", .title = MSG_HUNT_COL_LIST, .reader = TABLE_PROGRAMS},
    {.key = "value", .title = MSG_HUNT_COL_VALUE, .width = 30, .wrap = true},
    {.key = "hits", .title = MSG_HUNT_COL_HITS, .kind = TABLE_NUMBER},
    {.key = "first", .title = MSG_HUNT_COL_FIRST, .kind = TABLE_TIME, .rank = 1},
    {.key = "last", .title = MSG_HUNT_COL_LAST, .kind = TABLE_TIME, .rank = 2},
};

static const struct {
    const char *name;
    msg_id title;
} lists[LIST_COUNT] = {
    [LIST_USERS] = {"users", MSG_HUNT_PIVOT_USERS},
    [LIST_HOSTS] = {"hosts", MSG_HUNT_PIVOT_HOSTS},
    [LIST_ADDRESSES] = {"addresses", MSG_HUNT_PIVOT_ADDRESSES},
    [LIST_NAMES] = {"names", MSG_HUNT_PIVOT_NAMES},
    [LIST_HASHES] = {"hashes", MSG_HUNT_PIVOT_HASHES},
};

static int write_row(const struct counter_row *row, struct list *list, struct err *err)
{
    table_text(&list->table, slice_str(lists[row->list].name));
    table_text(&list->table, row->value);
    table_number(&list->table, (int64_t)row->count);
    table_time(&list->table, row->first);
    table_time(&list->table, row->last);
    return list_row(list, err);
}

int pivot_write(struct pivot *p, struct list *list, struct err *err)
{
    struct counter_row row;
    unsigned before = UINT32_MAX;
    int r = counter_end(p->counter);

    if (r < 0)
        return err_code(err, r);
    while (r == 0 && counter_next(p->counter, &row)) {
        if (row.list != before) {
            r = before == UINT32_MAX ? 0 : list_table_end(list, err);
            before = row.list;
            if (r == 0)
                r = list_table(list, lists[row.list].name,
                               slice_str(lang_text(list->request.lang, lists[row.list].title)),
                               columns, CANH_LEN(columns), err);
        }
        if (r == 0)
            r = write_row(&row, list, err);
    }
    return r == 0 && before != UINT32_MAX ? list_table_end(list, err) : r;
}
