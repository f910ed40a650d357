/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ERR_H
#define CANH_BASE_ERR_H
/*
 * Errors: functions return 0 (or a count) on success and a negative -CE_* code on failure.
 * Where a person needs more, the caller passes a struct err, filled only on failure. It holds no
 * sentence: it holds which sentence is meant and what belongs into it, and the face words it in its
 * reader's language (lang/error.h). Rooms return errors; only a face shows them, once.
 *
 *     return err_fail(err, CE_TOO_BIG, ERR_YAML_TOO_MANY_NODES, NODES_MAX);
 *     return err_fail_at(err, CE_EXISTS, line, col, ERR_YAML_KEY_TWICE, key, first->line);
 *     return err_fail_sys(err, errno, ERR_BASE_FILE, path);
 *     return err_nomem(err);
 *
 * The sentences stand in lang/<language>/error/<area>.txt, {1} and {2} where arguments go:
 * `key_twice = key '{1}' is there already, on line {2}` of area `yaml` is ERR_YAML_KEY_TWICE, from
 * "lang/err_yaml.h". The number of arguments is checked when building. An argument is a text
 * (char *, struct slice; copied), an integer of any type, a double, ERR_TIME(seconds, offset from
 * UTC), ERR_ID(another text without arguments), ERR_EACH(the same in the first language, in the
 * second), or another struct err, which is worded inside.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum ce {
    CE_OK = 0,
    CE_NOMEM,     /* the system refused memory */
    CE_TRUNCATED, /* input ended too early */
    CE_TOO_BIG,   /* over a stated maximum size or count */
    CE_DEPTH,     /* nested deeper than allowed */
    CE_SYNTAX,    /* not in the format it should be */
    CE_ENCODING,  /* not valid in its character set */
    CE_UNKNOWN,   /* a name, type or version this program does not know */
    CE_MISSING,   /* something required is absent */
    CE_CONFLICT,  /* two things contradict, or someone else changed it meanwhile */
    CE_RANGE,     /* a number or date outside its range */
    CE_DENIED,    /* not permitted */
    CE_NOT_FOUND, /* no such thing */
    CE_EXISTS,    /* it is there already */
    CE_CORRUPT,   /* checksum or structure wrong */
    CE_BUSY,      /* try again later */
    CE_PEER,      /* the other side misbehaved */
    CE_IO,        /* the system failed an operation; see err.sys */
    CE_BUG,       /* our own mistake */
    CE_MAX
};

/*
 * The texts of this room (area `base`), with their numbers of arguments. A code of enum ce is the
 * id of what kind of error it is; other areas' ids are 1024 × the area's number + the text's.
 */
enum {
    ERR_BASE_KINDS = CE_MAX - 1,
    ERR_BASE_FILE,             /* a path, and what the system says */
    ERR_BASE_TEXT,             /* what another error says, or who is not ours */
    ERR_BASE_BOTH,             /* where, and what another error says */
    ERR_BASE_FILE_TOO_BIG,     /* a path, bytes */
    ERR_BASE_FILE_PATH_LONG,   /* a path */
    ERR_BASE_FILE_NO_EXCHANGE, /* a path */
    ERR_BASE_FILE_NOT_REMOVED, /* a path */
    ERR_BASE_FILE_NOT_REGULAR, /* a path */
    ERR_BASE_FILE_EXISTS,      /* a path */
    ERR_BASE_FILE_PATH_BAD,    /* a path */
    ERR_BASE_FILE_IN_USE,      /* a path */
    ERR_BASE_PIPE,
    ERR_BASE_FORK,
    ERR_BASE_PROGRAM_MISSING, /* a path */
    ERR_BASE_PROGRAM_LATE,    /* a path */
    ERR_BASE_END,

    ERR_BASE_FILE_ARGS = 1,
    ERR_BASE_TEXT_ARGS = 1,
    ERR_BASE_BOTH_ARGS = 2,
    ERR_BASE_FILE_TOO_BIG_ARGS = 2,
    ERR_BASE_FILE_PATH_LONG_ARGS = 1,
    ERR_BASE_FILE_NO_EXCHANGE_ARGS = 1,
    ERR_BASE_FILE_NOT_REMOVED_ARGS = 1,
    ERR_BASE_FILE_NOT_REGULAR_ARGS = 1,
    ERR_BASE_FILE_EXISTS_ARGS = 1,
    ERR_BASE_FILE_PATH_BAD_ARGS = 1,
    ERR_BASE_FILE_IN_USE_ARGS = 1,
    ERR_BASE_PIPE_ARGS = 0,
    ERR_BASE_FORK_ARGS = 0,
    ERR_BASE_PROGRAM_MISSING_ARGS = 1,
    ERR_BASE_PROGRAM_LATE_ARGS = 1,
};

enum err_kind {
    ERR_ARG_NONE,
    ERR_ARG_TEXT, /* n bytes of the pool from `at` */
    ERR_ARG_INT,
    ERR_ARG_UINT,
    ERR_ARG_REAL,
    ERR_ARG_TIME, /* seconds since 1970, shown `at` minutes - 1440 east of Greenwich */
    ERR_ARG_ID,   /* a text, whose own arguments are the n that follow */
    ERR_ARG_EACH, /* of the n texts that follow the one in the reader's language */
    ERR_ARG_SYS,  /* an errno */
    ERR_ARG_ERR   /* only on the way in: becomes an id and its arguments */
};

struct err_arg {
    uint8_t kind;
    uint16_t at, n;
    union {
        int64_t i;
        uint64_t u;
        double d;
    };
};

enum { ERR_ARGS_MAX = 16, ERR_POOL = 400 };

/*
 * line and col count from 1 and are 0 when unknown; sys is an errno or 0. id 0 with a code: only
 * the kind of error is known. Arguments that have no room are left out, texts cut at a character.
 */
struct err {
    int code;
    int sys;
    unsigned line, col;
    uint64_t offset;
    unsigned id;
    uint16_t count, used; /* of arg and of pool */
    struct err_arg arg[ERR_ARGS_MAX];
    char pool[ERR_POOL];
};

#define ERR_INIT ((struct err){.code = 0})

CANH_INLINE unsigned err_kind_id(int code)
{
    return (unsigned)(code < 0 ? -code : code);
}

/* An argument on its way into a struct err. */
struct err_in {
    enum err_kind kind;
    int offset_s; /* of a time */
    union {
        int64_t i;
        uint64_t u;
        double d;
        struct slice s;
        struct slice each[2];
        const struct err *err;
    };
};
struct err_time {
    int64_t seconds;
    int offset_s;
};
struct err_id {
    unsigned id;
};
struct err_each {
    struct slice texts[2];
};
#define ERR_TIME(t, offset_s) ((struct err_time){(t), (offset_s)})
#define ERR_ID(id)            ((struct err_id){id})
#define ERR_EACH(a, b)        ((struct err_each){{(a), (b)}})
/* What kind of error a code is, negative or not. */
#define ERR_KIND(code) ((struct err_id){err_kind_id(code)})

/* The text that is argument i, counted from 0; empty: it is none. Borrows. */
struct slice err_text(const struct err *err, unsigned i);

/*
 * Fill err (may be NULL) and are worth -code, so that a caller can write `return err_fail(...)`:
 * at no place, at a place in a text, or with errno, whose text follows the sentence. id is the
 * name of a text, not a variable; err_fail_id() takes a variable and checks no count.
 * Macros, so that compilers and analyzers see that the result is negative; code is evaluated twice.
 */
#define err_fail(err, code, id, ...) err_fail_at(err, code, 0, 0, id, ##__VA_ARGS__)
#define err_fail_at(err, code, line, col, id, ...)                                                 \
    (ERR_FITS(id, ##__VA_ARGS__), err_fail_id_at(err, code, line, col, id, ##__VA_ARGS__))
#define err_fail_sys(err, errnum, id, ...)                                                         \
    (ERR_FITS(id, ##__VA_ARGS__),                                                                  \
     err_fill((err), CE_IO, (errnum), 0, 0, (id), ERR_COUNT(__VA_ARGS__), ERR_IN(__VA_ARGS__)),    \
     -(int)CE_IO)
#define err_fail_id(err, code, id, ...) err_fail_id_at(err, code, 0, 0, id, ##__VA_ARGS__)
#define err_fail_id_at(err, code, line, col, id, ...)                                              \
    (err_fill((err), (code), 0, (line), (col), (id), ERR_COUNT(__VA_ARGS__), ERR_IN(__VA_ARGS__)), \
     -(int)(code))
/* Nothing but the kind of error is known: code as returned (negative or not). */
#define err_code(err, code) err_code_fill((err), (code))
#define err_nomem(err)      err_code_fill((err), CE_NOMEM)

/* What the macros call. */
void err_fill(struct err *err, enum ce code, int sys, unsigned line, unsigned col, unsigned id,
              unsigned count, const struct err_in *in);
CANH_INLINE int err_code_fill(struct err *err, int code)
{
    code = code < 0 ? -code : code;
    err_fill(err, (enum ce)code, 0, 0, 0, 0, 0, NULL);
    return -code;
}

#define ERR_FITS(id, ...)                                                                          \
    ((void)sizeof(struct {                                                                         \
        int unused;                                                                                \
        _Static_assert((int)id##_ARGS == ERR_COUNT(__VA_ARGS__), "arguments of " #id);             \
    }))
#define ERR_COUNT(...)                          ERR_COUNT_(_, ##__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define ERR_COUNT_(_, a, b, c, d, e, f, n, ...) n
#define ERR_IN(...)                                                                                \
    ERR_IN_(_, ##__VA_ARGS__, ERR_IN6, ERR_IN5, ERR_IN4, ERR_IN3, ERR_IN2, ERR_IN1, ERR_IN0)       \
    (__VA_ARGS__)
#define ERR_IN_(_, a, b, c, d, e, f, n, ...) n
#define ERR_IN0(...)                         NULL
#define ERR_IN1(a)                           ((const struct err_in[]){ERR_ARG(a)})
#define ERR_IN2(a, b)                        ((const struct err_in[]){ERR_ARG(a), ERR_ARG(b)})
#define ERR_IN3(a, b, c)                     ((const struct err_in[]){ERR_ARG(a), ERR_ARG(b), ERR_ARG(c)})
#define ERR_IN4(a, b, c, d)                                                                        \
    ((const struct err_in[]){ERR_ARG(a), ERR_ARG(b), ERR_ARG(c), ERR_ARG(d)})
#define ERR_IN5(a, b, c, d, e)                                                                     \
    ((const struct err_in[]){ERR_ARG(a), ERR_ARG(b), ERR_ARG(c), ERR_ARG(d), ERR_ARG(e)})
#define ERR_IN6(a, b, c, d, e, f)                                                                  \
    ((const struct err_in[]){ERR_ARG(a), ERR_ARG(b), ERR_ARG(c), ERR_ARG(d), ERR_ARG(e),           \
                             ERR_ARG(f)})
/* clang-format off */
#define ERR_ARG(x)                                                                                 \
    _Generic((x),                                                                                  \
        char *: err_in_text, const char *: err_in_text, struct slice: err_in_slice,                \
        bool: err_in_uint, unsigned char: err_in_uint, unsigned short: err_in_uint,                \
        unsigned: err_in_uint, unsigned long: err_in_uint, unsigned long long: err_in_uint,        \
        signed char: err_in_int, short: err_in_int, int: err_in_int, long: err_in_int,             \
        long long: err_in_int, double: err_in_real, struct err_time: err_in_time,                  \
        struct err_id: err_in_id, struct err_each: err_in_each, struct err *: err_in_err, const struct err *: err_in_err)(x)
/* clang-format on */

CANH_INLINE struct err_in err_in_text(const char *s)
{
    return (struct err_in){.kind = ERR_ARG_TEXT, .s = slice_str(s)};
}

CANH_INLINE struct err_in err_in_slice(struct slice s)
{
    return (struct err_in){.kind = ERR_ARG_TEXT, .s = s};
}

CANH_INLINE struct err_in err_in_int(int64_t i)
{
    return (struct err_in){.kind = ERR_ARG_INT, .i = i};
}

CANH_INLINE struct err_in err_in_uint(uint64_t u)
{
    return (struct err_in){.kind = ERR_ARG_UINT, .u = u};
}

CANH_INLINE struct err_in err_in_real(double d)
{
    return (struct err_in){.kind = ERR_ARG_REAL, .d = d};
}

CANH_INLINE struct err_in err_in_time(struct err_time t)
{
    return (struct err_in){.kind = ERR_ARG_TIME, .offset_s = t.offset_s, .i = t.seconds};
}

CANH_INLINE struct err_in err_in_id(struct err_id id)
{
    return (struct err_in){.kind = ERR_ARG_ID, .u = id.id};
}

CANH_INLINE struct err_in err_in_each(struct err_each x)
{
    return (struct err_in){.kind = ERR_ARG_EACH, .each = {x.texts[0], x.texts[1]}};
}

CANH_INLINE struct err_in err_in_err(const struct err *err)
{
    return (struct err_in){.kind = ERR_ARG_ERR, .err = err};
}

#endif
