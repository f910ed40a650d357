/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err_words.h"
#include "tap.h"

static struct err err;

/* The whole file as text; a mark when it cannot be read. */
static const char *content(const char *path)
{
    static struct buf text = BUF_INIT(1000);

    buf_done(&text);
    return file_read(path, &text, NULL) < 0 ? "(unreadable)" : buf_cstr(&text);
}

static void test_reading(void)
{
    struct buf exact = BUF_INIT(5), small = BUF_INIT(4), some = BUF_INIT(100);

    is_int(file_create("deep/er/file", SLICE("12345"), 0644, &err), 0, "a file in new folders");
    is_int(file_read("deep/er/file", &exact, &err), 0, "as long as the buffer may be");
    is_slice(buf_slice(&exact), SLICE("12345"), "all of it");
    is_int(file_read("deep/er/file", &small, &err), -CE_TOO_BIG, "a byte longer");
    buf_puts(&some, "before ");
    is_int(file_read("deep/er/file", &some, &err), 0, "into a buffer with something in it");
    is_slice(buf_slice(&some), SLICE("before 12345"), "is appended");
    is_int(file_read("none", &some, &err), -CE_IO, "no such file");
    is_int(err.sys, ENOENT, "says so: %s", err_words(&err));
    is_int(file_read("deep", &some, &err), -CE_IO, "a folder is no file");
    is_int(err.sys, EISDIR, "says so: %s", err_words(&err));
    is_int(file_create("deep/er/file", SLICE("1"), 0644, &err), 0, "written over");
    is_str(content("deep/er/file"), "1", "nothing of the old is left");
    buf_done(&exact);
    buf_done(&small);
    buf_done(&some);
}

static void test_replacing(void)
{
    struct stat st = {0};

    is_int(file_replace("a", SLICE("one"), 0640, &err), 0, "a new file");
    is_int(file_replace("a", SLICE("two"), 0600, &err), 0, "an old one");
    is_str(content("a"), "two", "its content");
    ok(stat("a", &st) == 0 && (st.st_mode & 07777) == 0600, "its mode, whatever the umask");
    is_int(file_replace("none/a", SLICE("x"), 0600, &err), -CE_IO, "no such folder");
    is_int(file_rename("a", "b", &err), 0, "renamed");
    is_int(file_replace("a", SLICE("three"), 0600, &err), 0, "another");
    is_int(file_exchange("a", "b", &err), 0, "exchanged");
    is_str(content("a"), "two", "one in the place of the other");
    is_str(content("b"), "three", "and the other way");
    is_int(file_copy("a", "c", 0600, &err), 0, "copied");
    is_str(content("c"), "two", "the same");
    is_int(file_copy("b", "c", 0600, &err), -CE_EXISTS, "never over another");
    is_str(content("c"), "two", "which stays");
    is_int(file_copy("deep", "d", 0600, &err), -CE_RANGE, "no folders");
    is_int(file_remove("c", &err), 0, "removed");
    is_int(file_remove("c", &err), 0, "twice is fine");
}

static void test_folders(void)
{
    is_int(file_mkdirs("x//y/z/", 0700, &err), 0, "folders with their parents");
    is_int(file_mkdirs("x/y/z", 0700, &err), 0, "that are there already");
    is_int(file_mkdirs("a", 0700, &err), -CE_IO, "a file is no folder");
    is_int(err.sys, ENOTDIR, "says so: %s", err_words(&err));
    is_int(file_mkdirs("a/b", 0700, &err), -CE_IO, "and has nothing in it");
    is_int(file_mkdirs("", 0700, &err), -CE_RANGE, "no name");
    is_int(file_create("x/y/z/f", SLICE(""), 0600, &err), 0, "a file in it");
    ok(symlink("../a", "x/y/link") == 0, "a link out of it");
    is_int(file_rmdir("x", &err), -CE_IO, "a folder that is not empty");
    is_int(file_remove_tree("x", &err), 0, "with all that is in it");
    ok(access("x", F_OK) < 0 && access("a", F_OK) == 0, "but not what a link leads to");
    is_int(file_remove_tree("x", &err), 0, "twice is fine");
}

/* Devices, FIFOs and links are written through: what stands at the path stays what it is. */
/* Standard output by name goes on where the shell has it stand. */
static void test_open_result(void)
{
    CANH_CLEANUP(fd_closep) int kept = -1;
    CANH_CLEANUP(fd_closep) int there = -1;
    struct buf got = BUF_INIT(100);
    int fd = -1, r;

    is_int(file_deliver("shell", SLICE("one\n"), 0644, &err), 0, "something stands there");
    (void)fflush(stdout);
    kept = dup(STDOUT_FILENO);
    there = open("shell", O_WRONLY | O_APPEND | O_CLOEXEC);
    if (kept < 0 || there < 0 || dup2(there, STDOUT_FILENO) < 0) {
        ok(false, "standard output is turned");
        return;
    }
    r = file_open_result("/dev/stdout", 0644, &fd, &err);
    if (r == 0)
        r = file_write_fd(fd, "shell", SLICE("two\n"), &err);
    (void)dup2(kept, STDOUT_FILENO);
    fd_closep(&fd);
    is_int(r, 0, "it is written to");
    is_int(file_read("shell", &got, &err), 0, "and read");
    is_slice(buf_slice(&got), SLICE("one\ntwo\n"), "nothing before it is lost");
    buf_clear(&got);
    is_int(file_open_result("shell", 0644, &fd, &err), 0, "a file of its own");
    fd_closep(&fd);
    is_int(file_read("shell", &got, &err), 0, "is read");
    is_int(got.len, 0, "and begins anew");
    buf_done(&got);
}

static void test_delivering(void)
{
    CANH_CLEANUP(fd_closep) int fifo = -1;
    char bytes[8] = {0};
    struct stat st = {0};

    is_int(file_deliver("given", SLICE("one"), 0644, &err), 0, "a new file");
    is_int(file_deliver("given", SLICE("two"), 0644, &err), 0, "an old one");
    is_str(content("given"), "two", "is replaced");
    is_int(symlink("given", "link"), 0, "a link");
    is_int(file_deliver("link", SLICE("three"), 0644, &err), 0, "through it");
    ok(lstat("link", &st) == 0 && S_ISLNK(st.st_mode), "it stays a link");
    is_str(content("given"), "three", "and its target has the content");
    is_int(symlink("later", "dangling"), 0, "a link to nothing");
    is_int(file_deliver("dangling", SLICE("four"), 0644, &err), 0, "makes its target");
    ok(lstat("dangling", &st) == 0 && S_ISLNK(st.st_mode), "it stays a link, too");
    is_str(content("later"), "four", "with the content");
    is_int(mkfifo("fifo", 0600), 0, "a FIFO");
    fifo = open("fifo", O_RDWR | O_CLOEXEC);
    is_int(file_deliver("fifo", SLICE("five"), 0644, &err), 0, "is written to");
    ok(fifo >= 0 && read(fifo, bytes, sizeof(bytes)) == 4, "its reader has it");
    is_str(bytes, "five", "all of it");
    ok(lstat("fifo", &st) == 0 && S_ISFIFO(st.st_mode), "it stays a FIFO");
    is_int(file_deliver("/dev/null", SLICE("six"), 0644, &err), 0, "a device");
    ok(lstat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode), "stays a device");
    is_int(file_deliver(".", SLICE("x"), 0644, &err), -CE_IO, "a folder is no file");
}

int main(void)
{
    char folder[] = "/tmp/canh-test-XXXXXX";

    if (mkdtemp(folder) == NULL || chdir(folder) < 0) {
        ok(false, "a folder to work in");
        return tap_done();
    }
    (void)umask(027);
    test_reading();
    test_replacing();
    test_delivering();
    test_open_result();
    test_folders();
    is_int(file_remove_tree(folder, &err), 0, "all of it removed");
    return tap_done();
}
