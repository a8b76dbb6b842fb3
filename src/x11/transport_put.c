/* Transport "put": the output buffer lies in ordinary memory and crosses the wire in PutImage
 * requests. Always right. */
#include "output.h"

#include "base/ledger.h"

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    output->memory = ledger_alloc(LEDGER_FRAME, bytes, fault);
    return output->memory != NULL;
}

static void release(struct output *output)
{
    ledger_free(LEDGER_FRAME, output->memory, output->bytes);
}

static void send_rect(struct output *output, struct rect r)
{
    XPutImage(output->connection->display, output->window, output->gc, output->image, r.x, r.y, r.x,
              r.y, (unsigned)r.width, (unsigned)r.height);
}

const struct transport transport_put = {"put", obtain, release, send_rect};
