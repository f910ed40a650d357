/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/rendered.h"

#include "base/num.h"

enum { LABEL_MAX = 64 };

const struct rendered_provider *rendered_provider(struct slice name)
{
    for (const struct rendered_provider *p = rendered_providers; p->name != NULL; p++) {
        if (slice_is(name, p->name) || (p->display != NULL && slice_is(name, p->display)))
            return p;
    }
    return NULL;
}

static bool is_word(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if ((uint8_t)((c | 0x20) - 'a') >= 26 && (uint8_t)(c - '0') >= 10)
            return false;
    }
    return s.n > 0;
}

static bool has_id(const char *ids, uint32_t id)
{
    struct slice rest = ids ? slice_str(ids) : SLICE_NULL, part;
    uint64_t number;

    while (slice_cut(&rest, ',', &part)) {
        if (num_u64(part, &number) == 0 && number == id)
            return true;
    }
    return ids == NULL;
}

struct rendered_reader {
    struct fields *f;
    const struct rendered_provider *provider;
    uint32_t id;
    struct slice section;     /* the heading above */
    struct slice name, value; /* being read; no name: nothing is */
    bool found;
};

/* The name of the data behind a label; SLICE_NULL: it is no label. */
static struct slice name_of(const struct rendered_reader *r, struct slice label)
{
    const struct rendered_provider *p = r->provider;

    for (size_t i = 0; i < p->count; i++) {
        const struct rendered_row *row = &p->rows[i];

        if (slice_is(label, row->label) && has_id(row->ids, r->id) &&
            (row->section == NULL || slice_ends(r->section, slice_str(row->section))))
            return slice_str(row->name);
    }
    return p->labels_are_names && is_word(label) ? label : SLICE_NULL;
}

/* Label and value of a line; false when it has none. (`C:\\…` goes on with what stands above.) */
static bool split_label(struct slice line, struct slice *ret_label, struct slice *ret_value)
{
    size_t colon = slice_find_byte(slice_head(line, LABEL_MAX), ':');

    if (colon == SIZE_MAX || colon == 0 ||
        (colon + 1 < line.n && slice_find_byte(SLICE(" \t\r"), line.p[colon + 1]) == SIZE_MAX))
        return false;
    *ret_label = slice_trim(slice_head(line, colon));
    *ret_value = slice_trim(slice_from(line, colon + 1));
    return ret_label->n > 0;
}

static void end_value(struct rendered_reader *r)
{
    if (r->name.n > 0) {
        fields_data(r->f, r->name, slice_trim(r->value));
        r->found = true;
    }
    r->name = SLICE_NULL;
}

static bool is_indented(struct slice line)
{
    return line.n > 0 && (line.p[0] == '\t' || line.p[0] == ' ');
}

/* Sentences behind the data, which a message in one line goes on with. */
static bool begins_note(struct slice line)
{
    return slice_starts(line, SLICE("Token Elevation Type indicates ")) ||
           slice_starts(line, SLICE("This event is generated "));
}

static void read_line(struct rendered_reader *r, struct slice line)
{
    struct slice label, value, name, trimmed = slice_trim(line);

    if (trimmed.n == 0 || begins_note(trimmed)) {
        end_value(r);
        return;
    }
    if (!split_label(line, &label, &value)) {
        /* goes on with what stands above */
        if (r->name.n > 0)
            r->value.n = (size_t)(trimmed.p + trimmed.n - r->value.p);
        return;
    }
    name = name_of(r, label);
    if (name.n == 0 && value.n == 0 && !is_indented(line)) {
        end_value(r);
        r->section = label;
    } else if (name.n > 0) {
        end_value(r);
        r->name = name;
        r->value = value;
    } else if (r->name.n > 0) {
        r->value.n = (size_t)(trimmed.p + trimmed.n - r->value.p);
    }
}

/* What stands before a mark, from which the rest follows; all of s where there is none. */
static struct slice cut_at(struct slice *s, struct slice mark)
{
    size_t at = slice_find(*s, mark);
    struct slice head = slice_head(*s, at);

    *s = at == SIZE_MAX ? SLICE_NULL : slice_from(*s, at + mark.n);
    return head;
}

/* `Creating Scriptblock text (2 of 3):` and the script; bytes taken, 0 when it is something else.
 */
static size_t read_script(struct fields *f, struct slice message)
{
    struct slice start = SLICE("Creating Scriptblock text ("), end = SLICE("ScriptBlock ID:"), rest;
    struct slice number, total;
    size_t at = SIZE_MAX;

    if (!slice_starts(message, start))
        return 0;
    rest = slice_from(message, start.n);
    number = cut_at(&rest, SLICE(" of "));
    total = cut_at(&rest, SLICE("):"));
    for (size_t n; (n = slice_find(slice_from(rest, at + 1), end)) != SIZE_MAX;)
        at = at + 1 + n; /* the last: the script may hold the same words */
    if (at == SIZE_MAX)
        at = rest.n;
    fields_data(f, SLICE("MessageNumber"), number);
    fields_data(f, SLICE("MessageTotal"), total);
    fields_data(f, SLICE("ScriptBlockText"), slice_trim(slice_head(rest, at)));
    return (size_t)(rest.p - message.p) + at;
}

/* Payload, `Context:` and what follows it, `User Data:`. */
static bool read_pipeline(struct fields *f, struct slice message)
{
    struct slice rest = message, payload = cut_at(&rest, SLICE("Context:"));
    struct slice context = cut_at(&rest, SLICE("User Data:"));

    if (context.n == 0)
        return false;
    fields_data(f, SLICE("Payload"), slice_trim(payload));
    fields_data(f, SLICE("ContextInfo"), slice_trim(context));
    return true;
}

/* Agents that send lines write tabs and line breaks as two blanks or more. */
static bool is_flat(struct slice message)
{
    return slice_find_byte(message, '\n') == SIZE_MAX &&
           slice_find(message, SLICE(":  ")) != SIZE_MAX;
}

/* The next line of a message; of a flat one what stands between such blanks. */
static bool next_line(struct slice *rest, bool flat, struct slice *ret)
{
    if (!flat)
        return slice_cut(rest, '\n', ret);
    *rest = slice_trim(*rest);
    *ret = cut_at(rest, SLICE("  "));
    return ret->n > 0;
}

bool rendered_parse(struct fields *f, const struct rendered_provider *provider, uint32_t id,
                    struct slice message)
{
    struct rendered_reader r = {.f = f, .provider = provider, .id = id};
    struct slice line;
    bool flat, powershell = slice_is(slice_str(provider->name), "Microsoft-Windows-PowerShell");
    size_t taken = powershell && id == 4104 ? read_script(f, message) : 0;

    if (powershell && id == 4103)
        return read_pipeline(f, message);
    r.found = taken > 0;
    message = slice_from(message, taken);
    flat = is_flat(message);
    while (next_line(&message, flat, &line))
        read_line(&r, line);
    end_value(&r);
    return r.found;
}
