/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept is found again; a cache that is damaged, or that others can write, is none. */
#include "detect/rule_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char base[] = "/tmp/canh-cache-XXXXXX";
static char folder[64], file[80], set_file[80];
static const uint8_t a[YAML_NAME_BYTES] = "a", b[YAML_NAME_BYTES] = "b";

static bool has(const uint8_t *name, const char *want)
{
    struct rule_cache *c = rule_cache_open(folder);
    const struct yaml_keeper *keeper = rule_cache_keeper(c);
    struct slice found = keeper ? keeper->find(keeper->ctx, name) : SLICE_NULL;
    bool same = found.p != NULL && slice_is(found, want);

    (void)rule_cache_close(c);
    return same;
}

static void keep(const uint8_t *name, const char *text)
{
    struct rule_cache *c = rule_cache_open(folder);
    const struct yaml_keeper *keeper = rule_cache_keeper(c);

    if (keeper)
        keeper->keep(keeper->ctx, name, slice_str(text));
    (void)rule_cache_close(c);
}

static void test_kept(void)
{
    struct stat st = {0};

    ok(!has(a, "x"), "nothing is found in a folder that is not there");
    keep(a, "one");
    ok(has(a, "one") && !has(b, "one"), "what was kept is found under its name");
    keep(b, "two");
    ok(has(a, "one") && has(b, "two"), "and stays when more is kept");
    ok(stat(folder, &st) == 0 && (st.st_mode & 0777) == 0700, "the folder is closed to others");
    ok(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600, "the file, too");
}

static void change_byte(long at)
{
    FILE *f = fopen(file, "r+b");
    int was;

    ok(f != NULL, "the file opens");
    if (f == NULL)
        return;
    (void)fseek(f, at, SEEK_SET);
    was = fgetc(f);
    (void)fseek(f, at, SEEK_SET);
    (void)fputc(was ^ 1, f);
    (void)fclose(f);
}

static void test_damage(void)
{
    struct stat st = {0};

    is_int(stat(file, &st), 0, "the file is there");
    change_byte(st.st_size - 1);
    ok(!has(a, "one"), "with one bit changed nothing is believed");
    change_byte(st.st_size - 1);
    change_byte(9);
    ok(!has(a, "one"), "nor in another form");
    change_byte(9);
    ok(has(a, "one"), "else it is");
    is_int(truncate(file, st.st_size / 2), 0, "cut off");
    ok(!has(a, "one"), "it is not");
    keep(a, "three");
    ok(has(a, "three") && !has(b, "two"), "and is written anew");
}

static void test_others(void)
{
    is_int(chmod(file, 0620), 0, "a file that others can write");
    ok(!has(a, "three"), "is not read");
    is_int(chmod(file, 0600), 0, "closed again");
    ok(has(a, "three"), "it is");
    is_int(chmod(folder, 0770), 0, "nor a folder");
    ok(!has(a, "three"), "that others can write");
    keep(b, "four");
    is_int(chmod(folder, 0700), 0, "closed again");
    ok(has(a, "three") && !has(b, "four"), "nor was anything written there");
}

static bool has_set(const uint8_t *name, const char *want)
{
    struct buf bytes = BUF_INIT(4096);
    struct slice found;
    bool same = rule_cache_find_set(folder, name, &bytes, &found) && slice_is(found, want);

    buf_done(&bytes);
    return same;
}

/* Two sets whose names share a file: the later one is kept. */
static void test_sets(void)
{
    static const uint8_t set[YAML_NAME_BYTES] = {1, 2}, other[YAML_NAME_BYTES] = {1 + RULE_SETS};

    ok(!has_set(set, "rules"), "a set that was not kept is not found");
    rule_cache_keep_set(folder, set, SLICE("rules"));
    ok(has_set(set, "rules"), "one that was kept is");
    ok(!has_set(other, "rules"), "by no other name");
    is_int(chmod(set_file, 0640), 0, "nor where others can read it");
    ok(!has_set(set, "rules"), "it is not");
    is_int(chmod(set_file, 0600), 0, "closed again");
    is_int(truncate(set_file, 60), 0, "cut off");
    ok(!has_set(set, "rules"), "it is not, either");
    rule_cache_keep_set(folder, set, SLICE("rules"));
    rule_cache_keep_set(folder, other, SLICE("more"));
    ok(!has_set(set, "rules") && has_set(other, "more"), "one file holds one set");
}

int main(void)
{
    if (mkdtemp(base) == NULL)
        return 1;
    (void)snprintf(folder, sizeof(folder), "%s/canh", base);
    (void)snprintf(file, sizeof(file), "%s/rules", folder);
    (void)snprintf(set_file, sizeof(set_file), "%s/set-1", folder);
    test_kept();
    test_damage();
    test_others();
    test_sets();
    (void)unlink(file);
    (void)unlink(set_file);
    (void)rmdir(folder);
    (void)rmdir(base);
    return tap_done();
}
