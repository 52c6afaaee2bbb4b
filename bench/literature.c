#include "bench/literature.h"

static int64_t power2(int n)
{
    return INT64_C(1) << n;
}

/* --- a scenario, client by client --- */

/* Clients of one node; the first has the node's own name. */
static void client(struct strbuf *out, int i)
{
    if (i > 0)
        strbuf_printf(out, "],\n    \"t#%d\": [", i + 1);
    else
        strbuf_adds(out, "\n  \"work\": {\n    \"t\": [");
}

static void last_client(struct strbuf *out)
{
    strbuf_adds(out, "]\n  }");
}

/* The register of the i-th client. */
static void reg(struct strbuf *out, int i)
{
    strbuf_adds(out, i > 0 ? "t#" : "t");
    if (i > 0)
        strbuf_printf(out, "%d", i + 1);
    strbuf_adds(out, ".r");
}

static void when(struct strbuf *out, int i, const char *value)
{
    strbuf_adds(out, "{\"when\": {\"");
    reg(out, i);
    strbuf_printf(out, "\": \"%s\"}, ", value);
}

static void init_files(struct strbuf *out, int count)
{
    strbuf_adds(out, "\n  \"init\": [");
    for (int i = 0; i < count; i++)
        strbuf_printf(out, "%s{\"write\": \"x%d\", \"data\": \"0\"}", i ? ", " : "", i);
    strbuf_adds(out, "],");
}

/* --- the programs --- */

static void readers(int n, struct strbuf *out)
{
    init_files(out, 1);
    for (int i = 0; i < n; i++) {
        client(out, i);
        strbuf_adds(out, "{\"read\": \"x0\", \"as\": \"r\"}");
    }
    client(out, n);
    strbuf_adds(out, "{\"write\": \"x0\", \"data\": \"1\"}");
    last_client(out);
}

static int64_t count_readers(int n)
{
    return power2(n);
}

/* The first looks from the end for the last element that is zero; the i-th other sets x[i] from
 * x[i - 1]. Only that it is no longer zero matters. */
static void lastzero(int n, struct strbuf *out)
{
    init_files(out, n + 1);
    client(out, 0);
    strbuf_printf(out, "{\"read\": \"x%d\", \"as\": \"r\"}", n);
    for (int i = n - 1; i >= 0; i--) {
        strbuf_adds(out, ",\n      ");
        when(out, 0, "1");
        strbuf_printf(out, "\"read\": \"x%d\", \"as\": \"r\"}", i);
    }
    for (int i = 1; i <= n; i++) {
        client(out, i);
        strbuf_printf(out, "{\"read\": \"x%d\"}, {\"write\": \"x%d\", \"data\": \"1\"}", i - 1, i);
    }
    last_client(out);
}

static int64_t count_lastzero(int n)
{
    return (n + 3) * power2(n - 2);
}

/* Each puts four messages into a table of 128 places; who finds a place taken takes the next. */
static void indexer(int n, struct strbuf *out)
{
    for (int i = 0; i < n; i++) {
        client(out, i);
        for (int m = 1; m <= 4; m++) {
            int place = (m * 11 + i) * 7 % 128;

            strbuf_printf(out, "%s{\"create_excl\": \"x%d\", \"as\": \"r\"}, ",
                          m > 1 ? ",\n      " : "", place);
            when(out, i, "EEXIST");
            strbuf_printf(out, "\"create_excl\": \"x%d\"}", (place + 1) % 128);
        }
    }
    last_client(out);
}

static int64_t count_indexer(int n)
{
    return n < 12 ? 1 : power2(3 * (n - 11));
}

/* Each locks an inode of its own and finds a block for it: of 26, from twice the inode's number
 * on. The lock of a block, the look at it and its taking are one creation. */
static void filesystem(int n, struct strbuf *out)
{
    for (int i = 0; i < n; i++) {
        int block = 2 * i % 26;

        client(out, i);
        strbuf_printf(out, "{\"create_excl\": \"lock%d\"}, {\"stat\": \"inode%d\"}, ", i, i);
        strbuf_printf(out, "{\"create_excl\": \"x%d\", \"as\": \"r\"},\n      ", block);
        when(out, i, "EEXIST");
        strbuf_printf(out, "\"create_excl\": \"x%d\"}, ", block + 1);
        strbuf_printf(out, "{\"put\": \"inode%d\"}, {\"unlink\": \"lock%d\"}", i, i);
    }
    last_client(out);
}

static int64_t count_filesystem(int n)
{
    return n < 14 ? 1 : power2(n - 13);
}

/* n tasks of k steps, each of which depends on all others. */
static void appenders(int n, int k, struct strbuf *out)
{
    for (int i = 0; i < n; i++) {
        client(out, i);
        strbuf_printf(out, "{\"repeat\": %d, \"do\": [{\"append\": \"x\", \"data\": \"%d\"}]}", k,
                      i);
    }
    last_client(out);
}

static void append5(int n, struct strbuf *out)
{
    appenders(n, 5, out);
}

static void append3(int n, struct strbuf *out)
{
    appenders(n, 3, out);
}

/* (n k)! / (k!)^n: the interleavings of n tasks of k steps. */
static int64_t interleavings(int n, int k)
{
    int64_t all = 1;

    for (int i = 2; i <= n; i++)
        for (int j = 1; j <= k; j++) /* the binomials i k over k */
            all = all * ((i - 1) * k + j) / j;
    return all;
}

static int64_t count_append5(int n)
{
    return interleavings(n, 5);
}

static int64_t count_append3(int n)
{
    return interleavings(n, 3);
}

/* Look, and put if there is nothing. */
static void creators(int n, struct strbuf *out)
{
    for (int i = 0; i < n; i++) {
        client(out, i);
        strbuf_adds(out, "{\"stat\": \"x\", \"as\": \"r\"}, ");
        when(out, i, "ENOENT");
        strbuf_printf(out, "\"put\": \"x\", \"data\": \"%d\"}", i);
    }
    last_client(out);
}

static int64_t count_creators(int n)
{
    static const int64_t known[] = {1, 1, 4, 21, 148, 1305, 13806};

    return known[n];
}

/* One gets the marker, and writes a definition in two puts and a flag; the others look at the
 * flag. */
static void marker(int n, struct strbuf *out)
{
    for (int i = 0; i < n; i++) {
        client(out, i);
        strbuf_adds(out, "{\"create_excl\": \"marker\", \"as\": \"r\"},\n      {\"if\": {\"");
        reg(out, i);
        strbuf_printf(out, "\": \"ok\"}, \"then\": [{\"put\": \"stream\", \"data\": \"%d\"}, ", i);
        strbuf_printf(out, "{\"put\": \"schema\", \"data\": \"%d\"}, {\"put\": \"ready\"}],\n", i);
        strbuf_adds(out, "       \"else\": [{\"stat\": \"ready\", \"as\": \"seen\"}]}");
    }
    last_client(out);
}

static int64_t count_marker(int n)
{
    return n * power2(n - 1);
}

const struct literature literature[] = {
    {"readers", "n readers, one writer", 1, 20, readers, count_readers},
    {"lastzero", "n writers in a row, and one who looks for the last zero", 2, 20, lastzero,
     count_lastzero},
    {"indexer", "n tasks fill a table of 128 places", 1, 16, indexer, count_indexer},
    {"filesystem", "n tasks find blocks for their inodes", 1, 25, filesystem, count_filesystem},
    {"append5", "n tasks append to one file, 5 times each", 1, 4, append5, count_append5},
    {"append3", "n tasks append to one file, 3 times each", 1, 5, append3, count_append3},
    {"creators", "n tasks look, and put if there is nothing", 1, 6, creators, count_creators},
    {"marker", "n tasks race for a marker; losers look at a flag", 1, 20, marker, count_marker},
};

const int literature_count = sizeof literature / sizeof *literature;

void literature_print(const struct literature *l, int n, struct strbuf *out)
{
    strbuf_printf(out, "{\n  \"fsrace\": 1,\n  \"name\": \"%s-%d\",\n  \"title\": \"%s\",\n",
                  l->name, n, l->what);
    strbuf_adds(out, "  \"cluster\": {\"nodes\": {\"t\": {\"role\": \"actor\"}}},");
    l->tasks(n, out);
    strbuf_adds(out, "\n}\n");
}
