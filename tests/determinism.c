/*
 * determinism [-n SEEDS] [-d DIR] [-t] FILE...
 *
 * An execution is a pure function of (scenario, variant, choices). So: each variant of each
 * scenario runs once for each seed, and then once more with the very picks of that run; both have
 * to tell the same story. A line for each says which story that was, so that another process, on
 * another file system, can be compared by comparing the lines.
 */
#include "base/hash.h"
#include "base/mem.h"
#include "sim/exec/interrupt.h"
#include "sim/explore/search/outcome.h"
#include "sim/explore/search/search.h"
#include "sim/explore/strategy/strategies.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int seeds = 100, differ;

static bool told(struct search *s, struct chooser *chooser, struct strbuf *story, struct err *err)
{
    struct trace trace;

    trace_init(&trace);
    search_tell(s, &trace);
    search_execute(s, chooser, err);
    search_tell(s, NULL);
    strbuf_clear(story);
    trace_story(&trace, 1, story);
    trace_release(&trace);
    outcome_print(s->cluster, story);
    return err->code == OK;
}

static bool run_by_chance(struct search *s, int seed, struct strbuf *story, struct err *err)
{
    struct random_chooser random;
    struct script_chooser script;
    bool good;

    random_init(&random);
    random_begin(&random, (uint64_t)seed, 0);
    script_init(&script, s->scenario, &random.chooser);
    good = told(s, &script.chooser, story, err);
    script_release(&script);
    return good;
}

static bool run_again(struct search *s, struct strbuf *story, struct err *err)
{
    int count = s->current.count;
    uint8_t *picks = mem_grow(NULL, (size_t)count, 1); /* s->current is overwritten */
    struct given_chooser given;
    bool good;

    memcpy(picks, s->current.tasks, (size_t)count);
    given_init(&given, picks, count);
    good = search_reset(s, err) == OK && told(s, &given.chooser, story, err);
    free(picks);
    return good;
}

/* One seed, twice: by chance, and by the picks that chance made. */
static bool run_seed(struct search *s, int seed, struct strbuf *first, struct strbuf *second,
                     struct err *err)
{
    const struct scenario *sc = s->scenario;
    enum end end;

    if (!run_by_chance(s, seed, first, err))
        return false;
    end = s->cluster->end;
    if (end != END_DONE && end != END_DEADLOCK) /* not a whole execution: nothing to compare */
        return search_reset(s, err) == OK;
    if (!run_again(s, second, err) || search_reset(s, err) != OK)
        return false;
    printf("%s %s %d %016llx\n", sc->name, sc->variant, seed,
           (unsigned long long)hash_bytes(HASH_INIT, first->s, first->len));
    if (strcmp(first->s, second->s) != 0) {
        fprintf(stderr, "%s, %s: seed %d: the same picks told two stories:\n%s\nand\n%s\n",
                sc->name, sc->variant, seed, first->s, second->s);
        differ++;
    }
    return true;
}

static bool run_variant(struct scenario *sc, struct port *port, struct gate *gate, struct err *err)
{
    struct search_options options = {.max_executions = 0};
    struct search *s = port ? search_new(sc, port, gate, &options, err) : NULL;
    struct strbuf first = STRBUF_INIT, second = STRBUF_INIT;

    for (int seed = 1; s && seed <= seeds; seed++)
        if (!run_seed(s, seed, &first, &second, err))
            break;
    strbuf_release(&first);
    strbuf_release(&second);
    search_free(s);
    port_free(port);
    return err->code == OK;
}

static bool run_file(const char *path, const char *dir, struct gate *gate)
{
    struct err err = ERR_INIT;
    struct scenario_file *f = scenario_load(path, &err);

    for (int i = 0; f && i < f->variant_count && err.code == OK; i++) {
        struct scenario *sc = scenario_variant(f, i, &err);

        if (sc)
            run_variant(sc, port_linux_open(dir, &err), gate, &err);
        scenario_free(sc);
    }
    scenario_file_free(f);
    if (err.code != OK)
        fprintf(stderr, "%s: %s\n", path, err.story);
    return err.code == OK;
}

int main(int argc, char **argv)
{
    const char *dir = "/tmp";
    enum gate_kind kind = GATE_FIBERS;
    struct gate *gate;
    bool good = true;
    int option;

    while ((option = getopt(argc, argv, "n:d:t")) != -1) {
        if (option == 'n')
            seeds = atoi(optarg);
        else if (option == 'd')
            dir = optarg;
        else if (option == 't')
            kind = GATE_THREADS;
        else
            return 3;
    }
    interrupt_install();
    gate = gate_new(kind);
    for (int i = optind; i < argc && good; i++)
        good = run_file(argv[i], dir, gate);
    gate_free(gate);
    return good && !differ && optind < argc ? 0 : 1;
}
