#include "sim/cli/output.h"
#include "sim/report/text/report.h"
#include "sim/report/text/verdict.h"
#include <stdio.h>
#include <stdlib.h>

int telling(const struct tally *t)
{
    if (!t->witness[0].any)
        return 1;
    return t->expected == HOLDS_NEVER && t->witness[1].any ? 1 : 0;
}

enum err_code output_begin(struct output *out, const struct options *o, struct err *err)
{
    *out = (struct output){.options = o, .junit = STRBUF_INIT};
    if (o->json && o->tap)
        err_set(err, ERR_INPUT, "--json and --tap: stdout can only be one of them");
    else if (o->github && (o->json || o->tap))
        err_set(err, ERR_INPUT, "--github writes beside the text, not beside --%s",
                o->json ? "json" : "tap");
    return err->code;
}

enum err_code output_open(struct output *out, struct used_files *used, struct err *err)
{
    const char *junit = out->options->junit;

    return junit ? outfile_begin(&out->junit_file, junit, used, err) : OK;
}

static void add_up(struct output *out, const struct search *s)
{
    out->variants++;
    out->executions += s->executions;
    out->repeated |=
        s->twin && s->options.twin_every == 0 && s->outcomes_repeated == s->outcome_count;
    for (int i = 0; i < s->tally_count; i++) {
        int ok = tally_ok(s, &s->tallies[i]);

        if (s->tallies[i].expected == HOLDS_UNNAMED)
            out->unnamed++;
        else if (ok > 0)
            out->as_expected++;
        else if (ok == 0)
            out->unexpected++;
        else
            out->undecided++;
    }
}

static void witnesses(const struct output *output, struct search *s, struct strbuf *out,
                      struct err *err)
{
    const struct options *o = output->options;
    int *kinds = mem_alloc(sizeof *kinds * (size_t)(s->tally_count + 1));
    struct style style = terminal_style();

    style.colour = style.colour && !o->tap && !o->junit; /* the same text goes into the file */
    for (int i = 0; i < s->tally_count; i++) {
        const struct tally *t = &s->tallies[i];
        bool failed = tally_ok(s, t) == 0, shown = o->witness && t->witness[0].any;

        kinds[i] = failed || shown ? telling(t) : -1;
    }
    report_witnesses(s, kinds, &style, out, err);
    free(kinds);
}

static void tell(struct output *output, const struct search *s, const char *witness,
                 const struct evidence *evidence)
{
    const struct options *o = output->options;
    struct strbuf out = STRBUF_INIT;

    if (o->json) {
        strbuf_adds(&out, output->variants ? ",\n " : "[");
        report_json(s, evidence, &out);
    } else if (o->tap) {
        report_tap(s, witness, &output->tests, &out);
    } else {
        report_text(s, output->brief, &out);
        strbuf_adds(&out, witness);
    }
    if (o->github)
        report_github(s, evidence, &out);
    fputs(out.s, stdout);
    fflush(stdout);
    strbuf_release(&out);
}

void output_variant(struct output *output, struct search *s, double seconds, struct err *err)
{
    const struct options *o = output->options;
    struct strbuf witness = STRBUF_INIT;
    struct evidence *evidence = NULL;

    if (!o->json || o->junit)
        witnesses(output, s, &witness, err);
    if (err->code == OK && (o->json || o->github))
        evidence = evidence_gather(s, err);
    if (err->code == OK) {
        tell(output, s, witness.s, evidence);
        if (o->junit)
            report_junit(s, output->variants, seconds, witness.s, &output->junit);
        add_up(output, s);
    }
    evidence_free(evidence, s->tally_count);
    strbuf_release(&witness);
}

/* The words of report_text() that are not plain by themselves. */
static void legend(const struct output *t)
{
    if (t->repeated)
        printf("model+dir: tried in memory, and each outcome once more on the real directory\n");
}

static void summary(const struct output *t)
{
    printf("\n");
    legend(t);
    printf("%d variant%s, %lld executions: %d propert%s as expected, %d not, %d undecided, %d "
           "not named\n",
           t->variants, t->variants == 1 ? "" : "s", (long long)t->executions, t->as_expected,
           t->as_expected == 1 ? "y" : "ies", t->unexpected, t->undecided, t->unnamed);
}

static void write_junit(struct output *output, struct err *err)
{
    struct strbuf file = STRBUF_INIT;

    report_junit_end(output->junit.s, &file);
    outfile_end(&output->junit_file, &file, err);
    strbuf_release(&file);
}

/* The last of what stdout gets. */
static void tell_end(const struct output *output, const struct err *err)
{
    const struct options *o = output->options;
    struct strbuf out = STRBUF_INIT;

    if (o->json && output->variants)
        strbuf_adds(&out, "]\n");
    else if (o->tap)
        report_tap_end(output->tests, err, &out);
    else if (!o->json && output->variants && err->code != ERR_IO)
        summary(output);
    if (o->github && err->code != OK)
        report_github_error(err, &out);
    fputs(out.s, stdout);
    strbuf_release(&out);
}

int output_end(struct output *output, struct err *err)
{
    write_junit(output, err);
    tell_end(output, err);
    strbuf_release(&output->junit);
    if (err->code != OK)
        return fail(err);
    if (output->unexpected)
        return EXIT_NOT_AS_EXPECTED;
    return output->undecided ? EXIT_UNDECIDED : EXIT_AS_EXPECTED;
}
