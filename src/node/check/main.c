/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-check: one run of one check. What it saw goes to keep as a record of the stream `results`,
 * and it ends. It reaches the network and what the check names (a backup folder, a plugin), nothing
 * of the node.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "check/check.h"
#include "check/result_record.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "node/wire/batch.h"
#include "node/wire/check_job.h"
#include "node/wire/role.h"
#include "os/bulk.h"
#include "os/sandbox.h"
#include "probe/probe.h"

enum { CHECK_KEEP_FD = PROCESS_FD, CHECK_JOB_FD, JOB_MAX = 32 * 1024 };

/* Ends the process when a library hangs: longer than any check may take. */
enum { GRACE_S = 5 };
#define ANSWER_TIME (10 * TIME_SECOND)

/* What name lookup, TLS and plugins read. */
static const char *const system_files[] = {"/usr",
                                           "/lib",
                                           "/lib64",
                                           "/bin",
                                           "/etc",
                                           "/dev",
                                           "/run/systemd/resolve",
                                           "/proc",
                                           "/sys/devices/system/cpu"};

struct run {
    struct role role;
    struct channel keep;
    struct slice bytes;
    struct check_job job;
    bool done;
};

static enum check_reach reach_of(const struct check_job *job)
{
    const struct check_kind *kind = check_kind_find(job->kind);

    return kind ? kind->reach : CHECK_REACHES_NETWORK;
}

/* The folder of a backup file, or the program of a plugin: the first word without blanks. */
static void write_folder(struct buf *out, const struct check_job *job)
{
    enum check_reach reach = reach_of(job);
    size_t end = reach == CHECK_REACHES_PROGRAM ? slice_find_byte(job->target, ' ') : SIZE_MAX;
    struct slice path = end == SIZE_MAX ? job->target : slice_head(job->target, end);

    if (reach == CHECK_REACHES_NETWORK)
        return;
    while (path.n > 1 && path.p[path.n - 1] != '/')
        path.n--;
    buf_append_slice(out, path);
}

static int check_confine(const struct run *c, struct err *err)
{
    const char *read[CANH_LEN(system_files) + 2] = {NULL};
    struct buf folder = BUF_INIT(CHECK_TARGET_MAX + 1);
    struct sandbox_rules rules = {.read = read,
                                  .connect = true,
                                  .spawn = reach_of(&c->job) == CHECK_REACHES_PROGRAM,
                                  .degrade = c->role.config.sandbox == CONFIG_DEGRADE};
    struct sandbox *s = NULL;
    int r;

    memcpy(read, system_files, sizeof(system_files));
    write_folder(&folder, &c->job);
    if (folder.len)
        read[CANH_LEN(system_files)] = buf_cstr(&folder);
    r = sandbox_new(&rules, &s, err);
    if (r == 0 && !sandbox_enter(s))
        r = err_fail(err, CE_IO, ERR_NODE_SANDBOX, "check");
    sandbox_free(s);
    buf_done(&folder);
    return r;
}

static int receive_done(void *u, struct frame *f, struct err *err)
{
    struct run *c = u;
    struct frame_reader r = frame_reader(f->body);
    uint32_t code;

    (void)frame_get_u64(&r);
    code = frame_get_u32(&r);
    (void)frame_get_text(&r, 0); /* it sent no marks */
    c->done = frame_end(&r) == 0 && code == 0;
    return c->done ? 0 : err_fail(err, CE_PEER, ERR_NODE_CHECK_CANNOT_READ);
}

static const struct frame_rule rules[] = {{.type = WIRE_DONE, .max = 16, .take = receive_done}};

static int send_result(struct run *c, const struct check_result *result, struct err *err)
{
    struct result_record record = {.outcome = result->outcome,
                                   .at = result->at,
                                   .took = result->took,
                                   .value = result->value,
                                   .text = buf_slice(&result->text),
                                   .station = c->job.station};
    struct batch_record x = {.stream = SLICE(STREAM_RESULTS),
                             .received = time_now(),
                             .claimed = result->at,
                             .base = slice_of(c->job.check, sizeof(c->job.check)),
                             .at = (uint64_t)result->at};
    struct buf raw = BUF_INIT(RESULT_RECORD_MAX);
    int r;

    memcpy(record.check, c->job.check, sizeof(record.check));
    memcpy(x.source, c->job.check, sizeof(x.source));
    memcpy(x.unit, c->job.unit, sizeof(x.unit));
    result_record_write(&raw, &record);
    x.raw = buf_slice(&raw);
    r = batch_send_one(&c->keep, 1, &x, err);
    buf_done(&raw);
    return r;
}

static int run_check(struct run *c, struct err *err)
{
    struct check_spec spec = {c->job.kind, c->job.target, c->job.params, c->job.timeout};
    struct check_result result;
    int r;

    (void)alarm((unsigned)(spec.timeout / TIME_SECOND) + GRACE_S);
    probe_execute(&spec, &result);
    r = send_result(c, &result, err);
    check_result_done(&result);
    if (r == 0 && channel_wait(&c->keep, ANSWER_TIME, err) < 0)
        r = -CE_PEER;
    return r;
}

static int check_begin(struct run *c, struct err *err)
{
    int r = bulk_map(CHECK_JOB_FD, JOB_MAX, &c->bytes, err);

    if (r == 0)
        r = check_job_read(c->bytes, &c->job, err);
    if (r == 0)
        r = channel_open(&c->keep, CHECK_KEEP_FD, rules, CANH_LEN(rules), c, NULL, NULL, err);
    return r < 0 ? r : check_confine(c, err);
}

int main(int argc, char **argv)
{
    static struct run c = {.role = {.name = "check"}, .keep.fd = -1};
    struct err err = ERR_INIT;
    int status = role_begin(&c.role, argc, argv);

    if (status != 0)
        return status;
    if (check_begin(&c, &err) < 0 || run_check(&c, &err) < 0)
        return role_fail(&c.role, &err);
    return c.done ? 0 : EX_TEMPFAIL;
}
