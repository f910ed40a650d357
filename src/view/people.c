/* SPDX-License-Identifier: Apache-2.0 */
#include "view/people.h"

#include "base/hex.h"
#include "lang/msg_list.h"
#include "lang/msg_store.h"
#include "lang/msg_user.h"
#include "state/accounts.h"

static const struct table_column account_columns[] = {
    {.key = "login", .title = MSG_USER_COL_LOGIN},
    {.key = "name", .title = MSG_LIST_PERSON, .width = 16, .wrap = true},
    {.key = "locked", .title = MSG_USER_COL_LOCKED, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "password_set", .title = MSG_USER_COL_PASSWORD, .kind = TABLE_FLAG},
};

static void write_account(struct table *t, const struct state_account *x, struct slice name)
{
    struct buf when = BUF_INIT(64);
    bool locked = x->state == STATE_ACCOUNT_LOCKED;

    if (x->password_at)
        table_time_write(&when, t->options.zone, x->password_at);
    else
        buf_puts(&when, lang_text(t->options.lang, MSG_USER_IS_INVITED));
    table_text(t, x->login);
    table_text(t, name);
    table_flag(t, locked);
    table_flag(t, x->password_at != 0);
    table_shown(t, locked ? slice_str(lang_text(t->options.lang, MSG_USER_IS_LOCKED))
                          : buf_slice(&when));
    table_mark(t, locked ? TABLE_WARN : TABLE_PLAIN);
    table_row_end(t);
    buf_done(&when);
}

int view_accounts(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                  struct err *err)
{
    const struct state_query query = {.unit = q->unit};
    struct state_account *all;
    size_t n = 0;
    int r;

    VIEW_BEGIN(c, ret, "accounts", account_columns);
    r = state_account_list(c->state, c->actor, &query, c->arena, &all, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++)
        write_account(ret, &all[i], view_person_name(c, all[i].person));
    return view_end(ret, r, err);
}

static const struct table_column audit_columns[] = {
    {.key = "seq", .title = MSG_STORE_COL_SEQ, .kind = TABLE_NUMBER},
    {.key = "at", .title = MSG_STORE_COL_AT, .kind = TABLE_TIME},
    {.key = "clock_back", .title = MSG_STORE_COL_AT, .kind = TABLE_FLAG, .reader = TABLE_PROGRAMS},
    {.key = "who", .title = MSG_STORE_COL_WHO, .wrap = true},
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 2},
    {.key = "action", .title = MSG_STORE_COL_ACTION, .kind = TABLE_WORD},
    {.key = "thing", .title = MSG_STORE_COL_THING, .kind = TABLE_WORD},
    {.key = "version",
     .title = MSG_STORE_COL_VERSION,
     .kind = TABLE_NUMBER,
     .reader = TABLE_PROGRAMS},
    {.key = "purpose", .title = MSG_STORE_COL_PURPOSE, .rank = 1, .wrap = true},
    {.key = "hash", .title = MSG_STORE_COL_HASH, .reader = TABLE_PROGRAMS},
    {.key = "uid", .title = MSG_STORE_COL_MACHINE, .kind = TABLE_NUMBER, .reader = TABLE_PROGRAMS},
    {.key = "login", .title = MSG_STORE_COL_MACHINE, .reader = TABLE_PROGRAMS},
    {.key = "sudo", .title = MSG_STORE_COL_MACHINE, .reader = TABLE_PROGRAMS},
    {.key = "host", .title = MSG_STORE_COL_MACHINE, .reader = TABLE_PROGRAMS},
    {.key = "account", .title = MSG_STORE_COL_MACHINE, .reader = TABLE_PROGRAMS},
    {.key = "machine", .title = MSG_STORE_COL_MACHINE, .reader = TABLE_PEOPLE, .rank = 3},
    {.key = "clock", .title = MSG_STORE_COL_AT, .reader = TABLE_PROGRAMS},
};

void view_audit(const struct view_ctx *c, struct table *ret)
{
    VIEW_BEGIN(c, ret, "audit", audit_columns);
}

/* Who was at the machine: an@may1, root(an)@may1 through sudo, an account as it signed in. */
static void write_machine(struct table *t, const struct state_audit_entry *x)
{
    struct buf out = BUF_INIT(8192);

    buf_append_slice(&out, x->account.n ? x->account : x->login);
    if (out.len == 0)
        buf_printf(&out, "uid %lld", (long long)x->uid);
    if (x->sudo.n)
        buf_printf(&out, "(" SLICE_FMT ")", SLICE_ARG(x->sudo));
    buf_printf(&out, "@" SLICE_FMT, SLICE_ARG(x->host));
    table_number(t, x->uid);
    table_text(t, x->login);
    table_text(t, x->sudo);
    table_text(t, x->host);
    table_text(t, x->account);
    table_text(t, buf_slice(&out));
    buf_done(&out);
}

/* Of entries of version 1 nobody knows. */
static void write_no_machine(struct table *t)
{
    table_nothing(t);
    for (int i = 0; i < 4; i++)
        table_absent(t);
    table_nothing(t);
}

static const struct view_word audit_actions[] = {{"add", MSG_STORE_ACT_ADD},
                                                 {"change", MSG_STORE_ACT_CHANGE},
                                                 {"drop", MSG_STORE_ACT_DROP},
                                                 {"keep", MSG_STORE_ACT_KEEP},
                                                 {"reveal", MSG_STORE_ACT_REVEAL},
                                                 {"import", MSG_STORE_ACT_IMPORT},
                                                 {"backup", MSG_STORE_ACT_BACKUP},
                                                 {"restore", MSG_STORE_ACT_RESTORE},
                                                 {"erase", MSG_STORE_ACT_ERASE},
                                                 {"seal", MSG_STORE_ACT_SEAL},
                                                 {"confirm", MSG_STORE_ACT_CONFIRM},
                                                 {"begin", MSG_STORE_ACT_BEGIN},
                                                 {"end", MSG_STORE_ACT_END},
                                                 {"take", MSG_STORE_ACT_TAKE},
                                                 {"read", MSG_STORE_ACT_READ},
                                                 {"search", MSG_STORE_ACT_SEARCH},
                                                 {"export", MSG_STORE_ACT_EXPORT},
                                                 {"scan", MSG_STORE_ACT_SCAN},
                                                 {"sign-in", MSG_STORE_ACT_SIGN_IN},
                                                 {"sign-in-failed", MSG_STORE_ACT_SIGN_IN_FAILED},
                                                 {"sign-in-unknown", MSG_STORE_ACT_SIGN_IN_UNKNOWN},
                                                 {"repair", MSG_STORE_ACT_REPAIR},
                                                 {"redact", MSG_STORE_ACT_REDACT},
                                                 {"mend", MSG_STORE_ACT_REPAIR},
                                                 {"head", MSG_STORE_ACT_SEAL}};
/* What is no entity of the state. */
static const struct view_word audit_things[] = {
    {"state", MSG_STORE_THING_STATE},   {"journal", MSG_STORE_THING_JOURNAL},
    {"events", MSG_STORE_THING_EVENTS}, {"meta", MSG_STORE_THING_META},
    {"key", MSG_STORE_THING_KEY},       {"upload", MSG_STORE_THING_UPLOAD},
    {"drill", MSG_STORE_THING_DRILL},   {"clock", MSG_STORE_THING_CLOCK},
    {"value", MSG_STORE_THING_VALUE},   {"audit", MSG_STORE_THING_AUDIT}};

static void write_thing(const struct view_ctx *c, struct table *t, struct slice thing)
{
    unsigned noun = state_audit_noun(thing).id;

    if (noun)
        table_word_text(t, thing, slice_str(lang_text(c->lang, noun)));
    else
        view_write_key(t, thing, audit_things, CANH_LEN(audit_things));
}

void view_audit_write(const struct view_ctx *c, const struct state_audit_entry *x, struct table *t)
{
    struct buf text = BUF_INIT(400);
    struct slice name = view_person_name(c, x->person);

    table_number(t, x->seq);
    table_time(t, x->at);
    if (x->clock) {
        table_time_write(&text, c->zone, x->at);
        buf_putc(&text, x->clock & STATE_CLOCK_WRONG ? '?' : '!');
        table_shown(t, buf_slice(&text));
    }
    table_flag(t, x->clock & STATE_CLOCK_RAN_BACK);
    table_text(t, name.n ? name : slice_str(state_role_to_str(x->role)));
    table_text(t, view_unit_code(c, x->unit));
    view_write_key(t, x->action, audit_actions, CANH_LEN(audit_actions));
    write_thing(c, t, x->thing);
    table_number(t, x->version);
    table_text(t, x->purpose);
    buf_clear(&text);
    buf_append_hex(&text, x->hash, STATE_HASH);
    table_text(t, buf_slice(&text));
    if (x->uid >= 0)
        write_machine(t, x);
    else
        write_no_machine(t);
    table_text(t, x->clock & STATE_CLOCK_WRONG      ? SLICE("wrong")
                  : x->clock & STATE_CLOCK_DOUBTFUL ? SLICE("doubtful")
                                                    : SLICE(""));
    table_row_end(t);
    buf_done(&text);
}
