#include "tests/kinds.h"
#include "base/mem.h"
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS_MAX 4096
#define KNOWN_MAX 256

struct kind {
    char *name; /* or glob */
    int64_t count;
};

static struct kind kinds[KINDS_MAX], known[KNOWN_MAX];
static int kind_count, known_count;

bool kinds_read_known(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[512];

    if (!f) {
        perror(path);
        return false;
    }
    while (fgets(line, sizeof line, f)) {
        size_t len = strcspn(line, "#\n");

        while (len > 0 && line[len - 1] == ' ')
            len--;
        line[len] = '\0';
        if (len > 0 && known_count < KNOWN_MAX)
            known[known_count++].name = mem_strdup(line);
    }
    fclose(f);
    return true;
}

static struct kind *known_as(const char *name)
{
    for (int i = 0; i < known_count; i++)
        if (fnmatch(known[i].name, name, 0) == 0)
            return &known[i];
    return NULL;
}

static struct kind *find_kind(const char *name)
{
    for (int i = 0; i < kind_count; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    if (kind_count == KINDS_MAX)
        return &kinds[KINDS_MAX - 1];
    kinds[kind_count].name = mem_strdup(name);
    return &kinds[kind_count++];
}

bool kind_found(const char *name)
{
    return find_kind(name)->count++ == 0 && !known_as(name);
}

static int more_often(const void *a, const void *b)
{
    const struct kind *x = a, *y = b;

    return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->name, y->name);
}

int kinds_print(void)
{
    int unknown = 0;

    qsort(kinds, (size_t)kind_count, sizeof *kinds, more_often);
    for (int i = 0; i < kind_count; i++) {
        struct kind *k = known_as(kinds[i].name);

        if (k)
            k->count += kinds[i].count;
        unknown += !k;
        printf("%8lld%s %s\n", (long long)kinds[i].count, k ? " known" : "      ", kinds[i].name);
    }
    for (int i = 0; i < known_count; i++)
        if (!known[i].count)
            printf("       - known, and not seen: %s\n", known[i].name);
    return unknown;
}
