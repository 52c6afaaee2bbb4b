/* When is a watched file deleted? inotify(7) says that IN_DELETE_SELF comes when it "was itself deleted", and not when that is if
   somebody has it open, nor in which place among the other events. delete_self DIR asks the kernel, in an empty directory, and has
   status 1 if it is not as files.py has it:

   - without a descriptor: at the unlink, before the directory's IN_DELETE (since Linux 5.17);
   - with one: at the last close; a writer's IN_CLOSE_WRITE goes before it, to the directory under the name that is gone, too;
   - with a descriptor of one name, and the last of the other names unlinked: at that unlink, although the file is still open;
   - a directory that is gone: not before what was removed from it and is still open. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define MASK (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF)

static int queue, wrong;

static int need(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(2);
    }
    return result;
}

static int make(const char *path)
{
    return need(open(path, O_CREAT | O_WRONLY, 0600), path);
}

static void watch(const char *path)
{
    need(inotify_add_watch(queue, path, MASK), path);
}

static const char *kind(uint32_t mask)
{
    switch (mask & (MASK | IN_IGNORED)) {
    case IN_CREATE:
        return "CREATE";
    case IN_CLOSE_WRITE:
        return "CLOSE_WRITE";
    case IN_MOVED_FROM:
        return "MOVED_FROM";
    case IN_MOVED_TO:
        return "MOVED_TO";
    case IN_DELETE:
        return "DELETE";
    case IN_DELETE_SELF:
        return "DELETE_SELF";
    default:
        return "IGNORED";
    }
}

/* The events since the last time, each with its watch's number, have to be these. */
static void heard(const char *when, const char *expected)
{
    char told[512] = "";
    char events[4096] __attribute__((aligned(8)));
    ssize_t n = read(queue, events, sizeof events);
    for (char *at = events; at < events + n;) {
        struct inotify_event e;
        memcpy(&e, at, sizeof e);
        size_t used = strlen(told);
        snprintf(told + used, sizeof told - used, "%s%d:%s%s%s", used ? ", " : "", e.wd,
                 kind(e.mask), e.len ? " " : "", e.len ? at + sizeof e : "");
        at += sizeof e + e.len;
    }
    if (strcmp(told, expected) != 0) {
        printf("%s: \"%s\", not \"%s\"\n", when, told, expected);
        wrong = 1;
    }
}

static void begin(void)
{
    queue = need(inotify_init1(IN_NONBLOCK), "inotify_init1");
}

static void no_descriptor(void)
{
    begin();
    close(make("a"));
    watch(".");
    watch("a");
    unlink("a");
    heard("unlink, not open", "2:DELETE_SELF, 2:IGNORED, 1:DELETE a");
    close(make("a"));
    close(make("b"));
    watch("b");
    heard("two files", "1:CREATE a, 1:CLOSE_WRITE a, 1:CREATE b, 1:CLOSE_WRITE b");
    rename("a", "b");
    heard("renamed over", "1:MOVED_FROM a, 1:MOVED_TO b, 3:DELETE_SELF, 3:IGNORED");
    unlink("b");
    close(queue);
}

static void writer(void)
{
    begin();
    int fd = make("a");
    watch(".");
    watch("a");
    unlink("a");
    heard("unlink, open", "1:DELETE a");
    close(fd);
    heard("last close", "1:CLOSE_WRITE a, 2:CLOSE_WRITE, 2:DELETE_SELF, 2:IGNORED");
    close(queue);
}

static void two_names(void)
{
    begin();
    close(make("a"));
    need(link("a", "b"), "link");
    watch("a");
    int fd = need(open("a", O_RDONLY), "open");
    unlink("a");
    heard("unlink of the name that is open", "");
    unlink("b");
    heard("unlink of the last name", "1:DELETE_SELF, 1:IGNORED");
    close(fd);
    heard("close", "");
    close(queue);
}

static void directory(void)
{
    begin();
    need(mkdir("d", 0700), "mkdir");
    int fd = make("d/f");
    watch(".");
    watch("d");
    unlink("d/f");
    rmdir("d");
    heard("rmdir", "2:DELETE f, 1:DELETE d");
    close(fd);
    heard("close of what was in it", "2:CLOSE_WRITE f, 2:DELETE_SELF, 2:IGNORED");
    close(queue);
}

int main(int argc, char **argv)
{
    if (argc != 2 || chdir(argv[1]) != 0) {
        fprintf(stderr, "usage: delete_self DIR\n");
        return 2;
    }
    no_descriptor();
    writer();
    two_names();
    directory();
    return wrong;
}
