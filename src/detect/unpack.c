/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "detect/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/time.h"
#include "lang/err_detect.h"

enum {
    READ_STEP = 256 * 1024,
    PIPE_BYTES = 1024 * 1024, /* as much as an unprivileged process may ask for */
    PATH_BYTES = 64 * 1024,
};

enum handing { HAND_NOTHING, HAND_ENTRY, HAND_END };

struct unpack {
    struct unpack_request request;
    struct archive *archive;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum handing handing; /* what stands in entry */
    atomic_bool ended;    /* the reader wants no more */
    struct unpack_entry entry;
    struct buf path;   /* of the entry being handed */
    struct buf taken;  /* of the one that the reader has */
    struct slice rest; /* of the prefix */
    uint8_t *bytes;    /* READ_STEP of the packed input */
    uint64_t in, out, entries;
    struct err err;
};

bool unpack_likely(struct slice first)
{
    static const struct slice magics[] = {
        SLICE_INIT("\x1F\x8B\x08"),
        SLICE_INIT("\x28\xB5\x2F\xFD"),
        SLICE_INIT("\xFD"
                   "7zXZ\0"),
        SLICE_INIT("PK\3\4"),
        SLICE_INIT("PK\5\6"),
    };

    for (size_t i = 0; i < CANH_LEN(magics); i++) {
        if (slice_starts(first, magics[i]))
            return true;
    }
    if (slice_starts(first, SLICE("BZh")) && first.n >= 10)
        return slice_eq(slice_head(slice_from(first, 4), 6), SLICE("1AY&SY")) ||
               slice_eq(slice_head(slice_from(first, 4), 6), SLICE("\x17\x72\x45\x38\x50\x90"));
    return slice_starts(slice_from(first, 257), SLICE("ustar"));
}

static bool is_cancelled(struct unpack *u)
{
    return cancel_asked(u->request.cancel) || u->ended;
}

/* Until there is something to read, or nobody wants it any more. */
static void wait_packed(struct unpack *u)
{
    struct pollfd fds[2] = {{.fd = u->request.fd, .events = POLLIN},
                            {.fd = u->request.cancel->fd, .events = POLLIN}};

    while (!u->request.regular && poll(fds, 2, -1) < 0 && errno == EINTR)
        continue;
}

/* libarchive's reading side. */
static la_ssize_t read_packed(struct archive *a, void *ctx, const void **ret)
{
    struct unpack *u = ctx;
    ssize_t n;

    if (is_cancelled(u)) {
        archive_set_error(a, ECANCELED, "cancelled");
        return ARCHIVE_FATAL;
    }
    if (u->rest.n) {
        n = (ssize_t)u->rest.n;
        *ret = u->rest.p;
        u->rest = SLICE_NULL;
        u->in += (uint64_t)n;
        return n;
    }
    wait_packed(u);
    do
        n = read(u->request.fd, u->bytes, READ_STEP);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        archive_set_error(a, errno, "%s", strerror(errno));
        return ARCHIVE_FATAL;
    }
    *ret = u->bytes;
    u->in += (uint64_t)n;
    if (u->request.bytes_read)
        atomic_fetch_add_explicit(u->request.bytes_read, (uint64_t)n, memory_order_relaxed);
    return n;
}

/* Zip archives say at their end what they hold. */
static la_int64_t seek_packed(struct archive *a, void *ctx, la_int64_t offset, int whence)
{
    struct unpack *u = ctx;
    off_t at = lseek(u->request.fd, offset, whence);

    (void)a;
    u->rest = SLICE_NULL;
    return at < 0 ? ARCHIVE_FATAL : at;
}

static int open_archive(struct unpack *u)
{
    struct archive *a = archive_read_new();

    if (a == NULL)
        return -CE_NOMEM;
    u->archive = a;
    (void)archive_read_support_filter_gzip(a);
    (void)archive_read_support_filter_bzip2(a);
    (void)archive_read_support_filter_xz(a);
    (void)archive_read_support_filter_zstd(a);
    (void)archive_read_support_format_tar(a);
    if (u->request.regular)
        (void)archive_read_support_format_zip_seekable(a);
    (void)archive_read_support_format_zip_streamable(a);
    (void)archive_read_support_format_raw(a);
    for (uint32_t i = 0; i < u->request.password_count; i++)
        (void)archive_read_add_passphrase(a, u->request.passwords[i]);
    (void)archive_read_set_callback_data(a, u);
    (void)archive_read_set_read_callback(a, read_packed);
    if (u->request.regular)
        (void)archive_read_set_seek_callback(a, seek_packed);
    return archive_read_open1(a) == ARCHIVE_OK ? 0 : -CE_SYNTAX;
}

unsigned unpack_why(struct archive *a)
{
    static const struct {
        const char *part;
        unsigned why;
    } words[] = {
        {"assphrase", ERR_DETECT_ARCHIVE_WHY_PASSWORD},
        {"ncrypt", ERR_DETECT_ARCHIVE_WHY_PASSWORD},
        {"runcated", ERR_DETECT_ARCHIVE_WHY_CUT},
        {"end of", ERR_DETECT_ARCHIVE_WHY_CUT},
        {"nrecognized", ERR_DETECT_ARCHIVE_WHY_FORMAT},
        {"nsupported", ERR_DETECT_ARCHIVE_WHY_METHOD},
        {"not supported", ERR_DETECT_ARCHIVE_WHY_METHOD},
        {"allocate", ERR_DETECT_ARCHIVE_WHY_MEMORY},
        {"emory", ERR_DETECT_ARCHIVE_WHY_MEMORY},
        {"CRC", ERR_DETECT_ARCHIVE_WHY_CHECKSUM},
        {"hecksum", ERR_DETECT_ARCHIVE_WHY_CHECKSUM},
    };
    const char *said = archive_error_string(a);

    for (size_t i = 0; said != NULL && i < CANH_LEN(words); i++) {
        if (strstr(said, words[i].part))
            return words[i].why;
    }
    return ERR_DETECT_ARCHIVE_WHY_DAMAGED;
}

/* The first reason stays. */
static void fail_archive(struct unpack *u)
{
    unsigned why = unpack_why(u->archive);

    if (is_cancelled(u) || u->err.code)
        return;
    if (why == ERR_DETECT_ARCHIVE_WHY_PASSWORD)
        (void)err_fail(&u->err, CE_DENIED, ERR_DETECT_ARCHIVE_PASSWORD, u->request.path);
    else
        (void)err_fail(&u->err, CE_SYNTAX, ERR_DETECT_ARCHIVE_DAMAGED, u->request.path,
                       ERR_ID(why));
}

static int64_t modified_of(const struct unpack *u, struct archive_entry *e)
{
    return archive_entry_mtime_is_set(e) ? archive_entry_mtime(e) * TIME_SECOND
                                         : u->request.modified;
}

static void name_entry(struct unpack *u, struct archive_entry *e, bool alone)
{
    const char *name = archive_entry_pathname_utf8(e);

    if (name == NULL)
        name = archive_entry_pathname(e);
    buf_clear(&u->path);
    buf_puts(&u->path, u->request.path);
    if (!alone)
        buf_printf(&u->path, "!/%s", name ? name : "?");
    if (u->path.err) {
        buf_clear(&u->path);
        buf_puts(&u->path, "?");
    }
}

/* Hands an entry's reading side over and gives the writing side; -1 when nobody wants it. */
static int hand_over(struct unpack *u, struct archive_entry *e, bool alone)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) < 0) {
        (void)err_fail_sys(&u->err, errno, ERR_BASE_FILE, "pipe");
        return -1;
    }
    (void)fcntl(fds[1], F_SETPIPE_SZ, PIPE_BYTES);
    (void)pthread_mutex_lock(&u->lock);
    while (u->handing != HAND_NOTHING && !u->ended)
        (void)pthread_cond_wait(&u->changed, &u->lock);
    if (u->ended) {
        (void)close(fds[0]);
        (void)close(fds[1]);
        fds[1] = -1;
    } else {
        name_entry(u, e, alone); /* not before: the reader takes the name with the entry */
        u->entry =
            (struct unpack_entry){.fd = fds[0], .alone = alone, .modified = modified_of(u, e)};
        u->handing = HAND_ENTRY;
        (void)pthread_cond_broadcast(&u->changed);
    }
    (void)pthread_mutex_unlock(&u->lock);
    return fds[1];
}

/* False: the reader has closed the pipe. */
static bool write_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool is_bomb(const struct unpack *u)
{
    return u->out >= UNPACK_RATIO_FROM && u->out / UNPACK_RATIO_MAX > u->in;
}

/* Some of an entry's data, until the next is read; or how it ends. */
struct piece {
    const void *p;
    size_t n;
    int r;
};

static struct piece read_piece(struct unpack *u)
{
    struct piece x = {.p = NULL};
    la_int64_t offset;

    x.r = archive_read_data_block(u->archive, &x.p, &x.n, &offset);
    return x;
}

static bool copy_end(struct unpack *u, int r)
{
    if (r == ARCHIVE_EOF)
        return true;
    fail_archive(u);
    return r >= ARCHIVE_FAILED; /* this one alone */
}

/* One entry's data, of which the first is read. False: nothing more can be read. */
static bool copy_entry(struct unpack *u, int fd, struct piece x)
{
    for (; x.r == ARCHIVE_OK; x = read_piece(u)) {
        u->out += x.n;
        if (is_bomb(u)) {
            (void)err_fail(&u->err, CE_TOO_BIG, ERR_DETECT_ARCHIVE_BOMB, u->request.path, u->in,
                           u->out);
            return false;
        }
        if (is_cancelled(u))
            return false;
        if (!write_all(fd, x.p, x.n))
            return true; /* the rest of this one is not wanted */
    }
    return copy_end(u, x.r);
}

/* False: the end, or nothing more can be read. */
static bool unpack_one(struct unpack *u)
{
    struct archive_entry *e;
    struct piece first;
    int r = archive_read_next_header(u->archive, &e), fd;
    bool alone, more;

    if (r == ARCHIVE_EOF)
        return false;
    if (r < ARCHIVE_WARN) {
        fail_archive(u);
        return r == ARCHIVE_RETRY;
    }
    if (++u->entries > UNPACK_ENTRIES_MAX) {
        (void)err_fail(&u->err, CE_TOO_BIG, ERR_DETECT_ARCHIVE_ENTRIES, u->request.path,
                       UNPACK_ENTRIES_MAX);
        return false;
    }
    alone = archive_format(u->archive) == ARCHIVE_FORMAT_RAW;
    if (alone && archive_filter_code(u->archive, 0) == ARCHIVE_FILTER_NONE) {
        (void)err_fail(&u->err, CE_SYNTAX, ERR_DETECT_ARCHIVE_DAMAGED, u->request.path,
                       "its first bytes are those of a packed file, the rest is none");
        return false;
    }
    if (!alone && archive_entry_filetype(e) != AE_IFREG)
        return true;
    first = read_piece(u);
    if (first.r != ARCHIVE_OK && first.r != ARCHIVE_EOF)
        return copy_end(u, first.r); /* nothing of it, as without its password: not an empty log */
    fd = hand_over(u, e, alone);
    if (fd < 0)
        return false;
    more = copy_entry(u, fd, first);
    (void)close(fd);
    return more && !is_cancelled(u);
}

static void unpack_all(struct unpack *u)
{
    if (open_archive(u) < 0)
        fail_archive(u);
    else
        while (unpack_one(u))
            continue;
    (void)archive_read_free(u->archive);
}

/* A pipe whose reader has gone is no reason for the program to end. */
static void *run(void *arg)
{
    struct unpack *u = arg;
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    sigset_t pipe_signal;

    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    if (utf8 != (locale_t)0)
        (void)uselocale(utf8);
    unpack_all(u);
    (void)pthread_mutex_lock(&u->lock);
    while (u->handing != HAND_NOTHING && !u->ended)
        (void)pthread_cond_wait(&u->changed, &u->lock);
    u->handing = HAND_END;
    (void)pthread_cond_broadcast(&u->changed);
    (void)pthread_mutex_unlock(&u->lock);
    if (utf8 != (locale_t)0) {
        (void)uselocale(LC_GLOBAL_LOCALE);
        freelocale(utf8);
    }
    return NULL;
}

struct unpack *unpack_start(const struct unpack_request *request)
{
    struct unpack *u = calloc(1, sizeof(*u));

    if (u == NULL)
        return NULL;
    u->request = *request;
    u->rest = request->prefix;
    u->path = u->taken = BUF_INIT(PATH_BYTES);
    u->err = (struct err)ERR_INIT;
    u->bytes = malloc(READ_STEP);
    (void)pthread_mutex_init(&u->lock, NULL);
    (void)pthread_cond_init(&u->changed, NULL);
    if (u->bytes && pthread_create(&u->thread, NULL, run, u) == 0)
        return u;
    free(u->bytes);
    free(u);
    return NULL;
}

bool unpack_next(struct unpack *u, struct unpack_entry *ret)
{
    bool is_entry;

    (void)pthread_mutex_lock(&u->lock);
    while (u->handing == HAND_NOTHING)
        (void)pthread_cond_wait(&u->changed, &u->lock);
    is_entry = u->handing == HAND_ENTRY;
    if (is_entry) {
        buf_clear(&u->taken);
        buf_append_slice(&u->taken, buf_slice(&u->path));
        *ret = u->entry;
        ret->path = buf_cstr(&u->taken);
        u->handing = HAND_NOTHING;
        (void)pthread_cond_broadcast(&u->changed);
    }
    (void)pthread_mutex_unlock(&u->lock);
    return is_entry;
}

int unpack_end(struct unpack *u, struct err *err)
{
    int r;

    (void)pthread_mutex_lock(&u->lock);
    u->ended = true;
    if (u->handing == HAND_ENTRY)
        (void)close(u->entry.fd);
    (void)pthread_cond_broadcast(&u->changed);
    (void)pthread_mutex_unlock(&u->lock);
    (void)pthread_join(u->thread, NULL);
    (void)pthread_mutex_destroy(&u->lock);
    (void)pthread_cond_destroy(&u->changed);
    *err = u->err;
    r = u->err.code ? -(int)u->err.code : 0;
    buf_done(&u->path);
    buf_done(&u->taken);
    free(u->bytes);
    free(u);
    return r;
}
