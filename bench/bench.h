/*
 * bench: what the parts of `make bench` share. Each measures ROUNDS times and tells medians.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "sim/cli/cli.h"

#define ROUNDS 5

double bench_now_s(void);       /* of this process: others on the machine do not count */
double bench_median(double *v); /* of ROUNDS; sorts them */

/* model.c: the scenario in memory. */
enum err_code bench_model(struct session *session, struct scenario *sc, struct err *err);

/* orders.c: every order of the literature's programs. */
enum err_code bench_orders(struct session *session, struct err *err);

/* samplers.c: how soon each hits a race. */
enum err_code bench_samplers(struct session *session, struct err *err);

#endif
