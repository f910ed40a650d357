/* SPDX-License-Identifier: Apache-2.0 */
#include "search/mask.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/ip.h"

enum {
    TEXT_MAX = 32 << 20,
    USERS_MAX = 32, /* of one record */
    USER_MIN = 2,   /* bytes; a shorter one says nothing, and stands everywhere */
    USER_MAX = 256,
    LOCAL_MAX = 64,
    ADDRESS_MIN = 3, /* ::1 */
    ADDRESS_MAX = 45,
    TAG_BITS = 24,
};

static const char *const user_fields[] = {
    "user.name",
    "user",
    "User",
    "user.full_name",
    "user.email",
    "user.id",
    "user.target.name",
    "user.effective.name",
    "source.user.name",
    "destination.user.name",
    "client.user.name",
    "related.user",
    "process.user.name",
    "UserName",
    "username",
    "userName",
    "user_name",
    "USERNAME",
    "USER",
    "TargetUserName",
    "SubjectUserName",
    "TargetOutboundUserName",
    "AccountName",
    "Account",
    "account",
    "acct",
    "SamAccountName",
    "TargetUser",
    "SourceUser",
    "ParentUser",
    "UserPrincipalName",
    "UserId",
    "user_id",
    "ruser",
    "logname",
    "srcuser",
    "dstuser",
    "suser",
    "duser",
    "unauthuser",
    "cs-username",
    "userIdentity.userName",
    "db.user",
};

/* Words that stand where an account would, and name nobody. */
static const char *const nobody[] = {"-", "--", "n/a", "null", "none", "(null)", "unknown", "?"};

struct mask {
    uint64_t seed;
    uint32_t keys[CANH_LEN(user_fields)];
    struct buf text, value;
    uint8_t names[USERS_MAX][USER_MAX];
    struct slice users[USERS_MAX];
    unsigned count;
};

struct mask *mask_new(struct keys *keys, uint64_t seed)
{
    struct mask *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->seed = seed;
    m->text = BUF_INIT(TEXT_MAX);
    m->value = BUF_INIT(64 * 1024);
    for (size_t i = 0; i < CANH_LEN(user_fields); i++)
        if ((m->keys[i] = keys_intern(keys, slice_str(user_fields[i]))) == KEY_NONE)
            return mask_free(m);
    return m;
}

struct mask *mask_free(struct mask *m)
{
    if (m == NULL)
        return NULL;
    buf_done(&m->text);
    buf_done(&m->value);
    free(m);
    return NULL;
}

/* Of names: what stands beside one that is whole is none of these. */
static bool in_name(uint8_t c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c) || c == '_' || c >= 0x80;
}

static bool in_mailbox(uint8_t c)
{
    return in_name(c) || (c != 0 && strchr(".%+-=", c) != NULL);
}

static bool in_domain(uint8_t c)
{
    return in_name(c) || c == '.' || c == '-';
}

static bool in_address(uint8_t c)
{
    return ascii_is_hex(c) || c == '.' || c == ':';
}

static bool mask_same(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_to_lower(a.p[i]) != ascii_to_lower(b.p[i]))
            return false;
    return true;
}

static void write_tag(const struct mask *m, struct buf *out, const char *what, struct slice value)
{
    uint8_t folded[USER_MAX];
    size_t n = CANH_MIN(value.n, sizeof(folded));

    for (size_t i = 0; i < n; i++)
        folded[i] = ascii_to_lower(value.p[i]);
    buf_printf(out, "[%s %06llx]", what,
               (unsigned long long)(hash_bytes(folded, n, m->seed) >> (64 - TAG_BITS)));
}

static bool names_nobody(struct slice s)
{
    for (size_t i = 0; i < CANH_LEN(nobody); i++)
        if (mask_same(s, slice_str(nobody[i])))
            return true;
    return s.n < USER_MIN;
}

/* The account of DOMAIN\account, or of account@domain. */
static struct slice account_of(struct slice s)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == '\\' || s.p[i] == '/')
            return slice_from(s, i + 1);
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] == '@')
            return slice_head(s, i);
    return s;
}

static void add_user(struct mask *m, const struct field *f)
{
    struct slice s;

    buf_clear(&m->value);
    m->value.err = 0;
    field_text(f, &m->value);
    s = account_of(slice_trim(buf_slice(&m->value)));
    if (m->count == USERS_MAX || s.n > USER_MAX || names_nobody(s))
        return;
    for (unsigned i = 0; i < m->count; i++)
        if (mask_same(m->users[i], s))
            return;
    memcpy(m->names[m->count], s.p, s.n);
    m->users[m->count] = slice_of(m->names[m->count], s.n);
    m->count++;
}

bool mask_is_user(const struct mask *m, uint32_t key)
{
    for (size_t i = 0; i < CANH_LEN(m->keys); i++)
        if (m->keys[i] == key)
            return true;
    return false;
}

static void find_users(struct mask *m, const struct event *e)
{
    m->count = 0;
    for (uint32_t i = 0; e && i < e->count; i++)
        if (e->fields[i].key != KEY_NONE && value_type_has_text(e->fields[i].type) &&
            mask_is_user(m, e->fields[i].key))
            add_user(m, &e->fields[i]);
}

/* Bytes of the name at the beginning of s, where it ends there; 0: none. */
static size_t user_at(const struct mask *m, struct slice s, const struct slice **ret)
{
    for (unsigned i = 0; i < m->count; i++) {
        struct slice u = m->users[i];

        if (s.n < u.n || ascii_to_lower(s.p[0]) != ascii_to_lower(u.p[0]) ||
            !mask_same(slice_head(s, u.n), u) || (s.n > u.n && in_name(s.p[u.n])))
            continue;
        *ret = &m->users[i];
        return u.n;
    }
    return 0;
}

static size_t run_of(struct slice s, bool (*in)(uint8_t c), size_t max)
{
    size_t n = 0;

    while (n < s.n && n < max && in(s.p[n]))
        n++;
    return n;
}

static size_t mailbox_at(struct slice s)
{
    size_t local = run_of(s, in_mailbox, LOCAL_MAX), domain;

    if (local == 0 || local == s.n || s.p[local] != '@')
        return 0;
    domain = run_of(slice_from(s, local + 1), in_domain, s.n);
    while (domain > 0 && !in_name(s.p[local + domain]))
        domain--;
    return domain ? local + 1 + domain : 0;
}

/* The longest beginning that is an address: 192.0.2.7 of 192.0.2.7:443, or of "192.0.2.7." */
static size_t address_at(struct slice s)
{
    size_t n = run_of(s, in_address, ADDRESS_MAX + 6);
    struct ip ip;

    if (n < ADDRESS_MIN || (memchr(s.p, '.', n) == NULL && memchr(s.p, ':', n) == NULL))
        return 0;
    for (; n >= ADDRESS_MIN; n--)
        if (ip_parse(slice_head(s, n), &ip) == 0)
            return n;
    return 0;
}

/* Puts what stands for the secret at the beginning of s; its bytes, 0: there is none. */
static size_t write_secret(const struct mask *m, struct slice s, struct buf *out)
{
    const struct slice *user;
    size_t n = mailbox_at(s);

    if (n)
        write_tag(m, out, "mailbox", slice_head(s, n));
    else if ((n = user_at(m, s, &user)) > 0)
        write_tag(m, out, "user", *user);
    else if (in_address(s.p[0]) && (n = address_at(s)) > 0)
        write_tag(m, out, "address", slice_head(s, n));
    return n;
}

static struct slice mask_field(struct mask *m, struct slice raw)
{
    size_t at = 0, from = 0;

    buf_clear(&m->text);
    m->text.err = 0;
    while (at < raw.n) {
        size_t n = 0;

        if (at == 0 || !in_name(raw.p[at - 1]) || from == at) {
            struct slice kept = slice_of(raw.p + from, at - from);

            n = write_secret(m, slice_from(raw, at), &m->value);
            if (n) {
                buf_append_slice(&m->text, kept);
                buf_append_slice(&m->text, buf_slice(&m->value));
                buf_clear(&m->value);
                from = at + n;
            }
        }
        at += n ? n : 1;
    }
    buf_append_slice(&m->text, slice_of(raw.p + from, raw.n - from));
    return m->text.err ? SLICE_NULL : buf_slice(&m->text);
}

struct slice mask_text(struct mask *m, struct slice raw, const struct event *e)
{
    find_users(m, e);
    buf_clear(&m->value);
    m->value.err = 0;
    return mask_field(m, raw);
}

struct slice mask_value(struct mask *m, struct slice value, bool user)
{
    m->count = 0;
    buf_clear(&m->value);
    m->value.err = 0;
    if (!user || names_nobody(value))
        return mask_field(m, value);
    buf_clear(&m->text);
    m->text.err = 0;
    write_tag(m, &m->text, "user", account_of(value));
    return buf_slice(&m->text);
}
