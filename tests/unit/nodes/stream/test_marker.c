#include "nodes/stream/layout.h"
#include "nodes/stream/marker.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <string.h>

#define LEASE 100

static int claim(struct store *s, const char *owner, int64_t now_ms, struct marker *m)
{
    return marker_claim(s, "app", owner, "1", now_ms, LEASE, m);
}

static void test_two_contenders(void)
{
    struct fix f;
    struct marker m1, m2;
    fix_open(&f, STORE_OBJECT);
    struct store s2 = fix_task(&f, ".tmp/i2");
    UNIT_INT(marker_read(&f.store, "app", &m1), -ENOENT);
    UNIT_INT(claim(&f.store, "i1", 1000, &m1), 0);
    UNIT_INT(m1.fence, 1);
    UNIT_STR(m1.owner, "i1");
    UNIT_STR(m1.name, "app");
    UNIT_INT(m1.until_ms, 1100);
    UNIT_INT(claim(&s2, "i2", 1100, &m2), -EEXIST); /* until its end it may be alive */
    UNIT_STR(m2.owner, "i1");
    UNIT_STR(m2.incarnation, "1");
    UNIT_INT(m2.fence, 1);
    UNIT_INT(m2.until_ms, 1100);
    CU_ASSERT(!m2.done);
    UNIT_INT(marker_holds(&f.store, &m1), 0);
    UNIT_STR(fix_read(&f, ".markers/app.1"),
             "{\"owner\": \"i1\", \"incarnation\": \"1\", "
             "\"fence\": 1, \"until_ms\": 1100, \"done\": false}\n");
    fix_close(&f);
}

static void test_takeover_and_fence(void)
{
    struct fix f;
    struct marker m1, m2, m3;
    fix_open(&f, STORE_OBJECT);
    struct store s2 = fix_task(&f, ".tmp/i2");
    UNIT_INT(claim(&f.store, "i1", 1000, &m1), 0);
    UNIT_INT(claim(&s2, "i2", 1101, &m2), 0);
    UNIT_INT(m2.fence, 2);
    UNIT_INT(marker_holds(&f.store, &m1), -ESTALE);
    UNIT_INT(marker_holds(&s2, &m2), 0);
    UNIT_INT(marker_done(&f.store, &m1), 0); /* too late: it does not stand */
    UNIT_INT(marker_read(&s2, "app", &m3), 0);
    UNIT_STR(m3.owner, "i2");
    CU_ASSERT(!m3.done);
    UNIT_INT(claim(&f.store, "i1", 1300, &m1), 0);
    UNIT_INT(m1.fence, 3);
    fix_close(&f);
}

static void test_done(void)
{
    struct fix f;
    struct marker m1, m2;
    fix_open(&f, STORE_OBJECT);
    UNIT_INT(claim(&f.store, "i1", 1000, &m1), 0);
    UNIT_INT(marker_done(&f.store, &m1), 0);
    CU_ASSERT(m1.done);
    UNIT_INT(claim(&f.store, "i2", 999999, &m2), -EEXIST); /* never stale */
    CU_ASSERT(m2.done);
    UNIT_STR(m2.owner, "i1");
    UNIT_INT(marker_holds(&f.store, &m1), 0);
    fix_close(&f);
}

static void test_release(void)
{
    struct fix f;
    struct marker m1, m2, zombie;
    fix_open(&f, STORE_OBJECT);
    UNIT_INT(claim(&f.store, "i0", 0, &zombie), 0);
    UNIT_INT(claim(&f.store, "i1", 1000, &m1), 0);
    UNIT_INT(marker_release(&f.store, &m1), 0);
    UNIT_INT(marker_holds(&f.store, &zombie), -ESTALE); /* not even now */
    UNIT_INT(claim(&f.store, "i2", 0, &m2), 0);
    UNIT_INT(m2.fence, 3);
    fix_close(&f);
}

static void test_other_names(void)
{
    static const char *const others[] = {
        ".markers/app.x.7", ".markers/app.07", ".markers/app.",
        ".markers/app",     ".markers/ap.9",   ".markers/app.3x",
        ".markers/apps.5",  ".markers/app.-1", ".markers/app.1234567890"};
    struct fix f;
    struct marker m;
    fix_open(&f, STORE_OBJECT);
    f.calls->mkdir(f.port, ".markers");
    for (size_t i = 0; i < UNIT_COUNT(others); i++)
        UNIT_INT(fix_write(&f, others[i], PORT_CREATE, ""), 0);
    UNIT_INT(marker_read(&f.store, "app", &m), -ENOENT);
    UNIT_INT(claim(&f.store, "i1", 0, &m), 0);
    UNIT_INT(m.fence, 1);
    UNIT_INT(marker_read(&f.store, "app", &m), 0);
    UNIT_INT(marker_read(&f.store, "app.x", &m), 0);
    UNIT_INT(m.fence, 7);
    fix_write(&f, ".markers/app.10", PORT_CREATE, ""); /* by number, not by name */
    fix_write(&f, ".markers/app.9", PORT_CREATE, "");
    UNIT_INT(marker_read(&f.store, "app", &m), 0);
    UNIT_INT(m.fence, 10);
    fix_close(&f);
}

static void test_empty(void)
{
    struct fix f;
    struct marker seen, m;
    fix_open(&f, STORE_OBJECT);
    f.calls->mkdir(f.port, ".markers");
    fix_write(&f, ".markers/app.1", PORT_CREATE_EXCL, NULL);
    UNIT_INT(claim(&f.store, "i2", 999999, &seen), -EEXIST);
    UNIT_STR(seen.owner, "");
    UNIT_INT(seen.fence, 1);
    UNIT_INT(marker_supersede(&f.store, &seen, "i2", "1", 999999, LEASE, &m), 0);
    UNIT_INT(m.fence, 2);
    UNIT_INT(marker_supersede(&f.store, &seen, "i3", "1", 999999, LEASE, &m), -EEXIST);
    UNIT_STR(m.owner, "i2");
    fix_close(&f);
}

static void test_empty_was_slow(void)
{
    struct fix f;
    struct marker seen, m;
    fix_open(&f, STORE_OBJECT);
    f.calls->mkdir(f.port, ".markers");
    fix_write(&f, ".markers/app.1", PORT_CREATE_EXCL, NULL);
    UNIT_INT(claim(&f.store, "i2", 0, &seen), -EEXIST);
    fix_write(&f, ".markers/app.1", PORT_CREATE,
              "{\"owner\":\"i1\",\"incarnation\":\"\",\"until_ms\":50,\"done\":false}");
    UNIT_INT(marker_supersede(&f.store, &seen, "i2", "1", 50, LEASE, &m), -EEXIST);
    UNIT_STR(m.owner, "i1");
    UNIT_INT(m.until_ms, 50);
    fix_close(&f);
}

#define OVERLONG                                                                                   \
    "{\"owner\":\"0123456789012345678901234567890123456789012345678901234567890123\","             \
    "\"incarnation\":\"1\",\"until_ms\":1,\"done\":false}"

static void test_garbage(void)
{
    static const char *const texts[] = {
        "{",
        "[]",
        "null",
        "\"x\"",
        "{}",
        "\xff\xfe",
        "{\"owner\":1}",
        "{\"owner\":\"i1\",\"incarnation\":\"1\",\"until_ms\":\"x\",\"done\":false}",
        "{\"owner\":\"i1\",\"incarnation\":\"1\",\"until_ms\":1e300,\"done\":false}",
        "{\"owner\":\"i1\",\"incarnation\":\"1\",\"until_ms\":1,\"done\":0}",
        "{\"owner\":\"i1\",\"until_ms\":1,\"done\":false}",
        OVERLONG};
    struct fix f;
    struct marker m;
    fix_open(&f, STORE_OBJECT);
    f.calls->mkdir(f.port, ".markers");
    UNIT_INT(fix_write(&f, ".markers/app.1", PORT_CREATE, ""),
             0); /* a number 4 has had its first */
    for (size_t i = 0; i < UNIT_COUNT(texts); i++) {
        UNIT_INT(fix_write(&f, ".markers/app.4", PORT_CREATE, texts[i]), 0);
        memset(&m, 'x', sizeof m);
        UNIT_INT(claim(&f.store, "i1", 999999, &m), -EEXIST);
        UNIT_STR(m.owner, "");
        UNIT_STR(m.incarnation, "");
        UNIT_INT(m.fence, 4);
        UNIT_INT(m.until_ms, 0);
    }
    fix_close(&f);
}

static void test_long_owner(void)
{
    struct fix f;
    struct marker m;
    char owner[65];
    fix_open(&f, STORE_OBJECT);
    memset(owner, 'o', sizeof owner);
    owner[64] = '\0';
    UNIT_INT(claim(&f.store, owner, 0, &m), -ENAMETOOLONG);
    owner[63] = '\0';
    UNIT_INT(claim(&f.store, owner, 0, &m), 0);
    UNIT_INT(marker_read(&f.store, "app", &m), 0);
    UNIT_STR(m.owner, owner);
    UNIT_INT(marker_claim(&f.store, "b", "a\"b\\c\n", "\t", 0, LEASE, &m), 0);
    UNIT_INT(marker_read(&f.store, "b", &m), 0);
    UNIT_STR(m.owner, "a\"b\\c\n");
    UNIT_STR(m.incarnation, "\t");
    fix_close(&f);
}

static void test_steps(void)
{
    struct fix f;
    struct marker m;
    fix_open(&f, STORE_OBJECT);
    const char *text =
        "{\"owner\": \"i1\", \"incarnation\": \"1\", \"fence\": 1, \"until_ms\": 100, "
        "\"done\": false}\n";
    const char *theirs_text =
        "{\"owner\": \"i2\", \"incarnation\": \"1\", \"fence\": 1, \"until_ms\": 100, "
        "\"done\": false}\n";
    claim(&f.store, "i1", 0, &m);
    UNIT_STR(fix_log(&f), arena_printf(&f.arena, "store.put_if_absent .markers/app.1 '%s'", text));
    claim(&f.store, "i2", 0, &m);
    UNIT_STR(fix_log(&f), arena_printf(&f.arena,
                                       "store.put_if_absent .markers/app.1 '%s' EEXIST; "
                                       "store.list .markers 'app.1'; "
                                       "store.get .markers/app.1 '%s'",
                                       theirs_text, text));
    fix_close(&f);
}

/* --- between the steps of a claim ---------------------------------------------------------------
 */

/* Another task does something when ours is about to take its step number `turn`. */
static struct {
    struct fix *f;
    int turn;
    void (*act)(struct fix *f);
} meddler;

static struct marker theirs;
static int theirs_rc;

static void meddle(void *ctx, const struct step *step)
{
    (void)ctx, (void)step;
    if (meddler.turn-- == 0)
        meddler.act(meddler.f);
}

static const struct store_hooks meddle_hooks = {.before = meddle};

static void others_claim(struct fix *f)
{
    struct store s = fix_task(f, ".tmp/i2");
    theirs_rc = claim(&s, "i2", 1200, &theirs);
}

/* Wherever the other one's claim falls into ours, exactly one of us wins. */
static void race(enum store_semantics semantics, bool dead_first, int turn, int *wins, int *losses)
{
    struct fix f;
    struct marker m = {0}, dead;
    fix_open(&f, semantics);
    if (dead_first)
        UNIT_INT(claim(&f.store, "i0", 1000, &dead), 0);
    meddler.f = &f;
    meddler.turn = turn;
    meddler.act = others_claim;
    theirs_rc = 1;
    f.store.hooks = &meddle_hooks;
    int rc = claim(&f.store, "i1", 1200, &m);
    f.store.hooks = NULL;
    if (theirs_rc == 1) /* ours was over before its turn */
        others_claim(&f);
    CU_ASSERT((rc == 0) != (theirs_rc == 0));
    CU_ASSERT(rc == 0 || rc == -EEXIST);
    UNIT_INT(rc == 0 ? m.fence : theirs.fence, dead_first ? 2 : 1);
    if (rc == -EEXIST)
        UNIT_STR(m.owner, "i2");
    if (theirs_rc == -EEXIST && theirs.owner[0])
        UNIT_STR(theirs.owner, "i1");
    *wins += rc == 0;
    *losses += rc != 0;
    fix_close(&f);
}

static void test_races(void)
{
    int wins = 0, losses = 0;
    for (int turn = 0; turn < 12; turn++) {
        race(STORE_OBJECT, false, turn, &wins, &losses);
        race(STORE_OBJECT, true, turn, &wins, &losses);
        race(STORE_POSIX, false, turn, &wins, &losses);
        race(STORE_POSIX, true, turn, &wins, &losses);
    }
    CU_ASSERT(wins > 0);
    CU_ASSERT(losses > 0);
}

/* At every step of ours, somebody else claims and dies: whatever number we try for is taken. It
 * ends nevertheless. */
static void others_claim_and_die(struct fix *f)
{
    static int64_t now_ms;
    struct store s = fix_task(f, ".tmp/i2");
    s.hooks = NULL;
    UNIT_INT(marker_claim(&s, "app", "i2", "1", ++now_ms, 0, &theirs), 0);
    meddler.turn = 0;
}

static void test_bounded(void)
{
    struct fix f;
    struct marker m;
    fix_open(&f, STORE_OBJECT);
    meddler.f = &f;
    meddler.turn = 0;
    meddler.act = others_claim_and_die;
    f.store.hooks = &meddle_hooks;
    UNIT_INT(marker_claim(&f.store, "app", "i1", "1", 999999, LEASE, &m), -EEXIST);
    UNIT_STR(m.owner, "i2");
    CU_ASSERT(m.fence > 3 && m.fence < 30); /* three steps a try */
    fix_close(&f);
}

void suite_marker(void)
{
    static const struct unit_test tests[] = {
        {"two_contenders", test_two_contenders},
        {"takeover_and_fence", test_takeover_and_fence},
        {"done", test_done},
        {"release", test_release},
        {"other_names", test_other_names},
        {"empty", test_empty},
        {"empty_was_slow", test_empty_was_slow},
        {"garbage", test_garbage},
        {"long_owner", test_long_owner},
        {"steps", test_steps},
        {"races", test_races},
        {"bounded", test_bounded},
    };
    unit_add("marker", tests, UNIT_COUNT(tests));
}
