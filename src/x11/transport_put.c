/* Transport "put": the output buffer lies in ordinary memory and crosses the wire in PutImage
 * requests, as the window's pixels. Always right. A likeness leaves rows out, which the server
 * repeats. */
#include "output.h"

#include "base/ledger.h"

bool ordinary_obtain(struct output *output, size_t bytes, struct fault *fault)
{
    output->memory = ledger_alloc(LEDGER_FRAME, bytes, fault);
    return output->memory != NULL;
}

static void drop_rows(struct output *output)
{
    if (output->rows)
        XFreePixmap(output->connection->display, output->rows);
    output->rows = None;
}

void ordinary_release(struct output *output)
{
    drop_rows(output);
    ledger_free(LEDGER_FRAME, output->memory, output->bytes);
}

bool ordinary_fit(struct output *output, struct fault *fault)
{
    (void)fault;
    drop_rows(output);
    output->server_bytes = 0;
    return true;
}

static double cost(const struct output *output)
{
    return output->pixels.format.bits_per_pixel / 8.0;
}

static void note(struct output *output, int width, int height)
{
    int bits = output->pixels.format.bits_per_pixel;
    link_note(&output->link,
              sz_xPutImageReq + ((size_t)width * (size_t)bits + 31) / 32 * 4 * (size_t)height);
}

static void put(struct output *output, Drawable to, struct rect r, int x, int y)
{
    XPutImage(output->connection->display, to, output->gc, output->image, r.x, r.y, x, y,
              (unsigned)r.width, (unsigned)r.height);
    note(output, r.width, r.height);
}

static void send_rect(struct output *output, struct rect r)
{
    put(output, output->target, r, r.x, r.y);
}

/* Every second or fourth row goes into a pixmap, and from there to the rows that it stands for. */
static void send_like(struct output *output, struct rect r, int halvings)
{
    struct connection *connection = output->connection;
    int step = 1 << halvings;
    if (!output->rows) {
        output->rows =
            XCreatePixmap(connection->display, output->window, (unsigned)output->pixels.width, 1,
                          (unsigned)connection->depth);
        output->server_bytes += output->pixels.stride;
    }
    for (int y = 0; y < r.height; y += step) {
        int count = r.height - y < step ? r.height - y : step;
        put(output, output->rows, (struct rect){r.x, r.y + y, r.width, 1}, 0, 0);
        for (int i = 0; i < count; i++)
            XCopyArea(connection->display, output->rows, output->target, output->gc, 0, 0,
                      (unsigned)r.width, 1, r.x, r.y + y + i);
        link_note(&output->link, (size_t)count * sz_xCopyAreaReq);
    }
}

const struct transport transport_put = {.name = "put",
                                        .obtain = ordinary_obtain,
                                        .release = ordinary_release,
                                        .fit = ordinary_fit,
                                        .send = send_rect,
                                        .send_like = send_like,
                                        .cost = cost};
