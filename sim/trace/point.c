#include "sim/trace/point.h"
#include "base/hash.h"
#include <assert.h>
#include <fnmatch.h>
#include <stddef.h>
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
                                      "mark",
                                      "note",
                                      "register.get",
                                      "fault.",
                                      NULL};

const char *point_op_name(int op)
{
    assert(op >= 0 && op < POINT_OPS);
    return op < STEP_OPS ? step_op_name((enum step_op)op) : point_op_names[op];
}

void point_text(const struct point *p, struct strbuf *out)
{
    bool named_by_object = p->op == POINT_MARK;

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

void footprint_clear(struct footprint *f)
{
    f->count = 0;
    f->everything = false;
    f->any = f->writes = 0;
}

void footprint_copy(struct footprint *to, const struct footprint *from)
{
    memcpy(to, from, offsetof(struct footprint, v) + (size_t)from->count * sizeof from->v[0]);
}

void footprint_add_as(struct footprint *f, uint64_t thing, enum touch_mode mode,
                      enum touch_role role)
{
    uint64_t bit = UINT64_C(1) << (thing & 63);

    f->any |= bit;
    if (mode != TOUCH_READ)
        f->writes |= bit;
    for (int i = 0; i < f->count; i++)
        if (f->v[i].thing == thing && f->v[i].role == role) {
            if (f->v[i].mode != mode)
                f->v[i].mode = TOUCH_WRITE; /* read and update together commute with neither */
            return;
        }
    if (f->count == FOOTPRINT_MAX)
        f->everything = true;
    else
        f->v[f->count++] =
            (struct touch){.thing = thing, .mode = (uint8_t)mode, .role = (uint8_t)role};
}

void footprint_add(struct footprint *f, uint64_t thing, enum touch_mode mode)
{
    footprint_add_as(f, thing, mode, TOUCH_RACES);
}

bool footprint_writes(const struct footprint *f, uint64_t thing)
{
    for (int i = 0; i < f->count; i++)
        if (f->v[i].thing == thing && f->v[i].mode != TOUCH_READ)
            return true;
    return f->everything;
}

static bool conflict(const struct touch *a, const struct touch *b)
{
    return a->thing == b->thing && (a->mode != b->mode || a->mode == TOUCH_WRITE);
}

bool footprint_dependent(const struct footprint *a, const struct footprint *b)
{
    if (footprint_apart(a, b))
        return false;
    if (a->everything || b->everything)
        return true;
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++)
            if (conflict(&a->v[i], &b->v[k]))
                return true;
    return false;
}

unsigned footprint_relation(const struct footprint *earlier, const struct footprint *later)
{
    unsigned relation = RELATION_DEPENDENT;

    if (!footprint_dependent(earlier, later))
        return 0;
    for (int i = 0; i < earlier->count; i++)
        for (int k = 0; k < later->count; k++) {
            if (!conflict(&earlier->v[i], &later->v[k]))
                continue;
            if (earlier->v[i].role == TOUCH_ENABLES ||
                (later->v[k].role == TOUCH_NEEDS && earlier->v[i].role != TOUCH_NEEDS))
                relation |= RELATION_ENABLING;
            if (later->v[k].role == TOUCH_CONTENDS)
                relation |= RELATION_CONTENDED;
        }
    return relation;
}

uint64_t footprint_needs_one(const struct footprint *f)
{
    for (int i = 0; i < f->count; i++)
        if (f->v[i].role == TOUCH_NEEDS_ONE)
            return f->v[i].thing;
    return 0;
}

uint64_t thing_num(enum thing_kind kind, uint64_t number)
{
    return hash_mix(number + (uint64_t)kind * UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t thing_id(enum thing_kind kind, const char *name)
{
    return thing_num(kind, hash_str(HASH_INIT, name));
}

uint64_t thing_id2(enum thing_kind kind, const char *owner, const char *name)
{
    return thing_num(kind, hash_str(hash_str(HASH_INIT, owner), name));
}
