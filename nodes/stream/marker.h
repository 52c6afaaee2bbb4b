/*
 * marker: a claim that one contender wins, by O_EXCL.
 *
 * The claim on NAME with fencing number n is the object .markers/NAME.n. Making it with O_EXCL is
 * the whole decision: the kernel lets one contender through. It says who made it, and until when
 * nobody may doubt that it is alive (its lease). A marker is never removed or overwritten by
 * contenders; a claim whose lease has run out is superseded by making number n + 1, again with
 * O_EXCL. So two who find the same dead claim cannot both take it over, and none can remove a claim
 * it has not seen (the flaw of unlink-and-retry: node-proper-lockfile#121).
 *
 *     rc = marker_claim(s, "app", "i1", incarnation, now_ms, lease_ms, &m);
 *     // 0        the claim is ours, m.fence its number; marker_holds() before each write that matters
 *     // -EEXIST  somebody else's: m says whose; its lease has not run out, so it may be alive
 *
 * An empty marker belongs to one who has claimed it and not yet written its name: it is alive for
 * lease_ms from when it was first seen, not stale (Scout-plugin#132). A crash leaves the marker,
 * and then its lease runs out. Since it carries no lease, marker_claim() answers -EEXIST with owner
 * "" as often as it is asked. Whoever has waited for lease_ms since it first got that answer calls
 * marker_supersede(). If the slow one comes back after all, its claim is no longer the highest:
 * marker_holds() says so. A marker that cannot be understood counts as empty.
 *
 * State "done" says that what the claim was for is finished; such a marker is never stale. But one
 * who found the lease run out may supersede it just before that is written: whoever wins a claim
 * with a number above 1 looks first whether the work is done already.
 */
#ifndef NODES_STREAM_MARKER_H
#define NODES_STREAM_MARKER_H

#include "fsstore/store/store.h"

struct marker {
    const char *name; /* the caller's; must outlive the marker */
    int fence;
    char owner[64]; /* "" while the marker is empty */
    char incarnation[64];
    int64_t until_ms; /* the lease's end on the owner's clock */
    bool done;
};

/* 0, -EEXIST (m is the claim that stands), or another errno. */
int marker_claim(struct store *s, const char *name, const char *owner, const char *incarnation,
                 int64_t now_ms, int64_t lease_ms, struct marker *m);

/* As marker_claim(), by one who has watched the empty claim `seen` for lease_ms: it is taken to be
 * dead, if it is still the one that stands and is still empty. */
int marker_supersede(struct store *s, const struct marker *seen, const char *owner,
                     const char *incarnation, int64_t now_ms, int64_t lease_ms, struct marker *m);

/* The claim that stands (the highest number): 0, -ENOENT if there is none. */
int marker_read(struct store *s, const char *name, struct marker *m);

/* Is m still the highest claim on its name? 0, -ESTALE if it was superseded. */
int marker_holds(struct store *s, const struct marker *m);

/* Rewrites the holder's own marker as done (temp + rename): it stands from now on, unless it was
 * superseded before; so marker_holds() first. */
int marker_done(struct store *s, struct marker *m);

/* Gives the name free by ending the lease of the claim that is held: for locks, not for creations.
 * The marker stays, with until_ms -1, and the next claim takes the next number. Were it removed,
 * numbers would begin anew, and one who was superseded long ago could take another's claim for its
 * own. */
int marker_release(struct store *s, const struct marker *m);

/* What is in a marker's object: owner, incarnation, until_ms and done; m is left alone if the text
 * is not a whole marker's. No step. */
void marker_parse(const char *text, size_t len, struct marker *m);

#endif
