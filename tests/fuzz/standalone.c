/*
 * A main for fuzz targets where there is no libFuzzer: fuzz_X [-n COUNT] [-s SEED] [-k NUMBER]
 * FILE…
 *
 * Each FILE as it is, then COUNT mutations of them. Mutation number i depends on the seed, i and
 * the files only: when one crashes, its number is said, and -k NUMBER runs just that one (in a
 * debugger, say).
 */
#include "base/mem.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_MAX   ((size_t)64 << 10)
#define EDITS_MAX   8
#define NO_MUTATION (-1L)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

struct seeds {
    struct strbuf *files;
    uint32_t count;
};

static unsigned long long seed = 1;
static volatile long running = NO_MUTATION; /* what is being run, for the last words */

/* A position from 0 to len, both included. */
static size_t any_position(struct rng *r, size_t len)
{
    return rng_below(r, (uint32_t)len + 1);
}

/* Bytes that mean something to many a parser, and bytes that mean nothing. */
static char any_byte(struct rng *r)
{
    static const char special[] = "{}[]\",:\\/u0123456789eE+-.tfn \n\t\0\xff\xc3\xa9\xed\xf0";

    if (rng_below(r, 4) == 0)
        return (char)rng_below(r, 256);
    return special[rng_below(r, sizeof(special) - 1)];
}

static void flip(struct rng *r, struct strbuf *in)
{
    size_t at = rng_below(r, (uint32_t)in->len);

    if (rng_below(r, 2))
        in->s[at] = any_byte(r);
    else
        in->s[at] = (char)(in->s[at] ^ (1 << rng_below(r, 8)));
}

static void delete_some(struct rng *r, struct strbuf *in)
{
    size_t at = any_position(r, in->len), left = in->len - at;
    size_t n = any_position(r, rng_below(r, 4) ? (left < 8 ? left : 8) : left);

    memmove(in->s + at, in->s + at + n, left - n);
    in->len -= n;
}

/* data must not be in's. */
static void insert_at(struct strbuf *in, size_t at, const char *data, size_t n)
{
    struct strbuf made = STRBUF_INIT;

    if (in->len + n > INPUT_MAX)
        return;
    strbuf_add(&made, in->s, at);
    strbuf_add(&made, data, n);
    strbuf_add(&made, in->s + at, in->len - at);
    strbuf_release(in);
    *in = made;
}

static void insert_some(struct rng *r, struct strbuf *in)
{
    char bytes[8];
    size_t n = 1 + rng_below(r, sizeof(bytes));

    for (size_t i = 0; i < n; i++)
        bytes[i] = any_byte(r);
    insert_at(in, any_position(r, in->len), bytes, n);
}

/* A part of a seed file goes into the input. */
static void splice(struct rng *r, struct strbuf *in, const struct seeds *seeds)
{
    const struct strbuf *from = &seeds->files[rng_below(r, seeds->count)];
    size_t start = any_position(r, from->len);
    size_t n = any_position(r, from->len - start);

    insert_at(in, any_position(r, in->len), from->s + start, n);
}

static void mutate(struct rng *r, struct strbuf *in, const struct seeds *seeds)
{
    uint32_t edits = 1 + rng_below(r, EDITS_MAX);

    for (uint32_t i = 0; i < edits; i++) {
        uint32_t kind = in->len ? rng_below(r, 4) : 3;
        if (kind == 0)
            flip(r, in);
        else if (kind == 1)
            delete_some(r, in);
        else if (kind == 2)
            insert_some(r, in);
        else
            splice(r, in, seeds);
    }
}

/* In memory of just that size, so that a read behind its end is seen. */
static void run_input(const struct strbuf *in)
{
    uint8_t *data = mem_grow(NULL, in->len, 1);

    memcpy(data, in->s, in->len);
    LLVMFuzzerTestOneInput(data, in->len);
    free(data);
}

static void run_mutation(const struct seeds *seeds, long number)
{
    struct strbuf in = STRBUF_INIT;
    const struct strbuf *from;
    struct rng r;

    running = number;
    rng_init(&r, seed, (uint64_t)number);
    from = &seeds->files[rng_below(&r, seeds->count)];
    strbuf_add(&in, from->s, from->len);
    mutate(&r, &in, seeds);
    run_input(&in);
    strbuf_release(&in);
    running = NO_MUTATION;
}

/* The process is dying anyway: stdio, even from a signal handler, may do no more harm. */
static void last_words(void)
{
    if (running != NO_MUTATION)
        fprintf(stderr, "fuzz: this was mutation -s %llu -k %ld\n", seed, running);
    else
        fputs("fuzz: this was a file as it is\n", stderr);
}

static void on_signal(int sig)
{
    last_words();
    signal(sig, SIG_DFL);
    raise(sig);
}

static void watch_for_death(void)
{
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(last_words);
    else
        signal(SIGSEGV, on_signal);
    signal(SIGABRT, on_signal);
}

static bool load(const char *path, struct strbuf *to)
{
    char part[4096];
    FILE *f = fopen(path, "rb");
    size_t n;
    bool ok;

    while (f && to->len < INPUT_MAX && (n = fread(part, 1, sizeof(part), f)) > 0)
        strbuf_add(to, part, n);
    ok = f && !ferror(f);
    if (!ok)
        fprintf(stderr, "fuzz: cannot read '%s': %s\n", path, strerror(errno));
    if (f)
        fclose(f);
    return ok;
}

static bool parse_number(const char *text, unsigned long long *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 0);
    return errno == 0 && end != text && *end == '\0' && *text != '-' && *out <= INT64_MAX;
}

static bool parse_options(int argc, char **argv, long *count, long *only)
{
    unsigned long long n;
    int option;

    while ((option = getopt(argc, argv, "n:s:k:")) != -1) {
        if (option == '?' || !parse_number(optarg, &n))
            return false;
        if (option == 'n')
            *count = (long)n;
        else if (option == 's')
            seed = n;
        else
            *only = (long)n;
    }
    return optind < argc;
}

static void run_all(const struct seeds *seeds, long count, long only)
{
    if (only != NO_MUTATION) {
        run_mutation(seeds, only);
        return;
    }
    for (uint32_t i = 0; i < seeds->count; i++)
        run_input(&seeds->files[i]);
    for (long i = 0; i < count; i++)
        run_mutation(seeds, i);
    printf("%u files and %ld mutations of them: no crash\n", seeds->count, count);
}

int main(int argc, char **argv)
{
    long count = 10000, only = NO_MUTATION;
    struct seeds seeds = {0};
    bool ok = true;

    if (!parse_options(argc, argv, &count, &only)) {
        fputs("usage: fuzz_X [-n COUNT] [-s SEED] [-k NUMBER] FILE…\n", stderr);
        return 2;
    }
    seeds.count = (uint32_t)(argc - optind);
    seeds.files = mem_alloc(seeds.count * sizeof(*seeds.files));
    for (uint32_t i = 0; i < seeds.count; i++) {
        seeds.files[i] = (struct strbuf)STRBUF_INIT;
        ok = load(argv[optind + (int)i], &seeds.files[i]) && ok;
    }
    watch_for_death();
    if (ok)
        run_all(&seeds, count, only);
    for (uint32_t i = 0; i < seeds.count; i++)
        strbuf_release(&seeds.files[i]);
    free(seeds.files);
    return ok ? 0 : 1;
}
