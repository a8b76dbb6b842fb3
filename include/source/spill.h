/* The decoder's temporary file: decoded blocks that are far larger than a tile are the disk's
 * there, not the memory's. It has no name, so nothing of an image is left when the process ends.
 *
 * One for each process. It is cut into parts; where it is full, those used least lately go. */
#ifndef SOURCE_SPILL_H
#define SOURCE_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/geometry.h"

/* A part of the file; all fields but the last two are the module's own. A pointer stays valid for
 * ever, but any spill_take may give the part to another: then its serial differs. */
struct spill_part {
    const void *owner; /* NULL: free */
    int64_t key;       /* which of the owner's */
    int64_t offset, bytes;
    uint64_t used, serial; /* serial: no other part ever has it */
    int64_t filled;        /* the owner's: how much of it there is, 0 at first */
    bool flawed;           /* the owner's: what is there is not to be trusted, false at first */
};

/* Opens a file without a name in $TMPDIR, /var/tmp or /tmp; -1 where none can be had. */
int spill_open(void);

/* Lends the file to this process, which may write `most` bytes of it (0: none; fd is not looked at
 * then), and tells how much private memory (bytes) the process may have. */
void spill_use(int fd, int64_t most, size_t memory);

int64_t spill_most(void);
size_t spill_memory(void); /* as told, or 256 MiB */

/* A part of `bytes`, or of what can be had if that is `least` at least; NULL if not. Others are
 * dropped for it. The owner has no part of that key. */
struct spill_part *spill_take(const void *owner, int64_t key, int64_t bytes, int64_t least);

/* A part of `bytes` where there is so much room that nothing else goes for it; NULL where not. */
struct spill_part *spill_spare(const void *owner, int64_t key, int64_t bytes);

/* The owner's part of that key, or NULL. */
struct spill_part *spill_find(const void *owner, int64_t key);

/* True when the owner has any. */
bool spill_has(const void *owner);

/* Gives the disk back what a part has, or all parts of an owner have. */
void spill_drop(struct spill_part *part);
void spill_drop_all(const void *owner);

/* Copies bytes from `at` of a part on; false when the disk is full or fails. */
bool spill_write(const struct spill_part *part, int64_t at, const void *bytes, int64_t count);
bool spill_read(const struct spill_part *part, int64_t at, void *bytes, int64_t count);

/* Whoever works on a map for long. Both are called from a signal's handler: they may look and send,
 * but neither allocate nor use stdio. */
struct spill_watcher {
    void (*alive)(struct spill_watcher *watcher); /* every 100 ms in which there was progress */
    void (*drop)(struct spill_watcher *watcher);  /* every 4 ms: file pages may go */
};

/* Hears of what is worked on in one go: of which page (the owner's), which part of it, and whether
 * it is kept in the end. */
struct spill_listener {
    void (*begins)(struct spill_listener *listener, const void *owner, struct area area);
    /* How much of it is done, in thousandths: a guess. */
    void (*goes)(struct spill_listener *listener, int32_t share);
    void (*ends)(struct spill_listener *listener, bool kept);
};

/* NULL: nobody hears of it. */
void spill_listen(struct spill_listener *listener);
void spill_tell_begin(const void *owner, struct area area);
void spill_tell_share(int32_t share);
void spill_tell_end(bool kept);

/* A part's bytes as memory to be written to, of which few pages are this process's at any time;
 * NULL when the disk has no room for them. One at a time. */
void *spill_map(const struct spill_part *part, int64_t at, int64_t bytes,
                struct spill_watcher *watcher);
void spill_unmap(void);

/* Bytes of the map that were missed, and so worked on, since it was made: as much as it has for
 * each time that somebody goes over it. */
int64_t spill_missed(void);

/* Lets go of the map's pages at once: for who goes over it faster than the handler comes. */
void spill_settle(void);

#endif
