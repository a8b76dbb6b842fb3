/* Diamonds and squares: how they look, and that they keep to their place; and that both
 * schemes can be read. */
#include "suite.h"

#include <math.h>

#include "golden/golden.h"
#include "ui/bevel.h"

static void they_look_right(void)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, 72, 20, &scheme, &fault));
    canvas_fill(&memory.canvas, INK_BACKGROUND, (struct rect){0, 0, 72, 20});
    for (int on = 0; on < 2; on++) {
        bevel_diamond(&memory.canvas, 4 + 16 * on, 4, on);
        bevel_square(&memory.canvas, 40 + 16 * on, 4, on);
    }
    CU_ASSERT(golden_check("bevel", &memory));
    canvas_memory_fini(&memory);
}

static void they_keep_to_their_place(void)
{
    static struct recorder recorder;
    static const int sides[][3] = {{11, 2, 11}, {19, 5, 21}}; /* of letters, and of the shapes */
    for (int i = 0; i < 2; i++) {
        recorder_init(&recorder, sides[i][2], sides[i][2]);
        recorder.canvas.ascent = sides[i][0];
        recorder.canvas.descent = sides[i][1];
        CU_ASSERT_EQUAL(bevel_mark(&recorder.canvas), sides[i][2]);
        for (int on = 0; on < 2; on++) {
            bevel_diamond(&recorder.canvas, 0, 0, on);
            bevel_square(&recorder.canvas, 0, 0, on);
        }
        CU_ASSERT(recorder_tidy(&recorder));
        CU_ASSERT(recorder.count > 40);
    }
}

/* WCAG 2.1's relative luminance and contrast ratio. */
static double linear(uint8_t value)
{
    double v = value / 255.0;
    return v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(struct rgb colour)
{
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) +
           0.0722 * linear(colour.blue);
}

static double contrast(struct rgb a, struct rgb b)
{
    double one = luminance(a), other = luminance(b);
    return (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
}

/* Every pair of inks that texts are drawn with. */
static void both_schemes_can_be_read(void)
{
    static const enum ink pairs[][2] = {
        {INK_FOREGROUND, INK_BACKGROUND}, {INK_FOREGROUND, INK_SELECT},
        {INK_DIM, INK_BACKGROUND},        {INK_PRINT, INK_PAPER},
        {INK_PRINT, INK_SELECT},          {INK_ALERT_PRINT, INK_ALERT}};
    for (int i = 0; i < SCHEMES_USUAL; i++) {
        struct scheme scheme = scheme_from(scheme_usual[i].background, scheme_usual[i].foreground);
        for (size_t j = 0; j < sizeof pairs / sizeof *pairs; j++) {
            double ratio = contrast(scheme.ink[pairs[j][0]], scheme.ink[pairs[j][1]]);
            CU_ASSERT(ratio >= 4.5);
            if (ratio < 4.5)
                printf("  %s: inks %d on %d: %.2f\n", scheme_usual[i].name, pairs[j][0],
                       pairs[j][1], ratio);
        }
    }
}

SUITE("bevel", {"they look right", they_look_right},
      {"they keep to their place", they_keep_to_their_place},
      {"both schemes can be read", both_schemes_can_be_read})
