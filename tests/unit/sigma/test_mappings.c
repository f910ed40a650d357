/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped mappings against SigmaHQ's rules: who reaches what, and what nobody reaches. */
#define _GNU_SOURCE /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "sigma/pipeline.h"
#include "tap.h"

enum { MAPPINGS_MAX = 20, UNREACHED_MAX = 100 };

static struct pipeline *mappings[MAPPINGS_MAX];
static uint32_t mapping_count, claims[MAPPINGS_MAX];
static struct arena arena;
static uint32_t windows_rules, unreached, bad_files, refusals;
static char unreached_titles[UNREACHED_MAX][160];

static bool ends_with(const char *path, const char *end)
{
    return slice_ends(slice_str(path), slice_str(end));
}

static int load_mapping(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    struct buf text = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;

    (void)st;
    if (type != FTW_F || !ends_with(path, ".yml") || mapping_count == MAPPINGS_MAX)
        return 0;
    if (file_read(path, &text, &err) < 0 ||
        pipeline_parse(buf_slice(&text), path + ftw->base, &mappings[mapping_count], &err) < 0)
        ok(false, "%s:%u:%u: %s", path, err.line, err.col, err.msg);
    else
        mapping_count++;
    buf_done(&text);
    return 0;
}

static void map_rule(const struct sigma_rule *rule)
{
    bool windows = slice_is(rule->logsource.product, "windows");
    bool reached = false;

    windows_rules += windows;
    for (uint32_t i = 0; i < mapping_count; i++) {
        struct rule_variant v;
        struct err err = ERR_INIT;
        int r = pipeline_apply(mappings[i], rule, &arena, &v, &err);

        if (r < 0) {
            refusals++;
            tap_note(SLICE_FMT ": %s", SLICE_ARG(rule->path), err.msg);
        }
        claims[i] += r > 0;
        reached = reached || r > 0;
    }
    if (!windows || reached)
        return;
    if (unreached < UNREACHED_MAX)
        (void)snprintf(unreached_titles[unreached], sizeof(unreached_titles[0]),
                       SLICE_FMT "/" SLICE_FMT ": " SLICE_FMT, SLICE_ARG(rule->logsource.category),
                       SLICE_ARG(rule->logsource.service), SLICE_ARG(rule->title));
    unreached++;
}

static int map_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    static const struct slice any = {(const uint8_t *)"*", 1};
    static struct placeholder none;
    struct rule_options options = {&none, 0};
    struct buf text = BUF_INIT(1 << 22);
    struct rule_file file;
    struct err err = ERR_INIT;

    (void)st, (void)ftw, (void)any;
    if (type != FTW_F || !ends_with(path, ".yml"))
        return 0;
    if (file_read(path, &text, &err) < 0 ||
        rule_read(&arena, slice_str(path), buf_slice(&text), &options, &file) < 0)
        bad_files++;
    else
        for (uint32_t i = 0; i < file.rule_count; i++)
            map_rule(file.rules[i]);
    buf_done(&text);
    return 0;
}

static void test_corpus(void)
{
    char path[4096];

    if (tap_data_dir() == NULL) {
        tap_skip("SigmaHQ's rules are not here");
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/sigma-rules", tap_data_dir());
    ok(nftw(path, map_file, 20, FTW_PHYS) == 0, "the rules are walked");
    tap_note("%u rules for Windows, %u unreached, %u refusals", windows_rules, unreached, refusals);
    for (uint32_t i = 0; i < mapping_count; i++)
        tap_note(SLICE_FMT ": %u rules", SLICE_ARG(pipeline_name(mappings[i])), claims[i]);
    for (uint32_t i = 0; i < CANH_MIN(unreached, (uint32_t)UNREACHED_MAX); i++)
        tap_note("unreached %s", unreached_titles[i]);
    is_int(bad_files, 0, "every file is read");
}

int main(void)
{
    char path[4096];

    arena = ARENA_INIT((size_t)1 << 30);
    (void)snprintf(path, sizeof(path), "%s/mappings", tap_source_dir());
    ok(nftw(path, load_mapping, 20, FTW_PHYS) == 0 && mapping_count >= 6, "mappings are loaded");
    test_corpus();
    for (uint32_t i = 0; i < mapping_count; i++)
        (void)pipeline_free(mappings[i]);
    arena_done(&arena);
    return tap_done();
}
