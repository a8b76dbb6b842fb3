/* The tone panel's inside, shared by tonepanel.c and tonepanel_draw.c. Private to ui. */
#ifndef UI_TONEPANEL_PARTS_H
#define UI_TONEPANEL_PARTS_H

#include "ui/tonepanel.h"

enum { TONE_SHADOW = 2, TONE_SLIDER = 24, TONE_RULER = 16, TONE_GRIP_WIDTH = 7 };

/* Of the box that a histogram, a scale's trough or a list is in. */
struct rect tone_inner(struct rect outer);
struct rect tone_ruler(struct canvas *canvas);   /* what the handles lie in */
struct rect tone_clipped(struct canvas *canvas); /* for the text of what is clipped */
int tone_row_height(const struct canvas *canvas);
int tone_list_rows(struct canvas *canvas); /* of the presets, that are seen at once */
int tone_text_height(const struct canvas *canvas);

/* Where the histogram's bars stand. Its columns and the panel's pixels: a column's left edge, and
 * back. */
struct rect tone_bars(struct canvas *canvas);
int tone_column_x(struct rect bars, int column);
double tone_column_at(struct rect bars, int x);

/* Columns and values: a column's left edge, and back. */
double tone_value_at(const struct tone_look *look, double column);
int tone_column_of(const struct tone_look *look, double value); /* 0 .. TONE_COLUMNS */
void tone_columns(const struct tone_look *look, int *low, int *middle, int *high);

/* Where a scale's slider is, 0 .. 1, and the value there. */
double tone_scale_place(const struct tone_look *look, enum tone_spot scale);
double tone_scale_value(const struct tone_look *look, enum tone_spot scale, double place);

/* tonepanel_list.c: the list of presets, what saves and deletes them, the option menu. */
/* The list is shorter, or its place is taller: it is scrolled no further than it goes. */
void tone_fit_list(struct tonepanel *panel, struct canvas *canvas);
enum tone_answer tone_press_list(struct tonepanel *panel, struct canvas *canvas, int y);
enum tone_answer tone_wheel_list(struct tonepanel *panel, struct canvas *canvas, int step);
enum tone_answer tone_step_list(struct tonepanel *panel, struct canvas *canvas, int step);
enum tone_answer tone_use_preset(struct tonepanel *panel, int row);
enum tone_answer tone_save_preset(struct tonepanel *panel);
enum tone_answer tone_delete_preset(struct tonepanel *panel);
void tone_open_options(struct tonepanel *panel);
enum tone_answer tone_option_input(struct tonepanel *panel, const struct input *input,
                                   struct canvas *canvas);

/* tonepanel_fields.c: what fields do, and what they look like. */
void tone_end_typing(struct tonepanel *panel);
enum tone_answer tone_field_key(struct tonepanel *panel, const struct input *input);
void tone_press_field(struct tonepanel *panel, struct canvas *canvas, const struct input *input);
enum tone_answer tone_drag_field(struct tonepanel *panel, struct canvas *canvas, int x);
bool tone_field_differs(const struct tonepanel *panel, int spot);
void tone_draw_field(const struct tonepanel *panel, struct canvas *canvas, int spot, bool whole);

/* tonepanel_presets.c: how they look. */
void tone_draw_presets(const struct tonepanel *panel, struct canvas *canvas, bool whole);
void tone_draw_option(const struct tonepanel *panel, struct canvas *canvas, bool whole);
void tone_draw_options(const struct tonepanel *panel, struct canvas *canvas);

/* tonepanel_draw.c: text at the left of a rectangle, whose rest is filled; a button. */
void tone_draw_text(struct canvas *canvas, struct rect r, enum ink ink, enum ink back,
                    const char *text);
void tone_draw_button(struct canvas *canvas, struct rect r, bool down, const char *word);

enum tone_answer tone_run(struct tonepanel *panel, const char *script);
enum tone_answer tone_ask_power(struct tonepanel *panel, double power);

bool tone_is_scale(int spot);
bool tone_is_field(int spot);
bool tone_is_radio(int spot);

#endif
