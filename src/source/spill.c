/* The temporary file of a decoder process: see source/spill.h. Owns the table of its parts and the
 * map that is being written to. Knows nothing of what is kept there. */
#include "source/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    PARTS = 256,
    ALIGNMENT = 64 << 10, /* of parts; a multiple of the system's pages */
    TICK_US = 1000,
    TICKS_ALIVE = 100, /* between signs of life */
    TICKS_DROP = 4,    /* dropping pages of a large file takes some time */
    PASSES = 12,       /* over a map that count as progress */
    ZEROS = 16 << 10,
    MEMORY_USUAL = 256 << 20
};

static struct {
    int fd;
    int64_t most;
    size_t memory;
    uint64_t clock;
    struct spill_part parts[PARTS];
} spill;

static struct {
    uint8_t *map; /* NULL: none */
    size_t bytes;
    int64_t offset; /* in the file */
    struct spill_watcher *watcher;
    int ticks;
    int64_t faults, faults_most, faults_first;
} watched;

static struct spill_listener *listener;

void spill_listen(struct spill_listener *to)
{
    listener = to;
}

void spill_tell_begin(const void *owner, struct area area)
{
    if (listener)
        listener->begins(listener, owner, area);
}

void spill_tell_share(int32_t share)
{
    if (listener)
        listener->goes(listener, share);
}

void spill_tell_end(bool kept)
{
    if (listener)
        listener->ends(listener, kept);
}

/* The file. */

static int open_in(const char *folder)
{
    char path[4096];
    int fd = -1;
#ifdef O_TMPFILE
    fd = open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
#endif
    if ((size_t)snprintf(path, sizeof path, "%s/xlightbox-XXXXXX", folder) < sizeof path)
        fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

int spill_open(void)
{
    const char *const folders[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    int fd = -1;
    for (size_t i = 0; fd < 0 && i < sizeof folders / sizeof *folders; i++)
        if (folders[i] && folders[i][0])
            fd = open_in(folders[i]);
    return fd;
}

int64_t spill_most(void)
{
    return spill.most;
}

size_t spill_memory(void)
{
    return spill.memory ? spill.memory : MEMORY_USUAL;
}

/* Parts. */

static bool is_of(const struct spill_part *part, const void *owner, int64_t key)
{
    return part->owner == owner && part->key == key;
}

struct spill_part *spill_find(const void *owner, int64_t key)
{
    for (int i = 0; i < PARTS; i++)
        if (is_of(&spill.parts[i], owner, key)) {
            spill.parts[i].used = ++spill.clock;
            return &spill.parts[i];
        }
    return NULL;
}

bool spill_has(const void *owner)
{
    for (int i = 0; i < PARTS; i++)
        if (spill.parts[i].owner == owner)
            return true;
    return false;
}

static bool is_empty(void)
{
    for (int i = 0; i < PARTS; i++)
        if (spill.parts[i].owner)
            return false;
    return true;
}

/* A system that cannot make holes gives the disk back with the last part. */
void spill_drop(struct spill_part *part)
{
    struct spill_part gone = *part;
    *part = (struct spill_part){.owner = NULL};
    if (is_empty()) {
        if (ftruncate(spill.fd, 0) != 0)
            spill.most = 0;
        return;
    }
#ifdef FALLOC_FL_PUNCH_HOLE
    fallocate(spill.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, gone.offset, gone.bytes);
#else
    (void)gone;
#endif
}

void spill_drop_all(const void *owner)
{
    for (int i = 0; i < PARTS; i++)
        if (spill.parts[i].owner == owner)
            spill_drop(&spill.parts[i]);
}

/* The bytes that are free from `from` on; 0 when another part has that place. */
static int64_t room_from(int64_t from)
{
    int64_t end = spill.most;
    for (int i = 0; i < PARTS; i++) {
        const struct spill_part *part = &spill.parts[i];
        if (!part->owner)
            continue;
        if (part->offset <= from && from < part->offset + part->bytes)
            return 0;
        if (part->offset >= from)
            end = min64(end, part->offset);
    }
    return max64(end - from, 0);
}

static int64_t align_up(int64_t offset)
{
    return offset + (ALIGNMENT - offset % ALIGNMENT) % ALIGNMENT;
}

/* The largest place that is free: at the beginning, or behind a part. */
static int64_t largest_room(int64_t *offset)
{
    int64_t most = room_from(0);
    *offset = 0;
    for (int i = 0; i < PARTS; i++) {
        const struct spill_part *part = &spill.parts[i];
        int64_t from = align_up(part->offset + part->bytes);
        int64_t room = part->owner ? room_from(from) : 0;
        if (room > most) {
            most = room;
            *offset = from;
        }
    }
    return most;
}

/* A part that is free, or the one used least lately. */
static struct spill_part *oldest_part(void)
{
    struct spill_part *oldest = &spill.parts[0];
    for (int i = 0; i < PARTS; i++) {
        struct spill_part *part = &spill.parts[i];
        if (!part->owner)
            return part;
        if (part->used < oldest->used)
            oldest = part;
    }
    return oldest;
}

/* The one used least lately among those in use; NULL: none is. */
static struct spill_part *oldest_in_use(void)
{
    struct spill_part *oldest = NULL;
    for (int i = 0; i < PARTS; i++) {
        struct spill_part *part = &spill.parts[i];
        if (part->owner && (!oldest || part->used < oldest->used))
            oldest = part;
    }
    return oldest;
}

struct spill_part *spill_take(const void *owner, int64_t key, int64_t bytes, int64_t least)
{
    int64_t offset, room;
    if (least < 1 || bytes < least || spill.most < least)
        return NULL;
    while ((room = largest_room(&offset)) < bytes) {
        struct spill_part *oldest = oldest_in_use();
        if (!oldest)
            break;
        spill_drop(oldest);
    }
    if (room < least)
        return NULL;
    struct spill_part *part = oldest_part();
    if (part->owner)
        spill_drop(part);
    *part = (struct spill_part){.owner = owner,
                                .key = key,
                                .offset = offset,
                                .bytes = min64(bytes, room),
                                .used = ++spill.clock,
                                .serial = spill.clock};
    return part;
}

struct spill_part *spill_spare(const void *owner, int64_t key, int64_t bytes)
{
    int64_t offset;
    bool any = false;
    for (int i = 0; i < PARTS; i++)
        any |= !spill.parts[i].owner;
    if (!any || bytes < 1 || largest_room(&offset) < bytes)
        return NULL;
    return spill_take(owner, key, bytes, bytes);
}

bool spill_write(const struct spill_part *part, int64_t at, const void *bytes, int64_t count)
{
    if (at < 0 || count < 0 || at > part->bytes - count)
        return false;
    for (int64_t done = 0; done < count;) {
        ssize_t put = pwrite(spill.fd, (const char *)bytes + done, (size_t)(count - done),
                             part->offset + at + done);
        if (put <= 0 && !(put < 0 && errno == EINTR))
            return false;
        done += put > 0 ? put : 0;
    }
    return true;
}

bool spill_read(const struct spill_part *part, int64_t at, void *bytes, int64_t count)
{
    if (at < 0 || count < 0 || at > part->bytes - count)
        return false;
    for (int64_t done = 0; done < count;) {
        ssize_t got =
            pread(spill.fd, (char *)bytes + done, (size_t)(count - done), part->offset + at + done);
        if (got <= 0 && !(got < 0 && errno == EINTR))
            return false;
        done += got > 0 ? got : 0;
    }
    return true;
}

/* Maps. */

/* Writing to a map that the disk has no room for would end the process, so the room is had before.
 */
static bool reserve(const struct spill_part *part, int64_t at, int64_t bytes)
{
#ifdef __linux__
    int got;
    do
        got = fallocate(spill.fd, 0, part->offset + at, bytes);
    while (got != 0 && errno == EINTR);
    if (got == 0 || (errno != EOPNOTSUPP && errno != ENOSYS))
        return got == 0;
#endif
    static const char zeros[ZEROS];
    bool fine = true;
    for (int64_t done = 0; fine && done < bytes; done += ZEROS)
        fine = spill_write(part, at + done, zeros, min64(ZEROS, bytes - done));
    return fine;
}

static int64_t page_faults(void)
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) == 0 ? used.ru_minflt + used.ru_majflt : 0;
}

/* Each page of the map that is worked on is missed once after each renewal, so these faults tell of
 * progress; but more of them than some passes over the map would be going in circles. */
static bool has_progressed(void)
{
    int64_t faults = page_faults(), news = faults - watched.faults;
    watched.faults = faults;
    watched.faults_most -= news;
    return news > 0 && watched.faults_most > 0;
}

int64_t spill_missed(void)
{
    return (page_faults() - watched.faults_first) * sysconf(_SC_PAGESIZE);
}

/* A map laid over itself begins with no page: what was written is in the file, which the system
 * writes to the disk when it likes. */
void spill_settle(void)
{
    if (watched.map)
        mmap(watched.map, watched.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, spill.fd,
             watched.offset);
}

/* One thread alone uses the map, and is in this handler. */
static void on_tick(int number)
{
    int kept = errno;
    (void)number;
    if (watched.map) {
        int ticks = ++watched.ticks;
        spill_settle();
        if (ticks % TICKS_DROP == 0)
            watched.watcher->drop(watched.watcher);
        if (ticks % TICKS_ALIVE == 0 && has_progressed())
            watched.watcher->alive(watched.watcher);
    }
    errno = kept;
}

static void set_clock(int us)
{
    struct itimerval clock = {{0, us}, {0, us}};
    setitimer(ITIMER_REAL, &clock, NULL);
}

/* Where a map lies in memory as its file does in units of 2 MiB, the system may bring in all of one
 * at once, and many before the handler comes: so it lies one page off. */
static uint8_t *map_unevenly(size_t bytes, int64_t offset, size_t page)
{
    uint8_t *room = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE, MAP_SHARED, spill.fd, offset);
    if (room == MAP_FAILED)
        return NULL;
    uint8_t *map =
        mmap(room + page, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, spill.fd, offset);
    munmap(room, map == MAP_FAILED ? bytes + page : page);
    return map == MAP_FAILED ? NULL : map;
}

void *spill_map(const struct spill_part *part, int64_t at, int64_t bytes,
                struct spill_watcher *watcher)
{
    int64_t page = sysconf(_SC_PAGESIZE), lead = (part->offset + at) % page;
    if (at < 0 || bytes < 1 || at > part->bytes - bytes || watched.map ||
        (uint64_t)(bytes + lead) > SIZE_MAX / 2 || !reserve(part, at, bytes))
        return NULL;
    size_t whole = (size_t)(bytes + lead);
    int64_t offset = part->offset + at - lead;
    uint8_t *map = map_unevenly(whole, offset, (size_t)page);
    if (!map)
        return NULL;
    watched.map = map;
    watched.bytes = whole;
    watched.offset = offset;
    watched.watcher = watcher;
    watched.ticks = 0;
    watched.faults = watched.faults_first = page_faults();
    watched.faults_most = PASSES * (bytes / page + 16);
    set_clock(TICK_US);
    return watched.map + lead;
}

void spill_unmap(void)
{
    set_clock(0);
    uint8_t *map = watched.map;
    watched.map = NULL;
    munmap(map, watched.bytes);
}

void spill_use(int fd, int64_t most, size_t memory)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART};
    for (int i = 0; i < PARTS; i++)
        spill.parts[i].owner = NULL;
    spill.fd = fd;
    spill.most = fd >= 0 && most > 0 ? most : 0;
    spill.memory = memory;
    sigemptyset(&action.sa_mask);
    if (spill.most)
        sigaction(SIGALRM, &action, NULL);
}
