/*
 * memory: a stopped process's memory and registers (Linux, x86-64).
 */
#ifndef SIM_PROGRAM_MEMORY_H
#define SIM_PROGRAM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* How many bytes could be read, or written; less than `len` at the end of what there is. */
size_t memory_peek(pid_t pid, uint64_t at, void *out, size_t len);
size_t memory_poke(pid_t pid, uint64_t at, const void *data, size_t len);
/* A text of less than `size` bytes: its length; -1: it is longer, or not there. */
long memory_text(pid_t pid, uint64_t at, char *out, size_t size);

typedef struct user_regs_struct registers;

bool registers_get(pid_t pid, registers *r);
bool registers_set(pid_t pid, const registers *r);
/* The i-th argument of the call it is at; its place. */
uint64_t registers_arg(const registers *r, int i);
void registers_set_arg(registers *r, int i, uint64_t value);
/* At the stop before a call: it is not made, and answers that. */
bool registers_skip(pid_t pid, registers *r, int64_t answer);
/* … is to be made once more when the process goes on. At the stop behind it. */
void registers_redo(registers *r);

#endif
