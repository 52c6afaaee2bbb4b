/*
 * err: one error, told as a story.
 *
 * An error is a code, for the program, and a story, for the reader. The place that fails writes
 * what happened; each caller that knows more puts its part in front, so that the whole reads
 * outwards:
 *
 *     err_set(err, ERR_IO, "rename: %s", strerror(errno));     // "rename: File exists"
 *     return err_wrap(err, "claim '%s'", name);                // "claim 'app': rename: File exists"
 *
 * The caller owns the struct (usually on its stack, ERR_INIT) and passes it as the last parameter.
 * A NULL err is allowed where nobody wants the story. A function that returns a code returns OK (0)
 * or err->code. Stories longer than ERR_STORY_MAX are cut; nothing is allocated, so there is
 * nothing to free.
 *
 * File calls (fsstore) do not use this: like the kernel they return 0 or a negative errno, since a
 * scenario may expect any of them. This is for input that is wrong and a world that fails us.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_STORY_MAX 1024

enum err_code {
    OK = 0,
    ERR_INPUT,   /* a file or an argument says something that cannot be meant */
    ERR_IO,      /* the machine failed us: disk full, no permission, too many descriptors */
    ERR_DIVERGE, /* the same choices did not give the same run */
    ERR_STOP,    /* the user wants to stop */
};

struct err {
    enum err_code code;
    char story[ERR_STORY_MAX];
};

#define ERR_INIT                                                                                   \
    (struct err)                                                                                   \
    {                                                                                              \
        .code = OK                                                                                 \
    }

/* Sets code and story, and returns the code. */
enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "FMT: " in front of the story, and returns the code as it was (ERR_IO where err is NULL). */
enum err_code err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The symbolic name of a negative errno, "EEXIST" for -EEXIST; "ok" for 0. Never NULL; static. */
const char *errno_name(int neg_errno);

#endif
