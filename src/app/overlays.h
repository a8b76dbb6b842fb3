/* What the overlays of a window, or of a picture in a file, say; and when a window's are drawn. */
#ifndef APP_OVERLAYS_H
#define APP_OVERLAYS_H

#include "measuring.h"
#include "ui/overlay.h"

/* Sets all but `shown` and the shape being drawn. `measuring` may be NULL. */
void overlays_fill(struct overlay *overlay, const struct scene *scene,
                   const struct measuring *measuring, const struct view *view);

/* Of a window: as the options or the resource say; and before a frame. */
void overlays_begin(struct session *session);
void overlays_refresh(struct session *session);

/* What changed is drawn in the next frame: all of it, or a shape and its text as they are now. */
void overlays_changed(struct session *session);
void overlays_touch(struct session *session, const struct measure *measure);

/* Over what was drawn of the window's picture. */
void overlays_draw(struct session *session, struct rect rect, const struct pixels *pixels);

#endif
