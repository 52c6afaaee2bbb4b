/* fsrace merge: shards' results become one verdict. */
#include "base/json.h"
#include "sim/cli/output.h"
#include <stdlib.h>
#include <string.h>

struct shards {
    struct options options;
    struct json_doc *first; /* the first file's first line */
    const char *path;       /* of the file that is being read */
    const char *search;
    int64_t count;
    bool *seen;
    bool begun; /* this file's first line was read */
    struct division division;
    struct used_files used;
    struct err *err;
};

static const char *word(const struct json *j, const char *key, struct err *err)
{
    const char *text = "";
    struct json at;

    if (!json_get(j, key, &at))
        json_fail(j, err, "\"%s\" is missing: it is no file of run --resume", key);
    else
        json_string(&at, &text, err);
    return text;
}

static enum err_code read_shard(const struct json *j, int64_t *shard, int64_t *shards,
                                struct err *err)
{
    struct json pair, at;

    if (!json_get(j, "shard", &pair) || json_len(&pair) != 2)
        return json_fail(j, err, "\"shard\" is missing: it is no file of run --resume");
    json_at(&pair, 1, &at);
    if (json_int(&at, 1, 9999, shards, err) != OK)
        return err->code;
    json_at(&pair, 0, &at);
    return json_int(&at, 1, *shards, shard, err);
}

/* The first file says what the search is. */
static void begin(struct shards *m, const struct json *j, int64_t shards)
{
    struct json runs;

    m->count = shards;
    m->seen = mem_alloc(sizeof *m->seen * (size_t)shards);
    m->search = word(j, "search", m->err);
    m->options.variant = word(j, "variant", m->err);
    m->options.order = word(j, "order", m->err);
    m->options.seed = word(j, "seed", m->err);
    if (!*m->options.order)
        m->options.order = NULL;
    if (!*m->options.seed)
        m->options.seed = NULL;
    if (json_get(j, "runs", &runs))
        json_int(&runs, 0, JSON_MAX_INT, &m->options.runs, m->err);
    m->division.order = m->options.order;
    m->division.seed = m->options.seed;
    m->division.runs = m->options.runs;
}

static void first_line(struct shards *m, const char *text, size_t len)
{
    struct json_doc *doc = json_parse(m->path, text, len, m->err);
    int64_t shard = 0, shards = 0;
    struct json root;

    if (!doc)
        return;
    root = json_root(doc);
    if (read_shard(&root, &shard, &shards, m->err) == OK && !m->first)
        begin(m, &root, shards);
    if (m->err->code == OK &&
        (shards != m->count || strcmp(word(&root, "search", m->err), m->search) != 0))
        err_set(m->err, ERR_INPUT, "%s: it is of another search than the first file", m->path);
    else if (m->err->code == OK && m->seen[shard - 1])
        err_set(m->err, ERR_INPUT, "%s: shard %lld/%lld is there twice", m->path, (long long)shard,
                (long long)shards);
    else if (m->err->code == OK)
        m->seen[shard - 1] = true;
    if (m->first)
        json_free(doc);
    else
        m->first = doc;
}

static void take_line(void *ctx, const char *text, size_t len)
{
    struct shards *m = ctx;

    if (m->err->code != OK)
        return;
    if (m->begun)
        divided_add(&m->division, text, len);
    else
        first_line(m, text, len);
    m->begun = true;
}

static enum err_code read_files(struct shards *m, struct err *err)
{
    for (int i = 0; i < m->options.file_count && err->code == OK; i++) {
        m->path = m->options.files[i];
        m->begun = false;
        used_files_add(&m->used, m->path);
        journal_read(m->path, take_line, m, err);
    }
    for (int64_t i = 0; i < m->count && err->code == OK; i++)
        if (!m->seen[i])
            err_set(err, ERR_INPUT, "shard %lld/%lld is missing", (long long)i + 1,
                    (long long)m->count);
    return err->code;
}

static struct scenario *load(struct shards *m, struct err *err)
{
    struct json root = json_root(m->first);
    const char *path = word(&root, "scenario", err);
    struct scenario_file *f = scenario_load(path, err);
    struct scenario *sc = NULL;
    int variant = f ? scenario_variant_index(f, m->options.variant, err) : -1;

    used_files_add(&m->used, path);
    if (variant >= 0)
        sc = scenario_variant(f, variant, err);
    if (sc && check_allowed(&m->options, sc, err) == OK)
        apply_order(sc, &m->options, err);
    scenario_file_free(f);
    return sc;
}

static enum err_code check_same(struct shards *m, struct err *err)
{
    struct strbuf ours = STRBUF_INIT;

    divided_header(&m->division, &ours);
    if (!strstr(ours.s, m->search))
        err_set(err, ERR_INPUT,
                "%s: the scenario, or fsrace, is not what it was when the shards were run",
                m->division.scenario->file);
    strbuf_release(&ours);
    return err->code;
}

static void merge_all(struct shards *m, struct output *output, struct err *err)
{
    struct session session;
    struct progress progress;
    struct search *s = NULL;

    session_init(&session, &m->options.where, false);
    m->division.session = &session;
    m->division.progress = &progress;
    progress_begin(&progress, m->division.scenario, &m->division.search);
    if (check_same(m, err) == OK)
        s = divided_run(&m->division, err);
    progress_end(&progress);
    if (s)
        output_variant(output, s, (double)(gate_now_ms() - progress.start_ms) / 1000, err);
    session_done(&session, s);
    session_release(&session);
}

static int merge(const struct options *o)
{
    struct err err = ERR_INIT;
    struct shards m = {.options = *o, .err = &err};
    struct output output;

    m.division = (struct division){.options = o->parallel,
                                   .where = o->where,
                                   .version = FSRACE_VERSION,
                                   .search = search_options_of(o),
                                   .merging = true};
    if (output_begin(&output, o, &err) != OK)
        return fail(&err);
    if (read_files(&m, &err) == OK)
        m.division.scenario = load(&m, &err);
    if (err.code == OK && output_open(&output, &m.used, &err) == OK)
        merge_all(&m, &output, &err);
    divided_release(&m.division);
    scenario_free(m.division.scenario);
    json_free(m.first);
    free(m.seen);
    used_files_release(&m.used);
    return output_end(&output, &err);
}

const struct command cmd_merge = {.name = "merge",
                                  .run = merge,
                                  .line = "join the shards of a search into one verdict",
                                  .usage = "RESULTS...",
                                  .example = "fsrace merge part-1 part-2 part-3",
                                  .options = OPT_DIR | OPT_JSON | OPT_WITNESS | OPT_BACKEND |
                                             OPT_JOBS | OPT_JUNIT | OPT_TAP | OPT_GITHUB |
                                             OPT_PROGRAMS,
                                  .min_files = 1,
                                  .max_files = 9999};
