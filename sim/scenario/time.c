/*
 * "time": who may be slow. What is tried then, and what a clock is kept for: sim/engine/clock.h.
 */
#include "sim/scenario/parse.h"
#include <assert.h>

#define AT_MOST_MAX 1000

static enum err_code parse_free_time(struct scenario *s, const struct json *j, struct err *err)
{
    static const char *const keys[] = {"free", NULL};
    struct json n;

    s->time.free = true;
    if (json_only(j, keys, err) != OK)
        return ERR_INPUT;
    if (!json_get(j, "free", &n))
        return json_fail(j, err, "expected \"patient\", \"free\", or {\"free\": n}");
    return json_int(&n, 0, AT_MOST_MAX, &s->time.at_most, err);
}

enum err_code parse_time(struct scenario *s, const struct json *j, struct err *err)
{
    assert(s);
    assert(j);

    static const char *const words[] = {"patient", "free", NULL};
    int i;

    s->time.at_most = -1;
    if (json_kind(j) == JSON_OBJECT)
        return parse_free_time(s, j, err);
    i = parse_word(j, words, "rule of time", err);
    s->time.free = i == 1;
    return i < 0 ? ERR_INPUT : OK;
}

/* Does anybody ask what time it is, and go by the answer? */
static bool compares(const struct scenario *s)
{
    for (int i = 0; i < s->fault_count; i++)
        if (s->faults[i].kind == FAULT_CUT)
            return true;
    return s->has_programs || (s->has_services && makes_markers(&s->settings));
}

static bool has_slow(const struct scenario *s)
{
    for (int i = 0; i < s->fault_count; i++)
        if (s->faults[i].kind == FAULT_PAUSE || s->faults[i].kind == FAULT_SLOW)
            return true;
    return false;
}

enum err_code settle_time(struct scenario *s, const struct json *root, struct err *err)
{
    assert(s);
    assert(root);

    struct time_rule *time = &s->time;

    if (!time->free)
        time->at_most = -1;
    time->kept = time->free && (time->at_most >= 0 || compares(s));
    time->slow = !time->free && has_slow(s);
    if (!time->kept && !time->slow)
        return OK;
    if (s->task_count == SCENARIO_TASKS_MAX)
        return json_fail(root, err, "more than %d tasks, the clock's among them",
                         SCENARIO_TASKS_MAX);
    s->tasks[s->task_count++] = (struct scenario_task){.name = "clock"};
    return OK;
}
