/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SOURCE_CONFIG_H
#define CANH_CLI_SOURCE_CONFIG_H
/*
 * What a new source's sender needs: its key, and a configuration to paste. The texts are
 * shippers/KIND.conf, with ${names} for what differs.
 */
#include "cli/app.h"
#include "control/act.h"

struct source_print {
    struct app *app;
    const char *dir; /* --dir */
    bool json, back; /* back: what is there already is read */
};

/* For struct node_act.row; u is a struct source_print. */
int source_print_added(void *u, const struct control_act *act, const struct slice *cells, size_t n);

#endif
