/*
 * fiber: a stack of its own for a body of code, and the switch from one to another. One thread.
 *
 *     struct fiber here, there;
 *
 *     fiber_here(&here);                     // the stack that runs now
 *     fiber_init(&there, body, arg, &err);   // another, which begins in body(arg) when switched to
 *     fiber_switch(&here, &there);           // … and is back when somebody switches to `here`
 *     fiber_release(&there);                 // not while it runs; what is on it is forgotten
 *
 * body() must not return. longjmp(3) stays on one fiber. The switch itself is Boost.Context's (its
 * two functions with C linkage, in libboost_context on every distribution): it saves what the ABI
 * says a call preserves, 10 ns, where swapcontext(3) makes two system calls for the signal mask.
 * Sanitizers and valgrind are told of each stack and each switch (sanitizer/common_interface_defs.h,
 * sanitizer/tsan_interface.h, valgrind/valgrind.h).
 */
#ifndef SIM_EXEC_FIBER_H
#define SIM_EXEC_FIBER_H

#include "base/err.h"
#include <stddef.h>

typedef void fiber_fn(void *arg);

struct fiber {
    void *context; /* where it goes on; valid while it does not run */
    unsigned char *stack;
    size_t size; /* of the stack */
    fiber_fn *body;
    void *arg;
    struct fiber *to; /* whom it switched to last */
    void *shadow;     /* the sanitizers' */
    const void *asan_bottom;
    size_t asan_size;
    unsigned valgrind_id;
};

void fiber_here(struct fiber *f);
/* ERR_IO: no memory for the stack. */
enum err_code fiber_init(struct fiber *f, fiber_fn *body, void *arg, struct err *err);
void fiber_release(struct fiber *f);
void fiber_switch(struct fiber *from, struct fiber *to);

#endif
