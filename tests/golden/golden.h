/* What the tests of widgets share: a sample command table, a canvas that notes what is drawn, and
 * pictures of canvases compared byte for byte with those kept in tests/golden (gray PNM).
 *
 * After a wanted change `GOLDEN_WRITE=1 make check` writes the pictures anew: look at them. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/canvas_memory.h"
#include "ui/command.h"

static inline struct scheme golden_scheme(void)
{
    return scheme_from((struct rgb){0xae, 0xb2, 0xc3}, (struct rgb){0, 0, 0});
}

static inline uint8_t golden_gray(struct rgb pixel)
{
    return (uint8_t)((pixel.red * 30 + pixel.green * 59 + pixel.blue * 11) / 100);
}

static inline bool golden_write(FILE *file, const struct canvas_memory *memory)
{
    int width = memory->canvas.width, height = memory->canvas.height;
    fprintf(file, "P5\n%d %d\n255\n", width, height);
    for (int i = 0; i < width * height; i++)
        putc(golden_gray(memory->pixels[i]), file);
    return !ferror(file);
}

static inline bool golden_same(FILE *file, const struct canvas_memory *memory)
{
    char *made = NULL;
    size_t size = 0;
    FILE *memory_file = open_memstream(&made, &size);
    if (!memory_file)
        return false;
    golden_write(memory_file, memory);
    fclose(memory_file);
    bool same = true;
    for (size_t i = 0; i < size && same; i++)
        same = getc(file) == (unsigned char)made[i];
    same = same && getc(file) == EOF;
    free(made);
    return same;
}

/* True when the canvas looks as tests/golden/NAME.pgm does. */
static inline bool golden_check(const char *name, const struct canvas_memory *memory)
{
    char path[200];
    bool write = getenv("GOLDEN_WRITE");
    snprintf(path, sizeof path, "tests/golden/%s.pgm", name);
    FILE *file = fopen(path, write ? "wb" : "rb");
    if (!file)
        return false;
    bool fine = write ? golden_write(file, memory) : golden_same(file, memory);
    fclose(file);
    return fine;
}

/* A canvas of 6 x 13 characters that notes every rectangle and text it is asked for. */
enum { RECORDS = 2000 };

struct record {
    struct rect rect;
    enum ink ink;
    char text[200]; /* "" = a fill */
};

struct recorder {
    struct canvas canvas; /* first */
    struct record records[RECORDS];
    int count;
};

static inline struct record *recorder_add(struct recorder *recorder, enum ink ink, struct rect rect)
{
    if (recorder->count == RECORDS)
        abort();
    struct record *record = &recorder->records[recorder->count++];
    *record = (struct record){.rect = rect, .ink = ink};
    return record;
}

static inline void recorder_fill(struct canvas *canvas, enum ink ink, struct rect rect)
{
    recorder_add((struct recorder *)canvas, ink, rect);
}

static inline void recorder_text(struct canvas *canvas, enum ink ink, enum ink back, int x,
                                 int baseline, const char *text, int length)
{
    (void)back;
    struct rect rect = {x, baseline - canvas->ascent, 6 * length, canvas->ascent + canvas->descent};
    struct record *record = recorder_add((struct recorder *)canvas, ink, rect);
    snprintf(record->text, sizeof record->text, "%.*s", length, text);
}

static inline int recorder_width(struct canvas *canvas, const char *text, int length)
{
    (void)canvas;
    (void)text;
    return 6 * length;
}

static inline void recorder_levels(struct canvas *canvas, struct rect rect, const uint8_t *levels,
                                   size_t stride)
{
    (void)levels;
    (void)stride;
    recorder_add((struct recorder *)canvas, INKS, rect);
}

static const struct canvas_class recorder_class = {recorder_fill, recorder_text, recorder_width,
                                                   recorder_levels};

static inline void recorder_init(struct recorder *recorder, int width, int height)
{
    recorder->canvas = (struct canvas){&recorder_class, width, height, 11, 2};
    recorder->count = 0;
}

/* True when nothing drawn leaves the canvas and no two texts touch. */
static inline bool recorder_tidy(const struct recorder *recorder)
{
    for (int i = 0; i < recorder->count; i++) {
        struct rect a = recorder->records[i].rect;
        if (a.x < 0 || a.y < 0 || a.x + a.width > recorder->canvas.width ||
            a.y + a.height > recorder->canvas.height)
            return false;
        for (int j = 0; j < i; j++)
            if (recorder->records[i].text[0] && recorder->records[j].text[0] &&
                !rect_empty(rect_intersect(a, recorder->records[j].rect)))
                return false;
    }
    return true;
}

static inline const struct record *recorder_find(const struct recorder *recorder, const char *text)
{
    for (int i = 0; i < recorder->count; i++)
        if (!strcmp(recorder->records[i].text, text))
            return &recorder->records[i];
    return NULL;
}

static inline bool sample_run(void *context, int count, char **words, struct reply *reply,
                              struct fault *fault)
{
    (void)context;
    (void)words;
    (void)fault;
    reply_add(reply, "%d", count);
    return true;
}

/* A table of the real one's kind and size. */
static const struct command sample_commands[] = {
    {"open", "FILE...", "Open files", "", "File", NULL, 1, 15, sample_run},
    {"reload", "", "Read the file again", "Ctrl+r", "File", NULL, 0, 0, sample_run},
    {"next", "", "Next file", "n", "File", NULL, 0, 0, sample_run},
    {"page", "N|next|previous", "Another page", "Page_Down:next Page_Up:previous", "File", NULL, 1,
     1, sample_run},
    {"quit", "", "Quit", "q Ctrl+q", "File", NULL, 0, 0, sample_run},
    {"window", "WIDTH [CENTER]", "Window width and centre", "", "Tone", NULL, 1, 2, sample_run},
    {"auto", "", "Window from the picture", "0", "Tone", NULL, 0, 0, sample_run},
    {"preset", "NAME", "Preset",
     "1:brain 2:subdural 3:stroke 4:lung 5:abdomen 6:bone 7:liver 8:mediastinum 9:temporal-bone",
     "Tone", NULL, 1, 1, sample_run},
    {"invert", "[on|off]", "Black and white change places", "i", "Tone", NULL, 0, 1, sample_run},
    {"voi", "linear|linear-exact|sigmoid", "Window function", "", "Tone", NULL, 1, 1, sample_run},
    {"gamma", "N", "Gamma", "", "Tone", NULL, 1, 1, sample_run},
    {"zoom", "fit|fill|N|N%|in|out", "Zoom", "f:fit equal:fit z:1 plus:in minus:out F:fill", "View",
     NULL, 1, 1, sample_run},
    {"center", "X,Y", "Centre the view", "", "View", NULL, 1, 1, sample_run},
    {"pan", "left|right|up|down", "Move the view", "Left:left Right:right Up:up Down:down", "View",
     NULL, 1, 1, sample_run},
    {"rotate", "[0|90|180|270]", "Turn clockwise", "r", "View", NULL, 0, 1, sample_run},
    {"flip", "horizontal|vertical", "Mirror", "h:horizontal v:vertical", "View", NULL, 1, 1,
     sample_run},
    {"reset", "", "Everything as it was at first", "Escape", "View", NULL, 0, 0, sample_run},
    {"fullscreen", "", "The whole screen", "F11", "View", NULL, 0, 0, sample_run},
    {"info", "", "What the file is", "Ctrl+i", "Image", NULL, 0, 0, sample_run},
    {"value", "X Y", "The value of a sample", "", "Image", NULL, 2, 2, sample_run},
    {"histogram", "", "Histogram", "Ctrl+h", "Image", NULL, 0, 0, sample_run},
    {"save", "FILE", "Write the view as a picture", "", "Image", NULL, 1, 1, sample_run},
    {"memory", "[report|snapshot|trace]", "Memory in use", "m:report", "Help", NULL, 0, 1,
     sample_run},
    {"help", "", "This help", "question F1", "Help", NULL, 0, 0, sample_run},
    {"version", "", "Which version this is", "", "Help", NULL, 0, 0, sample_run},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

#endif
