/* Cells of colormaps, and pictures of 1 and 4 bits, in this process against a real server: what the
 * usual servers have no window for is sent to pixmaps. Guards x11/visual_cells.c, and x11/output.c
 * and the transports for such depths. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "x11/output.h"
#include "x11/visual.h"
#include "x11/xlib.h"

static void lose(void *context)
{
    (void)context;
    abort();
}

/* NULL: the server itself. */
static const struct wire *line;

static struct connection *open_as(const char *visual, bool private_colormap)
{
    const struct connection_wish wish = {visual, private_colormap};
    struct fault fault = {.text = ""};
    server();
    struct connection *connection =
        connection_open(line ? line->display : NULL, &wish, lose, NULL, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(connection);
    return connection;
}

/* What the colormap shows for the pixel that stands for base level `level`: 16 bits. */
static unsigned short shown(struct connection *connection, int level)
{
    const struct pixel_ramp *ramp = connection->format.ramp;
    XColor colour = {.pixel = pixel_value(&connection->format, level)};
    XQueryColor(connection->display, connection->colormap, &colour);
    CU_ASSERT(!ramp || colour.red == colour.green);
    return colour.blue;
}

/* The base level that the ramp has nearest to a level. */
static unsigned short base(const struct connection *connection, int level)
{
    const struct pixel_ramp *ramp = connection->format.ramp;
    uint32_t pixel = pixel_value(&connection->format, level);
    for (int i = 0; ramp && i < ramp->cells; i++)
        if (ramp->pixel[i] == pixel)
            return ramp->level[i];
    return (unsigned short)(level * 257);
}

static void check_ramp(struct connection *connection)
{
    uint8_t levels[256];
    int wrong = 0;
    for (int i = 0; i < 256; i++)
        levels[i] = (uint8_t)(255 - i * i / 255);
    unsigned long red = connection_pixel(connection, (struct rgb){200, 10, 20});
    XSync(connection->display, False);
    unsigned long before = NextRequest(connection->display);
    visual_store_ramp(connection, levels);
    CU_ASSERT_EQUAL(NextRequest(connection->display), before + 1);
    CU_ASSERT(LastKnownRequestProcessed(connection->display) < before);
    for (int level = 0; level < 256; level++)
        wrong += shown(connection, level) != levels[base(connection, level) / 257] * 257;
    CU_ASSERT_EQUAL(wrong, 0);
    XColor colour = {.pixel = red};
    XQueryColor(connection->display, connection->colormap, &colour);
    if (connection->format.ramp && connection->visual->class == PseudoColor)
        CU_ASSERT(colour.red == 200 * 257 && colour.green == 10 * 257 && colour.blue == 20 * 257);
    visual_store_ramp(connection, NULL);
    for (int level = 0; level < 256; level++)
        wrong += shown(connection, level) != base(connection, level);
    CU_ASSERT_EQUAL(wrong, 0);
}

/* One request changes the whole picture; panels keep their colours. */
static void ramps_are_changed_by_one_request(void)
{
    static const struct {
        const char *screen, *cc, *visual;
        bool private_colormap;
    } rows[] = {{"640x480x8", "3", "pseudocolor", false},
                {"640x480x8", "3", "pseudocolor", true},
                {"640x480x8", "1", "grayscale", false},
                {"640x480x8", "3", "grayscale", false},
                {"640x480x24", "5", "directcolor", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *words[] = {"-screen", "0", rows[i].screen, "-cc", rows[i].cc, NULL};
        CU_ASSERT_FATAL(server_other(words));
        struct connection *connection = open_as(rows[i].visual, rows[i].private_colormap);
        CU_ASSERT(connection->cells.writable);
        CU_ASSERT_EQUAL(connection->own_colormap, rows[i].private_colormap || i > 2);
        check_ramp(connection);
        connection_close(connection);
    }
    server_usual();
}

static void what_cannot_change_stays(void)
{
    uint8_t levels[256] = {0};
    struct connection *connection = open_as("truecolor", true);
    unsigned long before = NextRequest(connection->display);
    visual_store_ramp(connection, levels);
    CU_ASSERT_EQUAL(NextRequest(connection->display), before);
    CU_ASSERT_FALSE(connection->own_colormap);
    connection_close(connection);
}

/* Colours of any number get a pixel: their own cell while there are some, then a gray. */
static void inks_run_out_gently(void)
{
    static const char *const words[] = {"-screen", "0", "640x480x8", "-cc", "3", NULL};
    CU_ASSERT_FATAL(server_other(words));
    struct connection *connection = open_as(NULL, false);
    unsigned long first = connection_pixel(connection, (struct rgb){1, 2, 3});
    for (int i = 0; i < 40; i++) {
        struct rgb colour = {(uint8_t)(i * 5), (uint8_t)(255 - i), (uint8_t)(i * 3)};
        XColor shown_as = {.pixel = connection_pixel(connection, colour)};
        XQueryColor(connection->display, connection->colormap, &shown_as);
        int luma = (299 * colour.red + 587 * colour.green + 114 * colour.blue) / 1000;
        if (i < VISUAL_INKS - 3)
            CU_ASSERT(shown_as.red == colour.red * 257 && shown_as.green == colour.green * 257)
        else
            CU_ASSERT(abs(shown_as.red / 257 - luma) < 3 && shown_as.red == shown_as.blue);
    }
    CU_ASSERT_EQUAL(connection_pixel(connection, (struct rgb){1, 2, 3}), first);
    CU_ASSERT_EQUAL(connection_pixel(connection, (struct rgb){0, 0, 0}),
                    BlackPixel(connection->display, 0));
    connection_close(connection);
    server_usual();
}

/* ---- pixmaps ---- */

enum { WIDTH = 77, HEIGHT = 23 };

static uint32_t value_at(int x, int y, int bits)
{
    return (uint32_t)(x * 7919 + y * 104729) * 2654435761u >> (32 - bits);
}

/* As the tests' own connection sees them. */
static int wrong_pixels(struct connection *connection, Pixmap pixmap, int bits)
{
    XSync(connection->display, False);
    XImage *image = XGetImage(server(), pixmap, 0, 0, WIDTH, HEIGHT, AllPlanes, ZPixmap);
    int wrong = 0;
    for (int i = 0; image && i < WIDTH * HEIGHT; i++)
        wrong += XGetPixel(image, i % WIDTH, i / WIDTH) != value_at(i % WIDTH, i / WIDTH, bits);
    if (image)
        XDestroyImage(image);
    return image ? wrong : -1;
}

/* In pieces that begin and end within bytes. */
static void send_pieces(struct output *output, int bits)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x += 5) {
            uint32_t values[5];
            int n = WIDTH - x < 5 ? WIDTH - x : 5;
            for (int i = 0; i < n; i++)
                values[i] = value_at(x + i, y, bits);
            pixels_store(&output->pixels.format, values, n,
                         output->pixels.base + (size_t)y * output->pixels.stride, x);
        }
    for (int x = 0; x < WIDTH; x += 11) {
        struct rect piece = {x, 0, WIDTH - x < 11 ? WIDTH - x : 11, HEIGHT / 2};
        output->transport->send(output, piece);
    }
    output->transport->send(output, (struct rect){0, HEIGHT / 2, WIDTH, HEIGHT - HEIGHT / 2});
}

static void check_pixmap(int depth, const char *transport)
{
    struct connection *connection = open_as(NULL, false);
    static struct pixel_ramp ramp = {2, {0, 1}, {0, 65535}};
    struct fault fault;
    struct output output;
    Pixmap pixmap =
        XCreatePixmap(connection->display, connection->root, WIDTH, HEIGHT, (unsigned)depth);
    connection->depth = depth;
    connection->format = visual_format(connection->display, StaticGray, depth, NULL);
    connection->format.ramp = &ramp;
    CU_ASSERT(pixel_format_valid(&connection->format));
    CU_ASSERT_EQUAL(connection->format.msb_first,
                    (ImageByteOrder(server()) == MSBFirst) != (line != NULL));
    CU_ASSERT_EQUAL(connection->format.bits_msb_first,
                    (BitmapBitOrder(server()) == MSBFirst) != (line != NULL));
    output_init(&output, connection, pixmap, transport, NULL, NULL);
    CU_ASSERT_FATAL(output_resize(&output, WIDTH, HEIGHT, &fault));
    send_pieces(&output, depth);
    CU_ASSERT_EQUAL(wrong_pixels(connection, pixmap, depth), 0);
    output_fini(&output);
    XFreePixmap(connection->display, pixmap);
    connection_close(connection);
}

static void pictures_of_one_and_four_bits_arrive(void)
{
    check_pixmap(1, "put");
    check_pixmap(1, "shm");
    check_pixmap(4, "put");
    check_pixmap(4, "shm");
    struct wire *swapped = wire_begin();
    wire_swap(swapped, true);
    line = swapped;
    check_pixmap(1, "put");
    check_pixmap(4, "put");
    line = NULL;
    wire_end();
}

/* ---- colormaps that are as they are ---- */

static XColor colour(unsigned long pixel, int red, int green, int blue)
{
    return (XColor){.pixel = pixel,
                    .red = (unsigned short)(red * 257),
                    .green = (unsigned short)(green * 257),
                    .blue = (unsigned short)(blue * 257)};
}

static void grays_are_picked(void)
{
    XColor colours[256];
    struct pixel_ramp ramp;
    /* Six steps a channel, and black once more. */
    for (int i = 0; i < 216; i++)
        colours[i] = colour((unsigned long)i, i / 36 * 51, i / 6 % 6 * 51, i % 6 * 51);
    colours[216] = colour(216, 0, 0, 0);
    visual_pick_grays(colours, 217, &ramp);
    CU_ASSERT_EQUAL(ramp.cells, 6);
    for (int i = 0; i < 6; i++)
        CU_ASSERT(ramp.level[i] == i * 51 * 257 && ramp.pixel[i] == (uint32_t)i * 43);
    /* Black and white among colours. */
    colours[0] = colour(9, 255, 255, 255);
    colours[1] = colour(8, 255, 0, 0);
    colours[2] = colour(7, 0, 0, 0);
    visual_pick_grays(colours, 3, &ramp);
    CU_ASSERT(ramp.cells == 2 && ramp.pixel[0] == 7 && ramp.pixel[1] == 9);
    /* Nothing but colours: by their luma, 76 and 150. */
    colours[0] = colour(5, 0, 255, 0);
    visual_pick_grays(colours, 2, &ramp);
    CU_ASSERT(ramp.cells == 2 && ramp.pixel[0] == 8 && ramp.pixel[1] == 5);
    CU_ASSERT(ramp.level[0] / 257 == 76 && ramp.level[1] / 257 == 149);
}

SUITE("visual cells", {"ramps are changed by one request", ramps_are_changed_by_one_request},
      {"what cannot change stays", what_cannot_change_stays},
      {"inks run out gently", inks_run_out_gently},
      {"pictures of one and four bits arrive", pictures_of_one_and_four_bits_arrive},
      {"grays are picked", grays_are_picked})
