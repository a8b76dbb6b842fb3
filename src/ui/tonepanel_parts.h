/* The tone panel's inside, shared by tonepanel.c and tonepanel_draw.c. Private to ui. */
#ifndef UI_TONEPANEL_PARTS_H
#define UI_TONEPANEL_PARTS_H

#include "ui/tonepanel.h"

enum { TONE_SHADOW = 2, TONE_SLIDER = 24, TONE_RULER = 16, TONE_GRIP_WIDTH = 7 };

/* Of the box that a histogram, a scale's trough or a list is in. */
struct rect tone_inner(struct rect outer);
struct rect tone_ruler(struct canvas *canvas); /* what the handles lie in */
int tone_presets(void);                        /* how many there are */
int tone_row_height(const struct canvas *canvas);

/* Columns and values of the histogram: a column's left edge, and back. */
double tone_value_at(const struct tone_look *look, double column);
int tone_column_of(const struct tone_look *look, double value); /* 0 .. TONE_COLUMNS */
void tone_columns(const struct tone_look *look, int *low, int *middle, int *high);

/* Where a scale's slider is, 0 .. 1, and the value there. */
double tone_scale_place(const struct tone_look *look, enum tone_spot scale);
double tone_scale_value(const struct tone_look *look, enum tone_spot scale, double place);

bool tone_is_scale(int spot);
bool tone_is_field(int spot);
bool tone_is_radio(int spot);

#endif
