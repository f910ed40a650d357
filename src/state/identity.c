/* SPDX-License-Identifier: Apache-2.0 */
#include "state/identity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "state/internal.h"

enum { PASSWD_MAX = 1 << 20, NO_LOGIN = -1 };

static void read_name(char *to, size_t size, struct slice name)
{
    if (name.n >= size)
        name = slice_head(name, size - 1);
    if (!text_is_clean(name))
        name = SLICE("?");
    if (name.n > 0)
        memcpy(to, name.p, name.n);
    to[name.n] = 0;
}

/* The name in /etc/passwd; nothing where it cannot be read or has none. */
static void find_name(int64_t uid, char *to, size_t size)
{
    struct buf text = BUF_INIT(PASSWD_MAX);
    struct slice rest, line, name, field;
    int64_t id;

    if (file_read("/etc/passwd", &text, NULL) == 0) {
        rest = buf_slice(&text);
        while (to[0] == 0 && slice_cut(&rest, '\n', &line)) {
            if (slice_cut(&line, ':', &name) && slice_cut(&line, ':', &field) &&
                slice_cut(&line, ':', &field) && num_i64(field, &id) == 0 && id == uid)
                read_name(to, size, name);
        }
    }
    buf_done(&text);
}

/* The user who logged in, whatever they became since. */
static int64_t login_uid(int64_t uid)
{
    struct buf text = BUF_INIT(64);
    int64_t id = NO_LOGIN;

    if (file_read("/proc/self/loginuid", &text, NULL) < 0 ||
        num_i64(slice_trim(buf_slice(&text)), &id) < 0 || id == UINT32_MAX)
        id = uid;
    buf_done(&text);
    return id;
}

void identity_read(struct state_identity *ret)
{
    const char *sudo = getenv("SUDO_USER");
    char host[sizeof(ret->host)] = "";

    *ret = (struct state_identity){.uid = (int64_t)getuid()};
    find_name(login_uid(ret->uid), ret->login, sizeof(ret->login));
    if (sudo && ret->uid == 0) /* anybody else may have written it themself */
        read_name(ret->sudo, sizeof(ret->sudo), slice_str(sudo));
    if (gethostname(host, sizeof(host) - 1) == 0)
        read_name(ret->host, sizeof(ret->host), slice_str(host));
}

/* The person behind the user, as far as the machine knows. */
static struct slice identity_behind(const struct identity_texts *x)
{
    return x->sudo.n ? x->sudo : x->login;
}

bool identity_same(const struct identity_texts *a, const struct identity_texts *b)
{
    if (a->uid < 0 || b->uid < 0)
        return true;
    if (a->account.n || b->account.n)
        return slice_eq(a->account, b->account);
    if (identity_behind(a).n && identity_behind(b).n)
        return slice_eq(identity_behind(a), identity_behind(b));
    return a->uid == b->uid;
}
