/*
 * The runner of the unit tests: unit_tests [--list] [--junit FILE] [SUITE]
 *
 * One line for each assertion that failed, then "N passed, N failed" (tests). Exit status 0 if all
 * passed, 1 if one failed or none ran, 2 if the arguments are wrong. CUnit's own reports are not
 * used: its automated mode gives up at the first failure.
 */
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/unit.h"
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SUITE_ENTRY(name) suite_##name,
static void (*const suites[])(void) = {UNIT_SUITES(SUITE_ENTRY)};

static struct {
    const char *junit, *suite;
    bool list;
} options;

static unsigned passed, failed;
static struct strbuf junit = STRBUF_INIT;
static struct timespec started;

/* Ends the run: a test that was not registered must not pass by silence. */
static void check_cunit(const char *what)
{
    if (CU_get_error() == CUE_SUCCESS)
        return;
    fprintf(stderr, "unit tests: %s: %s\n", what, CU_get_error_msg());
    exit(1);
}

void unit_add(const char *suite, const struct unit_test *tests, size_t count)
{
    CU_pSuite s = CU_add_suite(suite, NULL, NULL);

    check_cunit(suite);
    for (size_t i = 0; i < count; i++) {
        CU_add_test(s, tests[i].name, tests[i].run);
        check_cunit(tests[i].name);
    }
}

static void add_shown(struct strbuf *sb, const char *s)
{
    if (s)
        strbuf_json(sb, s);
    else
        strbuf_adds(sb, "NULL");
}

/* CUnit copies the text of the condition, so it may say more than the condition. */
static void assert_shown(bool ok, const char *file, unsigned line, struct strbuf *shown)
{
    CU_assertImplementation(ok, line, shown->s, file, "", CU_FALSE);
    strbuf_release(shown);
}

void unit_str(const char *file, unsigned line, const char *what, const char *actual,
              const char *expected)
{
    bool ok = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    struct strbuf shown = STRBUF_INIT;

    if (!ok) {
        strbuf_printf(&shown, "%s is ", what);
        add_shown(&shown, actual);
        strbuf_adds(&shown, ", not ");
        add_shown(&shown, expected);
    }
    assert_shown(ok, file, line, &shown);
}

void unit_int(const char *file, unsigned line, const char *what, int64_t actual, int64_t expected)
{
    struct strbuf shown = STRBUF_INIT;

    strbuf_printf(&shown, "%s is %" PRId64 ", not %" PRId64, what, actual, expected);
    assert_shown(actual == expected, file, line, &shown);
}

void unit_u64(const char *file, unsigned line, const char *what, uint64_t actual, uint64_t expected)
{
    struct strbuf shown = STRBUF_INIT;

    strbuf_printf(&shown, "%s is 0x%" PRIx64 ", not 0x%" PRIx64, what, actual, expected);
    assert_shown(actual == expected, file, line, &shown);
}

int unit_exit_status(void (*child)(void))
{
    int status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        child();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

/* Text or an attribute's value. XML has no way to write most control characters. */
static void add_xml(struct strbuf *sb, const char *s)
{
    size_t len = strlen(s);

    for (size_t i = 0, n; i < len; i += n ? n : 1) {
        n = utf8_len(s + i, len - i);
        if (s[i] == '&')
            strbuf_adds(sb, "&amp;");
        else if (s[i] == '<')
            strbuf_adds(sb, "&lt;");
        else if (s[i] == '>')
            strbuf_adds(sb, "&gt;");
        else if (s[i] == '"')
            strbuf_adds(sb, "&quot;");
        else if (n == 0 || (unsigned char)s[i] < 0x20)
            strbuf_addc(sb, '?');
        else
            strbuf_add(sb, s + i, n);
    }
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void junit_open(const CU_Test *test, const CU_Suite *suite)
{
    strbuf_adds(&junit, "  <testcase classname=\"");
    add_xml(&junit, suite->pName);
    strbuf_adds(&junit, "\" name=\"");
    add_xml(&junit, test->pName);
    strbuf_printf(&junit, "\" time=\"%.6f\"", seconds_since(&started));
}

static void junit_failure(const CU_FailureRecord *f)
{
    strbuf_adds(&junit, "    <failure message=\"");
    add_xml(&junit, f->strCondition);
    strbuf_adds(&junit, "\">");
    add_xml(&junit, f->strFileName);
    strbuf_printf(&junit, ":%u</failure>\n", f->uiLineNumber);
}

static void on_start(const CU_pTest test, const CU_pSuite suite)
{
    (void)test;
    (void)suite;
    clock_gettime(CLOCK_MONOTONIC, &started);
}

static void on_complete(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord first)
{
    junit_open(test, suite);
    strbuf_adds(&junit, first ? ">\n" : "/>\n");
    for (const CU_FailureRecord *f = first; f; f = f->pNext) {
        printf("FAIL %s: %s: %s:%u: %s\n", suite->pName, test->pName, f->strFileName,
               f->uiLineNumber, f->strCondition);
        junit_failure(f);
    }
    if (first)
        strbuf_adds(&junit, "  </testcase>\n");
    if (first)
        failed++;
    else
        passed++;
}

static bool write_junit(void)
{
    FILE *f = fopen(options.junit, "w");
    bool ok;

    if (f) {
        fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        fprintf(f, "<testsuite name=\"unit\" tests=\"%u\" failures=\"%u\">\n", passed + failed,
                failed);
        fputs(junit.s, f);
        fputs("</testsuite>\n", f);
    }
    ok = f && !ferror(f);
    if (f && fclose(f) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "unit tests: cannot write '%s': %s\n", options.junit, strerror(errno));
    return ok;
}

static int usage(const char *wrong, const char *what)
{
    fprintf(stderr, "unit tests: %s '%s'\nusage: unit_tests [--list] [--junit FILE] [SUITE]\n",
            wrong, what);
    return 2;
}

static int parse_options(char **arg)
{
    for (arg++; *arg; arg++) {
        if (strcmp(*arg, "--list") == 0)
            options.list = true;
        else if (strcmp(*arg, "--junit") == 0 && arg[1])
            options.junit = *++arg;
        else if (**arg == '-')
            return usage("unknown or incomplete option", *arg);
        else if (options.suite)
            return usage("one suite only, not also", *arg);
        else
            options.suite = *arg;
    }
    return 0;
}

static int run(void)
{
    CU_pSuite one = options.suite ? CU_get_suite(options.suite) : NULL;

    if (options.suite && !one)
        return usage("no suite", options.suite);
    CU_set_error_action(CUEA_IGNORE); /* a failure does not end the run */
    CU_set_test_start_handler(on_start);
    CU_set_test_complete_handler(on_complete);
    if (one)
        CU_run_suite(one);
    else
        CU_run_all_tests();
    if (options.junit && !write_junit())
        failed++;
    printf("%u passed, %u failed\n", passed, failed);
    if (fflush(stdout) != 0 || ferror(stdout)) /* a verdict that nobody can read is none */
        return 1;
    return failed > 0 || passed == 0;
}

static int list(void)
{
    for (CU_pSuite s = CU_get_registry()->pSuite; s; s = s->pNext)
        printf("%s\n", s->pName);
    return 0;
}

int main(int argc, char **argv)
{
    int status = argc > 0 ? parse_options(argv) : 2;

    if (status != 0)
        return status;
    setvbuf(stdout, NULL, _IOLBF, 0); /* what was said is seen, should a test crash */
    CU_initialize_registry();
    check_cunit("registry");
    for (size_t i = 0; i < UNIT_COUNT(suites); i++)
        suites[i]();
    status = options.list ? list() : run();
    CU_cleanup_registry();
    strbuf_release(&junit);
    return status;
}
