/*
 * emulate: what a program is told by clocks and by chance: always the same. A clock moves on a little each time that it is
 * looked at, so that nobody who waits for it in a loop waits for ever.
 */
#include "base/hash.h"
#include "base/rng.h"
#include "sim/program/inner.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <time.h>

#define LOOK_NS INT64_C(1000)
#define SECOND  INT64_C(1000000000)

static bool answer(struct process *p, int64_t rc)
{
    return registers_skip(p->pid, &p->regs, rc);
}

/* Since the program's epoch, or since its machine came up. */
static int64_t clock_ns(struct tree *t, int64_t which)
{
    t->now_ns += LOOK_NS;
    switch (which) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return t->now_ns + TREE_EPOCH_S * SECOND;
    default:
        return t->now_ns + 1000 * SECOND;
    }
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / SECOND, .tv_nsec = ns % SECOND};
}

static void tell_clock(struct tree *t, struct process *p)
{
    struct timespec ts = timespec_of(clock_ns(t, (int64_t)p->regs.rdi));
    bool told = p->regs.rsi == 0 || memory_poke(p->pid, p->regs.rsi, &ts, sizeof ts) == sizeof ts;

    answer(p, told ? 0 : -EFAULT);
}

static void tell_time(struct tree *t, struct process *p)
{
    int64_t s = clock_ns(t, CLOCK_REALTIME) / SECOND;

    if (p->regs.rdi)
        memory_poke(p->pid, p->regs.rdi, &s, sizeof s);
    answer(p, s);
}

static void tell_timeofday(struct tree *t, struct process *p)
{
    int64_t ns = clock_ns(t, CLOCK_REALTIME);
    struct timeval tv = {.tv_sec = ns / SECOND, .tv_usec = ns % SECOND / 1000};

    if (p->regs.rdi)
        memory_poke(p->pid, p->regs.rdi, &tv, sizeof tv);
    answer(p, 0);
}

static void tell_zeros(struct process *p, uint64_t at, size_t len)
{
    char zeros[256] = {0};

    assert(len <= sizeof zeros);
    if (at)
        memory_poke(p->pid, at, zeros, len);
    answer(p, 0);
}

/* When it is to wake up, on the tree's clock. */
static void go_to_sleep(struct tree *t, struct process *p)
{
    bool plain = p->rule->what == DO_NANOSLEEP;
    bool absolute = !plain && p->regs.rsi & TIMER_ABSTIME;
    uint64_t at = plain ? p->regs.rdi : p->regs.rdx;
    int64_t which = plain ? CLOCK_MONOTONIC : (int64_t)p->regs.rdi;
    struct timespec ts;
    int64_t ns;

    if (memory_peek(p->pid, at, &ts, sizeof ts) != sizeof ts || ts.tv_nsec < 0 ||
        ts.tv_nsec >= SECOND || ts.tv_sec < 0) {
        answer(p, -EINVAL);
        return;
    }
    if (ts.tv_sec > INT32_MAX)
        ts.tv_sec = INT32_MAX;
    ns = ts.tv_sec * SECOND + ts.tv_nsec;
    p->wake_ns = absolute ? ns - (clock_ns(t, which) - t->now_ns) : t->now_ns + ns;
    p->state = PROCESS_SLEEPS;
}

void emulate_bytes(struct tree *t, struct process *p, uint64_t at, size_t len)
{
    struct rng rng;
    size_t done = 0;

    rng_init(&rng, hash_u64(t->seed, (uint64_t)t->number),
             hash_u64((uint64_t)p->birth, p->chance++));
    while (done < len) {
        uint64_t bytes = rng_next(&rng);
        size_t n = len - done < sizeof bytes ? len - done : sizeof bytes;

        if (memory_poke(p->pid, at + done, &bytes, n) != n)
            break;
        done += n;
    }
    answer(p, done || !len ? (int64_t)done : -EFAULT);
}

bool emulate_time(struct tree *t, struct process *p)
{
    assert(p->rule->class == CALL_TIME);
    switch (p->rule->what) {
    case DO_RANDOM:
        emulate_bytes(t, p, p->regs.rdi, p->regs.rsi < 1 << 20 ? (size_t)p->regs.rsi : 1 << 20);
        return true;
    case DO_TIMES: /* struct tms, and clock ticks */
        tell_zeros(p, p->regs.rdi, 32);
        answer(p, t->now_ns / 10000000);
        return true;
    case DO_RUSAGE:
        tell_zeros(p, p->regs.rsi, sizeof(struct rusage));
        return true;
    case DO_SYSINFO:
        tell_zeros(p, p->regs.rdi, sizeof(struct sysinfo));
        return true;
    case DO_NANOSLEEP:
    case DO_CLOCK_NANOSLEEP:
        go_to_sleep(t, p);
        return true;
    default:
        break;
    }
    if (t->real_clock)
        return false;
    if (p->rule->what == DO_CLOCK_GETTIME)
        tell_clock(t, p);
    else if (p->rule->what == DO_TIME)
        tell_time(t, p);
    else
        tell_timeofday(t, p);
    return true;
}
