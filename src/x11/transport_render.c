/* Transport "render": gray pictures cross the wire as 8-bit levels, which RENDER composes onto the
 * window: a quarter of what PutImage takes at 32 bits a pixel, and the same pixels. The server
 * keeps one such picture, the base, and applies window and level to it by itself while the user
 * drags: ColorBurn with a solid maps levels [low, 1] to [0, 1], ColorDodge then [0, high] to [0,
 * 1]. Colours go as pixels.
 *
 * The server holds, besides the window, one picture of levels, a band of them, and room for steps
 * of under a megabyte. */
#include "config.h"
#include "output.h"

#ifdef HAVE_XRENDER

#include <X11/extensions/Xrender.h>
#include <X11/extensions/renderproto.h>
#include <string.h>

#include "base/ledger.h"

enum {
    STEP_BYTES = (1 << 20) - (20 << 10),
    LEVELS_DEPTH = 8,
    LIKENESSES = 2,
    MOST_SIDE = 1 << LIKENESSES,
    BAND_ROWS = OUTBOX_HEIGHT + 2,
    LEAST_MINOR = 11
};

/* A pixmap and a picture of it. */
struct sheet {
    Pixmap pixmap;
    Picture picture;
};

struct render_way {
    XRenderPictFormat *levels, *pixels;
    Picture window, white, black;
    struct sheet base, band, step;
    Picture warped;              /* of the base, through another view */
    Picture smaller[LIKENESSES]; /* of the band, seen as twice and four times as large */
    GC gc;                       /* for levels */
    int step_rows;
};

static XRenderPictFormat *window_format(const struct connection *connection)
{
    const struct pixel_format *format = &connection->format;
    XRenderPictFormat *found = XRenderFindVisualFormat(connection->display, connection->visual);
    bool bytes = format->bits_per_pixel >= 24 && found && found->type == PictTypeDirect &&
                 found->direct.redMask == 255 && found->direct.greenMask == 255 &&
                 found->direct.blueMask == 255;
    return bytes ? found : NULL;
}

static Picture solid(Display *display, double level)
{
    unsigned short value = (unsigned short)(level * 65535 + 0.5);
    XRenderColor colour = {value, value, value, 0xffff};
    return XRenderCreateSolidFill(display, &colour);
}

static struct sheet new_sheet(struct output *output, XRenderPictFormat *format, int width,
                              int height)
{
    Display *display = output->connection->display;
    struct sheet sheet;
    sheet.pixmap = XCreatePixmap(display, output->window, (unsigned)width, (unsigned)height,
                                 (unsigned)format->depth);
    sheet.picture = XRenderCreatePicture(display, sheet.pixmap, format, 0, NULL);
    return sheet;
}

static void drop_sheet(Display *display, struct sheet *sheet)
{
    if (sheet->picture)
        XRenderFreePicture(display, sheet->picture);
    if (sheet->pixmap)
        XFreePixmap(display, sheet->pixmap);
    *sheet = (struct sheet){0};
}

static void drop_sheets(struct output *output)
{
    Display *display = output->connection->display;
    struct render_way *way = output->render;
    for (int i = 0; i < LIKENESSES; i++) {
        if (way->smaller[i])
            XRenderFreePicture(display, way->smaller[i]);
        way->smaller[i] = None;
    }
    if (way->warped)
        XRenderFreePicture(display, way->warped);
    way->warped = None;
    drop_sheet(display, &way->base);
    drop_sheet(display, &way->band);
    drop_sheet(display, &way->step);
}

static bool render_there(struct output *output, struct fault *fault)
{
    Display *display = output->connection->display;
    int event, error, major = 0, minor = 0;
    if (!XRenderQueryExtension(display, &event, &error) ||
        !XRenderQueryVersion(display, &major, &minor) || (major == 0 && minor < LEAST_MINOR))
        return fault_set(fault, FAULT_DISPLAY, "the X server has no RENDER extension of 0.11");
    if (!window_format(output->connection) || !XRenderFindStandardFormat(display, PictStandardA8))
        return fault_set(fault, FAULT_DISPLAY, "RENDER does not serve this visual");
    return true;
}

static void release(struct output *output)
{
    Display *display = output->connection->display;
    struct render_way *way = output->render;
    if (way) {
        drop_sheets(output);
        if (way->gc)
            XFreeGC(display, way->gc);
        XRenderFreePicture(display, way->window);
        XRenderFreePicture(display, way->white);
        XRenderFreePicture(display, way->black);
        ledger_free(LEDGER_FRAME, way, sizeof *way);
    }
    output->render = NULL;
    ordinary_release(output);
}

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    Display *display = output->connection->display;
    if (!render_there(output, fault) || !ordinary_obtain(output, bytes, fault))
        return false;
    struct render_way *way = output->render = ledger_alloc(LEDGER_FRAME, sizeof *way, fault);
    if (!way) {
        ledger_free(LEDGER_FRAME, output->memory, bytes);
        output->memory = NULL;
        return false;
    }
    way->levels = XRenderFindStandardFormat(display, PictStandardA8);
    way->pixels = window_format(output->connection);
    way->window = XRenderCreatePicture(display, output->window, way->pixels, 0, NULL);
    way->white = solid(display, 1);
    way->black = solid(display, 0);
    return true;
}

static void new_smaller(struct output *output)
{
    Display *display = output->connection->display;
    struct render_way *way = output->render;
    for (int i = 0; i < LIKENESSES; i++) {
        XFixed scale = XDoubleToFixed(0.5 / (1 << i)), one = XDoubleToFixed(1);
        XTransform transform = {{{scale, 0, 0}, {0, scale, 0}, {0, 0, one}}};
        way->smaller[i] = XRenderCreatePicture(display, way->band.pixmap, way->levels, 0, NULL);
        XRenderSetPictureTransform(display, way->smaller[i], &transform);
        XRenderSetPictureFilter(display, way->smaller[i], FilterBilinear, NULL, 0);
    }
}

static bool fit(struct output *output, struct fault *fault)
{
    struct render_way *way = output->render;
    int width = output->pixels.width, height = output->pixels.height;
    if (!ordinary_fit(output, fault))
        return false;
    drop_sheets(output);
    way->base = new_sheet(output, way->levels, width, height);
    way->band = new_sheet(output, way->levels, width + 4, BAND_ROWS);
    way->step_rows = STEP_BYTES / 4 / width;
    way->step_rows = way->step_rows > height ? height : way->step_rows < 1 ? 1 : way->step_rows;
    way->step = new_sheet(output, way->pixels, width, way->step_rows);
    new_smaller(output);
    output->server_bytes = (size_t)width * (size_t)height + (size_t)(width + 4) * BAND_ROWS +
                           (size_t)width * (size_t)way->step_rows * 4;
    if (!way->gc)
        way->gc = XCreateGC(output->connection->display, way->base.pixmap, 0, NULL);
    return true;
}

static double cost(const struct output *output)
{
    return output->gray ? 1 : output->pixels.format.bits_per_pixel / 8.0;
}

/* Levels of the rectangle's size to (x, y) of a sheet. */
static void put_levels(struct output *output, const struct sheet *sheet, const uint8_t *levels,
                       int width, int height, int x, int y)
{
    XImage image = {.width = width,
                    .height = height,
                    .format = ZPixmap,
                    .data = (char *)(uintptr_t)levels,
                    .byte_order = LSBFirst,
                    .bitmap_unit = 8,
                    .bitmap_bit_order = LSBFirst,
                    .bitmap_pad = 8,
                    .depth = LEVELS_DEPTH,
                    .bytes_per_line = width,
                    .bits_per_pixel = 8};
    XInitImage(&image);
    XPutImage(output->connection->display, sheet->pixmap, output->render->gc, &image, 0, 0, x, y,
              (unsigned)width, (unsigned)height);
    link_note(&output->link, sz_xPutImageReq + ((size_t)width + 3) / 4 * 4 * (size_t)height);
}

static void compose(struct output *output, int op, Picture source, Picture mask, Picture to,
                    struct rect from, int x, int y)
{
    XRenderComposite(output->connection->display, op, source, mask, to, 0, 0, from.x, from.y, x, y,
                     (unsigned)from.width, (unsigned)from.height);
    link_note(&output->link, sz_xRenderCompositeReq);
}

/* True when all bands that a rectangle touches are as the picture is shown, or hold nothing. */
static bool base_is_free(const struct output *output, struct rect r)
{
    for (int band = r.y / BASE_BAND; band * BASE_BAND < r.y + r.height; band++) {
        struct tone_range have = base_range(&output->base, band);
        if (!base_is_nothing(have) && !base_same(have, output->range))
            return false;
    }
    return true;
}

/* What goes to the window may go by way of the base where that keeps it whole: the picture as it is
 * shown is the base for the first steps. A band that is covered in part is no other view's. */
static bool by_the_base(struct output *output, struct rect r)
{
    if (!base_is_free(output, r))
        return false;
    for (int band = r.y / BASE_BAND; band * BASE_BAND < r.y + r.height; band++) {
        struct rect all = {0, band * BASE_BAND, output->pixels.width, BASE_BAND};
        all = rect_intersect(all, (struct rect){0, 0, all.width, output->pixels.height});
        struct rect covered = rect_intersect(all, r);
        if (covered.width == all.width && covered.height == all.height)
            base_set(&output->base, band, output->range);
        else if (base_is_nothing(base_range(&output->base, band)))
            base_set(&output->base, band, (struct tone_range){0});
    }
    return true;
}

static void send_rect(struct output *output, struct rect r)
{
    struct render_way *way = output->render;
    if (!output->gray) {
        transport_put.send(output, r);
        return;
    }
    sending_levels(output, r, output->before);
    output->before_rect = (struct rect){0};
    if (by_the_base(output, r)) {
        put_levels(output, &way->base, output->before, r.width, r.height, r.x, r.y);
        compose(output, PictOpSrc, way->white, way->base.picture, way->window, r, r.x, r.y);
        return;
    }
    for (int y = 0; y < r.height; y += BAND_ROWS) {
        int rows = r.height - y < BAND_ROWS ? r.height - y : BAND_ROWS;
        put_levels(output, &way->band, (uint8_t *)output->before + (size_t)y * (size_t)r.width,
                   r.width, rows, 0, 0);
        compose(output, PictOpSrc, way->white, way->band.picture, way->window,
                (struct rect){0, 0, r.width, rows}, r.x, r.y + y);
    }
}

/* The mean of side x side pixels of the buffer from (x, y) on, those beyond its edges as at them.
 */
static uint8_t mean_level(const struct output *output, int x, int y, int side)
{
    const struct rect buffer = {0, 0, output->pixels.width, output->pixels.height};
    x = (int)clamp64(x, 1 - side, buffer.width - 1);
    y = (int)clamp64(y, 1 - side, buffer.height - 1);
    const struct rect there = rect_intersect((struct rect){x, y, side, side}, buffer);
    uint8_t levels[MOST_SIDE * MOST_SIDE];
    int sum = 0;
    sending_levels(output, there, levels);
    for (int j = 0; j < side; j++)
        for (int i = 0; i < side; i++)
            sum += levels[(int)clamp64(y + j - there.y, 0, there.height - 1) * there.width +
                          (int)clamp64(x + i - there.x, 0, there.width - 1)];
    return (uint8_t)(sum / (side * side));
}

/* The server enlarges it, and reads one pixel beyond its edges to do so: it is sent with them. */
static void send_like(struct output *output, struct rect r, int halvings)
{
    struct render_way *way = output->render;
    int side = 1 << halvings;
    if (!output->gray) {
        transport_put.send_like(output, r, halvings);
        return;
    }
    int width = (r.width + side - 1) / side + 2;
    for (int y = 0; y < r.height; y += OUTBOX_HEIGHT) {
        int rows = r.height - y < OUTBOX_HEIGHT ? r.height - y : OUTBOX_HEIGHT;
        int height = (rows + side - 1) / side + 2;
        uint8_t *level = output->before;
        output->before_rect = (struct rect){0};
        for (int j = 0; j < height; j++)
            for (int i = 0; i < width; i++)
                *level++ = mean_level(output, r.x + (i - 1) * side, r.y + y + (j - 1) * side, side);
        put_levels(output, &way->band, output->before, width, height, 0, 0);
        compose(output, PictOpSrc, way->white, way->smaller[halvings - 1], way->window,
                (struct rect){side, side, r.width, rows}, r.x, r.y + y);
    }
}

static void keep(struct output *output, struct rect band, const uint8_t *levels)
{
    put_levels(output, &output->render->base, levels, band.width, band.height, band.x, band.y);
}

/* Rows of the base as they shall be shown, into the sheet for steps and from there to the window,
 * so that nobody sees how they come about. */
static void show_rows(struct output *output, Picture base, struct rect from,
                      const struct base_step *step, const Picture tones[2])
{
    struct render_way *way = output->render;
    struct rect rows = {0, 0, from.width, from.height};
    if (step->flip)
        compose(output, PictOpSrc, way->white, None, way->step.picture, rows, 0, 0);
    compose(output, step->flip ? PictOpOver : PictOpSrc, step->flip ? way->black : way->white, base,
            way->step.picture, from, 0, 0);
    if (tones[0])
        compose(output, PictOpColorBurn, tones[0], None, way->step.picture, rows, 0, 0);
    if (tones[1])
        compose(output, PictOpColorDodge, tones[1], None, way->step.picture, rows, 0, 0);
    XCopyArea(output->connection->display, way->step.pixmap, output->window, output->gc, 0, 0,
              (unsigned)rows.width, (unsigned)rows.height, from.x, from.y);
    link_note(&output->link, sz_xCopyAreaReq);
}

/* What ColorBurn and ColorDodge are given for levels low .. high, 0: nothing. Servers that draw
 * with pixman turn what comes out, f of 0 .. 1, to the level below 256 f, after the first operation
 * and after the second; these solids put that level's middle where it is least wrong. */
static void make_solids(double low, double high, double solids[2])
{
    double width = high - low, share = high * 256 / 255.5;
    double burn = (low - width / 510 - 1 / 512.0) / (1 - 1 / 512.0);
    if (burn > 0)
        share = 256 * 256 * width / (255 * 255 * (1 - burn));
    solids[0] = burn > 0 ? 1 - burn : 0;
    solids[1] = share < 1 ? 1 - share : 0;
}

static void take_step(struct output *output, Picture base, struct rect rect,
                      const struct base_step *step)
{
    Display *display = output->connection->display;
    double solids[2];
    make_solids(step->flip ? 1 - step->high : step->low, step->flip ? 1 - step->low : step->high,
                solids);
    Picture tones[2] = {solids[0] > 0 ? solid(display, solids[0]) : None,
                        solids[1] > 0 ? solid(display, solids[1]) : None};
    for (int y = 0; y < step->rows; y += output->render->step_rows) {
        int rows = step->rows - y;
        rows = rows < output->render->step_rows ? rows : output->render->step_rows;
        show_rows(output, base, (struct rect){rect.x, step->row + y, rect.width, rows}, step,
                  tones);
    }
    for (int i = 0; i < 2; i++)
        if (tones[i])
            XRenderFreePicture(display, tones[i]);
    link_note(&output->link, 2 * (sz_xRenderCreateSolidFillReq + sz_xRenderFreePictureReq));
}

static bool step(struct output *output, struct tone_range range, struct rect *rect)
{
    struct base_step steps[OUTPUT_MOST_STEPS];
    int count = sending_plan(output, range, *rect, steps);
    for (int i = 0; i < count; i++)
        take_step(output, output->render->base.picture, *rect, &steps[i]);
    return count > 0;
}

/* Transforms are given as 16.16 and map the centres of pixels. */
static void warp(struct output *output, const struct base_step *step, const double warp[6])
{
    Display *display = output->connection->display;
    struct render_way *way = output->render;
    struct rect whole = {0, 0, output->pixels.width, output->pixels.height};
    XTransform transform = {{{0}, {0}, {0, 0, XDoubleToFixed(1)}}};
    for (int i = 0; i < 6; i++)
        transform.matrix[i / 3][i % 3] = XDoubleToFixed(warp[i]);
    if (!way->warped) {
        way->warped = XRenderCreatePicture(display, way->base.pixmap, way->levels, 0, NULL);
        XRenderSetPictureFilter(display, way->warped, FilterBilinear, NULL, 0);
    }
    XRenderSetPictureTransform(display, way->warped, &transform);
    link_note(&output->link, sz_xRenderSetPictureTransformReq);
    take_step(output, way->warped, whole, step);
}

const struct transport transport_render = {.name = "render",
                                           .obtain = obtain,
                                           .release = release,
                                           .fit = fit,
                                           .send = send_rect,
                                           .send_like = send_like,
                                           .cost = cost,
                                           .keep = keep,
                                           .step = step,
                                           .warp = warp};

#else

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    (void)output, (void)bytes;
    return fault_set(fault, FAULT_DISPLAY, "this build has no libXrender");
}

static void send_rect(struct output *output, struct rect r)
{
    (void)output, (void)r;
}

static double cost(const struct output *output)
{
    (void)output;
    return 1;
}

const struct transport transport_render = {.name = "render",
                                           .obtain = obtain,
                                           .release = ordinary_release,
                                           .send = send_rect,
                                           .cost = cost};

#endif
