/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_os.h"

/* Of kernels newer than the headers. */
#define ACCESS_TRUNCATE    (1ULL << 14) /* ABI 3 */
#define ACCESS_IOCTL_DEV   (1ULL << 15) /* ABI 5 */
#define ACCESS_BIND_TCP    (1ULL << 0)  /* ABI 4 */
#define ACCESS_CONNECT_TCP (1ULL << 1)

#define ACCESS_READ                                                                                \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* What may be done to a file; the rest is for folders only. */
#define ACCESS_OF_FILE                                                                             \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |   \
     ACCESS_TRUNCATE | ACCESS_IOCTL_DEV)
#define ACCESS_ABI2 ((LANDLOCK_ACCESS_FS_REFER << 1) - 1) /* all that ABI 2 knows */

enum { PROGRAM_MAX = 64 * 1024 };

/* struct landlock_ruleset_attr of ABI 4; older kernels take its beginning. */
struct ruleset_attr {
    uint64_t fs, net;
};

struct sandbox {
    int ruleset; /* -1: none */
    struct sock_fprog filter;
};

static int kernel_abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t handled_files(int abi)
{
    return ACCESS_ABI2 | (abi >= 3 ? ACCESS_TRUNCATE : 0) | (abi >= 5 ? ACCESS_IOCTL_DEV : 0);
}

static int allow_path(int ruleset, const char *path, uint64_t access, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_PATH | O_CLOEXEC);
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
    struct stat at;

    if (fd < 0)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_OS_SANDBOX_PATH, path);
    if (fstat(fd, &at) < 0)
        return err_fail_sys(err, errno, ERR_OS_SANDBOX_PATH, path);
    if (!S_ISDIR(at.st_mode))
        rule.allowed_access &= ACCESS_OF_FILE;
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0
               ? 0
               : err_fail_sys(err, errno, ERR_OS_SANDBOX_PATH, path);
}

static int allow_paths(int ruleset, const char *const *paths, uint64_t access, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; r == 0 && paths && paths[i]; i++) {
        if (i >= SANDBOX_PATHS_MAX)
            return err_fail(err, CE_TOO_BIG, ERR_OS_SANDBOX_PATH, paths[i]);
        r = allow_path(ruleset, paths[i], access, err);
    }
    return r;
}

static int make_ruleset(struct sandbox *s, const struct sandbox_rules *rules, struct err *err)
{
    int abi = kernel_abi(), r;
    struct ruleset_attr attr;

    if (rules->abi_max > 0)
        abi = CANH_MIN(abi, rules->abi_max);
    if (abi < SANDBOX_ABI_LEAST)
        return rules->degrade ? 0 : err_fail(err, CE_UNKNOWN, ERR_OS_NO_LANDLOCK);
    attr = (struct ruleset_attr){.fs = handled_files(abi),
                                 .net = abi >= 4 && !rules->connect
                                            ? ACCESS_BIND_TCP | ACCESS_CONNECT_TCP
                                            : 0};
    s->ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
                              abi >= 4 ? sizeof(attr) : sizeof(attr.fs), 0);
    if (s->ruleset < 0)
        return err_fail_sys(err, errno, ERR_OS_SANDBOX_MAKE);
    r = allow_paths(s->ruleset, rules->read, ACCESS_READ, err);
    return r < 0 ? r : allow_paths(s->ruleset, rules->write, attr.fs, err);
}

/* Denied to everybody; what an architecture does not have is no call there. */
static const int denied[] = {
    SCMP_SYS(truncate),
    SCMP_SYS(chown),
    SCMP_SYS(fchown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr),
    SCMP_SYS(fsetxattr),
    SCMP_SYS(removexattr),
    SCMP_SYS(lremovexattr),
    SCMP_SYS(fremovexattr),
    SCMP_SYS(utimensat),
    SCMP_SYS(utimes),
    SCMP_SYS(utime),
    SCMP_SYS(futimesat),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_madvise),
    SCMP_SYS(kcmp),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(unshare), /* a hostile child tries it: os/child.c */
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(personality),
    SCMP_SYS(quotactl),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(syslog),
};

/* What no library asks for innocently: only who broke in does. */
static const int deadly[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(setns),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(vhangup),
};

/* Without `manage`. */
static const int of_managers[] = {SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
                                  SCMP_SYS(kill),  SCMP_SYS(tkill),  SCMP_SYS(tgkill)};

static const int of_sockets[] = {SCMP_SYS(socket),  SCMP_SYS(socketpair), SCMP_SYS(connect),
                                 SCMP_SYS(bind),    SCMP_SYS(listen),     SCMP_SYS(accept),
                                 SCMP_SYS(accept4), SCMP_SYS(sendto),     SCMP_SYS(sendmsg)};

/* The number of fchmodat2 (Linux 6.6), which libseccomp 2.5 has no name for. */
enum { FCHMODAT2 = 452 };

static int add_calls(scmp_filter_ctx c, uint32_t action, const int *calls, size_t n)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < n; i++)
        if (calls[i] >= 0) /* negative: not of this architecture */
            r = seccomp_rule_add(c, action, calls[i], 0);
    return r;
}

static int sandbox_deny(scmp_filter_ctx c, const int *calls, size_t n)
{
    return add_calls(c, SCMP_ACT_ERRNO(EPERM), calls, n);
}

static int deny_processes(scmp_filter_ctx c)
{
    static const int calls[] = {SCMP_SYS(fork), SCMP_SYS(vfork)};
    int r = sandbox_deny(c, calls, CANH_LEN(calls));

    if (r == 0)
        r = seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    return r;
}

static int add_rules(scmp_filter_ctx c, const struct sandbox_rules *rules)
{
    int r = sandbox_deny(c, denied, CANH_LEN(denied));

    if (r == 0)
        r = add_calls(c, SCMP_ACT_KILL_PROCESS, deadly, CANH_LEN(deadly));
    if (r == 0 && !rules->manage)
        r = sandbox_deny(c, of_managers, CANH_LEN(of_managers));
    if (r == 0 && !rules->manage)
        r = seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), FCHMODAT2, 0);
    /* clone3 takes its flags by pointer, which a filter cannot read; libc falls back to clone */
    if (r == 0)
        r = seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (r == 0 && !rules->connect)
        r = sandbox_deny(c, of_sockets, CANH_LEN(of_sockets));
    if (r == 0 && !rules->spawn)
        r = deny_processes(c);
    return r;
}

/* The filter's program, which sandbox_enter() gives to the kernel. */
static int export_program(scmp_filter_ctx c, struct sock_fprog *ret)
{
    CANH_CLEANUP(fd_closep) int fd = memfd_create("seccomp", MFD_CLOEXEC);
    struct stat at;
    ssize_t n;

    if (fd < 0)
        return -errno;
    if (seccomp_export_bpf(c, fd) < 0 || fstat(fd, &at) < 0 || at.st_size > PROGRAM_MAX)
        return -EINVAL;
    ret->filter = malloc((size_t)at.st_size);
    if (ret->filter == NULL)
        return -ENOMEM;
    n = pread(fd, ret->filter, (size_t)at.st_size, 0);
    ret->len = (unsigned short)((size_t)at.st_size / sizeof(struct sock_filter));
    return n == at.st_size ? 0 : -EIO;
}

static int make_filter(struct sandbox *s, const struct sandbox_rules *rules, struct err *err)
{
    scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);
    int r;

    if (c == NULL)
        return err_nomem(err);
    r = add_rules(c, rules);
    if (r == 0)
        r = export_program(c, &s->filter);
    seccomp_release(c);
    if (r == 0)
        return 0;
    free(s->filter.filter);
    s->filter = (struct sock_fprog){.len = 0};
    return err_fail_sys(err, -r, ERR_OS_SANDBOX_MAKE);
}

/* Whether the kernel takes filters at all: it looks at a pointer only if it does. */
static bool has_seccomp(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT;
}

int sandbox_new(const struct sandbox_rules *rules, struct sandbox **ret, struct err *err)
{
    struct sandbox *s = calloc(1, sizeof(*s));
    int r;

    if (s == NULL)
        return err_nomem(err);
    s->ruleset = -1;
    r = make_ruleset(s, rules, err);
    if (r == 0 && has_seccomp())
        r = make_filter(s, rules, err);
    else if (r == 0 && !rules->degrade)
        r = err_fail(err, CE_UNKNOWN, ERR_OS_NO_SECCOMP);
    if (r < 0) {
        sandbox_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

struct sandbox *sandbox_free(struct sandbox *s)
{
    if (s != NULL) {
        fd_closep(&s->ruleset);
        free(s->filter.filter);
        free(s);
    }
    return NULL;
}

enum sandbox_level sandbox_level(const struct sandbox *s)
{
    if (s->ruleset >= 0)
        return s->filter.len > 0 ? SANDBOX_COMPLETE : SANDBOX_FILES;
    return s->filter.len > 0 ? SANDBOX_CALLS : SANDBOX_NONE;
}

bool sandbox_enter(const struct sandbox *s)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return false;
    if (s->ruleset >= 0 && syscall(SYS_landlock_restrict_self, s->ruleset, 0) < 0)
        return false;
    return s->filter.len == 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &s->filter, 0, 0) == 0;
}
