/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/program.h"

#include "base/ascii.h"
#include "base/map.h"
#include "decode/text/mail.h"
#include "decode/text/pam.h"

enum { NAMES_MAX = 512, TAG_MAX = 128, REPEAT_MAX = 9, PARTS_MAX = 8 };

/* What may stand before or behind a message. */
struct cuts {
    struct slice parts[PARTS_MAX];
    uint32_t count;
};

struct programs {
    struct map names; /* → index of table */
    struct pattern **rows;
    struct cuts *before, *behind; /* by program */
};

static struct cuts program_cut(const char *list)
{
    struct cuts c = {.count = 0};
    struct slice rest = list ? slice_str(list) : SLICE_NULL;

    while (rest.n && c.count < PARTS_MAX && slice_cut(&rest, '|', &c.parts[c.count]))
        c.count++;
    return c;
}

struct programs *programs_new(struct arena *a, const struct fields *f)
{
    struct programs *p = arena_new(a, struct programs);

    if (p == NULL)
        return NULL;
    map_init(&p->names, NAMES_MAX);
    p->rows = arena_new_array(a, program_count, struct pattern *);
    p->before = arena_new_array(a, program_count, struct cuts);
    p->behind = arena_new_array(a, program_count, struct cuts);
    if (p->before == NULL || p->behind == NULL)
        return NULL;
    for (size_t i = 0; p->rows != NULL && i < program_count; i++) {
        struct slice rest = slice_str(program_table[i].names), name;

        p->before[i] = program_cut(program_table[i].before);
        p->behind[i] = program_cut(program_table[i].behind);
        p->rows[i] = pattern_compile(a, f, program_table[i].rows);
        if (p->rows[i] == NULL)
            break;
        while (slice_cut(&rest, ',', &name)) {
            if (map_put(&p->names, name, (uint32_t)i) < 0)
                break;
        }
        if (i + 1 == program_count)
            return p;
    }
    map_done(&p->names);
    return NULL;
}

void programs_done(struct programs *p)
{
    if (p != NULL)
        map_done(&p->names);
}

/* program_count where there is none of that name. */
static uint32_t program_named(const struct programs *p, struct slice name)
{
    uint32_t number;

    return map_get(&p->names, name, &number) ? number : (uint32_t)program_count;
}

/* "/usr/sbin/cron" → "cron", "su(pam_unix)" → "su", "postfix/submission/smtpd" → "postfix/smtpd".
 * As program_named(). */
static uint32_t program_find(const struct programs *p, struct slice name)
{
    uint8_t text[TAG_MAX];
    size_t paren = slice_find_byte(name, '('), slash = name.n;
    uint32_t number = program_named(p, name);

    if (number < program_count)
        return number;
    if (paren != SIZE_MAX && paren > 0)
        return program_find(p, slice_head(name, paren));
    while (slash > 0 && name.p[slash - 1] != '/')
        slash--;
    if (slash == 0 || !slice_starts(name, SLICE("postfix")))
        return program_named(p, slice_from(name, slash));
    if (name.n - slash > sizeof(text) - 8)
        return (uint32_t)program_count;
    memcpy(text, "postfix/", 8);
    memcpy(text + 8, name.p + slash, name.n - slash);
    return program_named(p, slice_of(text, 8 + name.n - slash));
}

/* Beginnings as often as there are any, one ending. */
static struct slice program_without(struct slice s, const struct cuts *before,
                                    const struct cuts *behind)
{
    for (uint32_t i = 0; i < before->count && s.n > 0; i++) {
        if (slice_starts(s, before->parts[i])) {
            s = slice_from(s, before->parts[i].n);
            i = UINT32_MAX; /* from the first again */
        }
    }
    for (uint32_t i = 0; i < behind->count; i++) {
        if (slice_ends(s, behind->parts[i]))
            return slice_head(s, s.n - behind->parts[i].n);
    }
    return s;
}

/* "message repeated 3 times: [ text]" → text, and the count. */
static struct slice program_repeated(struct fields *f, struct slice s)
{
    size_t at = sizeof("message repeated ") - 1, n = at;

    if (!slice_starts(s, SLICE("message repeated ")) || s.p[s.n - 1] != ']')
        return s;
    while (n < s.n && n - at < REPEAT_MAX && ascii_is_digit(s.p[n]))
        n++;
    if (n == at || !slice_starts(slice_from(s, n), SLICE(" times: [ ")))
        return s;
    fields_number(f, NAME_COUNT, slice_of(s.p + at, n - at));
    n += sizeof(" times: [ ") - 1;
    return slice_of(s.p + n, s.n - n - 1);
}

bool program_read(const struct programs *p, struct fields *f, struct slice program,
                  struct slice message, const struct decode_context *context)
{
    const struct program *row;
    uint32_t number;

    message = slice_trim(program_repeated(f, message));
    if (pam_read(f, program, message))
        return true;
    number = program_find(p, program);
    if (number >= program_count)
        return false;
    row = &program_table[number];
    message = program_without(message, &p->before[number], &p->behind[number]);
    if (row->prepare != NULL)
        message = row->prepare(f, message);
    if (row->parse != NULL && row->parse(f, message, context))
        return true;
    if (!pattern_match(p->rows[number], f, message))
        return false;
    mail_write_domain(f);
    return true;
}
