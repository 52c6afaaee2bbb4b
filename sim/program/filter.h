/*
 * filter: the seccomp filter that stops a program at the calls that matter. For the child, between fork and exec: it
 * allocates nothing.
 */
#ifndef SIM_PROGRAM_FILTER_H
#define SIM_PROGRAM_FILTER_H

/* 0 or a negative errno. From here on calls of this process and its children stop for their tracer; without one they
 * fail with ENOSYS. */
int filter_install(void);

#endif
