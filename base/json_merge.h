/*
 * json_merge: RFC 7396 on cJSON's trees. Private to base/json*.c.
 *
 * Members stay in their order: a patched one where it was, new ones at the end.
 */
#ifndef BASE_JSON_MERGE_H
#define BASE_JSON_MERGE_H

struct cJSON;

/* A copy of root without its member `drop`, then patched; both may be NULL. */
struct cJSON *json_merge(const struct cJSON *root, const char *drop, const struct cJSON *patch);

#endif
