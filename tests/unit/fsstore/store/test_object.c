#include "fsstore/store/file.h"
#include "fsstore/store/object.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static int put(struct fix *f, const char *key, const char *data)
{
    return object_put(&f->store, key, data, strlen(data));
}

static int put_if_absent(struct fix *f, const char *key, const char *data)
{
    return object_put_if_absent(&f->store, key, data, strlen(data));
}

static void test_names(void)
{
    for (int op = 0; op < STEP_OPS; op++)
        CU_ASSERT(strchr(step_op_name((enum step_op)op), '.') != NULL);
    UNIT_STR(step_op_name(FS_CREATE_EXCL), "fs.create_excl");
    UNIT_STR(step_op_name(STORE_PUT_IF_ABSENT), "store.put_if_absent");
    UNIT_STR(step_op_name(WATCH_NEXT), "watch.next");
}

/* What the calls do is the same under both semantics. */
static void check_object(enum store_semantics semantics)
{
    struct fix f;
    char *data = NULL;
    size_t len = 0;
    struct port_names names;
    fix_open(&f, semantics);
    UNIT_INT(object_get(&f.store, "app/x", &data, &len), -ENOENT);
    UNIT_INT(object_head(&f.store, "app/x"), -ENOENT);
    UNIT_INT(object_delete(&f.store, "app/x"), -ENOENT);
    UNIT_INT(object_list(&f.store, "app", &names), 0);
    UNIT_INT(names.count, 0);
    CU_ASSERT(data == NULL);
    UNIT_INT(put(&f, "app/x", "one"), 0);
    UNIT_INT(put(&f, "app/x", "two"), 0);
    UNIT_INT(put_if_absent(&f, "app/x", "three"), -EEXIST);
    UNIT_INT(put_if_absent(&f, "app/d/y", "y"), 0);
    UNIT_INT(object_get(&f.store, "app/x", &data, &len), 0);
    UNIT_STR(data, "two");
    UNIT_INT((int)len, 3);
    UNIT_INT(object_head(&f.store, "app/x"), 0);
    UNIT_INT(object_head(&f.store, "app"), -EISDIR);
    UNIT_INT(object_get(&f.store, "app", &data, &len), -EISDIR);
    UNIT_STR(data, "two");
    UNIT_INT(object_list(&f.store, "app", &names), 0);
    UNIT_INT(names.count, 2);
    UNIT_STR(names.v[0].name, "d");
    UNIT_INT(names.v[0].kind, PORT_DIR);
    UNIT_STR(names.v[1].name, "x");
    UNIT_INT(object_list(&f.store, "", &names), 0);
    UNIT_INT(names.count, 1); /* no .tmp */
    UNIT_INT(object_list(&f.store, "app/x", &names), -ENOTDIR);
    UNIT_INT(object_delete(&f.store, "app/x"), 0);
    UNIT_STR(fix_tree(&f), " .tmp{ } app{ d{ y=100644,1,'y' } }");
    fix_close(&f);
}

static void test_results(void)
{
    check_object(STORE_OBJECT);
    check_object(STORE_POSIX);
}

static void do_objects(struct fix *f)
{
    char *data;
    size_t len;
    struct port_names names;
    put(f, "a/b/x", "1");
    put(f, "a/b/x", "2");
    put_if_absent(f, "c/y", "3");
    put_if_absent(f, "c/y", "4");
    object_get(&f->store, "c/y", &data, &len);
    object_get(&f->store, "no", &data, &len);
    object_head(&f->store, "c/y");
    object_list(&f->store, "", &names);
    object_list(&f->store, "no", &names);
    object_delete(&f->store, "c/y");
}

static void test_object_steps(void)
{
    struct fix f;
    fix_open(&f, STORE_OBJECT);
    do_objects(&f);
    UNIT_STR(fix_log(&f), "store.put a/b/x '1'; store.put a/b/x '2'; "
                          "store.put_if_absent c/y '3'; store.put_if_absent c/y '4' EEXIST; "
                          "store.get c/y '3'; store.get no ENOENT; store.head c/y; "
                          "store.list 'a c'; store.list no ''; store.delete c/y");
    fix_close(&f);
}

static void test_posix_steps(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    do_objects(&f);
    UNIT_STR(fix_log(&f),
             "fs.create .tmp/t; fs.write .tmp/t '1'; fs.close .tmp/t; "
             "fs.rename .tmp/t a/b/x ENOENT; fs.mkdir a; fs.mkdir a/b; fs.rename .tmp/t a/b/x; "
             "fs.create .tmp/t; fs.write .tmp/t '2'; fs.close .tmp/t; fs.rename .tmp/t a/b/x; "
             "fs.create_excl c/y ENOENT; fs.mkdir c; fs.create_excl c/y; fs.write c/y '3'; "
             "fs.close c/y; fs.create_excl c/y EEXIST; "
             "fs.open c/y; fs.read c/y '3'; fs.close c/y; fs.open no ENOENT; fs.stat c/y; "
             "fs.list 'a c'; fs.list no ENOENT; fs.unlink c/y");
    fix_close(&f);
}

static void do_files(struct fix *f)
{
    struct store *s = &f->store;
    char *data;
    size_t len;
    UNIT_INT(file_write(s, "x", "one", 3), 0);
    UNIT_INT(file_append(s, "x", "two", 3), 0);
    UNIT_INT(file_create_excl(s, "y", NULL, 0), 0);
    UNIT_INT(file_create_excl(s, "y", "z", 1), -EEXIST);
    UNIT_INT(file_fsync(s, "x"), 0);
    UNIT_INT(file_read(s, "x", &data, &len), 0);
    UNIT_STR(data, "onetwo");
    UNIT_INT(file_read(s, "no", &data, &len), -ENOENT);
    UNIT_STR(data, "onetwo");
    UNIT_INT(fs_rename(s, "x", "z"), 0);
    UNIT_INT(fs_rename_noreplace(s, "z", "y"), -EEXIST);
    UNIT_INT(fs_link(s, "z", "l"), 0);
    UNIT_INT(fs_mkdir(s, "d"), 0);
    UNIT_INT(fs_rmdir(s, "d"), 0);
    UNIT_INT(fs_unlink(s, "l"), 0);
}

#define BARE_STEPS                                                                                 \
    "fs.rename x z; fs.rename_noreplace z y EEXIST; fs.link z l; fs.mkdir d; fs.rmdir d; "         \
    "fs.unlink l"

static void test_file_steps(void)
{
    struct fix f;
    fix_open(&f, STORE_OBJECT);
    do_files(&f);
    UNIT_STR(fix_log(&f), "fs.write x 'one'; fs.append x 'two'; fs.create_excl y; "
                          "fs.create_excl y 'z' EEXIST; fs.fsync x; fs.read x 'onetwo'; "
                          "fs.read no ENOENT; " BARE_STEPS);
    fix_close(&f);
    fix_open(&f, STORE_POSIX);
    do_files(&f);
    UNIT_STR(fix_log(&f),
             "fs.create x; fs.write x 'one'; fs.close x; fs.append x; fs.write x 'two'; "
             "fs.close x; fs.create_excl y; fs.close y; fs.create_excl y EEXIST; "
             "fs.open x; fs.fsync x; fs.close x; fs.open x; fs.read x 'onetwo'; fs.close x; "
             "fs.open no ENOENT; " BARE_STEPS);
    fix_close(&f);
}

static void test_sizes(void)
{
    static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 100000, FILE_MAX_BYTES};
    struct fix f;
    char *data = NULL;
    size_t len = 0;
    fix_open(&f, STORE_POSIX);
    f.store.hooks = NULL;
    char *text = mem_alloc(FILE_MAX_BYTES + 1);
    for (size_t i = 0; i < FILE_MAX_BYTES + 1; i++)
        text[i] = (char)('a' + i % 23);
    for (size_t i = 0; i < UNIT_COUNT(sizes); i++) {
        UNIT_INT(file_write(&f.store, "x", text, sizes[i]), 0);
        UNIT_INT(file_read(&f.store, "x", &data, &len), 0);
        UNIT_U64(len, sizes[i]);
        CU_ASSERT(memcmp(data, text, sizes[i]) == 0 && data[len] == '\0');
    }
    UNIT_INT(file_write(&f.store, "x", text, FILE_MAX_BYTES + 1), 0);
    UNIT_INT(file_read(&f.store, "x", &data, &len), -EFBIG);
    UNIT_U64(len, FILE_MAX_BYTES);
    free(text);
    fix_close(&f);
}

/* --- calls that fail ----------------------------------------------------------------------------
 */

static struct port_calls broken;
static const struct port_calls *whole;
static int calls_left; /* until one fails */

static bool is_due(void)
{
    return --calls_left == 0;
}

static ssize_t write_fails(struct port *p, int handle, const void *data, size_t len)
{
    return is_due() ? -ENOSPC : whole->write(p, handle, data, len);
}

static ssize_t write_one(struct port *p, int handle, const void *data, size_t len)
{
    return whole->write(p, handle, data, len ? 1 : 0);
}

static ssize_t write_none(struct port *p, int handle, const void *data, size_t len)
{
    (void)p, (void)handle, (void)data, (void)len;
    return 0;
}

static int close_fails(struct port *p, int handle)
{
    whole->close(p, handle);
    return is_due() ? -EIO : 0;
}

static int rename_fails(struct port *p, const char *from, const char *to, bool noreplace)
{
    return is_due() ? -EIO : whole->rename(p, from, to, noreplace);
}

static int mkdir_fails(struct port *p, const char *path)
{
    return is_due() ? -ENOSPC : whole->mkdir(p, path);
}

static void break_port(struct fix *f, int nth)
{
    whole = f->calls;
    broken = *f->calls;
    f->port->calls = &broken;
    calls_left = nth;
}

static void test_put_fails(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    break_port(&f, 1);
    broken.write = write_fails;
    UNIT_INT(put(&f, "d/x", "1"), -ENOSPC);
    UNIT_STR(fix_tree(&f), " .tmp{ }"); /* nothing half-made is left */
    break_port(&f, 1);
    broken.close = close_fails;
    UNIT_INT(put(&f, "d/x", "1"), -EIO);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    break_port(&f, 2);
    broken.rename = rename_fails;
    UNIT_INT(put(&f, "d/x", "1"), -EIO);
    UNIT_STR(fix_tree(&f), " .tmp{ } d{ }");
    break_port(&f, 2);
    broken.mkdir = mkdir_fails;
    UNIT_INT(put(&f, "d/e/x", "1"), -ENOSPC);
    break_port(&f, 1);
    broken.mkdir = mkdir_fails;
    UNIT_INT(put_if_absent(&f, "e/x", "1"), -ENOSPC);
    break_port(&f, 1);
    broken.write = write_fails;
    UNIT_INT(put_if_absent(&f, "d/x", "1"),
             -ENOSPC); /* as on S3 it would not be: it stays, empty */
    UNIT_STR(fix_tree(&f), " .tmp{ } d{ x=100644,1,'' }");
    UNIT_INT(f.store.handle_count, 0);
    fix_close(&f);
}

static void test_short_writes(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    break_port(&f, 0);
    broken.write = write_one;
    UNIT_INT(put(&f, "x", "many"), 0);
    UNIT_STR(fix_read(&f, "x"), "many");
    broken.write = write_none;
    UNIT_INT(put(&f, "x", "more"), -EIO);
    UNIT_STR(fix_read(&f, "x"), "many");
    fix_close(&f);
}

static void test_too_many_open(void)
{
    struct fix f;
    struct fs_file files[STORE_HANDLES], one_more;
    fix_open(&f, STORE_POSIX);
    for (int i = 0; i < STORE_HANDLES; i++)
        UNIT_INT(fs_open(&f.store, "x", PORT_APPEND, &files[i]), 0);
    UNIT_INT(fs_open(&f.store, "x", PORT_APPEND, &one_more), -EMFILE);
    UNIT_INT(fs_close(&f.store, &files[3]), 0);
    UNIT_INT(fs_open(&f.store, "x", PORT_APPEND, &one_more), 0);
    store_drop(&f.store);
    for (int i = 0; i < STORE_HANDLES; i++)
        UNIT_INT(fs_close(&f.store, &files[i]), -EBADF);
    fix_close(&f);
}

/* --- what more is told ---------------------------------------------------------------------------
 */

struct told {
    struct store *store;
    struct strbuf log;
};

static void tell_made(void *ctx, const struct step *step, const struct step_result *result)
{
    struct told *t = ctx;
    (void)result;
    strbuf_printf(&t->log, "%s %d; ", step_op_name(step->op), t->store->made_parents);
}

static const char *told(struct fix *f, struct told *t)
{
    const char *text = arena_strdup(&f->arena, t->log.s);
    strbuf_release(&t->log);
    return text;
}

/* How many directories an object call has made, the lowest ones, is known when its step ends. */
static void test_made_parents(void)
{
    static const struct store_hooks hooks = {.after = tell_made};
    struct fix f;
    struct told t = {.store = &f.store, .log = STRBUF_INIT};
    fix_open(&f, STORE_OBJECT);
    f.store.hooks = &hooks;
    f.store.ctx = &t;
    put(&f, "a/b/x", "");
    put(&f, "a/b/y", "");
    put(&f, "a/c/d/y", "");
    put_if_absent(&f, "a/e/y", "");
    put_if_absent(&f, "a/e/y", "");
    put(&f, "x", "");
    UNIT_STR(told(&f, &t), "store.put 2; store.put 0; store.put 2; store.put_if_absent 1; "
                           "store.put_if_absent 0; store.put 0; ");
    f.store.semantics = STORE_POSIX; /* there each mkdir speaks for itself */
    put(&f, "n/x", "");
    UNIT_STR(told(&f, &t), "fs.create 0; fs.write 0; fs.close 0; fs.rename 0; fs.mkdir 0; "
                           "fs.rename 0; ");
    fix_close(&f);
}

static void tell_whole(void *ctx, enum store_whole kind, const char *path, const char *data,
                       size_t len)
{
    static const char *const names[] = {"found", "meant", "appended"};
    struct told *t = ctx;
    strbuf_printf(&t->log, "%s %s '%.*s'; ", names[kind], path, (int)len, data);
}

static void tell_step(void *ctx, const struct step *step)
{
    struct told *t = ctx;
    strbuf_printf(&t->log, "%s; ", step_op_name(step->op));
}

static void do_wholes(struct fix *f)
{
    struct store *s = &f->store;
    char *data;
    size_t len;
    put(f, "x", "one");
    put_if_absent(f, "x", "two");
    object_get(s, "x", &data, &len);
    object_get(s, "no", &data, &len);
    file_write(s, "y", "three", 5);
    file_append(s, "y", "four", 4);
    file_create_excl(s, "z", NULL, 0);
    file_read(s, "y", &data, &len);
    file_read(s, "no", &data, &len);
}

static void test_whole(void)
{
    static const struct store_hooks wholes = {.whole = tell_whole};
    static const struct store_hooks both = {.whole = tell_whole, .before = tell_step};
    struct fix f;
    struct told t = {.store = &f.store, .log = STRBUF_INIT};
    fix_open(&f, STORE_POSIX);
    f.store.hooks = &wholes;
    f.store.ctx = &t;
    do_wholes(&f);
    UNIT_STR(told(&f, &t), "meant x 'one'; meant x 'two'; found x 'one'; meant y 'three'; "
                           "appended y 'four'; meant z ''; found y 'threefour'; ");
    f.store.semantics = STORE_OBJECT; /* nothing can be torn there */
    do_wholes(&f);
    UNIT_STR(told(&f, &t), "");
    f.store.semantics = STORE_POSIX;
    f.store.hooks = &both;
    put(&f, "x", "1"); /* told before the first step */
    UNIT_STR(told(&f, &t), "meant x '1'; fs.create; fs.write; fs.close; fs.rename; ");
    fix_close(&f);
}

/* --- a crash ------------------------------------------------------------------------------------
 */

static jmp_buf crash;
static int steps_left;

static void crash_before(void *ctx, const struct step *step)
{
    (void)ctx, (void)step;
    if (steps_left-- == 0)
        longjmp(crash, 1);
}

static const struct store_hooks crash_hooks = {.before = crash_before};

static void crash_at(struct fix *f, int step, int (*call)(struct fix *))
{
    f->store.hooks = &crash_hooks;
    steps_left = step;
    if (setjmp(crash) == 0) {
        call(f);
        CU_FAIL("it did not crash");
    }
    store_drop(&f->store);
}

static int call_put(struct fix *f)
{
    return put(f, "x", "data");
}

static int call_put_if_absent(struct fix *f)
{
    return put_if_absent(f, "x", "data");
}

static void test_crash(void)
{
    struct fix f;
    fix_open(&f, STORE_POSIX);
    int q = f.calls->watch_open(f.port);
    f.calls->watch_add(f.port, q, "");
    crash_at(&f, 1, call_put);
    UNIT_STR(fix_tree(&f), " .tmp{ t=100644,1,'' }");
    crash_at(&f, 3, call_put);
    UNIT_STR(fix_tree(&f), " .tmp{ t=100644,1,'data' }");
    UNIT_STR(fix_events(&f, q, 9), "EAGAIN");
    crash_at(&f, 1, call_put_if_absent);
    UNIT_STR(fix_tree(&f), " .tmp{ t=100644,1,'data' } x=100644,1,''");
    UNIT_STR(fix_events(&f, q, 9), "CREATE x, CLOSE_WRITE x");
    f.store.hooks = NULL;
    UNIT_INT(call_put(&f), 0);
    UNIT_STR(fix_tree(&f), " .tmp{ } x=100644,1,'data'");
    fix_close(&f);
}

static void test_crash_object(void)
{
    struct fix f;
    fix_open(&f, STORE_OBJECT);
    crash_at(&f, 0, call_put);
    UNIT_INT(f.store.depth, 0);
    UNIT_STR(fix_tree(&f), " .tmp{ }");
    fix_close(&f);
}

void suite_object(void)
{
    static const struct unit_test tests[] = {
        {"names", test_names},
        {"results", test_results},
        {"object_steps", test_object_steps},
        {"posix_steps", test_posix_steps},
        {"file_steps", test_file_steps},
        {"sizes", test_sizes},
        {"put_fails", test_put_fails},
        {"short_writes", test_short_writes},
        {"too_many_open", test_too_many_open},
        {"made_parents", test_made_parents},
        {"whole", test_whole},
        {"crash", test_crash},
        {"crash_object", test_crash_object},
    };
    unit_add("object", tests, UNIT_COUNT(tests));
}
