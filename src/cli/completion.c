/* SPDX-License-Identifier: Apache-2.0 */
/* Completion for shells, from the same tables as the parser. */
#include "cli/app.h"
#include "cli/help.h"
#include "lang/msg_cli.h"

static const char head[] =
    "# bash completion for canh; made by `canh completion bash`\n"
    "_canh() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path=canh words i\n"
    "    COMPREPLY=()\n"
    "    # --option=value arrives as three words\n"
    "    if [[ $cur == '=' ]]; then\n"
    "        cur=\n"
    "    elif [[ $prev == '=' ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case \"$path ${COMP_WORDS[i]}\" in\n";

static const char tail[] = "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                           "}\n"
                           "complete -o bashdefault -o default -F _canh canh\n";

/* One verb on the way through the tree. */
struct place {
    struct buf *out;
    char path[160]; /* "canh rules check" */
    const struct verb *verb;
};

static void completion_walk(struct buf *out, const char *above, const struct verb *v,
                            void (*fn)(const struct place *place))
{
    struct place place = {.out = out, .verb = v};

    (void)snprintf(place.path, sizeof(place.path), "%s%s%s", above, above[0] ? " " : "", v->name);
    fn(&place);
    for (size_t i = 0; v->subs && v->subs[i]; i++)
        completion_walk(out, place.path, v->subs[i], fn);
}

static void write_path(const struct place *place)
{
    if (strchr(place->path, ' '))
        buf_printf(place->out, "        '%s') path='%s' ;;\n", place->path, place->path);
}

/* What to offer where files are not meant. */
static void write_nothing_else(struct buf *out)
{
    buf_puts(out, "compopt +o default +o bashdefault 2> /dev/null");
}

static void append_value(const struct place *place, const struct option_spec *o)
{
    if (o->kind == OPTION_KIND_FLAG)
        return;
    buf_printf(place->out, "    '%s --%s'", place->path, o->name);
    if (o->letter)
        buf_printf(place->out, " | '%s -%c'", place->path, o->letter);
    buf_puts(place->out, ") ");
    if (o->complete == COMPLETE_FOLDER)
        buf_puts(place->out, "compopt +o default -o dirnames 2> /dev/null; return ;;\n");
    if (o->complete == COMPLETE_FILE)
        buf_puts(place->out, "return ;;\n");
    if (o->complete != COMPLETE_NONE)
        return;
    write_nothing_else(place->out);
    if (o->choices == NULL) {
        buf_puts(place->out, "; return ;;\n");
        return;
    }
    buf_puts(place->out, "; words='");
    for (size_t i = 0; o->choices[i]; i++)
        buf_printf(place->out, "%s%s", i ? " " : "", o->choices[i]);
    buf_puts(place->out, "' ;;\n");
}

static void write_values(const struct place *place)
{
    for (size_t i = 0; i < place->verb->option_count; i++)
        append_value(place, &place->verb->options[i]);
    for (size_t i = 0; i < common_option_count; i++)
        append_value(place, &common_options[i]);
}

static void write_words(const struct place *place)
{
    const struct verb *v = place->verb;
    bool top = strchr(place->path, ' ') == NULL;

    buf_printf(place->out, "        '%s')\n            words='", place->path);
    for (size_t i = 0; v->subs && v->subs[i]; i++)
        buf_printf(place->out, "%s ", v->subs[i]->name);
    for (size_t i = 0; v->operand_words && v->operand_words[i]; i++)
        buf_printf(place->out, "%s ", v->operand_words[i]);
    for (size_t i = 0; i < v->option_count; i++)
        buf_printf(place->out, "--%s ", v->options[i].name);
    for (size_t i = 0; i < common_option_count; i++) {
        if (top || !common_option_is_top(&common_options[i]))
            buf_printf(place->out, "--%s ", common_options[i].name);
    }
    buf_puts(place->out, "'\n            ");
    if (v->complete == COMPLETE_NONE) {
        write_nothing_else(place->out);
    } else {
        if (v->complete == COMPLETE_FOLDER)
            buf_puts(place->out, "compopt +o default -o dirnames 2> /dev/null; ");
        buf_puts(place->out, "[[ $cur == -* ]] || return");
    }
    buf_puts(place->out, " ;;\n");
}

void completion_bash(struct buf *out, const struct verb *root)
{
    buf_puts(out, head);
    completion_walk(out, "", root, write_path);
    buf_puts(out, "        esac\n    done\n    case \"$path $prev\" in\n");
    completion_walk(out, "", root, write_values);
    buf_puts(out, "    *)\n        case $path in\n");
    completion_walk(out, "", root, write_words);
    buf_puts(out, "        esac\n        ;;\n    esac\n");
    buf_puts(out, tail);
}

static const char *const shells[] = {"bash", NULL};

static int completion_run(struct app *app, const void *options, const struct operands *operands)
{
    (void)options;
    (void)operands;
    completion_bash(&app->out.buf, app->root);
    return EXIT_FINE;
}

const struct verb verb_completion = {
    .name = "completion",
    .summary = MSG_CLI_COMPLETION_SUMMARY,
    .about = MSG_CLI_COMPLETION_ABOUT,
    .operands = "bash",
    .min_operands = 1,
    .max_operands = 1,
    .operand_words = shells,
    .run = completion_run,
};
