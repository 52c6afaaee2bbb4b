/* no_deadlock: nobody is left waiting for what cannot come. */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>

bool check_no_deadlock(struct cluster *c, struct strbuf *why)
{
    assert(c);
    if (c->end != END_DEADLOCK)
        return true;
    if (why)
        strbuf_adds(why, c->deadlock ? c->deadlock : "some wait for ever");
    return false;
}
