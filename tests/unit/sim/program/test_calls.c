/* The table of the kernel's calls. */
#include "sim/program/calls.h"
#include "tests/unit/unit.h"
#include <stdbool.h>
#include <sys/syscall.h>

#define LAST_OF_FIRST 336 /* numbers up to here, and then from 424 on */
#define FIRST_OF_NEW  424
#define LAST          469

static bool is_given_out(int nr)
{
    return nr <= LAST_OF_FIRST || (nr >= FIRST_OF_NEW && nr <= LAST);
}

static void test_each_has_a_class(void)
{
    for (int nr = 0; nr < CALL_NUMBERS; nr++)
        CU_ASSERT_EQUAL(call_rule(nr)->class != CALL_UNKNOWN, is_given_out(nr));
    CU_ASSERT(call_rule(-1)->class == CALL_UNKNOWN);
    CU_ASSERT(call_rule(CALL_NUMBERS)->class == CALL_UNKNOWN);
    CU_ASSERT(call_rule(0x40000000)->class == CALL_UNKNOWN); /* x32 */
}

static void test_numbers(void)
{
    UNIT_STR(call_rule(SYS_read)->name, "read");
    UNIT_STR(call_rule(SYS_renameat2)->name, "renameat2");
    UNIT_STR(call_rule(SYS_getdents64)->name, "getdents64");
    UNIT_STR(call_rule(SYS_exit_group)->name, "exit_group");
    UNIT_STR(call_rule(SYS_faccessat2)->name, "faccessat2");
    UNIT_STR(call_rule(SYS_futex_waitv)->name, "futex_waitv");
}

static void test_classes(void)
{
    CU_ASSERT(call_rule(SYS_brk)->class == CALL_HARMLESS);
    CU_ASSERT(call_rule(SYS_unlink)->class == CALL_STORE);
    CU_ASSERT(call_rule(SYS_clock_gettime)->class == CALL_TIME);
    CU_ASSERT(call_rule(SYS_wait4)->class == CALL_PROCESS);
    CU_ASSERT(call_rule(SYS_poll)->class == CALL_WAIT);
    CU_ASSERT(call_rule(SYS_io_uring_setup)->class == CALL_ENOSYS);
    CU_ASSERT(call_rule(SYS_ptrace)->class == CALL_REFUSED);
    CU_ASSERT(call_rule(SYS_mount)->class == CALL_REFUSED);
}

/* A call of the store is about a name or a descriptor, and the kernel has six arguments. */
static void test_arguments(void)
{
    for (int nr = 0; nr < CALL_NUMBERS; nr++) {
        const struct call_rule *r = call_rule(nr);
        bool is_store = r->class == CALL_STORE;

        CU_ASSERT(!is_store || r->dir || r->path || r->what == DO_GETCWD);
        CU_ASSERT(!is_store || r->what != DO_NOTHING);
        CU_ASSERT(r->dir <= 6 && r->path <= 6 && r->dir2 <= 6 && r->path2 <= 6 && r->flags <= 6 &&
                  r->out <= 6);
        CU_ASSERT(!r->path2 || r->path);
    }
}

void suite_calls(void)
{
    static const struct unit_test tests[] = {{"each has a class", test_each_has_a_class},
                                             {"numbers", test_numbers},
                                             {"classes", test_classes},
                                             {"arguments", test_arguments}};

    unit_add("calls", tests, UNIT_COUNT(tests));
}
