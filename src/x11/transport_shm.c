/* Transport "shm": the output buffer lies in a System V segment that the server has attached too
 * (MIT-SHM).
 *
 * Present only after an attach has been tried and answered: over ssh the extension is announced and
 * fails. The segment is 0600 and marked for removal as soon as the server has it, so that nothing
 * stays behind however we end. */
#include "output.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "base/ledger.h"

static bool attach(struct output *output, struct fault *fault)
{
    struct connection *connection = output->connection;
    output->segment.readOnly = True; /* the server only reads */
    trap_begin(connection);
    Status sent = XShmAttach(connection->display, &output->segment);
    int error = trap_end(connection);
    if (!sent || error)
        return fault_set(fault, FAULT_DISPLAY, "the X server cannot attach shared memory");
    return true;
}

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    struct connection *connection = output->connection;
    if (!connection->local || !XShmQueryExtension(connection->display))
        return fault_set(fault, FAULT_DISPLAY, "the X server is not on this machine");
    if (!ledger_enter(LEDGER_FRAME, bytes, fault))
        return false;
    XShmSegmentInfo *segment = &output->segment;
    segment->shmid = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
    if (segment->shmid < 0) {
        fault_errno(fault, errno, "shared memory of %zu bytes", bytes);
        goto out_ledger;
    }
    segment->shmaddr = shmat(segment->shmid, NULL, 0);
    bool attached = segment->shmaddr != (void *)-1 && attach(output, fault);
    shmctl(segment->shmid, IPC_RMID, NULL);
    if (!attached)
        goto out_segment;
    /* A worker forked later has no business with the frame. */
    madvise(segment->shmaddr, bytes, MADV_DONTFORK);
    output->memory = segment->shmaddr;
    output->server_bytes = bytes;
    return true;

out_segment:
    if (segment->shmaddr != (void *)-1)
        shmdt(segment->shmaddr);
    fault_set(fault, FAULT_DISPLAY, "the X server cannot attach shared memory");
out_ledger:
    ledger_leave(LEDGER_FRAME, bytes);
    return false;
}

static void release(struct output *output)
{
    XShmDetach(output->connection->display, &output->segment);
    XSync(output->connection->display, False);
    shmdt(output->segment.shmaddr);
    output->server_bytes = 0;
    ledger_leave(LEDGER_FRAME, output->bytes);
}

static void send_rect(struct output *output, struct rect r)
{
    XShmPutImage(output->connection->display, output->window, output->gc, output->image, r.x, r.y,
                 r.x, r.y, (unsigned)r.width, (unsigned)r.height, False);
}

const struct transport transport_shm = {
    .name = "shm", .direct = true, .obtain = obtain, .release = release, .send = send_rect};
