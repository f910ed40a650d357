/* SPDX-License-Identifier: Apache-2.0 */
/* A collection of rules that is handed in: there as a whole, or the folder is as it was. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "err_words.h"
#include "node/desk/admin.h"
#include "office/bundle_wire.h"
#include "tap.h"

enum { FILES = 20 };

static char folder[] = "/tmp/canh-test-rules-XXXXXX";
static struct place place;
static struct config config;
static struct bundle_file files[2 * FILES];
static char names[2 * FILES][40], texts[2 * FILES][40];

static bool is_there(const char *name)
{
    struct buf path = BUF_INIT(400);
    struct stat st;
    bool there;

    buf_printf(&path, "%s/rules/%s", folder, name);
    there = lstat(buf_cstr(&path), &st) == 0;
    buf_done(&path);
    return there;
}

static uint64_t rules_in(const char *name)
{
    struct buf path = BUF_INIT(400);
    uint64_t n;

    buf_printf(&path, "%s/rules/%s", folder, name);
    n = admin_count_rules(buf_cstr(&path));
    buf_done(&path);
    return n;
}

static bool says(const char *name, const char *text)
{
    struct buf path = BUF_INIT(400), got = BUF_INIT(1000);
    bool same;

    buf_printf(&path, "%s/rules/mine/%s", folder, name);
    same = file_read(buf_cstr(&path), &got, NULL) == 0 && slice_is(buf_slice(&got), text);
    buf_done(&path);
    buf_done(&got);
    return same;
}

/* So many files, each `times`. */
static struct bundle bundle_of(unsigned count, unsigned times, const char *text)
{
    struct bundle b = {.files = files, .count = count * times};

    for (unsigned i = 0; i < b.count; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "r%u.yml", i % count);
        (void)snprintf(texts[i], sizeof(texts[i]), "%s %u", text, i % count);
        files[i] = (struct bundle_file){slice_str(names[i]), slice_str(texts[i])};
    }
    b.counts = (struct bundle_counts){.rules = b.count, .loaded = b.count};
    return b;
}

static int put(const struct bundle *b, bool fewer)
{
    const struct admin_ctx c = {.place = &place, .config = &config, .status_fd = -1};
    const struct admin_rules x = {b, SLICE("mine"), fewer};
    struct err err = ERR_INIT;
    int r = admin_rules_put(&c, &x, &err);

    if (r < 0)
        tap_note("%s", err_words(&err));
    return r;
}

static void is_as_it_was(const char *after)
{
    ok(rules_in("mine") == FILES && says("r0.yml", "old 0") && says("r19.yml", "old 19"),
       "%s the collection is as it was", after);
    ok(!is_there(".new-mine"), "%s nothing of the try is left", after);
    is_int((int64_t)rules_in(""), FILES, "%s nothing else is there", after);
}

static void test_refused(void)
{
    struct bundle b = bundle_of(FILES, 1, "new");

    b.counts.loaded = 0;
    is_int(put(&b, false), -CE_MISSING, "no rule that can be used");
    is_as_it_was("then");
    b = bundle_of(FILES / 2, 1, "new");
    is_int(put(&b, false), -CE_CONFLICT, "half of them");
    is_as_it_was("then");
    b = bundle_of(FILES / 2, 2, "new");
    is_int(put(&b, false), -CE_CONFLICT, "half of them, each twice");
    is_as_it_was("then");
}

/* A file where a folder is to be. */
static void test_broken(void)
{
    struct bundle b = bundle_of(FILES, 1, "new");

    files[FILES - 1].name = SLICE("r0.yml/r19.yml");
    ok(put(&b, false) < 0, "one that cannot be written");
    is_as_it_was("half-way");
}

static void test_taken(void)
{
    struct bundle b = bundle_of(FILES, 1, "again");
    struct buf left = BUF_INIT(400);

    buf_printf(&left, "%s/rules/.new-mine/left.yml", folder);
    ok(file_create(buf_cstr(&left), SLICE("x"), 0644, NULL) == 0, "a try that was cut off");
    buf_done(&left);
    is_int(put(&b, false), 0, "as many are taken");
    ok(says("r19.yml", "again 19") && !is_there(".new-mine"), "as a whole");
    b = bundle_of(FILES / 2, 1, "few");
    is_int(put(&b, true), 0, "half of them, where that is meant");
    is_int((int64_t)rules_in("mine"), FILES / 2, "and the others are gone");
}

int main(void)
{
    struct buf rules = BUF_INIT(200);
    struct bundle b;

    ok(mkdtemp(folder) != NULL, "a folder");
    buf_printf(&rules, "%s/rules", folder);
    (void)snprintf(place.dir, sizeof(place.dir), "%s", folder);
    config.rules = buf_slice(&rules);
    b = bundle_of(FILES, 1, "old");
    is_int(put(&b, false), 0, "the first collection");
    is_int((int64_t)rules_in("mine"), FILES, "is there");
    test_refused();
    test_broken();
    test_taken();
    ok(file_remove_tree(folder, NULL) == 0, "gone");
    buf_done(&rules);
    return tap_done();
}
