#include "base/hash.h"
#include <string.h>

#define FNV_PRIME UINT64_C(0x100000001b3)

uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
    const unsigned char *p = data;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * FNV_PRIME;
    return h;
}

uint64_t hash_str(uint64_t h, const char *s)
{
    return hash_bytes(h, s, strlen(s) + 1);
}

uint64_t hash_path(const char *path, uint64_t *dir)
{
    uint64_t h = HASH_INIT;

    *dir = HASH_INIT * FNV_PRIME;
    for (; *path; path++) {
        if (*path == '/')
            *dir = h * FNV_PRIME; /* a '\0' there */
        h = (h ^ (unsigned char)*path) * FNV_PRIME;
    }
    return h * FNV_PRIME;
}

/* Lowest byte first, whatever the machine's order. */
uint64_t hash_u64(uint64_t h, uint64_t v)
{
    for (int shift = 0; shift < 64; shift += 8)
        h = (h ^ ((v >> shift) & 0xff)) * FNV_PRIME;
    return h;
}

uint64_t hash_mix(uint64_t h)
{
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}
