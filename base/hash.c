#include "base/hash.h"
#include <assert.h>
#include <string.h>

uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
    assert(data || len == 0);

    const unsigned char *p = data;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * FNV_PRIME;
    return h;
}

uint64_t hash_str(uint64_t h, const char *s)
{
    assert(s);
    return hash_bytes(h, s, strlen(s) + 1);
}

uint64_t hash_path(const char *path, uint64_t *dir)
{
    assert(path);
    assert(dir);

    uint64_t h = HASH_INIT;

    *dir = HASH_INIT * FNV_PRIME;
    for (; *path; path++) {
        if (*path == '/')
            *dir = h * FNV_PRIME; /* a '\0' there */
        h = (h ^ (unsigned char)*path) * FNV_PRIME;
    }
    return h * FNV_PRIME;
}
