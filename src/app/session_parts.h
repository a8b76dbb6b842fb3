/* The session's inside, shared by session.c, framing.c and chrome.c. Private to app. */
#ifndef APP_SESSION_PARTS_H
#define APP_SESSION_PARTS_H

#include "session.h"

/* framing.c: paints, sends and announces what has changed, unless a frame is under way. */
void framing_turn(struct session *session);
/* Writes the state as it is now, a frame of its own when nothing was painted. */
void framing_announce(struct session *session);

/* Asks for the tiles of what will be seen: before there is a picture, or even a window. */
void framing_begin_page(struct session *session);
/* A part of the picture is to be painted anew, from the tiles that are there. */
void framing_damage(struct session *session, struct rect rect);
/* True when what is seen is final and the server has all of it. */
bool framing_settled(const struct session *session);

/* stack.c: what keys, the wheel and the clock ask for; once in each turn. */
void stack_turn(struct session *session);
/* From now on what is seen is not what was asked for; the state must not say that it is final. */
void stack_note_opening(struct session *session);
/* A frame has been painted: what waited for that page may come. */
void stack_painted(struct session *session);
/* The page asked for cannot be shown. True when another one waited, and is on its way. */
bool stack_failed(struct session *session);
bool stack_wheel_pages(const struct session *session);

/* hand.c: a key, or the mouse over the image; the context is the session. */
void hand_used(void *context, const struct input *input);

/* session.c: names file and page in the title. */
void session_set_title(struct session *session);
/* True when the arena has room for all the tiles that the view needs. */
bool framing_fits(const struct scene *scene);

/* busy.c: looks at what is being done, and sets the status line's progress bar. Does so by itself
 * until nothing is. */
void busy_update(struct session *session);
void busy_view_changed(struct session *session);

/* arrivals.c: the list of files, and what changes or comes meanwhile. False without a fault: it was
 * told to stop while it waited for a first one. */
bool arrivals_begin(struct session *session, struct fault *fault);
void arrivals_end(struct session *session);
/* Another file is shown, or the same anew. */
void arrivals_shown(struct session *session);

/* commands_script.c: whether what is seen is final; a file or page asked for meanwhile that cannot
 * be shown is a fault. */
enum script_wait wait_idle(struct session *session, struct script_run *run, struct fault *fault);
enum script_wait wait_refused(struct session *session, const struct script_run *run,
                              struct fault *fault);

/* chrome.c: status line, message line, help. */
void chrome_pointer(struct session *session,
                    const struct input *input); /* the pointer moved, or left */
void chrome_probed(struct session *session, int64_t x, int64_t y, const double *values);
void chrome_update(struct session *session); /* sets the status line's texts from the scene */
void chrome_draw_status(struct session *session);
void chrome_show_message(struct session *session); /* the last one, where there is one */
void chrome_draw_panel(struct session *session, enum panel panel);
void chrome_layout(struct session *session); /* message and help for the window's size */
void chrome_measure_later(struct session *session);

#endif
