/* SPDX-License-Identifier: Apache-2.0 */
#include "state/filetype.h"

#include "tap.h"

static void type(struct slice head, const char *want, const char *what)
{
    const char *got = filetype_of(head);

    ok(want == NULL ? got == NULL : got != NULL && strcmp(got, want) == 0, "%s: %s", what,
       got ? got : "refused");
}

static void name(struct slice in, const char *want)
{
    struct buf out = BUF_INIT(1000);

    filename_clean(&out, in);
    is_slice(buf_slice(&out), slice_str(want), "a name becomes %s", want);
    buf_done(&out);
}

static void test_names(void)
{
    static char longer[1000];
    struct buf out = BUF_INIT(1000);

    name(SLICE("biên bản.pdf"), "biên bản.pdf");
    name(SLICE("../../etc/passwd"), "passwd");
    name(SLICE("C:\\Users\\x\\a.txt"), "a.txt");
    name(SLICE("a\0b\n.txt"), "a_b_.txt");
    name(SLICE("/"), "-");
    name(SLICE(""), "-");
    name(SLICE("gpj.\xe2\x80\xae"
               "exe"),
         "gpj._exe");
    name(SLICE("x\xff.txt"), "x_.txt");
    memset(longer, 'a', sizeof(longer));
    filename_clean(&out, slice_of(longer, sizeof(longer)));
    is_int(out.len, 200, "a long name is cut");
    buf_done(&out);
}

int main(void)
{
    static const char ooxml[] = "PK\3\4\x14\0\6\0\x8\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0"
                                "[Content_Types].xml";
    static const char odf[] = "PK\3\4\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x8\0\0\0"
                              "mimetypeapplication/vnd.oasis.opendocument.text";
    static const char zip[] = "PK\3\4\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x5\0\0\0a.exe";

    type(SLICE("%PDF-1.7\n"), "application/pdf", "PDF");
    type(SLICE("\x89PNG\r\n\x1a\n...."), "image/png", "PNG");
    type(SLICE("\xff\xd8\xff\xe0"), "image/jpeg", "JPEG");
    type(slice_of(ooxml, sizeof(ooxml) - 1), "application/vnd.openxmlformats-officedocument",
         "office document");
    type(slice_of(odf, sizeof(odf) - 1), "application/vnd.oasis.opendocument", "open document");
    type(slice_of(zip, sizeof(zip) - 1), "application/zip", "archive");
    type(SLICE("PK\3\4"), NULL, "archive cut off");
    type(SLICE("Biên bản kiểm tra\r\n"), "text/plain", "text");
    type(SLICE("a;b\n1;2\n"), "text/plain", "table");
    type(SLICE("\xff\xfe"
               "a\0"),
         "text/plain", "UTF-16");
    type(SLICE("text cut in a \xe1\xba"), "text/plain", "text cut inside a character");
    type(SLICE("<html><script>"), "text/plain", "a page is text");
    type(SLICE("MZ\x90\0"), NULL, "a Windows program");
    type(SLICE("\x7f"
               "ELF\2"),
         NULL, "a Linux program");
    type(SLICE("#!/bin/sh\n"), NULL, "a script");
    type(SLICE("\1\2\3\4"), NULL, "unknown bytes");
    type(SLICE(""), NULL, "nothing");
    test_names();
    return tap_done();
}
