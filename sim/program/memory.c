#include "sim/program/memory.h"
#include <assert.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#define PAGE 4096

static void *address(uint64_t number)
{
    union {
        uint64_t number;
        void *at;
    } a = {number};

    _Static_assert(sizeof a.number == sizeof a.at, "an address is a number");
    return a.at;
}

size_t memory_peek(pid_t pid, uint64_t at, void *out, size_t len)
{
    assert(out);

    struct iovec mine = {out, len}, theirs = {address(at), len};
    ssize_t n = process_vm_readv(pid, &mine, 1, &theirs, 1, 0);

    return n > 0 ? (size_t)n : 0;
}

size_t memory_poke(pid_t pid, uint64_t at, const void *data, size_t len)
{
    assert(data);

    union {
        const void *data;
        void *mine;
    } from = {data};
    struct iovec mine = {from.mine, len}, theirs = {address(at), len};
    ssize_t n = process_vm_writev(pid, &mine, 1, &theirs, 1, 0);

    return n > 0 ? (size_t)n : 0;
}

/* Up to the end of a page at a time: the next one may not be there. */
long memory_text(pid_t pid, uint64_t at, char *out, size_t size)
{
    size_t len = 0;

    while (len < size) {
        size_t step = PAGE - (at + len) % PAGE;
        size_t n = memory_peek(pid, at + len, out + len, step < size - len ? step : size - len);
        const char *end = memchr(out + len, '\0', n);

        if (end)
            return end - out;
        if (n == 0)
            return -1;
        len += n;
    }
    return -1;
}

bool registers_get(pid_t pid, registers *r)
{
    return ptrace(PTRACE_GETREGS, pid, NULL, r) == 0;
}

bool registers_set(pid_t pid, const registers *r)
{
    registers copy = *r;

    return ptrace(PTRACE_SETREGS, pid, NULL, &copy) == 0;
}

uint64_t registers_arg(const registers *r, int i)
{
    const unsigned long long args[] = {r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9};

    assert(i >= 0 && i < 6);
    return args[i];
}

void registers_set_arg(registers *r, int i, uint64_t value)
{
    unsigned long long *const args[] = {&r->rdi, &r->rsi, &r->rdx, &r->r10, &r->r8, &r->r9};

    assert(i >= 0 && i < 6);
    *args[i] = value;
}

bool registers_skip(pid_t pid, registers *r, int64_t answer)
{
    r->orig_rax = (unsigned long long)-1;
    r->rax = (unsigned long long)answer;
    return registers_set(pid, r);
}

void registers_redo(registers *r)
{
    r->rip -= 2; /* the instruction `syscall` */
    r->rax = r->orig_rax;
    r->orig_rax = (unsigned long long)-1;
}
