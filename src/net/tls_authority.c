/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls_authority.h"

#include <errno.h>
#include <limits.h>

#include "base/file.h"
#include "base/time.h"
#include "net/tls_issue.h"

enum { AUTHORITY_DAYS = 3650 };

/* 1: read, 0: there is none. */
static int authority_read(const char *path, struct buf *pem, struct err *err)
{
    struct err why = ERR_INIT;
    int r = file_read(path, pem, &why);

    (void)buf_cstr(pem);
    if (r == 0)
        return 1;
    if (why.sys == ENOENT)
        return 0;
    *err = why;
    return r;
}

static int authority_make(const char *folder, const char *cert_path, const char *key_path,
                          struct buf *cert, struct buf *key, struct err *err)
{
    static const char *const names[] = {"canh", NULL};
    const struct tls_issue_request q = {.use = TLS_FOR_AUTHORITY,
                                        .names = names,
                                        .now = time_now(),
                                        .days = AUTHORITY_DAYS};
    int r;

    buf_clear(cert);
    buf_clear(key);
    r = tls_issue(&q, cert, key, err);
    if (r == 0)
        r = file_mkdirs(folder, 0700, err);
    if (r == 0)
        r = file_replace(key_path, buf_slice(key), 0600, err);
    if (r == 0)
        r = file_replace(cert_path, buf_slice(cert), 0644, err);
    return r;
}

int tls_authority(const char *folder, struct buf *ret_cert, struct buf *ret_key, bool *ret_made,
                  struct err *err)
{
    struct buf cert = BUF_INIT(PATH_MAX), key = BUF_INIT(PATH_MAX);
    int has_cert, has_key = 0, r;

    buf_printf(&cert, "%s/ca.crt", folder);
    buf_printf(&key, "%s/ca.key", folder);
    has_cert = authority_read(buf_cstr(&cert), ret_cert, err);
    if (has_cert >= 0)
        has_key = authority_read(buf_cstr(&key), ret_key, err);
    r = CANH_MIN(has_cert, has_key);
    *ret_made = r == 0;
    if (r == 0)
        r = authority_make(folder, buf_cstr(&cert), buf_cstr(&key), ret_cert, ret_key, err);
    buf_done(&cert);
    buf_done(&key);
    return CANH_MIN(r, 0);
}
