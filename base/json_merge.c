#include "base/json_merge.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <string.h>

static void merge(cJSON *target, const cJSON *patch);

/* What a patch's member becomes where there is no object to merge it with: itself, but objects
 * without nulls. */
static cJSON *fresh(const cJSON *patch)
{
    cJSON *made;

    if (!cJSON_IsObject(patch))
        return cJSON_Duplicate(patch, true);
    made = cJSON_CreateObject();
    made->valueint = patch->valueint; /* its place: json.c */
    merge(made, patch);
    return made;
}

/* RFC 7396 for two objects. */
static void merge(cJSON *target, const cJSON *patch)
{
    const cJSON *p;

    cJSON_ArrayForEach(p, patch)
    {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(target, p->string);
        if (cJSON_IsNull(p))
            cJSON_DeleteItemFromObjectCaseSensitive(target, p->string);
        else if (cJSON_IsObject(old) && cJSON_IsObject(p))
            merge(old, p), old->valueint = p->valueint;
        else if (old)
            cJSON_ReplaceItemInObjectCaseSensitive(target, p->string, fresh(p));
        else
            cJSON_AddItemToObject(target, p->string, fresh(p));
    }
}

/* A copy, but for a member that may be by far the largest. */
static cJSON *without(const cJSON *root, const char *drop)
{
    const cJSON *p;
    cJSON *made;

    if (!drop || !cJSON_IsObject(root))
        return cJSON_Duplicate(root, true);
    made = cJSON_CreateObject();
    made->valueint = root->valueint;
    cJSON_ArrayForEach(p, root)
    {
        if (strcmp(p->string, drop) != 0)
            cJSON_AddItemToObject(made, p->string, cJSON_Duplicate(p, true));
    }
    return made;
}

cJSON *json_merge(const cJSON *root, const char *drop, const cJSON *patch)
{
    cJSON *made;

    if (patch && (!cJSON_IsObject(patch) || !cJSON_IsObject(root)))
        return fresh(patch);
    made = without(root, drop);
    if (patch) {
        made->valueint = patch->valueint;
        merge(made, patch);
    }
    return made;
}
