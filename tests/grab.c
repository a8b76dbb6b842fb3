/* Writes what a window of an X server shows to a picture file:
 *
 *   grab WINDOW OUT.ppm|OUT.png
 *
 * WINDOW is an id (decimal or 0x...) or "root". Any visual; what lies over the window is in the
 * picture too. PNG where libpng was found, PPM always. Reads pixels one by one with XGetPixel:
 * right before fast. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#ifdef HAVE_PNG
#include <png.h>
#endif

enum { INDEXED = 256 };

struct picture {
    int width, height;
    uint8_t *rgb; /* three bytes a pixel */
};

struct palette {
    bool indexed;
    unsigned long masks[3];
    XColor colors[INDEXED];
};

static int ignore_error(Display *display, XErrorEvent *event)
{
    (void)display;
    (void)event;
    return 0;
}

static void palette_init(struct palette *palette, Display *display, const XWindowAttributes *window)
{
    const Visual *visual = window->visual;
    palette->indexed = !(visual->class == TrueColor || visual->class == DirectColor);
    palette->masks[0] = visual->red_mask;
    palette->masks[1] = visual->green_mask;
    palette->masks[2] = visual->blue_mask;
    if (!palette->indexed)
        return;
    int count = visual->map_entries < INDEXED ? visual->map_entries : INDEXED;
    for (int i = 0; i < count; i++)
        palette->colors[i].pixel = (unsigned long)i;
    XQueryColors(display, window->colormap, palette->colors, count);
}

/* The bits under `mask`, as a level of 0 .. 255. */
static uint8_t channel(unsigned long pixel, unsigned long mask)
{
    if (!mask)
        return 0;
    unsigned long least = mask & (~mask + 1), most = mask / least;
    return (uint8_t)(((pixel & mask) / least * 255 + most / 2) / most);
}

static void pixel_to_rgb(const struct palette *palette, unsigned long pixel, uint8_t *rgb)
{
    if (palette->indexed) {
        const XColor *color = &palette->colors[pixel % INDEXED];
        rgb[0] = (uint8_t)(color->red >> 8);
        rgb[1] = (uint8_t)(color->green >> 8);
        rgb[2] = (uint8_t)(color->blue >> 8);
        return;
    }
    for (int i = 0; i < 3; i++)
        rgb[i] = channel(pixel, palette->masks[i]);
}

static bool take_picture(Display *display, Window id, struct picture *picture)
{
    XWindowAttributes window;
    struct palette palette = {.indexed = false};
    if (!XGetWindowAttributes(display, id, &window))
        return false;
    XImage *image = XGetImage(display, id, 0, 0, (unsigned)window.width, (unsigned)window.height,
                              AllPlanes, ZPixmap);
    if (!image)
        return false;
    palette_init(&palette, display, &window);
    picture->width = window.width;
    picture->height = window.height;
    picture->rgb = malloc((size_t)window.width * (size_t)window.height * 3);
    for (int y = 0; picture->rgb && y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            pixel_to_rgb(&palette, XGetPixel(image, x, y),
                         picture->rgb + ((size_t)y * (size_t)picture->width + (size_t)x) * 3);
    XDestroyImage(image);
    return picture->rgb != NULL;
}

static bool write_ppm(const struct picture *picture, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    size_t bytes = (size_t)picture->width * (size_t)picture->height * 3;
    fprintf(file, "P6\n%d %d\n255\n", picture->width, picture->height);
    bool written = fwrite(picture->rgb, 1, bytes, file) == bytes;
    return fclose(file) == 0 && written;
}

static bool write_png(const struct picture *picture, const char *path)
{
#ifdef HAVE_PNG
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)picture->width,
                       .height = (png_uint_32)picture->height,
                       .format = PNG_FORMAT_RGB};
    return png_image_write_to_file(&image, path, 0, picture->rgb, 0, NULL) != 0;
#else
    (void)picture;
    fprintf(stderr, "grab: %s: this build has no libpng; write a .ppm\n", path);
    return false;
#endif
}

static Window window_named(Display *display, const char *name)
{
    return strcmp(name, "root") ? (Window)strtoul(name, NULL, 0) : DefaultRootWindow(display);
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: grab WINDOW|root OUT.ppm|OUT.png\n");
        return 2;
    }
    Display *display = XOpenDisplay(NULL);
    if (!display) {
        fprintf(stderr, "grab: no display\n");
        return 3;
    }
    XSetErrorHandler(ignore_error);
    struct picture picture = {.rgb = NULL};
    const char *ending = strrchr(words[2], '.');
    bool png = ending && !strcmp(ending, ".png");
    bool taken = take_picture(display, window_named(display, words[1]), &picture);
    if (!taken)
        fprintf(stderr, "grab: window %s cannot be read; is all of it on the screen?\n", words[1]);
    bool written = taken && (png ? write_png(&picture, words[2]) : write_ppm(&picture, words[2]));
    if (taken && !written)
        fprintf(stderr, "grab: %s: could not be written\n", words[2]);
    free(picture.rgb);
    XCloseDisplay(display);
    return written ? 0 : 1;
}
