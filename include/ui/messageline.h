/* A message over the image area: one sentence, wrapped to the width, on an alert background. */
#ifndef UI_MESSAGELINE_H
#define UI_MESSAGELINE_H

#include "ui/canvas.h"

/* Height that `text` needs at this width. */
int messageline_height(struct canvas *canvas, const char *text, int width);
void messageline_draw(struct canvas *canvas, const char *text);

#endif
