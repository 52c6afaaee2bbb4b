#include "fsstore/port/port.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const char *check_part(const char *part, size_t len, bool first)
{
    if (len == 0)
        return "has an empty part";
    if (len == 1 && part[0] == '.')
        return "has a part \".\"";
    if (len == 2 && part[0] == '.' && part[1] == '.')
        return "leaves the store";
    if (first && len == strlen(PORT_TMP) && memcmp(part, PORT_TMP, len) == 0)
        return "is in \"" PORT_TMP "\", which is reserved for half-made objects";
    return NULL;
}

static bool has_control(const char *path)
{
    for (; *path; path++)
        if ((unsigned char)*path < 0x20 || *path == 0x7f)
            return true;
    return false;
}

const char *port_path_check(const char *path)
{
    if (!path || !*path)
        return "is empty";
    size_t len = strnlen(path, PORT_PATH_MAX);
    if (len == PORT_PATH_MAX)
        return "is longer than 255 bytes";
    if (path[0] == '/')
        return "is absolute";
    if (path[len - 1] == '/')
        return "ends in '/'";
    if (has_control(path))
        return "has a control character";
    for (const char *part = path;; part++) {
        size_t part_len = strcspn(part, "/");
        const char *wrong = check_part(part, part_len, part == path);
        if (wrong)
            return wrong;
        part += part_len;
        if (!*part)
            return NULL;
    }
}

/* "", "." or ".." */
static bool is_no_name(const char *part, size_t len)
{
    return len == 0 || (part[0] == '.' && (len == 1 || (len == 2 && part[1] == '.')));
}

/* Only a path that has one spelling may reach the kernel, since the journal compares spellings. */
int port_refuse_path(const char *path)
{
    assert(path);

    size_t len = 0, part = 0;
    bool wrong = false;
    for (; path[len]; len++) {
        if (len == PORT_PATH_MAX - 1)
            return -ENAMETOOLONG;
        if (path[len] != '/')
            continue;
        wrong |= is_no_name(path + part, len - part);
        part = len + 1;
    }
    if (part == 0 && (len == 0 || (len == 1 && path[0] == '.')))
        return 0;
    return wrong || is_no_name(path + part, len - part) ? -EINVAL : 0;
}

bool port_is_tmp(const char *path)
{
    assert(path);

    size_t len = strlen(PORT_TMP);

    return strncmp(path, PORT_TMP, len) == 0 && (!path[len] || path[len] == '/');
}

const char *port_event_name(enum port_event_kind kind)
{
    switch (kind) {
    case EVENT_CREATE:
        return "CREATE";
    case EVENT_CLOSE_WRITE:
        return "CLOSE_WRITE";
    case EVENT_MOVED_FROM:
        return "MOVED_FROM";
    case EVENT_MOVED_TO:
        return "MOVED_TO";
    case EVENT_DELETE:
        return "DELETE";
    case EVENT_DELETE_SELF:
        return "DELETE_SELF";
    case EVENT_OVERFLOW:
        return "OVERFLOW";
    }
    return "?";
}

static size_t put(char *out, size_t at, const char *s, size_t len)
{
    size_t room = PORT_PATH_MAX - 1 - at;
    if (len > room)
        len = room;
    memcpy(out + at, s, len);
    out[at + len] = '\0';
    return at + len;
}

void port_event_path(char *out, const char *watched, const char *name, size_t len)
{
    assert(out);
    assert(watched);
    assert(name);

    size_t at = put(out, 0, watched, strlen(watched));
    if (len == 0)
        return;
    if (at > 0)
        at = put(out, at, "/", 1);
    put(out, at, name, len);
}

unsigned port_open_flags(enum port_open how)
{
    switch (how) {
    case PORT_READ:
        return PORT_FLAG_READ;
    case PORT_CREATE:
        return PORT_FLAG_WRITE | PORT_FLAG_CREATE | PORT_FLAG_TRUNC;
    case PORT_CREATE_EXCL:
        return PORT_FLAG_WRITE | PORT_FLAG_CREATE | PORT_FLAG_EXCL;
    case PORT_APPEND:
        return PORT_FLAG_WRITE | PORT_FLAG_CREATE | PORT_FLAG_APPEND;
    default:
        return how;
    }
}

/* --- the machine's failures --- */

static bool is_answer(int error, int also)
{
    static const int answers[] = {ENOENT, ENOTDIR, EEXIST, EISDIR, ENOTEMPTY, ELOOP};

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (error == answers[i])
            return true;
    return error == also;
}

int port_answer(struct port *port, const char *verb, const char *path, int error, int also)
{
    assert(port);
    assert(verb);
    assert(path);
    assert(error >= 0);

    struct port_failure *f = &port->failure;

    if (!is_answer(error, also) && !atomic_exchange(&f->noted, true)) {
        f->verb = verb;
        f->error = -error;
        put(f->path, 0, path, strlen(path));
        atomic_store(&f->known, true);
    }
    return -error;
}

enum err_code port_health(const struct port *port, struct err *err)
{
    assert(port);

    const struct port_failure *f = &port->failure;

    if (!atomic_load(&f->known))
        return OK;
    return err_set(err, ERR_IO, "cannot %s %s: %s", f->verb, *f->path ? f->path : "the store",
                   strerror(-f->error));
}

void port_free(struct port *port)
{
    if (port)
        port->calls->free(port);
}
