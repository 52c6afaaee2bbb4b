/*
 * cli: the command line. main.c has a table of commands; a command is a file.
 *
 * Exit status: 0 as expected, 1 not as expected, 2 undecided, 3 bad scenario or usage, 4 a replay
 * diverged or an execution was not deterministic, 70 a bug of ours; 128 + n after signal n.
 */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include "base/outfile.h"
#include "sim/cli/version.h"
#include "sim/explore/parallel/parallel.h"
#include "sim/explore/search/session.h"
#include "sim/report/page/page.h"
#include "sim/report/text/execution_view.h"
#include "sim/report/text/table.h"

enum exit_status {
    EXIT_AS_EXPECTED = 0,
    EXIT_NOT_AS_EXPECTED = 1,
    EXIT_UNDECIDED = 2,
    EXIT_BAD_INPUT = 3,
    EXIT_DIVERGED = 4,
    EXIT_OUR_BUG = 70,
};

#define TEXTS_MAX 16

struct texts { /* an option that may be given again and again */
    const char *v[TEXTS_MAX];
    int count;
};

struct trial {      /* try: as they are typed; NULL: not given */
    int64_t copies; /* of each command; 0: one */
    const char *in, *at_most, *exit, *time, *save;
    struct texts env, always, never, held;
    bool crash;
};

struct options {
    const char *variant, *order, *schedule, *picture, *html, *junit;
    const char *seed;
    const char *bound;
    const char *property, *out, *expect; /* pin */
    struct session_options where;
    struct parallel_options parallel;
    struct trial trial;
    const char *work; /* where compare leaves its scenarios; NULL: nowhere */
    enum table_format format;
    int64_t runs;                   /* 0: as the scenario says */
    int64_t budget_runs, budget_ms; /* 0: none */
    bool json, tap, github, witness, all_lines, no_reduction, control, no_audit, check_determinism,
        strict, allow_run, uncontained;
    char **files; /* what is left of argv */
    int file_count;
};

/* Which options a command takes; each is a bit. */
#define OPT_VARIANT           (UINT64_C(1) << 0)
#define OPT_ORDER             (UINT64_C(1) << 1)
#define OPT_SCHEDULE          (UINT64_C(1) << 2)
#define OPT_RUNS              (UINT64_C(1) << 3)
#define OPT_SEED              (UINT64_C(1) << 4)
#define OPT_BOUND             (UINT64_C(1) << 5)
#define OPT_BUDGET            (UINT64_C(1) << 6)
#define OPT_WITNESS           (UINT64_C(1) << 7)
#define OPT_LONG              (UINT64_C(1) << 8)
#define OPT_FORMAT            (UINT64_C(1) << 9)
#define OPT_WORK              (UINT64_C(1) << 10)
#define OPT_PICTURE           (UINT64_C(1) << 11)
#define OPT_HTML              (UINT64_C(1) << 12)
#define OPT_JSON              (UINT64_C(1) << 13)
#define OPT_TAP               (UINT64_C(1) << 14)
#define OPT_JUNIT             (UINT64_C(1) << 15)
#define OPT_GITHUB            (UINT64_C(1) << 16)
#define OPT_BACKEND           (UINT64_C(1) << 17)
#define OPT_SAMPLE            (UINT64_C(1) << 18)
#define OPT_THREADS           (UINT64_C(1) << 19)
#define OPT_DIR               (UINT64_C(1) << 20)
#define OPT_KEEP              (UINT64_C(1) << 21)
#define OPT_PROPERTY          (UINT64_C(1) << 22)
#define OPT_OUT               (UINT64_C(1) << 23)
#define OPT_JOBS              (UINT64_C(1) << 24)
#define OPT_SHARD             (UINT64_C(1) << 25)
#define OPT_RESUME            (UINT64_C(1) << 26)
#define OPT_CHECK_DETERMINISM (UINT64_C(1) << 27)
#define OPT_NO_REDUCTION      (UINT64_C(1) << 28)
#define OPT_STRICT            (UINT64_C(1) << 29)
#define OPT_CONTROL           (UINT64_C(1) << 30)
#define OPT_NO_AUDIT          (UINT64_C(1) << 31)
#define OPT_ALLOW_RUN         (UINT64_C(1) << 32)
#define OPT_COPIES            (UINT64_C(1) << 33)
#define OPT_IN                (UINT64_C(1) << 34)
#define OPT_ENV               (UINT64_C(1) << 35)
#define OPT_AT_MOST           (UINT64_C(1) << 36)
#define OPT_EXIT              (UINT64_C(1) << 37)
#define OPT_ALWAYS            (UINT64_C(1) << 38)
#define OPT_NEVER             (UINT64_C(1) << 39)
#define OPT_HELD              (UINT64_C(1) << 40)
#define OPT_CRASH             (UINT64_C(1) << 41)
#define OPT_TIME              (UINT64_C(1) << 42)
#define OPT_SAVE              (UINT64_C(1) << 43)
#define OPT_EXPECT            (UINT64_C(1) << 44)
#define OPT_UNCONTAINED       (UINT64_C(1) << 45)
#define OPT_PROGRAMS          (OPT_ALLOW_RUN | OPT_UNCONTAINED)

struct command {
    const char *name;
    int (*run)(const struct options *o);
    const char *line;  /* one line for `fsrace --help` */
    const char *usage; /* "FILE|DIR..." */
    const char *example;
    uint64_t options; /* OPT_… */
    int min_files, max_files;
};

extern const struct command cmd_merge, cmd_pin, cmd_run, cmd_compare, cmd_index, cmd_replay,
    cmd_check, cmd_list, cmd_stress, cmd_new, cmd_step, cmd_try, cmd_doctor;

/* ERR_INPUT: says what is wrong and what was meant. */
enum err_code options_parse(const struct command *cmd, int argc, char **argv, struct options *out,
                            struct err *err);
void options_help(const struct command *cmd);
/* The same for programs (the manual page, completion): fields with a tab between, a line each. */
void options_words(const struct command *cmd);

/* Scenario files of the arguments: files as they are, directories searched for *.json (not below),
 * sorted. The caller frees each and the list. */
enum err_code find_files(const struct options *o, char ***out, int *count, struct err *err);

/* Writes a file that was not there; what is there stays as it is. Can it be made? Said before the work. */
enum err_code can_write_new(const char *path, struct err *err);
enum err_code write_new(const char *path, const struct strbuf *text, struct err *err);

/* --strict: a variant that expects nothing is an error. */
enum err_code check_strict(const struct options *o, const struct scenario *s, struct err *err);

/* Without --allow-run a scenario of programs is refused, and what it would run is told on stderr. */
enum err_code check_allowed(const struct options *o, struct scenario *s, struct err *err);

/* Tables on stdout, one after the other: how many were before, and the end of them. */
void table_list(const struct table *t, enum table_format format, int before);
void tables_end(enum table_format format, int count);

struct style terminal_style(void); /* of stdout */
/* Of the one file, the variant that --variant names, or the only one. NULL and err. */
struct scenario *load_one(const struct options *o, struct err *err);

/* One line "fsrace: …" on stderr, and the exit status that goes with the error. */
int fail(const struct err *err);
/* One line on stdout, with texts of a scenario in it: what a terminal would obey is written out. */
void tell_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* --- pages.c: where --html FILE|DIR goes --- */

/* Several scenarios, or a name that is a directory or ends in '/', give a directory of pages with an
 * index; else one page. A page is written when its scenario is done, and there is no half page
 * (base/outfile.h). */
struct pages {
    const char *target; /* NULL: no pages are wanted, and the rest does nothing */
    bool directory;
    struct used_files *used;
    struct outfile file;             /* the page or the index */
    const struct scenario *scenario; /* in work */
    struct page page;
    struct strbuf rows; /* of the index */
    char **names;       /* of the files of the directory */
    int name_count;
};

/* Before anything runs, so that a page that cannot be written is known at once. */
enum err_code pages_begin(struct pages *p, const char *target, bool several,
                          struct used_files *used, struct err *err);
/* The scenario lives until pages_end(). */
enum err_code pages_add(struct pages *p, struct search *s, struct err *err);
enum err_code pages_end(struct pages *p, struct err *err); /* writes unless err is set; releases */

/* "run" and "merge": as the options ask for it. */
struct search_options search_options_of(const struct options *o);

/* order.c: applies --order, --runs, --seed and --bound to the scenario. */
enum err_code apply_order(struct scenario *sc, const struct options *o, struct err *err);

#endif
