/*
 * hash: 64 bits of a name, a content or an outcome. FNV-1a with a final mix (Fowler, Noll, Vo; the
 * mix is splitmix64's). The same on every machine, so that it may be printed and stored. Not
 * against attackers.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_INIT UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

uint64_t hash_bytes(uint64_t h, const void *data, size_t len);
uint64_t hash_str(uint64_t h, const char *s); /* with its '\0', so that "a","b" is not "ab","" */
/* hash_str() of a path, and of the directory that it is in ("" if it has no '/'). */
uint64_t hash_path(const char *path, uint64_t *dir);

/* Lowest byte first, whatever the machine's order. */
static inline uint64_t hash_u64(uint64_t h, uint64_t v)
{
    for (int shift = 0; shift < 64; shift += 8)
        h = (h ^ ((v >> shift) & 0xff)) * FNV_PRIME;
    return h;
}

/* Spreads h over all 64 bits. */
static inline uint64_t hash_mix(uint64_t h)
{
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}

#endif
