/*
 * stream_meta: what a stream is. The definition (who created it, when, which incarnation) never changes;
 * the schema only grows. Both are objects in the store, as JSON:
 *
 *     .stream.json   {"stream":"app","created_at":3,"incarnation":"i1-1","owner":"i1"}
 *     .schema        {"a":"int","b":"string"}
 *
 * A stream that was deleted by tombstone and made again is its next generation (generation.h): the
 * record then has "generation":1 as well.
 *
 * Values of bounded size, so that they can be copied, sent and unwound without a thought.
 */
#ifndef NODES_STREAM_STREAM_META_H
#define NODES_STREAM_STREAM_META_H

#include "base/mem.h"
#include <stdbool.h>
#include <stdint.h>

#define NAME_MAX_BYTES 64
#define SCHEMA_MAX     16
#define GENERATION_MAX 9999

struct field {
    char name[NAME_MAX_BYTES];
    char type[NAME_MAX_BYTES];
};

struct schema {
    struct field v[SCHEMA_MAX]; /* sorted by name */
    int count;
    bool is_static; /* takes no more fields; kept in .stream.json */
};

struct record {
    char stream[NAME_MAX_BYTES];
    int generation;     /* how often the stream was deleted before */
    int64_t created_at; /* ms on the creator's clock */
    char incarnation[NAME_MAX_BYTES];
    char owner[NAME_MAX_BYTES];
    uint64_t request;     /* that it was made for; 0: a client's own */
    struct schema schema; /* not part of .stream.json */
    int version;          /* of the schema: schema.h; nor this */
};

/* Takes b's fields into a. False, and a is as it was: a field has another type there, or there are
 * too many, or a is static and b has others. */
bool schema_merge(struct schema *a, const struct schema *b);
bool schema_has(const struct schema *s, const char *field);
bool schema_covers(const struct schema *all, const struct schema *part);
bool schema_equal(const struct schema *a, const struct schema *b);

/* Text lives in the arena. Parsing refuses what is not a whole record (a torn read). */
const char *record_text(struct arena *a, const struct record *r);
const char *schema_text(struct arena *a, const struct schema *s);
bool record_parse(const char *text, size_t len, struct record *out); /* leaves the fields alone */
bool schema_parse(const char *text, size_t len, struct schema *out);

/* Where the stream's objects are: its name, and from the second generation on its number
 * (layout.h).
 */
const char *record_prefix(struct arena *a, const struct record *r);

/* Is a older than b: of an earlier generation, or of an earlier version of it? */
bool record_older(const struct record *a, const struct record *b);

/* One stream with one definition: incarnation and created-at. */
bool record_same(const struct record *a, const struct record *b);

#endif
