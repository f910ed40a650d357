/* SPDX-License-Identifier: Apache-2.0 */
/* canh serve: the node runs. This process becomes its parent (canh-parent). */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/node/node.h"
#include "config/config.h"
#include "lang/err_cli.h"
#include "lang/msg_node.h"

struct serve_options {
    const char *user, *dir;
    int64_t port_base;
};

/* Root becomes the node's user for good, with that user's groups (adm, systemd-journal …). */
static int serve_become(struct app *app, const char *user, struct err *err)
{
    const char *name = user ? user : "canh";
    const struct passwd *pw;

    if (geteuid() != 0)
        return 0;
    pw = getpwnam(name);
    if (pw == NULL) {
        app_print(app, MSG_NODE_NO_USER, name, name);
        return err_fail(err, CE_NOT_FOUND, ERR_CLI_NO_USER, name);
    }
    if (pw->pw_uid == 0)
        return 0;
    if (initgroups(name, pw->pw_gid) < 0 || setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) < 0 ||
        setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, name);
    return 0;
}

/* Beside this program, else where it is installed. */
static int find_parent(char path[PATH_MAX], struct err *err)
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 32);
    char *slash;

    if (n <= 0)
        return err_fail_sys(err, errno, ERR_CLI_PROC_SELF_EXE);
    path[n] = 0;
    slash = strrchr(path, '/');
    (void)snprintf(slash ? slash + 1 : path, 32, "canh-parent");
    if (access(path, X_OK) != 0)
        (void)snprintf(path, PATH_MAX, "%s/canh-parent", CANH_LIBEXEC);
    return access(path, X_OK) != 0 ? err_fail_sys(err, errno, ERR_BASE_FILE, path) : 0;
}

static int serve_check(struct app *app, const struct place *p, struct err *err)
{
    const struct passwd *me = getpwuid(geteuid());
    struct config c;

    if (access(p->state, F_OK) != 0 && errno == EACCES)
        return err_fail(err, CE_DENIED, ERR_CLI_NODE_NOT_ENTERED, p->dir, me ? me->pw_name : "?");
    if (access(p->state, F_OK) != 0 && errno != ENOENT)
        return err_fail_sys(err, errno, ERR_BASE_FILE, p->state);
    if (access(p->state, F_OK) != 0) {
        app_print(app, MSG_NODE_NO_NODE, p->dir);
        return err_fail(err, CE_NOT_FOUND, ERR_CLI_NO_NODE_HERE, p->dir);
    }
    if (config_load(&c, p->conf, true, err) < 0)
        return -err->code;
    config_done(&c);
    if (place_is_held(p))
        return err_fail(err, CE_BUSY, ERR_CLI_NODE_RUNS_ALREADY, p->dir);
    return 0;
}

static int run_serve(struct app *app, const void *values, const struct operands *operands)
{
    const struct serve_options *o = values;
    struct err err = ERR_INIT;
    char path[PATH_MAX], base[16];
    struct place p;
    char *argv[] = {path, p.dir, base, NULL};
    int r = place_find(operands->count ? operands->items[0] : o->dir, &p, &err);

    if (r < 0)
        return node_fail(app, &err);
    r = serve_become(app, o->user, &err);
    if (r < 0)
        return r == -CE_NOT_FOUND ? EX_NOUSER : node_fail(app, &err);
    r = serve_check(app, &p, &err);
    if (r == -CE_NOT_FOUND)
        return EX_NOINPUT;
    if (r < 0)
        return app_fail(app, err.line ? p.conf : NULL, &err);
    (void)snprintf(base, sizeof(base), "%lld", (long long)o->port_base);
    if (find_parent(path, &err) == 0) {
        (void)setenv("LC_ALL", app->lang == LANG_VI ? "vi_VN.UTF-8" : "C.UTF-8", 1);
        (void)execv(path, argv);
        (void)err_fail_sys(&err, errno, ERR_BASE_FILE, path);
    }
    return node_fail(app, &err);
}

static const struct option_spec specs[] = {
    NODE_DIR_OPTION(struct serve_options),
    OPTION_NUMBER("port-base", 0, struct serve_options, port_base, "PORT", 1024, 65000,
                  MSG_NODE_OPT_PORT_BASE),
    OPTION_TEXT("user", 0, struct serve_options, user, "NAME", COMPLETE_NONE, MSG_NODE_OPT_USER),
};

const struct verb verb_serve = {
    .name = "serve",
    .summary = MSG_NODE_SERVE,
    .about = MSG_NODE_SERVE_ABOUT,
    .operands = "[DIR]",
    .max_operands = 1,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(specs),
    .options_size = sizeof(struct serve_options),
    .run = run_serve,
};
