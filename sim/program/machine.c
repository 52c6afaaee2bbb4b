#include "sim/program/machine.h"
#include "base/infile.h"
#include <assert.h>
#include <errno.h>
#include <linux/landlock.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSTANCES_WANTED 64 /* of inotify, for each user */

/* The number in a file of /proc, -1: there is none. */
static long number_in(const char *path)
{
    struct strbuf text = STRBUF_INIT;
    long n = infile_read(path, 4096, &text, NULL) == 0 ? strtol(text.s, NULL, 10) : -1;

    strbuf_release(&text);
    return n;
}

/* Tries it in a child: 0, or the errno that it exits with. */
static int tried(int (*attempt)(void))
{
    pid_t pid = fork();
    int status = 0;

    if (pid < 0)
        return errno;
    if (pid == 0)
        _exit(attempt());
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

static void found(struct machine_finding *f, int error, enum machine_state otherwise,
                  const char *good, const char *remedy)
{
    f->state = error ? otherwise : MACHINE_GOOD;
    f->remedy = error ? remedy : NULL;
    snprintf(f->says, sizeof f->says, "%s", error ? strerror(error) : good);
}

/* --- ptrace --- */

static int seize(void)
{
    pid_t pid = fork();
    int error;

    if (pid < 0)
        return errno;
    if (pid == 0) {
        pause();
        _exit(0);
    }
    error = ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_EXITKILL) == 0 ? 0 : errno;
    kill(pid, SIGKILL);
    return error;
}

static void look_ptrace(const char *dir, struct machine_finding *f)
{
    int error = tried(seize);
    long scope = number_in("/proc/sys/kernel/yama/ptrace_scope");

    (void)dir;
    found(f, error, MACHINE_BAD, "programs can be stopped at their calls",
          "docker run --cap-add SYS_PTRACE --security-opt seccomp=unconfined");
    if (error && scope >= 2) {
        snprintf(f->says, sizeof f->says, "%s: kernel.yama.ptrace_scope is %ld", strerror(error),
                 scope);
        f->remedy = "sudo sysctl kernel.yama.ptrace_scope=1";
    }
}

static int filter_there(void)
{
    uint32_t action = SECCOMP_RET_TRACE;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? 0 : errno;
}

static void look_seccomp(const char *dir, struct machine_finding *f)
{
    (void)dir;
    found(f, tried(filter_there), MACHINE_BAD, "calls can be told apart",
          "a kernel with CONFIG_SECCOMP_FILTER");
}

/* --- containment --- */

/* Mounts, too: where they are refused in a namespace, having one is no use. */
static int own_mounts(void)
{
    int flags = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;

    if (unshare(flags) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return errno;
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ? 0 : errno;
}

static void look_namespaces(const char *dir, struct machine_finding *f)
{
    int error = tried(own_mounts);

    (void)dir;
    found(f, error, MACHINE_LESS, "programs see a file system of their own",
          "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
          "--cap-add SYS_ADMIN");
    if (error && number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1)
        f->remedy = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
    else if (error && number_in("/proc/sys/user/max_user_namespaces") == 0)
        f->remedy = "sudo sysctl user.max_user_namespaces=1000";
    else if (error && number_in("/proc/sys/kernel/unprivileged_userns_clone") == 0)
        f->remedy = "sudo sysctl kernel.unprivileged_userns_clone=1";
}

static void look_landlock(const char *dir, struct machine_finding *f)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    int error = version < 1 ? errno : 0;

    (void)dir;
    found(f, error, MACHINE_LESS, "", "Linux 5.13 with lsm=landlock,…; in Docker 23.0 or later");
    if (!error)
        snprintf(f->says, sizeof f->says,
                 "version %ld: all but the store can be made read-only to a program", version);
}

/* --- files --- */

static void look_inotify(const char *dir, struct machine_finding *f)
{
    long instances = number_in("/proc/sys/fs/inotify/max_user_instances");

    (void)dir;
    f->state = instances >= 0 && instances < INSTANCES_WANTED ? MACHINE_LESS : MACHINE_GOOD;
    f->remedy = f->state ? "sudo sysctl fs.inotify.max_user_instances=128, on the host" : NULL;
    snprintf(f->says, sizeof f->says, "%ld watchers at a time for each user", instances);
}

static void look_tmpfs(const char *dir, struct machine_finding *f)
{
    struct statfs fs;
    bool there = statfs(dir, &fs) == 0;

    f->state = there && fs.f_type == TMPFS_MAGIC ? MACHINE_GOOD : MACHINE_LESS;
    f->remedy = f->state ? "docker run --tmpfs /dev/shm:exec" : NULL;
    snprintf(f->says, sizeof f->says, "work directories are in %s, %s", dir,
             f->state ? "on a disk: slower" : "in memory");
}

static void look_exec(const char *dir, struct machine_finding *f)
{
    struct statvfs fs;
    bool forbidden = statvfs(dir, &fs) == 0 && fs.f_flag & ST_NOEXEC;

    f->state = forbidden ? MACHINE_LESS : MACHINE_GOOD;
    f->remedy = forbidden ? "docker run --tmpfs /dev/shm:exec, or fsrace … --dir /tmp" : NULL;
    snprintf(f->says, sizeof f->says,
             forbidden ? "nothing in %s can be run, as in ./lock.sh"
                       : "what is copied into %s can be run",
             dir);
}

static void look_writable(const char *dir, struct machine_finding *f)
{
    found(f, access(dir, W_OK | X_OK) == 0 ? 0 : errno, MACHINE_BAD, "can be written",
          "fsrace … --dir DIR, or TMPDIR");
}

static const struct {
    const char *name;
    void (*look)(const char *dir, struct machine_finding *f);
} looks[] = {
    {"ptrace", look_ptrace},     {"seccomp", look_seccomp},    {"namespaces", look_namespaces},
    {"landlock", look_landlock}, {"directory", look_writable}, {"memory", look_tmpfs},
    {"exec", look_exec},         {"inotify", look_inotify},
};

bool machine_look(int i, const char *dir, struct machine_finding *out)
{
    assert(i >= 0);
    assert(dir);
    assert(out);
    if ((size_t)i >= sizeof looks / sizeof *looks)
        return false;
    *out = (struct machine_finding){.name = looks[i].name};
    looks[i].look(dir, out);
    return true;
}
