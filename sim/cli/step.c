/*
 * fsrace step: the scheduler, played by hand. At each choice the tasks that can go on are listed with
 * what they are about to do; the answer is a number, or a command. Going back is going anew, by the
 * same picks but the last ones.
 */
#include "base/strbuf.h"
#include "base/vec.h"
#include "sim/cli/cli.h"
#include "sim/explore/explain/export.h"
#include "sim/explore/search/outcome.h"
#include "sim/report/text/report.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] = "  N       the N-th of these goes on\n"
                           "  (empty) whoever went last, else the first\n"
                           "  end     the rest in the fixed order\n"
                           "  b, b N  back, by N choices\n"
                           "  q       that is all\n";

struct hand {
    struct chooser chooser;
    struct search *search;
    struct trace *trace;
    int *picks; /* tasks, by choice */
    int count, cap;
    int at;         /* choices made in this execution */
    int back;       /* … that are to be taken back */
    int last;       /* who made the last step, -1 */
    int told;       /* records that were printed */
    bool went_back; /* what comes before the next choice has been told */
    bool nobody;    /* answers any more */
    bool to_end, quit;
};

/* --- what is on the screen --- */

static void tell_news(struct hand *h)
{
    struct strbuf out = STRBUF_INIT;
    struct trace rest = *h->trace;

    rest.v += h->told;
    rest.count -= h->told;
    trace_story(&rest, report_task_width(h->search->scenario), &out);
    fputs(out.s, stdout);
    strbuf_release(&out);
    h->told = h->trace->count;
}

static void tell_choice(const struct hand *h, const struct choice *choice, const int *tasks, int n)
{
    int width = report_task_width(h->search->scenario);
    struct strbuf out = STRBUF_INIT;

    strbuf_printf(&out, "\nchoice %d\n", h->at + 1);
    for (int i = 0; i < n; i++) {
        const struct task *t = &choice->cluster->tasks[tasks[i]];

        strbuf_printf(&out, "%4d  %-*s  ", i + 1, width, tasks[i] == choice->end ? "-" : t->name);
        if (tasks[i] == choice->end)
            strbuf_adds(&out, "no fault happens");
        else
            point_text(&t->pending, &out);
        strbuf_addc(&out, '\n');
    }
    fputs(out.s, stdout);
    strbuf_release(&out);
}

/* --- what is said to it --- */

/* A line without its end; false: there are no more. */
static bool read_line(char *line, size_t size)
{
    if (isatty(STDIN_FILENO)) {
        fputs("? ", stdout);
        fflush(stdout);
    }
    if (!fgets(line, (int)size, stdin))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static void take_back(struct hand *h, const char *number)
{
    int n = *number ? atoi(number) : 1;

    h->back = n < 1 ? 1 : n < h->at ? n : h->at;
}

/* The index of a choice, CHOOSE_STOP if there is to be none, or -2: not understood. */
static int understand(struct hand *h, const char *line, int first, int n)
{
    char *end;
    long number = strtol(line, &end, 10);

    if (end > line && !*end && number >= 1 && number <= n)
        return (int)number - 1;
    if (!*line)
        return first;
    if (strcmp(line, "end") == 0) {
        h->to_end = true;
        return first;
    }
    h->quit = strcmp(line, "q") == 0;
    if (h->quit)
        return CHOOSE_STOP;
    if (line[0] == 'b' && (line[1] == '\0' || line[1] == ' ')) {
        take_back(h, line + 1);
        return CHOOSE_STOP;
    }
    return -2;
}

static int ask(struct hand *h, int first, int n)
{
    char line[80];
    int answer;

    for (;;) {
        if (!read_line(line, sizeof line)) {
            h->to_end = h->nobody = true;
            return first;
        }
        answer = understand(h, line, first, n);
        if (answer != -2)
            return answer;
        printf("\"%s\": expected 1 to %d, or one of these:\n%s", line, n, help);
    }
}

/* --- choices --- */

static void note(struct hand *h, int task)
{
    VEC_ROOM(h->picks, h->count, h->cap, 64);
    h->picks[h->count++] = task;
}

static int fixed(const struct hand *h, const struct choice *choice)
{
    if (choice->end >= 0)
        return choice->end;
    if (h->last >= 0 && choice->enabled >> h->last & 1)
        return h->last;
    return __builtin_ctzll(choice->enabled);
}

static int by_hand(struct hand *h, const struct choice *choice)
{
    int tasks[TASK_MAX], n = 0, first = 0, answer;

    for (int i = 0; i <= choice->cluster->task_count; i++)
        if (choice->enabled >> i & 1) {
            first = i == fixed(h, choice) ? n : first;
            tasks[n++] = i;
        }
    if (h->went_back)
        h->told = h->trace->count;
    h->went_back = false;
    tell_news(h);
    tell_choice(h, choice, tasks, n);
    answer = ask(h, first, n);
    if (answer == CHOOSE_STOP)
        return CHOOSE_STOP;
    assert(answer >= 0 && answer < n);
    return tasks[answer];
}

static int pick(struct chooser *self, const struct choice *choice)
{
    struct hand *h = (struct hand *)self;
    int task;

    if (h->at < h->count)
        task = h->picks[h->at];
    else if (h->to_end)
        task = fixed(h, choice);
    else
        task = by_hand(h, choice);
    if (task == CHOOSE_STOP)
        return task;
    if (h->at == h->count)
        note(h, task);
    h->at++;
    h->last = task;
    return task;
}

/* --- executions --- */

static void tell_end(struct hand *h, struct err *err)
{
    struct search *s = h->search;
    struct strbuf out = STRBUF_INIT;
    char **why = mem_alloc(sizeof *why * (size_t)(s->tally_count + 1));

    search_why(s, why);
    tell_news(h);
    report_end(s, why, &out);
    strbuf_adds(&out, "\nReplay: ");
    if (search_reset(s, err) == OK && record_command(s, &s->current, &out, err) == OK)
        printf("%s\n", out.s);
    for (int i = 0; i < s->tally_count; i++)
        free(why[i]);
    free(why);
    strbuf_release(&out);
}

/* It is over, and may still go back. */
static void ask_at_end(struct hand *h)
{
    char line[80];

    while (!h->quit && !h->back) {
        if (h->nobody || !read_line(line, sizeof line))
            h->quit = true;
        else if (understand(h, line, 0, 0) == -2 || (!h->back && !h->quit))
            printf("it is over: b to go back, q to leave\n");
    }
}

static enum err_code execute(struct hand *h, struct err *err)
{
    enum end end;

    trace_clear(h->trace);
    h->at = h->told = h->back = 0;
    h->last = -1;
    h->to_end = h->nobody;
    if (search_execute(h->search, &h->chooser, err) != OK)
        return err->code;
    end = h->search->cluster->end;
    if (end == END_DONE || end == END_DEADLOCK) {
        tell_end(h, err);
        if (err->code == OK)
            ask_at_end(h);
    } else {
        if (end == END_BOUND)
            printf("this goes on for more than %d steps\n", POINTS_MAX);
        search_reset(h->search, err);
        h->quit |= !h->back;
    }
    h->went_back = h->back > 0;
    h->count = h->at - h->back;
    return err->code;
}

static enum err_code play(struct search *s, struct err *err)
{
    struct hand h = {.chooser = {.name = "hand", .pick = pick}, .search = s};
    struct trace trace;

    trace_init(&trace);
    h.trace = &trace;
    search_tell(s, &trace);
    while (!h.quit && execute(&h, err) == OK)
        continue;
    search_tell(s, NULL);
    trace_release(&trace);
    free(h.picks);
    return err->code;
}

static int run(const struct options *o)
{
    struct err err = ERR_INIT;
    struct scenario *sc = load_one(o, &err);
    struct search_options options = {.max_executions = 0};
    struct session session;
    struct search *s;

    if (!sc)
        return fail(&err);
    session_init(&session, &o->where, false);
    if (session.backend == BACKEND_BEST)
        session.backend = BACKEND_DIR;
    s = session_search(&session, sc, &options, &err);
    if (s)
        play(s, &err);
    session_done(&session, s);
    session_release(&session);
    scenario_free(sc);
    return err.code == OK ? EXIT_AS_EXPECTED : fail(&err);
}

const struct command cmd_step = {
    .name = "step",
    .run = run,
    .line = "play the scheduler by hand, forwards and back",
    .usage = "FILE",
    .example = "fsrace step scenarios/check-then-put.json --variant o-excl",
    .options = OPT_VARIANT | OPT_DIR | OPT_KEEP | OPT_BACKEND | OPT_PROGRAMS,
    .min_files = 1,
    .max_files = 1};
