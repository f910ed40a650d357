/* SPDX-License-Identifier: Apache-2.0 */
/* A set of rules is found again as long as nothing that it hangs on has changed. */
#include "detect/rule_set.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "tap.h"

enum { FILES = RULE_SET_FILES_MIN + 6 };

static char base[] = "/tmp/canh-set-XXXXXX";
static char folder[80], cache[80];
static const char *const operands[] = {folder};

static void write_rule(unsigned number, const char *title)
{
    struct buf rule = BUF_INIT(4096);
    struct err err = ERR_INIT;
    char path[120];

    (void)snprintf(path, sizeof(path), "%s/%03u.yml", folder, number);
    buf_printf(&rule,
               "title: %s %03u\nlogsource: {product: windows, service: security}\n"
               "detection: {a: {LogonType: %u}, condition: a}\n",
               title, number, number);
    if (file_create(path, buf_slice(&rule), 0600, &err) < 0)
        exit(1);
    buf_done(&rule);
}

static struct generation_options options_of(void)
{
    return (struct generation_options){.rules = {operands, 1},
                                       .cache = cache,
                                       .brief = true,
                                       .no_jit = true};
}

/* Looked at when all files have long been as they are. */
static int64_t later(void)
{
    return time_now() + 2 * RULE_SET_SETTLED;
}

/* Whether a set is kept, and the first rule of it is called so (NULL: any name). */
static bool is_kept(const struct generation_options *options, const char *title)
{
    const struct ruleset_options none = {0};
    struct ruleset *rs = ruleset_new(&none);
    struct rule_set set;
    bool kept;

    rule_set_open(&set, options, later());
    kept = rs != NULL && rule_set_use(&set, rs) &&
           (title == NULL || slice_is(ruleset_rule(rs, 0)->title, title));
    kept = kept && set.files == FILES && set.others == 0;
    rule_set_done(&set);
    (void)ruleset_free(rs);
    return kept;
}

/* What the first run of a program with these options does. */
static void keep(const struct generation_options *options, int64_t now)
{
    struct generation_options read = *options;
    struct generation *g = NULL;
    struct rule_set set;
    struct err err = ERR_INIT;

    rule_set_open(&set, options, now);
    read.cache = NULL;
    if (generation_load(&read, &g, &err) < 0)
        exit(1);
    rule_set_keep(&set, g);
    rule_set_done(&set);
    (void)generation_unref(g);
}

static void test_kept(void)
{
    struct generation_options options = options_of();

    keep(&options, time_now());
    ok(!is_kept(&options, NULL), "files that changed a moment ago are not kept");
    keep(&options, later());
    ok(is_kept(&options, "Rule 000"), "others are");
    options.min_level = LEVEL_HIGH;
    ok(!is_kept(&options, NULL), "not for other levels");
    options = options_of();
    options.min_status = STATUS_STABLE;
    ok(!is_kept(&options, NULL), "nor for other statuses");
    options = options_of();
    options.sigma_2_2 = true;
    ok(!is_kept(&options, NULL), "nor for another specification");
    options = options_of();
    options.brief = false;
    ok(!is_kept(&options, NULL), "nor for who wants to know more");
    options = options_of();
    options.mappings = options.rules;
    ok(!is_kept(&options, NULL), "nor with other mappings");
    options = options_of();
    options.placeholders = cache;
    ok(!is_kept(&options, NULL), "nor with placeholders from what is no file");
    ok(is_kept(&(struct generation_options){.rules = {operands, 1}, .cache = cache, .brief = true},
               NULL),
       "how regexes run is all the same");
}

/* Behind the tick of the clock that files' times are of. */
static void wait_tick(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
}

/* The same size and time of writing: only the time of change tells. */
static void test_changed(void)
{
    const struct generation_options options = options_of();
    struct stat st = {0};
    char path[120];

    (void)snprintf(path, sizeof(path), "%s/000.yml", folder);
    is_int(stat(path, &st), 0, "the first rule");
    wait_tick();
    write_rule(0, "Rile");
    is_int(utimensat(AT_FDCWD, path, (struct timespec[2]){st.st_atim, st.st_mtim}, 0), 0,
           "is written anew, and its time put back");
    ok(!is_kept(&options, NULL), "that is noticed");
    keep(&options, later());
    ok(is_kept(&options, "Rile 000"), "what is kept then is the new one");
}

static void test_files(void)
{
    const struct generation_options options = options_of();
    static const char *const two[] = {folder, "/nowhere/at/all"};
    struct generation_options more = options;
    char path[120];

    write_rule(FILES, "Rule");
    ok(!is_kept(&options, NULL), "with a file more it is another set");
    (void)snprintf(path, sizeof(path), "%s/%03u.yml", folder, (unsigned)FILES);
    (void)unlink(path);
    ok(is_kept(&options, NULL), "without it the one that was kept");
    more.rules = (struct paths){two, 2};
    ok(!is_kept(&more, NULL), "a path that is not there is left to who reads it");
    (void)snprintf(path, sizeof(path), "%s/001.yml", folder);
    (void)unlink(path);
    ok(!is_kept(&options, NULL), "with a file less it is another set");
    write_rule(1, "Rule");
}

/* Where nothing can be kept, no name is made, either. */
static void test_no_folder(void)
{
    struct generation_options options = options_of();
    struct rule_set set;

    rule_set_open(&set, &options, later());
    ok(set.folder != NULL, "a set that can be kept");
    rule_set_done(&set);
    options.cache = "/dev/null/canh";
    rule_set_open(&set, &options, later());
    ok(set.folder == NULL && set.packed.p == NULL, "not where there can be no folder");
    rule_set_done(&set);
    is_int(chmod(cache, 0750), 0, "a folder that others can read");
    options = options_of();
    rule_set_open(&set, &options, later());
    ok(set.folder == NULL && set.packed.p == NULL, "nor there");
    rule_set_done(&set);
    is_int(chmod(cache, 0700), 0, "closed again");
}

/* What cannot be packed, or was not read as a whole, is not kept. */
static void test_problem(void)
{
    const struct generation_options options = options_of();
    struct generation *g = NULL;
    struct rule_set set;
    struct err err = ERR_INIT;

    ok(!is_kept(&options, NULL), "a set that is not kept");
    rule_set_open(&set, &options, later());
    if (generation_load(&options, &g, &err) < 0)
        exit(1);
    g->problems = 1;
    rule_set_keep(&set, g);
    ok(!is_kept(&options, NULL), "is not kept when something could not be read");
    g->problems = 0;
    rule_set_keep(&set, g);
    ok(is_kept(&options, NULL), "and else it is");
    rule_set_done(&set);
    (void)generation_unref(g);
}

int main(void)
{
    struct err err = ERR_INIT;

    if (mkdtemp(base) == NULL)
        return 1;
    (void)snprintf(folder, sizeof(folder), "%s/rules", base);
    (void)snprintf(cache, sizeof(cache), "%s/canh", base);
    if (file_mkdirs(folder, 0700, &err) < 0)
        return 1;
    for (unsigned i = 0; i < FILES; i++)
        write_rule(i, "Rule");
    test_kept();
    test_changed();
    test_files();
    test_problem();
    test_no_folder();
    (void)file_remove_tree(base, &err);
    return tap_done();
}
