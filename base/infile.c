#include "base/infile.h"
#include "base/mem.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

static enum err_code io_error(const char *path, struct err *err)
{
    if (errno == EINTR)
        return err_set(err, ERR_STOP, "interrupted");
    return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
}

static enum err_code check(int fd, const char *path, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return io_error(path, err);
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_INPUT, "%s: it is not a regular file", path);
    return OK;
}

enum err_code infile_read_fd(int fd, const char *path, size_t max, struct strbuf *out,
                             struct err *err)
{
    assert(path);
    assert(out);

    enum err_code code = check(fd, path, err);
    size_t before = out->len;
    char *part;
    ssize_t n;

    if (code != OK)
        return code;
    part = mem_alloc(READ_SIZE);
    while ((n = read(fd, part, READ_SIZE)) > 0 && out->len - before + (size_t)n <= max)
        strbuf_add(out, part, (size_t)n);
    free(part);
    if (n > 0)
        return err_set(err, ERR_INPUT, "%s: more than %zu bytes", path, max);
    return n < 0 ? io_error(path, err) : OK;
}

enum err_code infile_read(const char *path, size_t max, struct strbuf *out, struct err *err)
{
    assert(path);
    assert(out);

    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); /* a pipe has no writer */

    enum err_code code;

    if (fd < 0)
        return io_error(path, err);
    code = infile_read_fd(fd, path, max, out, err);
    close(fd);
    return code;
}
