#include "sim/program/contain.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- the first wall: a view of the machine --- */

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return done;
}

/* Who it is, it stays. */
static bool map_ids(uid_t uid, gid_t gid)
{
    char users[64], groups[64];

    snprintf(users, sizeof users, "%u %u 1", uid, uid);
    snprintf(groups, sizeof groups, "%u %u 1", gid, gid);
    return write_file("/proc/self/uid_map", users) && write_file("/proc/self/setgroups", "deny") &&
           write_file("/proc/self/gid_map", groups);
}

static bool enter_namespaces(void)
{
    uid_t uid = geteuid();
    gid_t gid = getegid();

    if (uid == 0)
        return unshare(CLONE_NEWNS) == 0;
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && map_ids(uid, gid);
}

static bool is_below(const char *path, const char *dir)
{
    size_t len = strlen(dir);

    return strncmp(path, dir, len) == 0 && path[len] == '/';
}

/* Empty, and gone with the program; unless the store is there. */
static bool empty_dir(const char *dir, const char *store)
{
    return is_below(store, dir) ||
           mount("tmpfs", dir, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m") == 0;
}

/* Once more, under a name that is always the same. */
static bool show_store(const char *store)
{
    return is_below(store, "/run") || (mkdir(CONTAIN_STORE, 0755) == 0 &&
                                       mount(store, CONTAIN_STORE, NULL, MS_BIND, NULL) == 0);
}

static int mount_all(const char *store, const struct contain_mount *v, int count)
{
    char from[PATH_MAX];

    for (int i = 0; i < count; i++) {
        snprintf(from, sizeof from, "%s/%s", store, v[i].path);
        if (mount(from, v[i].at, NULL, MS_BIND, NULL) != 0)
            return -errno;
    }
    return 0;
}

static bool look_only(const char *store)
{
    struct mount_attr shut = {.attr_set = MOUNT_ATTR_RDONLY},
                      open = {.attr_clr = MOUNT_ATTR_RDONLY};

    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(store, store, NULL, MS_BIND, NULL) == 0 &&
           mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &shut, sizeof shut) == 0 &&
           mount_setattr(AT_FDCWD, store, 0, &open, sizeof open) == 0 && empty_dir("/tmp", store) &&
           empty_dir("/run", store) && show_store(store);
}

/* --- the second wall: what may be written --- */

#define WRITES                                                                                     \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define REFER    UINT64_C(0x2000) /* names moved from one directory to another: version 2 */
#define TRUNCATE UINT64_C(0x4000) /* version 3 */
#define DEVICES  (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK)

static void may_write(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static bool landlock(const char *store, bool has_own)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero",    "/dev/full",
                                          "/dev/tty",  "/dev/urandom", "/dev/random"};
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct landlock_ruleset_attr attr = {.handled_access_fs = WRITES | (version >= 2 ? REFER : 0) |
                                                              (version >= 3 ? TRUNCATE : 0)};
    uint64_t all = attr.handled_access_fs & ~(uint64_t)DEVICES;
    int rules;
    bool stands;

    if (version < 2) /* without REFER no name could be moved */
        return false;
    rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return false;
    may_write(rules, store, all);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        may_write(rules, devices[i],
                  attr.handled_access_fs & (LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE));
    if (has_own && !is_below(store, "/tmp"))
        may_write(rules, "/tmp", all);
    if (has_own && !is_below(store, "/run"))
        may_write(rules, "/run", all);
    stands = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
             syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return stands;
}

int contain(const char *store, const struct contain_mount *mounts, int mount_count)
{
    bool views = enter_namespaces() && look_only(store);
    int rc = views ? mount_all(store, mounts, mount_count) : mount_count ? -EPERM : 0;

    if (rc != 0)
        return rc;
    return landlock(store, views) || views ? 0 : -EPERM;
}
