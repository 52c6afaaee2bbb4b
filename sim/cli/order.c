/* The options that change in which orders a scenario is run. */
#include "sim/cli/cli.h"
#include <stdlib.h>
#include <string.h>

static enum err_code set_bound(struct scenario *sc, const char *text, struct err *err)
{
    char *end;
    long bound = strtol(text, &end, 10);

    sc->order.delays = end > text && strcmp(end, "d") == 0;
    if ((*end && !sc->order.delays) || end == text || bound < 0 || bound > ORDER_BOUND_MAX)
        return err_set(err, ERR_INPUT,
                       "--bound %s: expected a number from 0 to %d, or 2d for delays", text,
                       ORDER_BOUND_MAX);
    if (sc->order.kind != ORDER_ALL)
        return err_set(err, ERR_INPUT, "--bound %s: %s, %s does not try all orders", text, sc->file,
                       sc->variant);
    sc->order.within = true;
    sc->order.bound = (int)bound;
    return OK;
}

enum err_code apply_order(struct scenario *sc, const struct options *o, struct err *err)
{
    struct order *order = &sc->order;

    if (o->order && scenario_order(sc, "--order", o->order, err) != OK)
        return err->code;
    if (o->runs && order->kind != ORDER_SAMPLE &&
        scenario_order(sc, "--runs", "{\"random\": 1}", err) != OK)
        return err->code;
    if (o->runs)
        order->runs = o->runs;
    if (o->bound && set_bound(sc, o->bound, err) != OK)
        return err->code;
    if (o->seed && order->kind == ORDER_SAMPLE && !scenario_seed(o->seed, &order->seed))
        return err_set(err, ERR_INPUT, "--seed %s: expected a number like 0x1", o->seed);
    return OK;
}
