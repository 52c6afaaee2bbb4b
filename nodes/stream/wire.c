#include "nodes/stream/wire.h"
#include <assert.h>

const char *msg_kind_name(enum msg_kind kind)
{
    assert((int)kind >= 0 && kind < MSG_KINDS);

    static const char *const names[MSG_KINDS] = {
        [MSG_CREATE] = "create",   [MSG_ANSWER] = "answer", [MSG_SYNC] = "sync",
        [MSG_GROW] = "grow",       [MSG_VECTOR] = "vector", [MSG_NEWER] = "newer",
        [MSG_CHANGED] = "changed", [MSG_UPLOAD] = "upload"};

    return names[kind];
}
