/*
 * breaches: what callers owe, broken on purpose. Each breach of a contract, one a room at least, has
 * to stop at an assert that names it: not at a crash further on, and never go on.
 *
 * A row is a room, the words of the assert, and what the caller does wrong. It runs in a process of
 * its own, which has to end by SIGABRT with "Assertion `WORDS' failed" on stderr.
 */
#include "base/json.h"
#include "base/outfile.h"
#include "base/rng.h"
#include "base/suggest.h"
#include "fsstore/port/disk.h"
#include "fsstore/port/fault.h"
#include "fsstore/port/model.h"
#include "fsstore/port/power.h"
#include "fsstore/store/file.h"
#include "fsstore/store/object.h"
#include "fsstore/store/watch.h"
#include "nodes/create/create.h"
#include "nodes/create/endpoint.h"
#include "nodes/create/registry_log.h"
#include "nodes/role/config.h"
#include "nodes/role/migrate.h"
#include "nodes/role/request.h"
#include "nodes/stream/layout.h"
#include "nodes/stream/marker.h"
#include "nodes/stream/status.h"
#include "nodes/stream/wire.h"
#include "sim/check/check.h"
#include "sim/check/linearizable.h"
#include "sim/compare/work.h"
#include "sim/exec/executor.h"
#include "sim/exec/fiber.h"
#include "sim/explore/explain/nearest.h"
#include "sim/explore/parallel/partition.h"
#include "sim/explore/parallel/worker_pool.h"
#include "sim/explore/search/tally.h"
#include "sim/explore/strategy/strategies.h"
#include "sim/explore/strategy/wakeup.h"
#include "sim/program/tree.h"
#include "sim/report/diagram/formats.h"
#include "sim/report/page/intern.h"
#include "sim/report/page/page.h"
#include "sim/report/page/page_runs.h"
#include "sim/report/text/row.h"
#include "sim/report/text/table.h"
#include "sim/report/text/verdict.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/trace.h"
#include "sim/workload/predicate.h"
#include "sim/workload/roles.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static struct strbuf text = STRBUF_INIT;

static struct store model_store(void)
{
    return (struct store){.port = port_model_open(), .arena = &arena};
}

/* --- base --- */

static void an_error_that_is_none(void)
{
    struct err err = ERR_INIT;

    err_set(&err, OK, "all is well");
}

static void wrapped_and_not_set(void)
{
    struct err err = ERR_INIT;

    err_wrap(&err, "nothing has happened");
}

static void below_nothing(void)
{
    struct rng rng;

    rng_init(&rng, 1, 0);
    rng_below(&rng, 0);
}

static void bytes_from_nowhere(void)
{
    strbuf_add(&text, NULL, 3);
}

static void limits_crossed(void)
{
    struct json_doc *doc = json_parse("t", "1", 1, NULL);
    struct json root = json_root(doc);
    int64_t n;

    json_int(&root, 10, 1, &n, NULL);
}

static void cut_below_none(void)
{
    struct used_files used = {0};

    used_files_cut(&used, -1);
}

static void no_word(void)
{
    static const char *const words[] = {"a", NULL};

    near_word(NULL, words);
}

/* --- fsstore --- */

static void fault_without_wrap(void)
{
    port_fault_arm(port_model_open(), 0, -5);
}

static void fault_with_a_positive_errno(void)
{
    struct port *port = port_model_open();

    port_fault_wrap(port);
    port_fault_arm(port, 0, 5);
}

static void power_wrapped_twice(void)
{
    struct port *port = port_model_open();

    port_power_wrap(port);
    port_power_wrap(port);
}

static void written_to_a_directory(void)
{
    struct disk d = {0};

    disk_clear(&d);
    disk_write(&d, 0, 0, "x", 1);
}

static void synced_what_is_not_there(void)
{
    struct disk d = {0};

    disk_clear(&d);
    disk_fsync(&d, 7);
}

static void no_events_wanted(void)
{
    struct port *port = port_model_open();
    struct port_event event;

    port->calls->watch_read(port, port->calls->watch_open(port), 0, &event);
}

static void queue_that_was_never_opened(void)
{
    struct port *port = port_model_open();

    port->calls->watch_add(port, 3, "d");
}

static void ended_and_not_begun(void)
{
    struct store s = model_store();

    store_end(&s, STORE_PUT, "a", NULL, 0, NULL, 0);
}

static void read_after_a_failed_open(void)
{
    struct store s = model_store();
    struct fs_file f = {.handle = -2, .path = "a"};
    char *data;
    size_t len;

    fs_read(&s, &f, &data, &len);
}

static void put_of_nothing(void)
{
    struct store s = model_store();

    object_put(&s, "a", NULL, 3);
}

static void watched_for_none(void)
{
    struct store s = model_store();
    struct port_event event;

    watch_next(&s, 0, 0, &event);
}

/* --- nodes --- */

static void fence_zero(void)
{
    layout_marker(&arena, "app", 0);
}

static void version_zero(void)
{
    layout_schema_version(&arena, "app", 0);
}

static void claim_of_nobody(void)
{
    struct store s = model_store();
    struct marker m;

    marker_claim(&s, "app", "", "i1-1", 0, 1000, &m);
}

static void released_and_never_held(void)
{
    struct store s = model_store();
    struct marker m = {.name = "app"};

    marker_release(&s, &m);
}

static void status_beyond(void)
{
    status_name(STATUSES);
}

static void message_beyond(void)
{
    msg_kind_name(MSG_KINDS);
}

static void created_nowhere(void)
{
    struct record out;

    create_stream(NULL, &(struct wanted){.stream = "app"}, &out);
}

static void endpoint_of_nobody(void)
{
    endpoint_node(&arena, "http://q1", NULL);
}

static void migrated_to_nothing(void)
{
    const char *out;

    migrate_text(&arena, "t", "{}", 0, NULL, &out, NULL);
}

static void release_zero(void)
{
    config_default(&arena, "i1", "q1", 0);
}

static void request_beyond(void)
{
    request_kind_name(REQUESTS);
}

/* --- sim --- */

static void predicate_seen_by_nobody(void)
{
    predicate_holds(&(struct predicate){0}, NULL);
}

static void role_without_a_name(void)
{
    role_find(NULL);
}

static void variant_beyond(void)
{
    static const char file[] =
        "{\"fsrace\":1,\"name\":\"t\",\"cluster\":{\"nodes\":{}},\"work\":{}}";
    struct scenario_file *f = scenario_read("t.json", file, sizeof file - 1, NULL);

    scenario_variant(f, f->variant_count, NULL);
}

static void how_often_beyond(void)
{
    holds_name((enum holds)(HOLDS_UNNAMED + 1));
}

static void made_by_a_program_that_did_not_begin(void)
{
    struct tree_result result;

    tree_make(tree_new(), 0, &result);
}

static void point_beyond(void)
{
    point_op_name(-1);
}

static void tally_beyond(void)
{
    struct trace t;

    trace_init(&t);
    trace_broke_at(&t, 64);
}

static void footprint_that_was_never_made(void)
{
    struct footprint to, from = {.count = FOOTPRINT_MAX + 1};

    footprint_copy(&to, &from);
}

static int body(void *arg)
{
    (void)arg;
    return GATE_CONTROLLER;
}

static void slot_beyond(void)
{
    gate_start(gate_new(GATE_FIBERS), GATE_SLOTS, body, NULL, NULL);
}

static void handed_over_to_oneself(void)
{
    gate_switch(gate_new(GATE_FIBERS), 1, 1);
}

static void fiber_to_itself(void)
{
    struct fiber here;

    fiber_here(&here);
    fiber_switch(&here, &here);
}

static void checked_nothing(void)
{
    check_one_creator(NULL, NULL);
}

static void history_of_nobody(void)
{
    linear_history(NULL, NULL, NULL);
}

static void contestant_beyond(void)
{
    work_contestant(work_contestants());
}

static void column_after_a_cell(void)
{
    struct table t;

    table_init(&t, "t", "T");
    table_column(&t, "", "a");
    table_number(&t, 1);
    table_column(&t, "", "b");
}

static void cell_without_a_column(void)
{
    struct table t;

    table_init(&t, "t", "T");
    table_number(&t, 1);
}

static void half_a_row(void)
{
    struct table t;

    table_init(&t, "t", "T");
    table_column(&t, "", "a");
    table_column(&t, "", "b");
    table_number(&t, 1);
    table_print(&t, TABLE_TEXT, &text);
}

static void less_than_no_room(void)
{
    struct row row = {.out = &text};

    row_put(&row, "a", -1, ROW_PLAIN);
}

static void a_test_that_took_less_than_no_time(void)
{
    static const struct search *const none; /* what is owed is looked at before anything is read */

    report_junit(none, 1, 1, NULL, &text);
}

static void format_without_a_name(void)
{
    find_format(NULL, NULL);
}

static void run_below_none(void)
{
    struct reel r = {0};

    reel_record(&r, -1, 0);
}

static void word_that_is_none(void)
{
    struct words w = {0};

    words_number(&w, NULL);
}

static void failed_with_success(void)
{
    static struct cluster c;

    cluster_fail(&c, OK, "nothing is wrong");
}

static void slept_backwards(void)
{
    struct world w = {.store = NULL};

    world_sleep(&w, -1);
}

static void bugs_of_no_depth(void)
{
    struct pct_chooser p;

    pct_init(&p, 0, 3, 20);
}

static void task_without_a_bit(void)
{
    struct wakeup_pool pool = {0};

    wakeup_new(&pool, 64, NULL);
}

static void third_kind_of_verdict(void)
{
    struct tally t = {0};

    tally_seen(&t, 2);
}

static void nearest_to_nothing(void)
{
    nearest_release(NULL);
}

static void part_beyond(void)
{
    static struct search s;
    struct parts p = {0};
    struct owed owed = {0};
    bool over;

    parts_run(&p, 0, &s, &owed, &over, NULL);
}

static void nobody_works(void)
{
    crew_run(&(struct crew_work){.items = NULL}, 0, 0, NULL);
}

static const struct breach {
    const char *room, *words;
    void (*commit)(void);
} breaches[] = {
    {"base", "code != OK", an_error_that_is_none},
    {"base", "!err || err->code != OK", wrapped_and_not_set},
    {"base", "n > 0", below_nothing},
    {"base", "data", bytes_from_nowhere},
    {"base", "min <= max", limits_crossed},
    {"base", "count >= 0", cut_below_none},
    {"base", "word", no_word},
    {"fsstore/port", "p->fault.inner && neg_errno < 0", fault_without_wrap},
    {"fsstore/port", "p->fault.inner && neg_errno < 0", fault_with_a_positive_errno},
    {"fsstore/port", "!port->power", power_wrapped_twice},
    {"fsstore/port", "!d->files[file].is_dir", written_to_a_directory},
    {"fsstore/port", "file >= 0 && file < d->file_count", synced_what_is_not_there},
    {"fsstore/port", "max > 0", no_events_wanted},
    {"fsstore/port", "queue >= 0 && queue < MODEL_QUEUES && model_of(port)->queues[queue].open",
     queue_that_was_never_opened},
    {"fsstore/store", "s->depth > 0", ended_and_not_begun},
    {"fsstore/store", "f->handle >= 0", read_after_a_failed_open},
    {"fsstore/store", "data || len == 0", put_of_nothing},
    {"fsstore/store", "max > 0", watched_for_none},
    {"nodes/stream", "fence > 0", fence_zero},
    {"nodes/stream", "version > 0", version_zero},
    {"nodes/stream", "owner[0] && lease_ms >= 0", claim_of_nobody},
    {"nodes/stream", "m->fence > 0", released_and_never_held},
    {"nodes/stream", "(int)s >= 0 && s < STATUSES", status_beyond},
    {"nodes/stream", "(int)kind >= 0 && kind < MSG_KINDS", message_beyond},
    {"nodes/create", "w", created_nowhere},
    {"nodes/create", "self", endpoint_of_nobody},
    {"nodes/role", "to > 0", migrated_to_nothing},
    {"nodes/role", "release > 0", release_zero},
    {"nodes/role", "(int)kind >= 0 && kind < REQUESTS", request_beyond},
    {"sim/workload", "sight", predicate_seen_by_nobody},
    {"sim/workload", "name", role_without_a_name},
    {"sim/scenario", "index >= 0 && index < f->variant_count", variant_beyond},
    {"sim/scenario", "(int)h >= 0 && h <= HOLDS_UNNAMED", how_often_beyond},
    {"sim/program", "t && t->alive && t->current >= 0", made_by_a_program_that_did_not_begin},
    {"sim/trace", "op >= 0 && op < POINT_OPS", point_beyond},
    {"sim/trace", "tally >= 0 && tally < 64", tally_beyond},
    {"sim/trace", "from->count >= 0 && from->count <= FOOTPRINT_MAX",
     footprint_that_was_never_made},
    {"sim/exec", "slot >= 0 && slot < GATE_SLOTS", slot_beyond},
    {"sim/exec", "g->kind != GATE_OPEN && from != to", handed_over_to_oneself},
    {"sim/exec", "from != to", fiber_to_itself},
    {"sim/engine", "code != OK", failed_with_success},
    {"sim/engine", "ms >= 0", slept_backwards},
    {"sim/explore/strategy", "depth > 0", bugs_of_no_depth},
    {"sim/explore/strategy", "task >= 0 && task < 64", task_without_a_bit},
    {"sim/explore/search", "kind == 0 || kind == 1", third_kind_of_verdict},
    {"sim/explore/explain", "n", nearest_to_nothing},
    {"sim/explore/parallel", "i >= 0 && i < p->count", part_beyond},
    {"sim/explore/parallel", "jobs > 0", nobody_works},
    {"sim/check", "c", checked_nothing},
    {"sim/check", "h", history_of_nobody},
    {"sim/compare", "i >= 0 && i < work_contestants()", contestant_beyond},
    {"sim/report/text", "t->cell_count == 0", column_after_a_cell},
    {"sim/report/text", "t->column_count > 0", cell_without_a_column},
    {"sim/report/text", "t->cell_count % t->column_count == 0", half_a_row},
    {"sim/report/text", "room >= 0", less_than_no_room},
    {"sim/report/text", "s", a_test_that_took_less_than_no_time},
    {"sim/report/diagram", "name", format_without_a_name},
    {"sim/report/page", "run >= 0", run_below_none},
    {"sim/report/page", "text", word_that_is_none},
};

/* What the child says; its status in *status. */
static void commit(const struct breach *b, char *said, size_t size, int *status)
{
    size_t len = 0;
    ssize_t n;
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0 || (pid = fork()) < 0) {
        perror("breaches");
        exit(1);
    }
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        b->commit();
        _exit(0);
    }
    close(ends[1]);
    while (len < size - 1 && (n = read(ends[0], said + len, size - 1 - len)) > 0)
        len += (size_t)n;
    said[len] = '\0';
    close(ends[0]);
    waitpid(pid, status, 0);
}

static bool stops(const struct breach *b)
{
    char said[4096];
    int status;

    commit(b, said, sizeof said, &status);
    strbuf_clear(&text);
    strbuf_printf(&text, "Assertion `%s' failed", b->words);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, text.s))
        return true;
    printf("FAIL %s: no assert says \"%s\"; status 0x%x: %s\n", b->room, b->words, status, said);
    return false;
}

int main(void)
{
    const int count = (int)(sizeof breaches / sizeof *breaches);
    int passed = 0;

    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    for (int i = 0; i < count; i++)
        passed += stops(&breaches[i]);
    printf("%d passed, %d failed\n", passed, count - passed);
    return passed < count;
}
