/* no_deadlock: nobody is left waiting for what cannot come. */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"

static bool holds(struct cluster *c, struct strbuf *why)
{
    if (c->end != END_DEADLOCK)
        return true;
    if (why)
        strbuf_adds(why, c->deadlock ? c->deadlock : "some wait for ever");
    return false;
}

const struct check check_no_deadlock = {.name = "no_deadlock", .holds = holds};
