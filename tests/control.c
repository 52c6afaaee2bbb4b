/*
 * control [-m MOST] [-g COUNT] [-f FIRST] [-k FILE] [-v] [FILE...]
 *
 * The reduced search against the control (sim/explore/strategy/control.h), which knows nothing of races: same verdicts, same
 * outcomes, same number of classes. It goes where the plain search does not come to an end: each variant of each FILE, and COUNT
 * generated scenarios (generate.h) from seed FIRST on, small ones, actors and clusters in turn. Those for which the control needs
 * more than MOST executions are left out.
 *
 * Differences are told by kind; -k FILE has globs of the kinds that are known, another one makes the exit status 1; -v tells an
 * example of each, made small if it was generated. The control itself checks that its states hold all that matters, which is a
 * kind, too.
 */
#include "sim/exec/interrupt.h"
#include "tests/duel.h"
#include "tests/kinds.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool verbose;
static struct duel_options options = {.control = true, .most = 10000};
static int64_t fought, left_out, steps, classes, reduced;

static void tell(const char *text, const struct duel *d)
{
    printf("%scontrol: %" PRId64 " classes, %" PRId64 " outcomes, %" PRId64
           " states; reduced: %" PRId64 " executions, %" PRId64 " given up",
           text, d->classes, d->outcomes, d->states, d->reduced, d->given_up);
    if (d->what)
        printf("; %s: %" PRId64 " missed, %" PRId64 " invented, %" PRId64 " twice. %s", d->what,
               d->missed, d->invented, d->twice, d->err.code != OK ? d->err.story : "");
    printf("\n");
    fflush(stdout);
}

static void tell_small(const struct sketch *k, const char *family, const char *kind)
{
    struct sketch small = *k; /* its texts are the other's */
    struct strbuf text = STRBUF_INIT;
    struct duel d;

    duel_shrink(&small, family, kind, &options, &d);
    sketch_text(&small, &text);
    tell(text.s, &d);
    strbuf_release(&text);
}

/* k: NULL: it was not generated. */
static void note(const char *family, const struct sketch *k, const char *label,
                 const struct duel *d)
{
    struct strbuf kind = STRBUF_INIT;

    fought++;
    steps += d->steps;
    classes += d->classes;
    reduced += d->reduced;
    if (!d->what)
        return;
    duel_kind(family, d, &kind);
    if (kind_found(kind.s) && verbose) {
        printf("--- %s (%s)\n", kind.s, label);
        if (k)
            tell_small(k, family, kind.s);
        else
            tell("", d);
    }
    strbuf_release(&kind);
}

static bool fight_file(const char *path)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(path, &err);
    char label[512];
    struct duel d;

    for (int i = 0; f && i < f->variant_count && !interrupted(); i++) {
        snprintf(label, sizeof label, "%s --variant %s", path, f->variants[i]);
        if (duel_fight_variant(f, i, &options, &d))
            note("written", NULL, label, &d);
        else
            left_out++;
    }
    scenario_file_free(f);
    if (err.code != OK)
        printf("%s: %s\n", path, err.story);
    return err.code == OK;
}

static void fight_generated(uint64_t seed)
{
    static const struct {
        const char *name;
        void (*make)(struct sketch *k, uint64_t seed);
    } families[] = {
        {"small", generate_small}, {"actors", generate_actors}, {"cluster", generate_cluster}};
    struct sketch k;
    struct duel d;
    char label[64];

    sketch_init(&k);
    families[seed % 3].make(&k, seed);
    snprintf(label, sizeof label, "-g 1 -f %" PRIu64, seed);
    if (duel_fight(&k, &options, &d))
        note(families[seed % 3].name, &k, label, &d);
    else
        left_out++;
    sketch_release(&k);
}

int main(int argc, char **argv)
{
    uint64_t first = 0, count = 0;
    bool good = true;
    int option, unknown;

    while ((option = getopt(argc, argv, "m:g:f:k:v")) != -1) {
        if (option == 'm')
            options.most = strtoll(optarg, NULL, 10);
        else if (option == 'g')
            count = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            first = strtoull(optarg, NULL, 10);
        else if (option == 'v')
            verbose = true;
        else if (option != 'k' || !kinds_read_known(optarg))
            return 3;
    }
    interrupt_install();
    options.gate = gate_new(GATE_FIBERS);
    for (int i = optind; i < argc && !interrupted(); i++)
        good &= fight_file(argv[i]);
    for (uint64_t i = 0; i < count && !interrupted(); i++)
        fight_generated(first + i);
    gate_free(options.gate);
    unknown = kinds_print();
    printf("%" PRId64 " scenarios, %" PRId64 " left out; control: %" PRId64 " classes, %" PRId64
           " steps; reduced: %" PRId64 " executions; %d kinds of differences not known\n",
           fought, left_out, classes, steps, reduced, unknown);
    return unknown == 0 && good && !interrupted() ? 0 : 1;
}
