/* Resizing in step with the window manager (x11/sync.c): the test is the manager, by EWMH's text;
 * and openbox is it, with its own way to resize by mouse. */
#include "suite.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/extensions/sync.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

enum { QUIET_MS = 300 };

static Atom atom(const char *name)
{
    return XInternAtom(server(), name, False);
}

/* Says what a manager can, which the test is then, or nobody any more. */
static void support(bool there)
{
    Atom what = atom("_NET_WM_SYNC_REQUEST");
    Window root = DefaultRootWindow(server());
    if (there)
        XChangeProperty(server(), root, atom("_NET_SUPPORTED"), XA_ATOM, 32, PropModeReplace,
                        (const unsigned char *)&what, 1);
    else
        XDeleteProperty(server(), root, atom("_NET_SUPPORTED"));
    XSync(server(), False);
}

/* The first of a property's numbers and how often `wanted` is among them; 0: it is not there. */
static unsigned long property(Window window, const char *name, unsigned long wanted, int *times)
{
    Atom type;
    int format;
    unsigned long count = 0, left, first = 0;
    unsigned char *data = NULL;
    XGetWindowProperty(server(), window, atom(name), 0, 64, False, AnyPropertyType, &type, &format,
                       &count, &left, &data);
    const unsigned long *numbers = (const unsigned long *)(const void *)data;
    *times = 0;
    for (unsigned long i = 0; i < count && format == 32; i++)
        *times += numbers[i] == wanted;
    if (count && format == 32)
        first = numbers[0];
    if (data)
        XFree(data);
    return first;
}

static XSyncCounter counter_of(const struct viewer *viewer)
{
    int times;
    return property(viewer->top, "_NET_WM_SYNC_REQUEST_COUNTER", 0, &times);
}

/* It comes soon after the first picture. */
static XSyncCounter counter_comes(const struct viewer *viewer)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; !counter_of(viewer) && now_ms() < limit;)
        pause_ms(10);
    return counter_of(viewer);
}

static int64_t number_in(XSyncCounter counter)
{
    XSyncValue value;
    if (!XSyncQueryCounter(server(), counter, &value))
        return -1;
    return (int64_t)XSyncValueHigh32(value) << 32 | XSyncValueLow32(value);
}

static bool comes_to(XSyncCounter counter, int64_t number)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; number_in(counter) != number && now_ms() < limit;)
        pause_ms(5);
    return number_in(counter) == number;
}

static void request(const struct viewer *viewer, int64_t number)
{
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = viewer->top,
                                .message_type = atom("WM_PROTOCOLS"),
                                .format = 32}};
    event.xclient.data.l[0] = (long)atom("_NET_WM_SYNC_REQUEST");
    event.xclient.data.l[2] = (long)(uint32_t)number;
    event.xclient.data.l[3] = (long)(number >> 32);
    XSendEvent(server(), viewer->top, False, NoEventMask, &event);
    XSync(server(), False);
}

static void the_counter_follows_the_picture(void)
{
    struct viewer viewer;
    int event, error, major, minor, times, width, height;
    CU_ASSERT_FATAL(XSyncQueryExtension(server(), &event, &error) &&
                    XSyncInitialize(server(), &major, &minor));
    support(true);
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", harness_film()))
        return;
    XSyncCounter counter = counter_comes(&viewer);
    CU_ASSERT_FATAL(counter != None);
    property(viewer.top, "WM_PROTOCOLS", atom("_NET_WM_SYNC_REQUEST"), &times);
    CU_ASSERT_EQUAL(times, 1);
    CU_ASSERT_EQUAL(number_in(counter), 0);
    for (int i = 1; i <= 3; i++) {
        int64_t number = (int64_t)i << 32 | (0x80000000u + (unsigned)i);
        int64_t before = number_in(counter), frame = viewer_frame(&viewer);
        request(&viewer, number);
        pause_ms(QUIET_MS);
        CU_ASSERT_EQUAL(number_in(counter), before); /* the size has not come yet */
        XResizeWindow(server(), viewer.top, 400 + 50 * (unsigned)i, 300);
        CU_ASSERT(comes_to(counter, number));
        CU_ASSERT(viewer_frame(&viewer) > frame);
        CU_ASSERT(viewer_image_size(&viewer, &width, &height) && width == 400 + 50 * i);
    }
    request(&viewer, 7);
    XMoveWindow(server(), viewer.top, 30, 30); /* the size there was */
    CU_ASSERT(comes_to(counter, 7));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    support(false);
}

static void nobody_is_kept_waiting_elsewhere(void)
{
    struct viewer viewer;
    for (int i = 0; i < 2; i++) {
        support(i);
        if (!(i ? VIEW(&viewer, "-geometry", "400x300+0+0", "--transport", "put", harness_film())
                : VIEW(&viewer, "-geometry", "400x300+0+0", harness_film())))
            continue;
        CU_ASSERT(viewer_do(&viewer, "zoom 2"));
        pause_ms(QUIET_MS);
        CU_ASSERT_EQUAL(counter_of(&viewer), None);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    support(false);
}

static void openbox_resizes_by_mouse(void)
{
    struct viewer viewer;
    int width = 0, height = 0;
    pid_t manager = manager_start("openbox");
    if (!manager)
        return;
    if (VIEW(&viewer, "-geometry", "400x300+100+100", harness_film())) {
        XSyncCounter counter = counter_comes(&viewer);
        CU_ASSERT_FATAL(counter != None);
        CU_ASSERT(manager_focus(viewer.top));
        XDOTOOL("mousemove", "450", "370", "keydown", "alt", "mousedown", "3");
        for (int i = 0; i < 20; i++)
            XDOTOOL("mousemove_relative", "10", "5");
        XDOTOOL("mouseup", "3", "keyup", "alt");
        for (int64_t limit = now_ms() + PATIENCE_MS; width != 600 && now_ms() < limit; pause_ms(20))
            viewer_image_size(&viewer, &width, &height);
        CU_ASSERT_EQUAL(width, 600);
        CU_ASSERT(number_in(counter) > 0);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    manager_stop(manager);
}

SUITE("resizing", {"the counter follows the picture", the_counter_follows_the_picture},
      {"nobody is kept waiting elsewhere", nobody_is_kept_waiting_elsewhere},
      {"openbox resizes by mouse", openbox_resizes_by_mouse})
