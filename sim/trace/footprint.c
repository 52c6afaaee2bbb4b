#include "sim/trace/footprint.h"
#include "base/hash.h"
#include <assert.h>
#include <stddef.h>
#include <string.h>

_Static_assert(FOOTPRINT_MAX <= UINT8_MAX && TOUCH_DISABLES <= UINT8_MAX, "they are kept in bytes");

void footprint_clear(struct footprint *f)
{
    assert(f);
    f->count = 0;
    f->everything = false;
    f->any = f->writes = 0;
}

void footprint_copy(struct footprint *to, const struct footprint *from)
{
    assert(to);
    assert(from);
    assert(from->count >= 0 && from->count <= FOOTPRINT_MAX);
    memcpy(to, from, offsetof(struct footprint, v) + (size_t)from->count * sizeof from->v[0]);
}

/* Two sets with one number are taken for one. */
static uint32_t set_number(uint64_t set)
{
    return (uint32_t)(set >> 32) | 1;
}

static bool same_thing(const struct touch *a, const struct touch *b)
{
    return a->thing == b->thing && a->role == b->role && a->set == b->set && a->whole == b->whole;
}

/* A set and its members have a bit in common. */
void footprint_add_touch(struct footprint *f, const struct touch *touch)
{
    assert(f);
    assert(touch);
    assert(f->count <= FOOTPRINT_MAX);

    uint64_t bits = UINT64_C(1) << (touch->thing & 63);

    if (touch->set)
        bits |= UINT64_C(1) << (touch->set & 63);
    f->any |= bits;
    if (touch->mode != TOUCH_READ)
        f->writes |= bits;
    for (int i = 0; i < f->count; i++)
        if (same_thing(&f->v[i], touch)) {
            if (f->v[i].mode != touch->mode)
                f->v[i].mode = TOUCH_WRITE; /* read and update together commute with neither */
            return;
        }
    if (f->count == FOOTPRINT_MAX)
        f->everything = true;
    else
        f->v[f->count++] = *touch;
}

void footprint_add_as(struct footprint *f, uint64_t thing, enum touch_mode mode,
                      enum touch_role role)
{
    footprint_add_touch(
        f, &(struct touch){.thing = thing, .mode = (uint8_t)mode, .role = (uint8_t)role});
}

void footprint_add_member(struct footprint *f, uint64_t set, uint64_t thing, enum touch_mode mode)
{
    footprint_add_touch(
        f, &(struct touch){.thing = thing, .set = set_number(set), .mode = (uint8_t)mode});
}

void footprint_add_set(struct footprint *f, uint64_t set, enum touch_mode mode)
{
    footprint_add_touch(
        f, &(struct touch){
               .thing = set, .set = set_number(set), .mode = (uint8_t)mode, .whole = true});
}

void footprint_add(struct footprint *f, uint64_t thing, enum touch_mode mode)
{
    footprint_add_as(f, thing, mode, TOUCH_RACES);
}

bool touch_within(const struct touch *did, const struct touch *may)
{
    assert(did);
    assert(may);
    return (may->thing == did->thing || (may->whole && may->set == did->set)) &&
           (may->mode == TOUCH_WRITE || may->mode == did->mode);
}

bool footprint_writes(const struct footprint *f, uint64_t thing)
{
    assert(f);
    for (int i = 0; i < f->count; i++)
        if ((f->v[i].thing == thing || f->v[i].set == set_number(thing)) &&
            f->v[i].mode != TOUCH_READ)
            return true;
    return f->everything;
}

static bool meet(const struct touch *a, const struct touch *b)
{
    return a->thing == b->thing || ((a->whole || b->whole) && a->set == b->set);
}

static bool conflict(const struct touch *a, const struct touch *b)
{
    return meet(a, b) && (a->mode != b->mode || a->mode == TOUCH_WRITE);
}

bool footprint_dependent(const struct footprint *a, const struct footprint *b)
{
    assert(a);
    assert(b);
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

static bool enables(const struct touch *earlier, const struct touch *later)
{
    if (earlier->role == TOUCH_ENABLES || earlier->role == TOUCH_SERVES)
        return true;
    return (later->role == TOUCH_NEEDS || later->role == TOUCH_SERVES) &&
           earlier->role != TOUCH_NEEDS;
}

static bool awaits(const struct footprint *f)
{
    for (int i = 0; i < f->count; i++)
        if (f->v[i].role == TOUCH_AWAITS)
            return true;
    return false;
}

unsigned footprint_relation(const struct footprint *earlier, const struct footprint *later)
{
    assert(earlier);
    assert(later);
    unsigned relation = RELATION_DEPENDENT;

    if (!footprint_dependent(earlier, later))
        return 0;
    if (later->everything && awaits(later))
        relation |= RELATION_HELD_UP;
    for (int i = 0; i < earlier->count; i++)
        for (int k = 0; k < later->count; k++) {
            if (!conflict(&earlier->v[i], &later->v[k]))
                continue;
            if (enables(&earlier->v[i], &later->v[k]))
                relation |= RELATION_ENABLING;
            if (later->v[k].role == TOUCH_CONTENDS)
                relation |= RELATION_CONTENDED;
            if (earlier->v[i].role == TOUCH_DISABLES || later->v[k].role == TOUCH_AWAITS)
                relation |= RELATION_HELD_UP;
        }
    return relation;
}

uint64_t footprint_needs_one(const struct footprint *f)
{
    assert(f);
    for (int i = 0; i < f->count; i++)
        if (f->v[i].role == TOUCH_NEEDS_ONE)
            return f->v[i].thing;
    return 0;
}

bool footprint_leaves_one(const struct footprint *f, uint64_t thing)
{
    assert(f);
    for (int i = 0; i < f->count; i++)
        if (f->v[i].thing == thing && f->v[i].mode == TOUCH_UPDATE && f->v[i].role == TOUCH_RACES)
            return true;
    return false;
}

uint64_t thing_num(enum thing_kind kind, uint64_t number)
{
    return hash_mix(number + (uint64_t)kind * UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t thing_id(enum thing_kind kind, const char *name)
{
    assert(name);
    return thing_num(kind, hash_str(HASH_INIT, name));
}

uint64_t thing_id2(enum thing_kind kind, const char *owner, const char *name)
{
    assert(owner);
    assert(name);
    return thing_num(kind, hash_str(hash_str(HASH_INIT, owner), name));
}
