/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls_authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "net/tls_issue.h"
#include "tap.h"

static char folder[] = "/tmp/canh-test-authority-XXXXXX";
static struct buf cert = BUF_INIT(TLS_PEM_MAX), key = BUF_INIT(TLS_PEM_MAX);
static bool made;

static int again(void)
{
    struct err err = ERR_INIT;

    made = false;
    buf_clear(&cert);
    buf_clear(&key);
    return tls_authority(folder, &cert, &key, &made, &err);
}

static const char *in(const char *name)
{
    static char path[200];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void test_made(void)
{
    struct stat st;
    int64_t end = 0;
    char first[2][TLS_FINGERPRINT];

    is_int(again(), 0, "an empty folder");
    ok(made, "gets an authority");
    is_int(stat(in("ca.key"), &st), 0, "whose key is there");
    is_int(st.st_mode & 0777, 0600, "for its owner alone");
    is_int(stat(in("ca.crt"), &st), 0, "and whose certificate");
    is_int(st.st_mode & 0777, 0644, "anybody may read");
    is_int(tls_cert_end(buf_slice(&cert), &end, NULL), 0, "it is a certificate");
    ok(end > time_now() + 3640 * TIME_DAY, "for ten years");
    is_int(tls_fingerprint(buf_slice(&cert), first[0], NULL), 0, "of one kind");
    is_int(again(), 0, "asked again");
    ok(!made, "it is not made anew");
    is_int(tls_fingerprint(buf_slice(&cert), first[1], NULL), 0, "what is read");
    is_str(first[1], first[0], "is the same");
}

static void test_signs(void)
{
    static const char *const names[] = {"peer", NULL};
    const struct tls_files issuer = {(const char *)cert.p, (const char *)key.p};
    const struct tls_issue_request q = {
        .use = TLS_FOR_CLIENT, .names = names, .now = time_now(), .days = 1, .issuer = &issuer};
    struct buf c = BUF_INIT(TLS_PEM_MAX), k = BUF_INIT(TLS_PEM_MAX);

    is_int(tls_issue(&q, &c, &k, NULL), 0, "it signs, as it was read");
    buf_done(&c);
    buf_done(&k);
}

static void test_kept(void)
{
    struct stat before, after;

    is_int(stat(in("ca.crt"), &before), 0, "a certificate");
    is_int(unlink(in("ca.key")), 0, "whose key");
    is_int(mkdir(in("ca.key"), 0700), 0, "cannot be read");
    ok(again() < 0, "is an error");
    is_int(stat(in("ca.crt"), &after), 0, "and stays");
    ok(after.st_ino == before.st_ino, "as it was");
    is_int(rmdir(in("ca.key")), 0, "where the key is missing");
    is_int(again(), 0, "both");
    ok(made, "are made anew");
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    test_made();
    test_signs();
    test_kept();
    (void)unlink(in("ca.crt"));
    (void)unlink(in("ca.key"));
    (void)rmdir(folder);
    buf_done(&cert);
    buf_done(&key);
    return tap_done();
}
