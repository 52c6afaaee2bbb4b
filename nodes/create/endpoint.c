#include "nodes/create/endpoint.h"
#include <assert.h>
#include <string.h>

static bool begins_with(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* Without scheme, path, port and brackets. An IPv6 address without brackets has no port. */
static const char *host_of(struct arena *a, const char *endpoint)
{
    const char *after = strstr(endpoint, "://"), *host = after ? after + 3 : endpoint;
    size_t len = strcspn(host, "/"), first = strcspn(host, ":");

    if (host[0] == '[') {
        host++;
        return arena_memdup(a, host, strcspn(host, "]"));
    }
    if (first < len && !memchr(host + first + 1, ':', len - first - 1))
        len = first;
    return arena_memdup(a, host, len);
}

static bool is_ipv4_self(const char *host)
{
    bool numeric = host[strspn(host, "0123456789.")] == '\0';

    return numeric && (host[strspn(host, "0.")] == '\0' || begins_with(host, "127."));
}

/* "::", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1" */
static bool is_ipv6_self(const char *host)
{
    const char *rest = host + strspn(host, "0:");

    if (!strchr(host, ':'))
        return false;
    if (begins_with(rest, "ffff:"))
        return is_ipv4_self(rest + strlen("ffff:"));
    return *rest == '\0' || strcmp(rest, "1") == 0;
}

const char *endpoint_node(struct arena *a, const char *endpoint, const char *self)
{
    assert(a);
    assert(endpoint);
    assert(self);

    const char *host = host_of(a, endpoint);
    bool here =
        *host && (is_ipv4_self(host) || is_ipv6_self(host) || strcmp(host, "localhost") == 0);

    return here ? self : host;
}

bool endpoint_is_self(struct arena *a, const char *endpoint, const char *self)
{
    assert(a);
    assert(endpoint);
    assert(self);
    return strcmp(endpoint_node(a, endpoint, self), self) == 0;
}
