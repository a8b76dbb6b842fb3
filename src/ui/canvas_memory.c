/* A canvas in memory: 24-bit pixels and one built-in font. For tests, and for pictures made with no
 * display. Owns its pixels. */
#include "ui/canvas_memory.h"

#include <string.h>

#include "base/checked.h"
#include "base/ledger.h"
#include "ui/font_6x13.h"
#include "ui/letters.h"

static void fill(struct canvas *canvas, enum ink ink, struct rect rect)
{
    struct canvas_memory *memory = (struct canvas_memory *)canvas;
    rect = rect_intersect(rect, (struct rect){0, 0, canvas->width, canvas->height});
    if (rect_empty(rect))
        return;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        struct rgb *row = memory->pixels + (size_t)y * (size_t)canvas->width;
        for (int x = rect.x; x < rect.x + rect.width; x++)
            row[x] = memory->scheme.ink[ink];
    }
}

static void draw_glyph(struct canvas *canvas, enum ink ink, int x, int top, const uint8_t *rows)
{
    for (int y = 0; y < FONT_HEIGHT; y++)
        for (int column = 0; column < FONT_WIDTH; column++)
            if (rows[y] & 0x80 >> column)
                fill(canvas, ink, (struct rect){x + column, top + y, 1, 1});
}

static int text_width(struct canvas *canvas, const char *text, int length)
{
    (void)canvas;
    unsigned letter;
    int width = 0;
    for (int at = 0; at < length; width += FONT_WIDTH)
        at += letters_next(text + at, length - at, &letter);
    return width;
}

static void draw_text(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                      const char *text, int length)
{
    unsigned letter;
    int top = baseline - FONT_ASCENT;
    fill(canvas, back, (struct rect){x, top, text_width(canvas, text, length), FONT_HEIGHT});
    for (int at = 0; at < length; x += FONT_WIDTH) {
        at += letters_next(text + at, length - at, &letter);
        draw_glyph(canvas, ink, x, top, letters_glyph(letter));
    }
}

static void draw_levels(struct canvas *canvas, struct rect rect, const uint8_t *levels,
                        size_t stride)
{
    struct canvas_memory *memory = (struct canvas_memory *)canvas;
    struct rect seen = rect_intersect(rect, (struct rect){0, 0, canvas->width, canvas->height});
    for (int y = seen.y; y < seen.y + seen.height; y++)
        for (int x = seen.x; x < seen.x + seen.width; x++) {
            uint8_t level = levels[(size_t)(y - rect.y) * stride + (size_t)(x - rect.x)];
            memory->pixels[(size_t)y * (size_t)canvas->width + (size_t)x] =
                (struct rgb){level, level, level};
        }
}

static const struct canvas_class memory_class = {fill, draw_text, text_width, draw_levels};

static bool pixel_bytes(int width, int height, size_t *bytes)
{
    return width > 0 && height > 0 && checked_mul((size_t)width, (size_t)height, bytes) &&
           checked_mul(*bytes, sizeof(struct rgb), bytes);
}

bool canvas_memory_init(struct canvas_memory *memory, int width, int height,
                        const struct scheme *scheme, struct fault *fault)
{
    size_t bytes;
    memset(memory, 0, sizeof *memory);
    if (!pixel_bytes(width, height, &bytes))
        return fault_set(fault, FAULT_MEMORY, "a canvas cannot be %d x %d pixels", width, height);
    memory->pixels = ledger_alloc(LEDGER_UI, bytes, fault);
    if (!memory->pixels)
        return false;
    memory->canvas =
        (struct canvas){&memory_class, width, height, FONT_ASCENT, FONT_HEIGHT - FONT_ASCENT};
    memory->scheme = *scheme;
    return true;
}

void canvas_memory_fini(struct canvas_memory *memory)
{
    size_t bytes;
    if (memory->pixels && pixel_bytes(memory->canvas.width, memory->canvas.height, &bytes))
        ledger_free(LEDGER_UI, memory->pixels, bytes);
    memory->pixels = NULL;
}
