/*
 * determinism: is an execution a function of its choices? It is run, and run again with the same picks,
 * and both are written down.
 */
#ifndef SIM_EXPLORE_SEARCH_DETERMINISM_H
#define SIM_EXPLORE_SEARCH_DETERMINISM_H

#include "sim/engine/cluster.h"

/* As cluster_run(); what there is to see afterwards is of the second run. ERR_DIVERGE: the two
 * differ, with the first place. An execution that the chooser stops is not run again. */
enum err_code cluster_run_twice(struct cluster *c, struct chooser *chooser, struct err *err);

#endif
