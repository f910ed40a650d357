/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over every file of its corpus folder, once each. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/support/err_words.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 64 * 1024 * 1024 };

static int replay_file(const char *path)
{
    struct buf content = BUF_INIT(INPUT_MAX);
    struct err err = ERR_INIT;
    uint8_t *exact;

    if (file_read(path, &content, &err) < 0) {
        printf("not ok 1 - %s\n1..1\n", err_words(&err));
        return -1;
    }
    /* a heap block of exactly this size, so that the sanitizer sees the first byte beyond */
    exact = malloc(content.len ? content.len : 1);
    if (exact == NULL)
        abort();
    if (content.len)
        memcpy(exact, content.p, content.len);
    (void)LLVMFuzzerTestOneInput(exact, content.len);
    free(exact);
    buf_done(&content);
    return 0;
}

int main(int argc, char **argv)
{
    struct dirent **names;
    int n = argc == 2 ? scandir(argv[1], &names, NULL, alphasort) : -1, count = 0;

    if (n < 0) {
        printf("not ok 1 - no corpus folder\n1..1\n");
        return EXIT_FAILURE;
    }
    for (int i = 0; i < n; i++) {
        char path[4096];

        (void)snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
        if (names[i]->d_name[0] != '.') {
            if (replay_file(path) < 0)
                return EXIT_FAILURE;
            count++;
        }
        free(names[i]);
    }
    free(names);
    printf("%sok 1 - %d inputs replayed\n1..1\n", count > 0 ? "" : "not ", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
