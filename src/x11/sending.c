/* How the output buffer's contents leave it, for transports that copy: what differs is due, goes
 * out in bands as the line has room, and while the user's hand moves a likeness may go first. Owns
 * the outbox, the line's measures and what is known of the base.
 *
 * Nothing here waits. What a band would lose by being sent twice is little; what the user would
 * lose by waiting for a picture that is no longer wanted is much. */
#include "output.h"

#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"

enum sending_use { USE_SEND, USE_LIKENESS, USE_KEEP, USE_STEP, USE_WARP };

enum {
    LEAST_MOST = 16384,    /* pixels sent at a time */
    SLOW_US = 150000,      /* a picture that takes longer goes out as a likeness first */
    QUARTER_US = 600000,   /* and one that takes so long, as a coarser one */
    PLANES_US = 60000,     /* planes that take no longer may cost more work than they save */
    WARP_US = 50000,       /* a picture that takes no longer needs no likeness of its view */
    STEP_SLOW_US = 100000, /* steps that take longer than this and the picture do not pay: ... */
    STEPS_TIMED = 3,       /* ... the least of so many, for one may wait for the line */
};

/* Of a part of a row that begins at a whole byte, as cells of any depth do. */
static size_t row_size(const struct output *output, int width)
{
    return ((size_t)width * (size_t)output->pixels.format.bits_per_pixel + 7) / 8;
}

bool sending_resize(struct output *output, struct fault *fault)
{
    int width = output->pixels.width, height = output->pixels.height;
    size_t bytes = row_size(output, width) * OUTBOX_HEIGHT;
    output->before_rect = (struct rect){0};
    output->steps_timed = 0;
    if (output->transport->direct)
        return true;
    output->most = width * OUTBOX_HEIGHT > LEAST_MOST ? width * OUTBOX_HEIGHT : LEAST_MOST;
    if (bytes < (size_t)output->most)
        bytes = (size_t)output->most;
    return ledger_grow(LEDGER_FRAME, &output->before, &output->before_size, bytes, fault) &&
           outbox_resize(&output->outbox, width, height, fault) &&
           base_resize(&output->base, height, fault) &&
           (!output->transport->fit || output->transport->fit(output, fault));
}

void sending_fini(struct output *output)
{
    ledger_free(LEDGER_FRAME, output->before, output->before_size);
    output->before = NULL;
    output->before_size = 0;
    outbox_fini(&output->outbox);
    base_fini(&output->base);
}

static uint8_t *pixels_at(const struct output *output, int x, int y)
{
    return output->pixels.base + (size_t)y * output->pixels.stride + row_size(output, x);
}

void output_before(struct output *output, struct rect rect)
{
    if (!output->image || output->transport->direct)
        return;
    size_t bytes = row_size(output, rect.width);
    output->before_rect = rect;
    if (bytes * (size_t)rect.height > output->before_size)
        output->before_rect = (struct rect){0};
    for (int y = 0; y < output->before_rect.height; y++)
        memcpy((uint8_t *)output->before + (size_t)y * bytes, pixels_at(output, rect.x, rect.y + y),
               bytes);
}

/* Of row y's pixels from `from` to `to` those that no strip holds are looked at. */
static bool row_differs(const struct output *output, int y, int from, int to)
{
    struct rect rect = output->before_rect;
    outbox_beside_strips(&output->outbox, y, &from, &to);
    if (from >= to)
        return false;
    const uint8_t *before = (const uint8_t *)output->before +
                            (size_t)(y - rect.y) * row_size(output, rect.width) +
                            row_size(output, from - rect.x);
    return memcmp(before, pixels_at(output, from, y), row_size(output, to - from)) != 0;
}

/* What lies in a strip is due whatever it holds; beside it a pixel makes its cell due. */
static bool note_differences(struct output *output, struct rect rect)
{
    bool known = !memcmp(&rect, &output->before_rect, sizeof rect), any = !known;
    for (int x = rect.x, next; x < rect.x + rect.width; x = next) {
        next = (x / OUTBOX_WIDTH + 1) * OUTBOX_WIDTH;
        next = next < rect.x + rect.width ? next : rect.x + rect.width;
        bool differs = !known;
        for (int y = rect.y; !differs && y < rect.y + rect.height; y++)
            differs = row_differs(output, y, x, next);
        if (differs)
            outbox_damage(&output->outbox, (struct rect){x, rect.y, next - x, rect.height});
        any |= differs;
    }
    return any;
}

/* Bands of another picture than the buffer's serve no longer. Where they hold what the buffer
 * holds, only a difference in that tells. */
static void forget_bands(struct output *output, struct rect rect, bool changed)
{
    if (changed)
        output->base.shown = (struct tone_range){0};
    for (int band = rect.y / BASE_BAND; band * BASE_BAND < rect.y + rect.height; band++) {
        struct tone_range have = base_range(&output->base, band);
        if (base_is_nothing(have) || (!changed && base_same(have, output->range)))
            continue;
        base_set(&output->base, band, (struct tone_range){0});
        output->base.wanted = false;
    }
}

/* True where nothing is held back, or there is nothing to send. */
static bool sent_at_once(struct output *output, struct rect rect)
{
    if (!output->image)
        return true;
    if (!output->transport->direct)
        return false;
    output->transport->send(output, rect);
    output_doubt(output);
    XFlush(output->connection->display);
    return true;
}

void output_drawn(struct output *output, struct rect rect)
{
    if (sent_at_once(output, rect))
        return;
    bool differs = note_differences(output, rect);
    if (!output->same)
        forget_bands(output, rect, differs);
}

void output_damage(struct output *output, struct rect rect, unsigned long serial)
{
    if (sent_at_once(output, rect))
        return;
    outbox_damage(&output->outbox, rect);
    /* What the server lost before it moved the picture it has moved along. */
    for (int i = 0; i < output->scroll_count; i++)
        if (output->scrolls[i].serial > serial) {
            rect.x += output->scrolls[i].dx;
            rect.y += output->scrolls[i].dy;
            outbox_damage(&output->outbox, rect);
        }
}

void output_scrolled(struct output *output, unsigned long serial)
{
    int kept = 0;
    for (int i = 0; i < output->scroll_count; i++)
        if (output->scrolls[i].serial > serial)
            output->scrolls[kept++] = output->scrolls[i];
    output->scroll_count = kept;
}

/* The buffer's rows, moved; what comes into view keeps what was there. */
static void move_rows(struct output *output, int dx, int dy)
{
    const struct pixels *pixels = &output->pixels;
    int width = pixels->width - (dx > 0 ? dx : -dx), height = pixels->height - (dy > 0 ? dy : -dy);
    for (int i = 0; i < height; i++) {
        int to = dy > 0 ? pixels->height - 1 - i : i;
        memmove(pixels_at(output, dx > 0 ? dx : 0, to),
                pixels_at(output, dx > 0 ? 0 : -dx, to - dy), row_size(output, width));
    }
}

bool output_scroll(struct output *output, int dx, int dy)
{
    const struct pixels *pixels = &output->pixels;
    int width = pixels->width - (dx > 0 ? dx : -dx), height = pixels->height - (dy > 0 ? dy : -dy);
    int most = sizeof output->scrolls / sizeof *output->scrolls;
    if (!output->image || output->transport->direct || width <= 0 || height <= 0 ||
        pixels->format.bits_per_pixel < 8 || output->scroll_count == most)
        return false;
    Display *display = output->connection->display;
    output->scrolls[output->scroll_count++] = (struct scroll){NextRequest(display), dx, dy};
    XCopyArea(display, output->window, output->window, output->scroll_gc, dx > 0 ? 0 : -dx,
              dy > 0 ? 0 : -dy, (unsigned)width, (unsigned)height, dx > 0 ? dx : 0,
              dy > 0 ? dy : 0);
    link_note(&output->link, sz_xCopyAreaReq);
    move_rows(output, dx, dy);
    outbox_scroll(&output->outbox, dx, dy);
    base_clear(&output->base);
    output->base.shown = (struct tone_range){0};
    output->counts.scrolls++;
    return true;
}

static int64_t picture_us(const struct output *output)
{
    double bytes = output->transport->cost(output) * output->pixels.width * output->pixels.height;
    return link_time_us(&output->link, (size_t)bytes);
}

/* While the hand moves likenesses stay, unless something has to be sent that cannot lie beside
 * them.
 */
static enum outbox_state least_due(const struct output *output, bool hand)
{
    const struct transport *transport = output->transport;
    bool whole =
        transport->uniform && transport->uniform(output) && outbox_has(&output->outbox, OUTBOX_DUE);
    return hand && !whole ? OUTBOX_DUE : OUTBOX_LIKE;
}

/* Something was asked of the server in this way. */
static void note_use(struct output *output, enum sending_use use)
{
    if (!(output->tried & 1u << use))
        output_doubt(output);
    output->tried |= 1u << use;
}

static bool send_one(struct output *output, bool hand)
{
    struct rect rect;
    int64_t us = picture_us(output);
    bool like = hand && us > SLOW_US && output->transport->send_like;
    if (!outbox_take(&output->outbox, least_due(output, hand), like ? OUTBOX_LIKE : OUTBOX_SENT,
                     output->most, output->focus_x, output->focus_y, &rect))
        return false;
    if (like) {
        output->transport->send_like(output, rect, us > QUARTER_US ? 2 : 1);
        output->counts.likenesses++;
    } else {
        output->transport->send(output, rect);
        output->counts.bands++;
    }
    note_use(output, like ? USE_LIKENESS : USE_SEND);
    return true;
}

static bool send_base_band(struct output *output, bool hand)
{
    (void)hand;
    int band = base_missing(&output->base, output->focus_y);
    if (band < 0) {
        output->base.wanted = false;
        return false;
    }
    struct rect rect = {0, band * BASE_BAND, output->pixels.width, BASE_BAND};
    rect = rect_intersect(rect, (struct rect){0, 0, output->pixels.width, output->pixels.height});
    struct pixels levels = {output->before, row_size(output, rect.width), rect.width, rect.height,
                            output->pixels.format};
    if (!output->transport->keeps_pixels || !output->transport->keeps_pixels(output)) {
        levels.stride = (size_t)rect.width;
        levels.format = pixel_format_gray8;
    }
    output->before_rect = (struct rect){0};
    if (!output->events->levels(output->context, rect, output->base.range, &levels)) {
        output->base.wanted = false;
        return false;
    }
    output->transport->keep(output, rect, output->before);
    note_use(output, USE_KEEP);
    base_set(&output->base, band, output->base.range);
    return true;
}

static bool send_while_room(struct output *output, bool (*send)(struct output *, bool), bool hand)
{
    bool sent = false;
    while (link_has_room(&output->link) && send(output, hand)) {
        link_mark(&output->link, clock_us());
        sent = true;
    }
    return sent;
}

bool output_pump(struct output *output, bool hand)
{
    if (!output->image || output->transport->direct)
        return true;
    if (!output->link.sent)
        link_mark(&output->link, clock_us()); /* its answer tells the delay */
    bool sent = send_while_room(output, send_one, hand);
    bool left = outbox_has(&output->outbox, least_due(output, hand));
    if (!left && output->transport->finish)
        output->transport->finish(output);
    if (!left && output->base.wanted && output->transport->keep)
        sent |= send_while_room(output, send_base_band, hand);
    if (sent)
        XFlush(output->connection->display);
    return !left;
}

bool output_exact(const struct output *output)
{
    return !output->image || output->transport->direct || !outbox_has(&output->outbox, OUTBOX_LIKE);
}

/* Bands of one range next to each other make a step. */
int sending_plan(const struct output *output, struct tone_range range, struct rect rect,
                 struct base_step steps[OUTPUT_MOST_STEPS])
{
    int count = 0, end = rect.y + rect.height;
    struct tone_range last = {0};
    for (int row = rect.y, next; row < end; row = next) {
        struct tone_range have = base_range(&output->base, row / BASE_BAND);
        next = (row / BASE_BAND + 1) * BASE_BAND;
        next = next < end ? next : end;
        if (!base_suits(have, range) || (count == OUTPUT_MOST_STEPS && !base_same(have, last)))
            return 0;
        if (!count || !base_same(have, last)) {
            struct base_step *step = &steps[count++];
            *step = (struct base_step){.row = row};
            step->flip = base_levels(have, range, &step->low, &step->high);
            if (step->flip && !output->flips)
                return 0;
            last = have;
        }
        steps[count - 1].rows += next - row;
    }
    return count;
}

/* Where the server takes longer for a step than for the picture, the picture is sent. */
static bool steps_pay(const struct output *output)
{
    return output->forced || output->link.rate <= 0 || output->steps_timed < STEPS_TIMED ||
           output->step_us < STEP_SLOW_US || output->step_us < 2 * picture_us(output);
}

bool output_serves(const struct output *output)
{
    if (output->base.wanted)
        return base_suits(output->base.range, output->range);
    for (int band = 0; band < output->base.count; band++)
        if (!base_suits(base_range(&output->base, band), output->range) ||
            base_same(base_range(&output->base, band), output->range))
            return false;
    return true;
}

bool output_step(struct output *output, struct tone_range range, struct rect rect)
{
    if (!output->image || !output->transport->step || !output->gray || base_is_nothing(range) ||
        !steps_pay(output))
        return false;
    rect = rect_intersect(rect, (struct rect){0, 0, output->pixels.width, output->pixels.height});
    if (rect_empty(rect) || !output->transport->step(output, range, &rect))
        return false;
    note_use(output, USE_STEP);
    outbox_settle(&output->outbox, rect);
    output->counts.steps++;
    output->step_sent_us = clock_us();
    return true;
}

int64_t output_kept_view(const struct output *output)
{
    struct base_band all;
    return base_whole(&output->base, &all) ? all.view : -1;
}

bool output_warp(struct output *output, struct tone_range range, const double warp[6])
{
    struct base_band all;
    struct base_step step = {.rows = output->pixels.height};
    struct rect whole = {0, 0, output->pixels.width, output->pixels.height};
    if (!output->image || !output->transport->warp || !output->gray || !steps_pay(output) ||
        picture_us(output) < WARP_US || !base_whole(&output->base, &all) ||
        !base_suits(all.range, range) || base_levels(all.range, range, &step.low, &step.high))
        return false;
    output->transport->warp(output, &step, warp);
    note_use(output, USE_WARP);
    outbox_settle(&output->outbox, whole);
    output->counts.warps++;
    return true;
}

void output_announced(struct output *output)
{
    output->counts.frame_bytes = output->link.sent - output->counts.begun;
    output->counts.begun = output->link.sent;
    link_fence(&output->link, clock_us());
}

static void use(struct output *output, const struct transport *transport)
{
    output->transport = transport;
    output->link.rate = 0;
}

/* Planes are a quarter of the bytes and many times the server's work: where a picture takes so
 * little time that the line cannot be what it waits for, pixels are tried, and kept if they are
 * faster. Both have the same memory. */
static void weigh_planes(struct output *output)
{
    if (output->forced || !output->gray || output->link.rate <= 0)
        return;
    if (output->transport == &transport_planes && !output->tried_put &&
        picture_us(output) < PLANES_US) {
        output->tried_put = true;
        output->planes_us = picture_us(output);
        use(output, &transport_put);
    } else if (output->transport == &transport_put && output->planes_us) {
        if (picture_us(output) > output->planes_us)
            use(output, &transport_planes);
        output->planes_us = 0;
    }
}

static void time_step(struct output *output, int64_t now_us)
{
    if (!output->step_sent_us)
        return;
    int64_t took = now_us - output->step_sent_us - output->link.delay_us;
    if (!output->steps_timed++ || took < output->step_us)
        output->step_us = took;
    output->step_sent_us = 0;
}

void output_acknowledged(struct output *output)
{
    int64_t now = clock_us();
    link_fence_answer(&output->link, now);
    time_step(output, now);
    if (output->image && !output->transport->direct)
        weigh_planes(output);
}

void sending_levels(const struct output *output, struct rect rect, uint8_t *levels)
{
    const struct pixel_format *format = &output->pixels.format;
    int bytes = format->bits_per_pixel / 8, shift = __builtin_ctz(format->green) / 8;
    int at = format->msb_first ? bytes - 1 - shift : shift;
    for (int y = 0; y < rect.height; y++) {
        const uint8_t *pixel = pixels_at(output, rect.x, rect.y + y) + at;
        for (int x = 0; x < rect.width; x++)
            *levels++ = pixel[(size_t)x * (size_t)bytes];
    }
}
