/* The tools' state machines, for the table in tool.c. Private to ui. */
#ifndef UI_TOOL_PARTS_H
#define UI_TOOL_PARTS_H

#include "ui/gesture.h"

/* tool_view.c */
void tool_window_move(struct gesture *gesture, const struct input *input,
                      struct gesture_stage *stage);
void tool_pan_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage);
void tool_zoom_move(struct gesture *gesture, const struct input *input,
                    struct gesture_stage *stage);
void tool_page_move(struct gesture *gesture, const struct input *input,
                    struct gesture_stage *stage);
void tool_box_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage);
void tool_box_release(struct gesture *gesture, const struct input *input,
                      struct gesture_stage *stage);

void tool_auto_release(struct gesture *gesture, const struct input *input,
                       struct gesture_stage *stage);

/* The middle of a pixel, so that the sample under the pointer stays under it. */
void tool_zoom_at_pixel(struct view *view, double zoom, int x, int y);

/* tool_measure.c: shapes of the tool's kind. */
void tool_measure_press(struct gesture *gesture, const struct input *input,
                        struct gesture_stage *stage);
void tool_measure_move(struct gesture *gesture, const struct input *input,
                       struct gesture_stage *stage);
void tool_measure_release(struct gesture *gesture, const struct input *input,
                          struct gesture_stage *stage);

#endif
