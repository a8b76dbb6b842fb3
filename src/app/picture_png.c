/* PNG through libpng, where configure found it. libpng leaves a failed call by longjmp: each call
 * that can fail is alone in its function. */
#include "config.h"

#ifdef HAVE_PNG

#include "picture_parts.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>

struct png_state {
    png_structp png;
    png_infop info;
    char why[128];
};

static void keep_why(png_structp png, png_const_charp text)
{
    struct png_state *state = png_get_error_ptr(png);
    snprintf(state->why, sizeof state->why, "%s", text);
    png_longjmp(png, 1);
}

static void pass_warning(png_structp png, png_const_charp text)
{
    (void)png, (void)text;
}

static void drop(struct picture *picture)
{
    struct png_state *state = picture->state;
    if (!state)
        return;
    if (state->png)
        png_destroy_write_struct(&state->png, state->info ? &state->info : NULL);
    free(state);
    picture->state = NULL;
}

static bool failed(struct picture *picture, struct fault *fault)
{
    struct png_state *state = picture->state;
    if (errno)
        return fault_errno(fault, errno, "%s: %s", picture->name, state->why);
    return fault_set(fault, FAULT_FILE, "%s: %s", picture->name, state->why);
}

/* The words of PNG's own list where it has one. */
static void write_origin(struct png_state *state, const struct picture_terms *terms)
{
    char source[] = "Source", about[] = "Description";
    const char *texts[2] = {terms->source, terms->about};
    char *keys[2] = {source, about};
    for (int i = 0; i < 2; i++) {
        png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = keys[i]};
        text.text = (char *)(uintptr_t)texts[i];
        if (texts[i])
            png_set_text(state->png, state->info, &text, 1);
    }
    double x = terms->spacing_x, y = terms->spacing_y;
    if (x > 0 && y > 0 && 1000 / x < 1e9 && 1000 / y < 1e9)
        png_set_pHYs(state->png, state->info, (png_uint_32)(1000 / x + 0.5),
                     (png_uint_32)(1000 / y + 0.5), PNG_RESOLUTION_METER);
}

static bool write_header(struct picture *picture, const struct picture_terms *terms,
                         struct fault *fault)
{
    struct png_state *state = picture->state;
    int colours = picture->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
    if (setjmp(png_jmpbuf(state->png)))
        return failed(picture, fault);
    png_init_io(state->png, picture->file);
    png_set_user_limits(state->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(state->png, state->info, (png_uint_32)picture->width, (png_uint_32)picture->height,
                 picture->bits, colours, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    write_origin(state, terms);
    png_write_info(state->png, state->info);
    const uint16_t one = 1;
    if (picture->bits == 16 && *(const uint8_t *)&one)
        png_set_swap(state->png);
    return true;
}

static bool begin(struct picture *picture, const struct picture_terms *terms, struct fault *fault)
{
    struct png_state *state = calloc(1, sizeof *state);
    if (!state)
        return fault_set(fault, FAULT_MEMORY, "%s: no memory", picture->name);
    picture->state = state;
    state->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, state, keep_why, pass_warning);
    state->info = state->png ? png_create_info_struct(state->png) : NULL;
    if (state->info && write_header(picture, terms, fault))
        return true;
    if (!state->info)
        fault_set(fault, FAULT_MEMORY, "%s: no memory", picture->name);
    drop(picture);
    return false;
}

static bool row(struct picture *picture, const void *levels, struct fault *fault)
{
    struct png_state *state = picture->state;
    errno = 0;
    if (setjmp(png_jmpbuf(state->png)))
        return failed(picture, fault);
    png_write_row(state->png, levels);
    return true;
}

static bool end(struct picture *picture, struct fault *fault)
{
    struct png_state *state = picture->state;
    errno = 0;
    if (setjmp(png_jmpbuf(state->png)))
        return failed(picture, fault);
    png_write_end(state->png, NULL);
    return true;
}

const struct picture_class picture_png = {".png", false, begin, row, end, drop};

#endif
