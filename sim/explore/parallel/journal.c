#include "sim/explore/parallel/journal.h"
#include "base/hash.h"
#include "base/infile.h"
#include "base/strbuf.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SUM_LEN 16 /* hexadecimal digits, and a blank behind them */

static enum err_code fail_io(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
}

static bool is_whole(const char *line, size_t len)
{
    char sum[SUM_LEN + 1];

    if (len <= SUM_LEN || line[SUM_LEN] != ' ')
        return false;
    snprintf(
        sum, sizeof sum, "%016llx",
        (unsigned long long)hash_mix(hash_bytes(HASH_INIT, line + SUM_LEN + 1, len - SUM_LEN - 1)));
    return memcmp(sum, line, SUM_LEN) == 0;
}

/* All whole lines; *end is where they end. What is behind it is the last line, torn: else an error.
 */
static enum err_code each_line(const struct strbuf *text, const char *path, journal_line_fn *fn,
                               void *ctx, size_t *end, struct err *err)
{
    int number = 1;

    for (*end = 0; *end < text->len; number++) {
        const char *line = text->s + *end, *newline = memchr(line, '\n', text->len - *end);
        size_t len = newline ? (size_t)(newline - line) : text->len - *end;

        if (!newline)
            return OK;
        if (!is_whole(line, len))
            return *end + len + 1 == text->len && number > 1
                       ? OK
                       : err_set(err, ERR_INPUT,
                                 "%s:%d: no line of a journal of fsrace, or damaged", path, number);
        fn(ctx, line + SUM_LEN + 1, len - SUM_LEN - 1);
        *end += len + 1;
    }
    return OK;
}

struct first_line { /* compares it, and passes on the others */
    const char *header;
    bool seen, same;
    journal_line_fn *fn;
    void *ctx;
};

static void take_line(void *ctx, const char *text, size_t len)
{
    struct first_line *f = ctx;

    if (f->seen && f->same)
        f->fn(f->ctx, text, len);
    if (!f->seen)
        f->same = strlen(f->header) == len && memcmp(f->header, text, len) == 0;
    f->seen = true;
}

static enum err_code go_on(struct journal *j, const char *header, journal_line_fn *fn, void *ctx,
                           struct err *err)
{
    struct first_line first = {.header = header, .fn = fn, .ctx = ctx};
    struct strbuf text = STRBUF_INIT;
    size_t end;

    if (infile_read_fd(j->fd, j->path, JOURNAL_MAX_BYTES, &text, err) == OK &&
        each_line(&text, j->path, take_line, &first, &end, err) == OK) {
        if (first.seen && !first.same)
            err_set(err, ERR_INPUT,
                    "%s: it is of another search: of another scenario, variant, order or release, "
                    "or one of these has changed since",
                    j->path);
        else if (ftruncate(j->fd, (off_t)end) != 0 || lseek(j->fd, (off_t)end, SEEK_SET) < 0)
            fail_io(j->path, err);
        else if (!first.seen)
            journal_add(j, header, err);
    }
    strbuf_release(&text);
    return err->code;
}

enum err_code journal_open(struct journal *j, const char *path, const char *header,
                           journal_line_fn *fn, void *ctx, struct err *err)
{
    assert(j);
    assert(path);
    assert(header);
    assert(fn);
    assert(ctx);
    *j = (struct journal){path, open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666)};
    if (j->fd < 0)
        return fail_io(path, err);
    if (flock(j->fd, LOCK_EX | LOCK_NB) != 0)
        err_set(err, ERR_INPUT, "%s: another fsrace is at it", path);
    else
        go_on(j, header, fn, ctx, err);
    if (err->code != OK)
        journal_close(j);
    return err->code;
}

enum err_code journal_add(struct journal *j, const char *text, struct err *err)
{
    assert(j);
    assert(text);

    struct strbuf line = STRBUF_INIT;
    size_t done = 0;

    strbuf_printf(&line, "%016llx %s\n",
                  (unsigned long long)hash_mix(hash_bytes(HASH_INIT, text, strlen(text))), text);
    while (done < line.len && err->code == OK) {
        ssize_t n = write(j->fd, line.s + done, line.len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno != EINTR)
            fail_io(j->path, err);
    }
    if (err->code == OK && fsync(j->fd) != 0 && errno != EINVAL) /* a pipe has no disk */
        fail_io(j->path, err);
    strbuf_release(&line);
    return err->code;
}

void journal_close(struct journal *j)
{
    assert(j);
    if (j->path && j->fd >= 0)
        close(j->fd);
    j->fd = -1;
}

enum err_code journal_read(const char *path, journal_line_fn *fn, void *ctx, struct err *err)
{
    assert(path);
    assert(fn);
    assert(ctx);

    struct strbuf text = STRBUF_INIT;
    size_t end = 0;

    if (infile_read(path, JOURNAL_MAX_BYTES, &text, err) == OK)
        each_line(&text, path, fn, ctx, &end, err);
    if (err->code == OK && end == 0)
        err_set(err, ERR_INPUT, "%s: it is empty", path);
    strbuf_release(&text);
    return err->code;
}
