/* The command table and its handlers: see commands.h. What a command does to the picture it does
 * through the session. */
#include "commands_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"

#include "session.h"
#include "values.h"

enum { PAN_PIXELS = 64 };
#define ZOOM_STEP 1.25

bool command_refuse(struct fault *fault, const char *word, const char *wanted)
{
    return fault_set(fault, FAULT_USAGE, "'%s' is not %s", word, _(wanted));
}

static bool run_window(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    double width, center = session->scene.window.center;
    if (!value_number(words[0], &width) || width <= 0)
        return command_refuse(fault, words[0], "a width above 0");
    if (count > 1 && !value_number(words[1], &center))
        return command_refuse(fault, words[1], "a centre");
    scene_use_window(&session->scene, width, center);
    session_tone_changed(session);
    (void)reply;
    return true;
}

static bool run_level(void *context, int count, char **words, struct reply *reply,
                      struct fault *fault)
{
    struct session *session = context;
    double center;
    if (!value_number(words[0], &center))
        return command_refuse(fault, words[0], "a centre");
    scene_use_window(&session->scene, session->scene.window.width, center);
    session_tone_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_voi(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    enum voi voi;
    if (!voi_parse(words[0], &voi))
        return command_refuse(fault, words[0], "linear, linear-exact or sigmoid");
    scene_use_function(&session->scene, voi);
    session_tone_changed(session);
    (void)count, (void)reply;
    return true;
}

bool command_switch(int count, char **words, bool *value, struct fault *fault)
{
    if (count == 0)
        *value = !*value;
    else if (!strcmp(words[0], "on") || !strcmp(words[0], "off"))
        *value = words[0][1] == 'n';
    else
        return command_refuse(fault, words[0], "on or off");
    return true;
}

static bool run_invert(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    if (!command_switch(count, words, &session->scene.window.invert, fault))
        return false;
    session_tone_changed(session);
    (void)reply;
    return true;
}

static bool run_gamma(void *context, int count, char **words, struct reply *reply,
                      struct fault *fault)
{
    struct session *session = context;
    if (!value_gamma(words[0], &session->scene.window.gamma))
        return command_refuse(fault, words[0], "a number from 0.1 to 10");
    session_tone_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_colormap(void *context, int count, char **words, struct reply *reply,
                         struct fault *fault)
{
    struct session *session = context;
    int map;
    if (!value_choice(words[0], colormap_names, &map))
        return command_refuse(fault, words[0],
                              "gray, inverted, hot-iron, pet, spectrum, viridis or cividis");
    session->scene.window.map = (enum colormap)map;
    session_tone_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_zoom(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    struct session *session = context;
    struct view *view = &session->scene.view;
    enum view_mode mode = VIEW_FREE;
    double zoom = view->zoom;
    if (!strcmp(words[0], "in"))
        zoom *= ZOOM_STEP;
    else if (!strcmp(words[0], "out"))
        zoom /= ZOOM_STEP;
    else if (!value_zoom(words[0], &mode, &zoom))
        return command_refuse(fault, words[0], "fit, fill, in, out, a factor or a percentage");
    if (mode == VIEW_FIT)
        view_fit(view);
    else if (mode == VIEW_FILL)
        view_fill(view);
    else
        view_zoom_about(view, zoom, view->width / 2.0, view->height / 2.0);
    session_view_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_pan(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    static const struct {
        const char *name;
        int dx, dy;
    } ways[] = {{"left", 1, 0}, {"right", -1, 0}, {"up", 0, 1}, {"down", 0, -1}};
    struct session *session = context;
    double dx = 0, dy = 0;
    for (size_t i = 0; count == 1 && i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(words[0], ways[i].name)) {
            dx = ways[i].dx * PAN_PIXELS;
            dy = ways[i].dy * PAN_PIXELS;
        }
    if (count == 1 && dx == 0 && dy == 0)
        return command_refuse(fault, words[0], "left, right, up or down");
    if (count == 2 && (!value_number(words[0], &dx) || !value_number(words[1], &dy)))
        return command_refuse(fault, words[0], "a number of pixels each way");
    view_pan(&session->scene.view, dx, dy);
    session_view_changed(session);
    (void)reply;
    return true;
}

static bool run_center(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    double x, y;
    if (!value_number(words[0], &x) || !value_number(words[1], &y))
        return command_refuse(fault, words[0], "a point of the image");
    view_center(&session->scene.view, x, y);
    session_view_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_rotate(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    struct view *view = &session->scene.view;
    int turns;
    if (!strcmp(words[0], "right"))
        turns = 1;
    else if (!strcmp(words[0], "left"))
        turns = 3;
    else if (value_turns(words[0], &turns))
        turns = (turns - view->turns + 4) % 4;
    else
        return command_refuse(fault, words[0], "left, right, 0, 90, 180 or 270");
    view_turn(view, turns);
    session_view_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_flip(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    struct session *session = context;
    if (!strcmp(words[0], "h"))
        view_flip_horizontal(&session->scene.view);
    else if (!strcmp(words[0], "v"))
        view_flip_vertical(&session->scene.view);
    else
        return command_refuse(fault, words[0], "h or v");
    session_view_changed(session);
    (void)count, (void)reply;
    return true;
}

static bool run_reset(void *context, int count, char **words, struct reply *reply,
                      struct fault *fault)
{
    struct session *session = context;
    gesture_cancel(&session->gesture);
    scene_initial_view(&session->scene);
    scene_initial_window(&session->scene);
    session_view_changed(session);
    session_tone_changed(session);
    (void)count, (void)words, (void)reply, (void)fault;
    return true;
}

static bool run_file(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    struct session *session = context;
    struct place_range range = {N_("file"), session->file + 1, session->files.count, false, false};
    int32_t place;
    (void)count, (void)reply;
    if (!place_read(&range, words[0], &place, fault))
        return false;
    return place == session->file + 1 ||
           session_open_file(session, place - 1, place_way(words[0]), fault);
}

static bool run_quit(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    (void)count, (void)words, (void)reply, (void)fault;
    session_quit(context);
    return true;
}

const struct command command_table[] = {
    {"window", "WIDTH [CENTER]", N_("set the window's width, and centre"), "", N_("Tone"), "", 1, 2,
     run_window},
    {"level", "CENTER", N_("set the window's centre"), "", N_("Tone"), "", 1, 1, run_level},
    {"auto", "[view|X,Y,WxH]",
     N_("window from the percentiles: of all, of what is seen, of a region"), "0", N_("Tone"),
     N_("*_Automatic|A_utomatic of what is seen:view"), 0, 1, command_auto},
    {"preset", "NAME|file|list|save NAME|delete NAME",
     N_("CT window, one that you saved, or the one that the file names; save or delete one"),
     "1:brain 2:lung 3:abdomen 4:bone 5:liver 6:mediastinum 7:subdural 8:stroke 9:temporal-bone",
     N_("Tone"),
     N_("-(_Brain:brain|(_Lung:lung|(Ab_domen:abdomen|(B_one:bone"
        "|(Li_ver:liver|(_Mediastinum:mediastinum|(_Subdural:subdural"
        "|(S_troke:stroke|(Tem_poral bone:temporal-bone"),
     1, 2, command_preset},
    {"voi", "linear|linear-exact|sigmoid", N_("the window function"), "", N_("Tone"),
     N_("-(Li_near:linear|(Linear e_xact:linear-exact|(Si_gmoid:sigmoid"), 1, 1, run_voi},
    {"invert", "[on|off]", N_("black and white change places"), "i", N_("Tone"), N_("-*[_Invert"),
     0, 1, run_invert},
    {"gamma", "G", N_("show y^G for a brightness y from 0 to 1: below 1 what is dark is brighter"),
     "", N_("Tone"), N_("-(Gamma _0.5:0.5|(Gamma _1:1|(Gamma _2:2"), 1, 1, run_gamma},
    {"colormap", "NAME", N_("colours for gray images"), "", N_("Tone"),
     N_("-(Gra_y:gray|(Inv_erted:inverted|(_Hot iron:hot-iron|(PET (_Z):pet|(Spe_ctrum:spectrum"
        "|(Viridis (_Q):viridis|(Cividis (_J):cividis"),
     1, 1, run_colormap},
    {"zoom", "fit|fill|in|out|N|N%", N_("zoom the picture"),
     "f:fit equal:fit z:1 plus:in minus:out", N_("View"),
     N_("*(_Fit to window:fit|(Fi_ll window:fill|*(_Actual pixels:1|Zoom _in:in|Zoom _out:out"), 1,
     1, run_zoom},
    {"pan", "left|right|up|down|DX DY", N_("move the view"),
     "Left:left Right:right Up:up Down:down", N_("View"), "", 1, 2, run_pan},
    {"center", "X Y", N_("the image point in the middle of the view"), "", N_("View"), "", 2, 2,
     run_center},
    {"rotate", "left|right|DEGREES", N_("turn the picture"), "r:right Shift+R:left", N_("View"),
     N_("-*Rotate _right:right|Rotate l_eft:left"), 1, 1, run_rotate},
    {"flip", "h|v", N_("mirror the picture"), "h:h v:v", N_("View"),
     N_("Flip _horizontally:h|Flip _vertically:v"), 1, 1, run_flip},
    {"reset", "", N_("view and window as at the start"), "Escape", N_("View"),
     N_("-Re_set view and window"), 0, 0, run_reset},
    {"stack", "N|next|previous|first|last|+N|-N", N_("go along the stack"),
     "Next:next Prior:previous Home:first End:last", N_("Image"),
     N_("*_Next:next|*_Previous:previous|_First:first|_Last:last"), 1, 1, command_stack},
    {"page", "N|next|previous|first|last|+N|-N", N_("go to page"), "", N_("Image"), "", 1, 1,
     command_page},
    {"channel", "N|all|next|previous|first|last|+N|-N", N_("go to channel"),
     "k:next Shift+K:previous a:all", N_("Image"), N_("-Next _channel:next|_All channels:all"), 1,
     1, command_channel},
    {"slice", "N|next|previous|first|last|+N|-N", N_("go to slice (z)"),
     "greater:next less:previous", N_("Image"), "", 1, 1, command_slice},
    {"time", "N|next|previous|first|last|+N|-N", N_("go to time point"), "t:next Shift+T:previous",
     N_("Image"), "", 1, 1, command_time},
    {"series", "N|next|previous|first|last|+N|-N", N_("go to series"),
     "Ctrl+Next:next Ctrl+Prior:previous", N_("Image"),
     N_("-Next _series:next|Previous s_eries:previous"), 1, 1, command_series},
    {"cine", "[on|off|FPS|loop|bounce]", N_("play the stack"), "c", N_("Image"), N_("-*[Pla_y"), 0,
     1, command_cine},
    {"wheel", "auto|page|zoom", N_("what the wheel does; auto: page through stacks, else zoom"), "",
     N_("View"), N_("-(Wheel as _the file has it:auto|(Wheel pa_ges:page|(Wheel _zooms:zoom"), 1, 1,
     command_wheel},
    {"page-window", "keep|auto", N_("windows stay from page to page, or each page has its own"), "",
     N_("Tone"), N_("-(_Keep window:keep|(_Window of each page:auto"), 1, 1, command_page_window},
    {"open", "[FILE]", N_("show another file; without a name, choose one in a dialog"), "Ctrl+o",
     N_("File"), N_("_Open..."), 0, 1, command_open},
    {"lock", "[on|off]", N_("the window stays for every page and file, whatever they name"),
     "Shift+L", N_("Tone"), N_("[_Fixed window"), 0, 1, command_lock},
    {"file", "N|next|previous|first|last|+N|-N", N_("go to file"), "n:next p:previous", N_("File"),
     N_("_Next file:next|_Previous file:previous"), 1, 1, run_file},
    {"folder", "next|previous|first|last|+N|-N",
     N_("go to another image of the directory of the file shown"),
     "bracketright:next bracketleft:previous", N_("File"),
     N_("Next in _directory:next|Previous in d_irectory:previous"), 1, 1, command_folder},
    {"recent", "[N|clear]", N_("open one of the files shown last, forget them, or print them"), "",
     N_("File"), N_("-Clear recent _files:clear"), 0, 1, command_recent},
    {"reload", "", N_("read the file anew"), "F5 Ctrl+r", N_("File"), N_("-_Reload"), 0, 0,
     command_reload},
    {"copy", "[measurement|value|file]",
     N_("copy a measurement, else the value pointed at, else the name; and the picture"), "Ctrl+c",
     N_("File"), N_("-_Copy"), 0, 1, command_copy},
    {"paste", "[primary]", N_("open files that another program has copied"), "Ctrl+v", N_("File"),
     N_("P_aste"), 0, 1, command_paste},
    {"overviews", "build|stop",
     N_("write FILE.ovr: reduced copies that make large pages open faster"), "", N_("File"),
     N_("-_Build overviews:build|_Stop building:stop"), 1, 1, command_overviews},
    {"tool", "[NAME]", N_("what the left button does; without a name, print the tools"),
     "w:window d:distance b:rectangle e:ellipse x:probe l:loupe o:zoom-box", N_("Tools"),
     N_("*(_Window/level:window|*(_Pan:pan|*(_Zoom:zoom|*(Zoom _box:zoom-box|*(_Loupe:loupe|(A_uto window:auto-box"
        "|-*(P_robe:probe|*(_Distance:distance|*(Rectan_gle:rectangle|*(_Ellipse:ellipse"),
     0, 1, command_tool},
    {"loupe", "N", N_("how many times larger the tool loupe shows the picture"), "", N_("Tools"),
     "", 1, 1, command_loupe},
    {"probe", "X,Y", N_("stored and modality value of the sample there"), "", N_("Tools"), "", 1, 1,
     command_probe},
    {"distance", "X1,Y1 X2,Y2", N_("measure a length, in the file's spacing"), "", N_("Tools"), "",
     2, 2, command_distance},
    {"rectangle", "X,Y WxH",
     N_("mean, SD (n - 1), min, max and area of the stored samples whose centres lie in it"), "",
     N_("Tools"), "", 2, 2, command_rectangle},
    {"ellipse", "X,Y WxH", N_("the same in the ellipse of that box"), "", N_("Tools"), "", 2, 2,
     command_ellipse},
    {"measurements", "[json]", N_("print what has been measured of the file"), "", N_("Tools"), "",
     0, 1, command_measurements},
    {"calibrate", "LENGTH UNIT|off", N_("the last distance is so long: spacings follow"), "",
     N_("Tools"), "", 1, 2, command_calibrate},
    {"clear", "measurements|last|N", N_("remove all measurements, or one"), "Delete:last",
     N_("Tools"), N_("-Remove las_t:last|Remove _all:measurements"), 1, 1, command_clear},
    {"overlay", "all|measurements|scale|marks|corners|colorbar [on|off]",
     N_("show or hide what is drawn over the picture"),
     "y:measurements s:scale Shift+M:marks Shift+I:corners Shift+C:colorbar", N_("View"),
     N_("-[Meas_urements:measurements|[Scale _bar:scale|[Orientation mar_ks:marks"
        "|[Te_xts in the corners:corners|[_Colour bar:colorbar"),
     1, 2, command_overlay},
    {"chrome", "[on|off|menu|tools|panel|files|status [on|off]]",
     N_("show or hide all but the image, or a part of it"), "Tab F4:files", N_("Window"),
     N_("[_Image alone|-[_Menu bar:menu|[_Tool row:tools|[Side _panel:panel|[File _list:files|[_Status "
        "line:status"),
     0, 2, command_chrome},
    {"status", "[on|off]", N_("show or hide the status line"), "", N_("Window"), "", 0, 1,
     command_status},
    {"fullscreen", "[on|off]", N_("use the whole screen"), "F11", N_("Window"),
     N_("-[_Full screen"), 0, 1, command_fullscreen},
    {"scheme", "auto|gray|dark", N_("colours of all but the image; auto: dark on the full screen"),
     "", N_("Window"), N_("-(_Automatic colours:auto|(_Gray:gray|(_Dark:dark"), 1, 1,
     command_scheme},
    {"histogram", "[linear|log]", N_("how high the bars of the histogram are"), "", N_("Tone"),
     N_("-[Loga_rithmic histogram"), 0, 1, command_histogram},
    {"memory", "hud [on|off]|report [json]|large|snapshot NAME|diff A [B]", N_("memory in use"),
     "m:hud", N_("Help"), N_("[_Memory panel:hud"), 1, 3, command_memory},
    {"screenshot", "[FILE] [image] [force]",
     N_("write what the window shows, or the picture in it alone, when it is final"), "",
     N_("File"), N_("-Sa_ve what is shown..."), 0, 3, command_screenshot},
    {"render", "[FILE] [WxH] [scale S] [16] [overlay] [force]",
     N_("write the view, at another size or so many times larger; with 16 bits"), "", N_("File"),
     N_("Save vie_w..."), 0, 7, command_render},
    {"export", "[FILE] [X,Y,WxH|page] [force]",
     N_("write the stored samples of what is seen, of a region or of all the page as .tif"), "",
     N_("File"), N_("Save sa_mples..."), 0, 3, command_export},
    {"wait", "idle|frame N|file [SECONDS]",
     N_("go on when the picture is final, frame N was shown, or the file asked for is there"), "",
     N_("File"), "", 1, 3, command_wait},
    {"state", "[--json]", N_("print all that there is to know of the view"), "", N_("File"), "", 0,
     1, command_state},
    {"transport", "report [json]", N_("how pictures reach the X server, and what that costs"), "",
     N_("Help"), "", 1, 2, command_transport},
    {"help", "", N_("show or hide the help"), "question F1", N_("Help"), N_("_Keys and mouse"), 0,
     0, command_help},
    {"quit", "", N_("end the viewer"), "q", N_("File"), N_("-_Quit"), 0, 0, run_quit},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};
