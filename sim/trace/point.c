#include "sim/trace/point.h"
#include <assert.h>
#include <fnmatch.h>
#include <string.h>

const char *const point_op_names[] = {"fs.stat",
                                      "fs.open",
                                      "fs.create",
                                      "fs.create_excl",
                                      "fs.append",
                                      "fs.read",
                                      "fs.write",
                                      "fs.fsync",
                                      "fs.close",
                                      "fs.rename",
                                      "fs.rename_noreplace",
                                      "fs.link",
                                      "fs.unlink",
                                      "fs.mkdir",
                                      "fs.rmdir",
                                      "fs.list",
                                      "fs.truncate",
                                      "fs.fstat",
                                      "fs.flock",
                                      "fs.unlock",
                                      "store.get",
                                      "store.put",
                                      "store.put_if_absent",
                                      "store.publish",
                                      "store.head",
                                      "store.list",
                                      "store.delete",
                                      "watch.add",
                                      "watch.next",
                                      "start",
                                      "client.",
                                      "node.restart",
                                      "node.stop",
                                      "net.send",
                                      "net.receive",
                                      "net.answer",
                                      "net.await",
                                      "task.take",
                                      "lock.take",
                                      "lock.release",
                                      "clock.sleep",
                                      "clock.pause",
                                      "clock.quiet",
                                      "clock.moves",
                                      "client.await",
                                      "mark",
                                      "note",
                                      "register.get",
                                      "node.lives",
                                      "fault.",
                                      "call",
                                      NULL};

/* Of POINT_CALL. */
static const char *const call_words[] = {
    "fs.access",   "fs.readlink", "fs.mknod",          "fs.symlink",  "fs.truncate",
    "fs.chmod",    "fs.chown",    "fs.utime",          "fs.getxattr", "fs.setxattr",
    "fs.seek",     "fs.mmap",     "fs.chdir",          "fs.exec",     "fs.exchange",
    "lock.unlock", "lock.flock",  "lock.flock_shared", "lock.fcntl",  "exit"};

_Static_assert(sizeof point_op_names / sizeof *point_op_names == POINT_OPS + 1, "a name for each");

const char *point_op_name(int op)
{
    assert(op >= 0 && op < POINT_OPS);
    return op < STEP_OPS ? step_op_name((enum step_op)op) : point_op_names[op];
}

void point_text(const struct point *p, struct strbuf *out)
{
    assert(p);
    assert(out);

    bool named_by_object = p->op == POINT_MARK || p->op == POINT_CALL;

    if (!named_by_object)
        strbuf_adds(out, point_op_name(p->op));
    if (p->op < STEP_OPS && p->op != WATCH_NEXT && !*p->object)
        strbuf_adds(out, " ."); /* the root */
    if (p->object && *p->object) {
        if (!named_by_object && p->op != POINT_REQUEST && p->op != POINT_FAULT)
            strbuf_addc(out, ' ');
        strbuf_adds(out, p->object);
    }
    if (p->object2 && *p->object2) {
        strbuf_addc(out, ' ');
        strbuf_adds(out, p->object2);
    }
}

bool point_matches(const struct point *p, const char *glob)
{
    assert(p);

    struct strbuf text = STRBUF_INIT;
    bool matches;

    point_text(p, &text);
    matches = glob && fnmatch(glob, text.s, 0) == 0;
    strbuf_release(&text);
    return matches;
}

bool point_glob_possible(const char *glob)
{
    size_t word = strcspn(glob, " *?[\\");

    if (glob[word] != ' ' && glob[word] != '\0')
        return true; /* a wildcard in the operation: who knows */
    for (int i = 0; point_op_names[i]; i++)
        if (strlen(point_op_names[i]) == word && strncmp(point_op_names[i], glob, word) == 0)
            return true;
    for (size_t i = 0; i < sizeof call_words / sizeof *call_words; i++)
        if (strlen(call_words[i]) == word && strncmp(call_words[i], glob, word) == 0)
            return true;
    if (strncmp(glob, "client.", 7) == 0 || strncmp(glob, "fault.", 6) == 0)
        return true;
    for (int i = 0; point_op_names[i];
         i++) { /* "stroe.put x" is a slip, "ingestor.after-claim" a mark */
        size_t len = strcspn(point_op_names[i], ".");

        if (point_op_names[i][len] == '.' && strncmp(point_op_names[i], glob, len + 1) == 0)
            return false;
    }
    return glob[word] == '\0' && memchr(glob, '.', word);
}
