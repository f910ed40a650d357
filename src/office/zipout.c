/* SPDX-License-Identifier: Apache-2.0 */
#include "office/zipout.h"

#include "lang/err_office.h"

#include <zip.h>

enum { DOS_DATE_1980 = 0x21 };

static int add_part(zip_t *zip, const struct zipout_part *part)
{
    zip_source_t *source = zip_source_buffer(zip, part->content.p, part->content.n, 0);
    zip_int64_t index = source ? zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8) : -1;

    if (index < 0) {
        zip_source_free(source);
        return -1;
    }
    if (zip_set_file_compression(zip, (zip_uint64_t)index,
                                 part->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) < 0)
        return -1;
    return zip_file_set_dostime(zip, (zip_uint64_t)index, 0, DOS_DATE_1980, 0);
}

static int read_bytes(zip_source_t *target, struct buf *out)
{
    zip_stat_t st;
    uint8_t *to;

    zip_stat_init(&st);
    if (zip_source_open(target) < 0)
        return -1;
    if (zip_source_stat(target, &st) == 0 && (to = buf_reserve(out, st.size)) != NULL &&
        zip_source_read(target, to, st.size) == (zip_int64_t)st.size)
        out->len += st.size;
    else if (out->err == 0)
        out->err = -CE_IO;
    (void)zip_source_close(target);
    return 0;
}

int zipout(const struct zipout_part *parts, size_t count, struct buf *out, struct err *err)
{
    zip_error_t error;
    zip_source_t *target;
    zip_t *zip;
    int r = 0;

    zip_error_init(&error);
    target = zip_source_buffer_create(NULL, 0, 0, &error);
    if (target == NULL)
        return err_nomem(err);
    zip_source_keep(target);
    zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    for (size_t i = 0; zip && i < count && r == 0; i++)
        r = add_part(zip, &parts[i]);
    if (zip == NULL || r < 0 || zip_close(zip) < 0) {
        if (zip)
            zip_discard(zip);
        r = err_fail(err, CE_IO, ERR_OFFICE_PACKAGE_COULD_NOT_WRITTEN);
    } else if (read_bytes(target, out) < 0 || out->err != 0) {
        r = err_fail(err, out->err ? (enum ce) - out->err : CE_IO,
                     ERR_OFFICE_PACKAGE_COULD_NOT_WRITTEN);
    }
    zip_source_free(target);
    zip_error_fini(&error);
    return r;
}
