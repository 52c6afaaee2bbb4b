#include "sim/exec/fiber.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define STACK_SIZE ((size_t)1 << 20) /* address space: what is not touched costs nothing */
#define GUARD_SIZE ((size_t)4096)

/* --- Boost.Context: detail/fcontext.hpp, in C --- */

struct transfer {
    void *from; /* the context that jumped here */
    void *data; /* what it passed */
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_top, size_t size, void (*entry)(struct transfer));

/* --- what tools have to know --- */

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define WITH_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITH_TSAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef WITH_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(from, to) 0
#define VALGRIND_STACK_DEREGISTER(id)     (void)(id)
#endif

static void leave(struct fiber *from, const struct fiber *to)
{
#ifdef WITH_ASAN
    __sanitizer_start_switch_fiber(&from->shadow, to->asan_bottom, to->asan_size);
#elif defined(WITH_TSAN)
    __tsan_switch_to_fiber(to->shadow, 0);
#endif
    (void)from;
    (void)to;
}

static void enter(struct fiber *from, struct fiber *to)
{
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(to->shadow, &from->asan_bottom, &from->asan_size);
#endif
    (void)from;
    (void)to;
}

static void describe(struct fiber *f)
{
    f->asan_bottom = f->stack;
    f->asan_size = f->size;
    f->valgrind_id = VALGRIND_STACK_REGISTER(f->stack, f->stack + f->size);
#ifdef WITH_ASAN
    ASAN_UNPOISON_MEMORY_REGION(f->stack, f->size); /* a stack may have been there before */
#endif
#ifdef WITH_TSAN
    f->shadow = __tsan_create_fiber(0);
#endif
}

static void forget(struct fiber *f)
{
    VALGRIND_STACK_DEREGISTER(f->valgrind_id);
#ifdef WITH_TSAN
    __tsan_destroy_fiber(f->shadow);
#endif
}

/* --- fibers --- */

void fiber_here(struct fiber *f)
{
    assert(f);
    *f = (struct fiber){.context = NULL};
#ifdef WITH_TSAN
    f->shadow = __tsan_get_current_fiber();
#endif
}

/* The first thing on a new stack: `from` has just left its own. */
static void begin(struct transfer t)
{
    struct fiber *from = t.data, *self = from->to;

    from->context = t.from;
    enter(from, self);
    self->body(self->arg);
}

enum err_code fiber_init(struct fiber *f, fiber_fn *body, void *arg, struct err *err)
{
    assert(f);
    assert(body);

    unsigned char *whole = mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    if (whole == MAP_FAILED)
        return err_set(err, ERR_IO, "no memory for a task's stack: %s", strerror(errno));
    mprotect(whole, GUARD_SIZE, PROT_NONE);
    *f = (struct fiber){.stack = whole + GUARD_SIZE, .size = STACK_SIZE, .body = body, .arg = arg};
    f->context = make_fcontext(f->stack + f->size, f->size, begin);
    describe(f);
    return OK;
}

void fiber_release(struct fiber *f)
{
    assert(f);
    forget(f);
    munmap(f->stack - GUARD_SIZE, GUARD_SIZE + f->size);
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
    assert(from);
    assert(to);
    assert(from != to);

    struct transfer t;
    struct fiber *back;

    from->to = to;
    leave(from, to);
    t = jump_fcontext(to->context, from);
    back = t.data;
    back->context = t.from;
    enter(back, from);
}
