/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/pam.h"

static void pam_write(struct fields *f, enum field_name name, const char *value)
{
    fields_write(f, name, slice_str(value));
}

/* Services that say themselves that a login failed. */
static bool speaks_itself(struct slice service)
{
    return slice_is(service, "sshd") || slice_is(service, "sudo");
}

/* The value of key=… at the start of s, up to the next blank; *s is put behind it. */
static bool read_word(struct slice *s, const char *key, struct slice *ret)
{
    struct slice k = slice_str(key);
    size_t n;

    if (!slice_starts(*s, k))
        return false;
    n = slice_find_byte(slice_from(*s, k.n), ' ');
    n = n == SIZE_MAX ? s->n - k.n : n;
    *ret = slice_of(s->p + k.n, n);
    *s = slice_from(*s, k.n + n + 1);
    return true;
}

/* The last place in s where needle stands, or SIZE_MAX. */
static size_t find_last(struct slice s, struct slice needle)
{
    for (size_t i = s.n; i-- > 0;) {
        if (slice_starts(slice_from(s, i), needle))
            return i;
    }
    return SIZE_MAX;
}

/*
 * ruser= and user= are what the client sent and may hold " rhost=" themselves. With an empty ruser
 * the first rhost is PAM's. Else the right place is where both names agree; without a user, the
 * last.
 */
static void read_names(struct fields *f, struct slice s)
{
    static const struct slice mark = SLICE_INIT(" rhost=");
    struct slice ruser, host, user;
    size_t at;

    if (!slice_starts(s, SLICE("ruser=")))
        return;
    s = slice_from(s, 6);
    at = slice_find(s, mark);
    if (at != 0) {
        size_t user_at = slice_find(s, SLICE("  user=")), first = at;

        at = find_last(s, mark);
        if (user_at != SIZE_MAX && first != SIZE_MAX) {
            /* ruser=N rhost=H  user=N: N ends where its copy begins */
            user = slice_from(s, user_at + 7);
            for (size_t i = find_last(s, SLICE("  user=")); i != SIZE_MAX && i + 7 <= s.n;) {
                user = slice_from(s, i + 7);
                if (slice_starts(s, user) && slice_starts(slice_from(s, user.n), mark)) {
                    at = user.n;
                    break;
                }
                i = find_last(slice_head(s, i), SLICE("  user="));
            }
            if (!(at == user.n && slice_starts(s, user)))
                at = first;
        }
    }
    if (at == SIZE_MAX)
        return;
    ruser = slice_head(s, at);
    host = slice_from(s, at + mark.n);
    at = slice_find_byte(host, ' ');
    user = at == SIZE_MAX ? SLICE_NULL : slice_trim(slice_from(host, at));
    host = slice_head(host, at);
    (void)fields_address(f, NAME_SOURCE_IP, NAME_SOURCE_DOMAIN, host);
    if (slice_starts(user, SLICE("user=")))
        fields_write(f, NAME_USER, slice_from(user, 5));
    else
        fields_write(f, NAME_USER, ruser);
}

static void read_failure(struct fields *f, bool counts, struct slice s)
{
    static const char *const keys[] = {"logname=", "uid=", "euid=", "tty="};
    struct slice value;

    pam_write(f, NAME_CATEGORY, "authentication");
    pam_write(f, NAME_ACTION, "pam_authentication");
    if (counts)
        pam_write(f, NAME_OUTCOME, "failure");
    for (size_t i = 0; i < CANH_LEN(keys); i++) {
        if (read_word(&s, keys[i], &value) && i == 1)
            fields_write(f, NAME_USER_ID, value);
    }
    read_names(f, s);
}

/* "session opened for user root(uid=0) by lan(uid=1000)", "session closed for user root" */
static void read_session(struct fields *f, struct slice s)
{
    static const struct slice opened = SLICE_INIT("session opened for user "),
                              closed = SLICE_INIT("session closed for user ");
    bool open = slice_starts(s, opened);
    size_t end;

    if (!open && !slice_starts(s, closed))
        return;
    pam_write(f, NAME_CATEGORY, "session");
    pam_write(f, NAME_ACTION, open ? "session_opened" : "session_closed");
    s = slice_from(s, open ? opened.n : closed.n);
    end = slice_find(s, SLICE(" by "));
    s = slice_head(s, end);
    end = slice_find(s, SLICE("(uid="));
    fields_write(f, NAME_USER, slice_trim(slice_head(s, end)));
}

bool pam_read(struct fields *f, struct slice program, struct slice message)
{
    static const struct slice failure = SLICE_INIT("authentication failure; ");
    struct slice service = program, s = message;
    /* tags like pop(pam_unix) are of before 2005, when services wrote lines of their own, too */
    bool counts = !slice_ends(program, SLICE("(pam_unix)"));
    size_t colon;

    if (slice_starts(s, SLICE("(pam_"))) {
        size_t end = slice_find_byte(slice_head(s, 40), ')');

        if (end == SIZE_MAX)
            return false;
        s = slice_trim(slice_from(s, end + 1));
        if (s.n > 0 && s.p[0] == ':')
            s = slice_trim(slice_from(s, 1));
    } else if (slice_starts(s, SLICE("pam_"))) {
        colon = slice_find(slice_head(s, 80), SLICE(": "));
        if (colon == SIZE_MAX)
            return false;
        service = slice_head(s, colon);
        s = slice_from(s, colon + 2);
        colon = slice_find_byte(service, '(');
        service = colon == SIZE_MAX ? program : slice_from(service, colon + 1);
        colon = slice_find_byte(service, ':');
        service = slice_head(service, colon);
    } else if (counts &&
               !(slice_starts(s, failure) && slice_find(s, SLICE("logname=")) != SIZE_MAX)) {
        return false;
    }
    if (slice_starts(s, failure))
        read_failure(f, counts && !speaks_itself(service), slice_from(s, failure.n));
    else
        read_session(f, s);
    return true;
}
