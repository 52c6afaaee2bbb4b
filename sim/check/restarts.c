/* restarts: whoever is restarted, by a client or after a crash, starts. */
#include "sim/check/check.h"
#include "sim/engine/cluster.h"
#include <assert.h>

bool check_restarts(struct cluster *c, struct strbuf *why)
{
    assert(c);
    if (c->restarts_failed == 0)
        return true;
    if (why)
        strbuf_printf(why, "%d restart%s failed", c->restarts_failed,
                      c->restarts_failed == 1 ? "" : "s");
    return false;
}
