/*
 * footprint: what a step read and wrote.
 *
 * Two steps of different tasks are dependent if they touch one thing and one of them writes it; else
 * they can be swapped and nothing changes. Exploration uses nothing else to decide which orders are
 * worth running, so a footprint that is too small makes a proof false, and one that is too large
 * only costs time. It is that of what *happened*: a create_excl that fails has only read.
 *
 * Things are 64-bit hashes of what they are; two things with one hash are taken for one, which is
 * the safe side. A thing may be one of a set, which is a thing itself: the file that a name stands
 * for is one of those that it might stand for. Two members are two things; a touch of the set is one
 * of each member.
 */
#ifndef SIM_TRACE_FOOTPRINT_H
#define SIM_TRACE_FOOTPRINT_H

#include <stdbool.h>
#include <stdint.h>

enum touch_mode {
    TOUCH_READ,
    TOUCH_UPDATE, /* writes that commute among themselves: two new names in one directory */
    TOUCH_WRITE,
};

/* Kinds of things; part of the hash. */
enum thing_kind {
    THING_PATH = 1, /* what a name stands for, by path */
    THING_CONTENT,  /* the bytes of a file, by its birth (file_names.c); as a set, of all files that
                         a name may come to stand for (alias.c) */
    THING_LISTING,  /* the names in a directory */
    THING_EVENTS,   /* what happens in a directory, for those who watch it */
    THING_QUEUE_IN, /* an inotify queue: the end where the kernel puts events */
    THING_QUEUE_OUT,  /* … and where they are read */
    THING_QUEUE_TURN, /* … and who of several readers reads next */
    THING_MAIL_IN,    /* a mailbox: the end where messages are put in */
    THING_MAIL_OUT,   /* … and where they are taken out */
    THING_LOCK_TAKE,  /* taking a lock in a node's memory */
    THING_LOCK_FREE,  /* … and setting it free */
    THING_MEMORY,     /* a fact in a node's memory */
    THING_REGISTER,   /* a client's register */
    THING_NODE,       /* a node being up */
    THING_INVARIANT,  /* anything that an invariant looks at */
    THING_FAULT,      /* a fault having happened */
    THING_ORDER,      /* a pair of points that the scenario has put in order */
    THING_CALLS,      /* calls having ended: what begins then comes after them */
    THING_DELETION,   /* a stream's deletion having been answered */
    THING_QUEUE_OPEN, /* an inotify queue: what it watches */
    THING_INSIDE,     /* who is between the two points of a property */
    THING_CLOCK,      /* the clock that all go by */
    THING_POLL,       /* what a task that polls has read */
    THING_JOURNAL,    /* a directory's changes, in the order in which they reach the disk */
    THING_FLOCK,      /* the locks of an open file, by its birth */
    THING_META,       /* what stat(2) tells of files, but for their bytes */
};

/* Two conflicting steps need not be a race: the later one may have been impossible before the
 * earlier. */
enum touch_role {
    TOUCH_RACES,
    TOUCH_ENABLES, /* it made a later conflicting step possible */
    TOUCH_NEEDS, /* it was made possible by the earlier conflicting step: a message, a lock set free
                  */
    TOUCH_NEEDS_ONE, /* it needed one of the conflicting steps since the last of its own kind: an
                        event to read */
    TOUCH_CONTENDS, /* what only one can have next: it could have gone before what the one before it
                       led to */
    TOUCH_SERVES,   /* both: it needed the earlier one, and made the later one possible */
    TOUCH_AWAITS, /* it waited for it to be so: each earlier conflicting step may have held it up, or
                       made it possible */
    TOUCH_DISABLES, /* it held up a later conflicting step, which could have gone before it */
};

struct touch {
    uint64_t thing;
    uint32_t set; /* whose member it is, or which it is; 0: of none */
    uint8_t mode; /* enum touch_mode */
    uint8_t role; /* enum touch_role */
    bool whole;   /* a set: all its members, those that are not yet born, too */
};

#define FOOTPRINT_MAX 24

struct footprint {
    uint64_t any, writes; /* a bit per thing, to say "independent" fast */
    int count;
    bool everything; /* too many things to tell apart: depends on all */
    struct touch v[FOOTPRINT_MAX];
};

void footprint_clear(struct footprint *f);
void footprint_copy(struct footprint *to, const struct footprint *from); /* what it has, no more */
void footprint_add(struct footprint *f, uint64_t thing, enum touch_mode mode);
void footprint_add_as(struct footprint *f, uint64_t thing, enum touch_mode mode,
                      enum touch_role role);
void footprint_add_member(struct footprint *f, uint64_t set, uint64_t thing, enum touch_mode mode);
void footprint_add_touch(struct footprint *f, const struct touch *touch);
void footprint_add_set(struct footprint *f, uint64_t set, enum touch_mode mode);
/* Is what it did one of the things that it may do? */
bool touch_within(const struct touch *did, const struct touch *may);
/* … the thing, or a member of it. */
bool footprint_writes(const struct footprint *f, uint64_t thing);
/* Surely independent: true for most pairs, and fast. */
static inline bool footprint_apart(const struct footprint *a, const struct footprint *b)
{
    return !(a->writes & b->any) && !(a->any & b->writes) && !a->everything && !b->everything;
}
bool footprint_dependent(const struct footprint *a, const struct footprint *b);
/* Why are they dependent? Bits; 0: they are not. TOUCH_NEEDS_ONE counts as neither: whether there
 * was another to need, only the whole execution tells. */
enum relation {
    RELATION_DEPENDENT = 1,
    RELATION_ENABLING = 2,  /* the earlier one made the later one possible */
    RELATION_CONTENDED = 4, /* both wanted what only one can have next */
    RELATION_HELD_UP = 8,   /* the earlier one held up the later one */
};
unsigned footprint_relation(const struct footprint *earlier, const struct footprint *later);
/* The thing of which `f` needed one conflicting step; 0 if none. */
uint64_t footprint_needs_one(const struct footprint *f);
/* … and whether it left one there, for the next. */
bool footprint_leaves_one(const struct footprint *f, uint64_t thing);

uint64_t thing_id(enum thing_kind kind, const char *name);
uint64_t thing_id2(enum thing_kind kind, const char *owner, const char *name);
uint64_t thing_num(enum thing_kind kind, uint64_t number);

#endif
