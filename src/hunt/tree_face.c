/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/tree_face.h"

#include "base/json_write.h"
#include "base/time.h"
#include "base/width.h"
#include "lang/level.h"
#include "lang/msg_hunt.h"

enum { WIDTH = 100, COMMAND_SHOWN = 400, DEPTH_SHOWN = 40 };

/* What stands behind the last \ or /. */
static struct slice base_name(struct slice path)
{
    size_t at = path.n;

    while (at > 0 && path.p[at - 1] != '\\' && path.p[at - 1] != '/')
        at--;
    return slice_from(path, at);
}

/* The lines that lead down to a node; `own`: the corner before it, else only what goes on below. */
static void write_lines(struct face_job *j, const struct tree_shown *tree, uint32_t at, bool own)
{
    uint32_t above[DEPTH_SHOWN], n = 0;

    for (uint32_t i = at; tree->nodes[i].depth > 0 && n < DEPTH_SHOWN; i = tree->nodes[i].parent)
        above[n++] = i;
    while (n-- > 0) {
        bool last = tree->nodes[above[n]].last;

        if (n == 0 && own)
            buf_puts(j->out, last ? "└─ " : "├─ ");
        else
            buf_puts(j->out, last ? "   " : "│  ");
    }
}

static unsigned room_for(const struct face_job *j, const struct tree_node *n)
{
    unsigned width = j->columns ? j->columns : WIDTH,
             used = 3 * CANH_MIN(n->depth, (uint32_t)DEPTH_SHOWN);

    return width > used + 20 ? width - used : 20;
}

/* j->text, cut to what is left of the line. */
static void write_cut(struct face_job *j, const struct tree_node *n)
{
    text_write_fit(j->out, buf_slice(&j->text), room_for(j, n), 0);
    buf_putc(j->out, '\n');
}

static void write_name(struct face_job *j, const struct tree_node *n)
{
    struct hit when = {.time = n->time, .local = n->local};

    buf_clear(&j->text);
    if (n->unseen) {
        text_write_safe(&j->text, base_name(n->process));
        buf_puts(&j->text, " ");
        buf_puts(&j->text, lang_text(j->lang, MSG_HUNT_UNSEEN));
    } else {
        face_write_time(j, &when, 0, &j->text);
        buf_puts(&j->text, "  ");
        text_write_safe(&j->text, base_name(n->process.n ? n->process : n->command));
    }
    if (n->pid.n) {
        buf_puts(&j->text, " [");
        text_write_safe(&j->text, n->pid);
        buf_puts(&j->text, "]");
    }
    if (n->user.n) {
        buf_puts(&j->text, "  ");
        text_write_safe(&j->text, n->user);
    }
}

static void write_rules(struct face_job *j, const struct tree_shown *tree, uint32_t at)
{
    const struct tree_node *n = &tree->nodes[at];

    for (uint32_t i = 0; i < n->rule_count; i++) {
        const struct sigma_rule *rule = ruleset_rule(j->rules, n->rules[i]);

        write_lines(j, tree, at, false);
        buf_clear(&j->text);
        buf_puts(&j->text, "! ");
        buf_puts(&j->text, level_capitals(j->lang, (int32_t)rule->level + 1));
        buf_puts(&j->text, " ");
        text_write_safe(&j->text, rule_title(rule, j->lang == LANG_VI));
        buf_puts(j->out, j->colour ? "\x1b[31m" : "");
        text_write_fit(j->out, buf_slice(&j->text), room_for(j, n), 0);
        buf_puts(j->out, j->colour ? "\x1b[0m\n" : "\n");
    }
}

static void append_node(struct face_job *j, const struct tree_shown *tree, uint32_t at)
{
    const struct tree_node *n = &tree->nodes[at];

    write_lines(j, tree, at, true);
    write_name(j, n);
    write_cut(j, n);
    if (n->command.n) {
        write_lines(j, tree, at, false);
        buf_clear(&j->text);
        text_write_safe(&j->text, slice_head(n->command, COMMAND_SHOWN));
        write_cut(j, n);
    }
    write_rules(j, tree, at);
}

void tree_write_text(struct face_job *j, const struct tree_shown *tree)
{
    if (tree->count == 0)
        return;
    buf_puts(j->out, j->colour ? "\x1b[1m" : "");
    buf_clear(&j->text);
    text_write_safe(&j->text, tree->nodes[0].host);
    buf_append_slice(j->out, buf_slice(&j->text));
    buf_puts(j->out, j->colour ? "\x1b[0m\n" : "\n");
    for (uint32_t i = 0; i < tree->count; i++)
        append_node(j, tree, i);
    if (tree->left_out) {
        lang_write(j->out, j->lang, MSG_HUNT_TREE_MORE, tree->left_out);
        buf_putc(j->out, '\n');
    }
    buf_putc(j->out, '\n');
}

static void write_json_rules(struct face_job *j, struct json_write *w, const struct tree_node *n)
{
    json_key(w, "rules");
    json_open(w, '[');
    for (uint32_t i = 0; i < n->rule_count; i++) {
        const struct sigma_rule *rule = ruleset_rule(j->rules, n->rules[i]);

        json_open(w, '{');
        json_optional(w, "id", rule->id);
        json_key(w, "name");
        json_text(w, rule->title);
        json_key(w, "level");
        json_text(w, slice_str(rule_level_to_str(rule->level)));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_json_node(struct face_job *j, const struct tree_shown *tree, uint32_t at,
                            uint64_t number)
{
    const struct tree_node *n = &tree->nodes[at];
    struct json_write w = JSON_WRITE_INIT(j->out);

    json_open(&w, '{');
    json_key(&w, "tree");
    json_u64(&w, number);
    json_key(&w, "node");
    json_u64(&w, at);
    json_key(&w, "parent");
    if (n->depth)
        json_u64(&w, n->parent);
    else
        json_null(&w);
    json_key(&w, "depth");
    json_u64(&w, n->depth);
    json_key(&w, "hit");
    json_bool(&w, n->hit);
    json_key(&w, "unseen");
    json_bool(&w, n->unseen);
    if (n->time != TIME_NONE) {
        buf_clear(&j->text);
        time_format(&j->text, n->time, 9);
        j->text.len -= n->local;
        json_key(&w, n->local ? "time_local" : "@timestamp");
        json_text(&w, buf_slice(&j->text));
    }
    json_optional(&w, "host", n->host);
    json_optional(&w, "process", n->process);
    json_optional(&w, "pid", n->pid);
    json_optional(&w, "command", n->command);
    json_optional(&w, "user", n->user);
    write_json_rules(j, &w, n);
    json_close(&w, '}');
    buf_putc(j->out, '\n');
}

void tree_write_json(struct face_job *j, const struct tree_shown *tree, uint64_t number)
{
    for (uint32_t i = 0; i < tree->count; i++)
        write_json_node(j, tree, i, number);
}
