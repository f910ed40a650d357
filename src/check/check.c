/* SPDX-License-Identifier: Apache-2.0 */
#include "check/check.h"

#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_check.h"

enum { TIMEOUT_MAX_MINUTES = 5 };

const char *check_outcome_to_str(enum check_outcome outcome)
{
    static const char *const names[] = {[CHECK_OK] = "ok",
                                        [CHECK_WARNING] = "warning",
                                        [CHECK_CRITICAL] = "critical",
                                        [CHECK_NO_ANSWER] = "no-answer"};

    return names[outcome];
}

int check_param_index(const struct check_kind *kind, struct slice name)
{
    for (int i = 0; kind->params[i].name != NULL; i++) {
        if (slice_is(name, kind->params[i].name))
            return i;
    }
    return -1;
}

bool check_is_number(const char *text, double *ret)
{
    return text != NULL && num_double(slice_str(text), ret) == 0;
}

/* One name=value from *rest: 1, 0 at the end, negative when it is none. */
static int next_pair(struct slice *rest, struct slice *ret_name, struct slice *ret_value)
{
    size_t n = 0;

    *rest = slice_trim(*rest);
    if (rest->n == 0)
        return 0;
    while (n < rest->n && rest->p[n] != '=' && !ascii_is_space(rest->p[n]))
        n++;
    if (n == 0 || n == rest->n || rest->p[n] != '=')
        return -CE_SYNTAX;
    *ret_name = slice_head(*rest, n);
    *rest = slice_from(*rest, n + 1);
    if (rest->n && *rest->p == '"') {
        n = slice_find_byte(slice_from(*rest, 1), '"');
        if (n == SIZE_MAX)
            return -CE_SYNTAX;
        *ret_value = slice_head(slice_from(*rest, 1), n);
        *rest = slice_from(*rest, n + 2);
        return 1;
    }
    for (n = 0; n < rest->n && !ascii_is_space(rest->p[n]); n++)
        ;
    *ret_value = slice_head(*rest, n);
    *rest = slice_from(*rest, n);
    return 1;
}

/* Texts of the parameters, zero-terminated in `texts`. */
static int read_params(const struct check_kind *kind, struct slice params, struct buf *texts,
                       const char **values, struct err *err)
{
    struct slice name, value;
    size_t at[CHECK_PARAM_COUNT_MAX] = {0};
    bool set[CHECK_PARAM_COUNT_MAX] = {false};
    int r;

    while ((r = next_pair(&params, &name, &value)) > 0) {
        int i = check_param_index(kind, name);
        double number;

        if (i < 0)
            return err_fail(err, CE_UNKNOWN, ERR_CHECK_UNKNOWN_PARAMETER, kind->name,
                            slice_head(name, 40));
        at[i] = texts->len;
        set[i] = true;
        buf_append_slice(texts, value);
        buf_putc(texts, 0);
        if (check_is_number(kind->params[i].fallback, &number) && num_double(value, &number) < 0)
            return err_fail(err, CE_SYNTAX, ERR_CHECK_MUST_NUMBER, kind->name, name);
        if (slice_find_byte(value, 0) != SIZE_MAX)
            return err_fail(err, CE_SYNTAX, ERR_CHECK_ZERO_BYTE_PARAMETER, kind->name);
    }
    if (r < 0)
        return err_fail(err, CE_SYNTAX, ERR_CHECK_PARAMETERS_WRITTEN_NAME_VALUE, kind->name);
    if (texts->err != 0)
        return err_fail(err, CE_TOO_BIG, ERR_CHECK_PARAMETERS_TOO_LONG, kind->name);
    for (size_t i = 0; i < CHECK_PARAM_COUNT_MAX; i++)
        values[i] = set[i] ? (const char *)texts->p + at[i] : NULL;
    return 0;
}

static int check_target(const struct check_kind *kind, struct slice target, struct err *err)
{
    if (target.n == 0 || target.n > CHECK_TARGET_MAX || slice_find_byte(target, 0) != SIZE_MAX)
        return err_fail(err, CE_RANGE, ERR_CHECK_TARGET_EMPTY_TOO_LONG_OR, kind->name);
    return kind->target(kind, target, err);
}

int check_prepare(const struct check_spec *spec, const struct check_kind **ret_kind,
                  struct buf *texts, const char **values, struct err *err)
{
    const struct check_kind *kind = check_kind_find(spec->kind);
    int r;

    if (kind == NULL)
        return err_fail(err, CE_UNKNOWN, ERR_CHECK_UNKNOWN_KIND_CHECK, slice_head(spec->kind, 40));
    r = check_target(kind, spec->target, err);
    if (r < 0)
        return r;
    if (spec->timeout < TIME_SECOND / 1000 || spec->timeout > TIMEOUT_MAX_MINUTES * TIME_MINUTE)
        return err_fail(err, CE_RANGE, ERR_CHECK_TIMEOUT_MUST_BETWEEN_1_MS, kind->name,
                        TIMEOUT_MAX_MINUTES);
    *ret_kind = kind;
    return read_params(kind, spec->params, texts, values, err);
}

int check_validate(const struct check_spec *spec, struct err *err)
{
    const char *values[CHECK_PARAM_COUNT_MAX];
    const struct check_kind *kind;
    struct buf texts = BUF_INIT(CHECK_PARAMS_MAX);
    int r = check_prepare(spec, &kind, &texts, values, err);

    buf_done(&texts);
    return r;
}

int check_host_port(const char *target, unsigned default_port, char *host, unsigned *ret_port)
{
    struct slice s = slice_str(target), name, port = SLICE_NULL;
    int64_t number = default_port;
    size_t at;

    if (s.n && *s.p == '[') {
        at = slice_find_byte(s, ']');
        if (at == SIZE_MAX)
            return -CE_SYNTAX;
        name = slice_head(slice_from(s, 1), at - 1);
        s = slice_from(s, at + 1);
        if (s.n && *s.p != ':')
            return -CE_SYNTAX;
        port = slice_from(s, 1);
    } else {
        at = slice_find_byte(s, ':');
        name = slice_head(s, at);
        if (at != SIZE_MAX)
            port = slice_from(s, at + 1);
    }
    if (name.n == 0 || name.n > 255 || name.p[0] == '-')
        return -CE_SYNTAX;
    if (port.n && num_range(port, 1, 65535, &number) < 0)
        return -CE_RANGE;
    if (number == 0)
        return -CE_MISSING;
    memcpy(host, name.p, name.n);
    host[name.n] = 0;
    *ret_port = (unsigned)number;
    return 0;
}

void check_result_done(struct check_result *r)
{
    buf_done(&r->text);
}
