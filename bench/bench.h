/*
 * bench: what the parts of `make bench` share. Each measures ROUNDS times and tells medians.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "sim/cli/cli.h"

#define ROUNDS 5

double bench_now_s(void);
double bench_median(double *v); /* of ROUNDS; sorts them */

/* orders.c: every order of the literature's programs. */
enum err_code bench_orders(struct session *session, struct err *err);

#endif
