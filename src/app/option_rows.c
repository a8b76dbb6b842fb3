/* The options, a row for each, and what sets them: see options.h. Owns nothing; texts are lent from
 * the argument vector. */
#include <string.h>

#include "base/language.h"

#include "batch.h"
#include "completion.h"
#include "economy.h"
#include "options.h"
#include "pattern.h"
#include "presets.h"
#include "ui/overlay.h"
#include "values.h"
#include "x11/shell.h"

const char *const wheel_uses[] = {"auto", "page", "zoom", NULL};
const char *const chromes[] = {"on", "status", "off", NULL};
const char *const page_windows[] = {"keep", "auto", NULL};

static bool bad(struct fault *fault, const char *name, const char *value, const char *wanted)
{
    return fault_set(fault, FAULT_USAGE, "--%s: '%s' is not %s", name, value, _(wanted));
}

static bool read_count(const char *value, int most, int *count)
{
    int64_t number;
    bool fine = value_integer(value, 1, most, &number);
    if (fine)
        *count = (int)number;
    return fine;
}

static bool set_window(struct options *o, const char *value, struct fault *fault)
{
    o->has_width = value_number(value, &o->width) && o->width > 0;
    return o->has_width || bad(fault, "window", value, "a width above 0");
}

static bool set_level(struct options *o, const char *value, struct fault *fault)
{
    o->has_center = value_number(value, &o->center);
    return o->has_center || bad(fault, "level", value, "a number");
}

static bool set_preset(struct options *o, const char *value, struct fault *fault)
{
    o->preset = presets_find(value);
    return o->preset || bad(fault, "preset", value, "a preset (--list-commands names them)");
}

static bool set_auto(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->auto_window = true;
}

static bool set_voi(struct options *o, const char *value, struct fault *fault)
{
    o->has_voi = voi_parse(value, &o->voi);
    return o->has_voi || bad(fault, "voi", value, "linear, linear-exact or sigmoid");
}

static bool set_invert(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->invert = true;
}

static bool set_gamma(struct options *o, const char *value, struct fault *fault)
{
    return value_gamma(value, &o->gamma) || bad(fault, "gamma", value, "a number from 0.1 to 10");
}

static bool set_colormap(struct options *o, const char *value, struct fault *fault)
{
    int map = 0;
    o->has_map = value_choice(value, colormap_names, &map);
    o->map = (enum colormap)map;
    return o->has_map || bad(fault, "colormap", value,
                             "gray, inverted, hot-iron, pet, spectrum, viridis or cividis");
}

static bool set_rescale(struct options *o, const char *value, struct fault *fault)
{
    struct modality *m = &o->modality;
    o->rescaled = value_pair(value, &m->slope, &m->intercept) && m->slope != 0;
    return o->rescaled ||
           bad(fault, "rescale", value, "SLOPE,INTERCEPT with a slope that is not 0");
}

static bool set_zoom(struct options *o, const char *value, struct fault *fault)
{
    o->zoom_given = true;
    return value_zoom(value, &o->zoom_mode, &o->zoom) ||
           bad(fault, "zoom", value, "fit, fill, a factor above 0 or a percentage");
}

static bool set_center(struct options *o, const char *value, struct fault *fault)
{
    o->has_point = value_pair(value, &o->point_x, &o->point_y);
    return o->has_point || bad(fault, "center", value, "a point X,Y");
}

static bool set_rotate(struct options *o, const char *value, struct fault *fault)
{
    return value_turns(value, &o->turns) || bad(fault, "rotate", value, "0, 90, 180 or 270");
}

static bool set_flip(struct options *o, const char *value, struct fault *fault)
{
    bool horizontal = !strcmp(value, "h") || !strcmp(value, "hv") || !strcmp(value, "vh");
    bool vertical = !strcmp(value, "v") || !strcmp(value, "hv") || !strcmp(value, "vh");
    o->flip_horizontal ^= horizontal;
    o->flip_vertical ^= vertical;
    return horizontal || vertical || bad(fault, "flip", value, "h, v or hv");
}

static bool set_page(struct options *o, const char *value, struct fault *fault)
{
    int64_t page;
    if (!value_integer(value, 1, INT32_MAX, &page))
        return bad(fault, "page", value, "a page number from 1 on");
    o->page = (int)page - 1;
    return true;
}

/* Along an axis of the file: the text is kept, since only the file tells what there is. */
static bool set_along(const char **word, const char *name, const char *value, struct fault *fault)
{
    int64_t number;
    *word = value;
    return (*value != '+' && value_integer(value, 1, INT32_MAX, &number)) ||
           bad(fault, name, value, "a number from 1 on");
}

static bool set_channel(struct options *o, const char *value, struct fault *fault)
{
    if (strcmp(value, "all"))
        return set_along(&o->along[AXIS_CHANNEL], "channel", value, fault);
    o->along[AXIS_CHANNEL] = value;
    return true;
}

static bool set_slice(struct options *o, const char *value, struct fault *fault)
{
    return set_along(&o->along[AXIS_SLICE], "slice", value, fault);
}

static bool set_time(struct options *o, const char *value, struct fault *fault)
{
    return set_along(&o->along[AXIS_TIME], "time", value, fault);
}

static bool set_series(struct options *o, const char *value, struct fault *fault)
{
    return set_along(&o->series, "series", value, fault);
}

static bool set_page_window(struct options *o, const char *value, struct fault *fault)
{
    return value_choice(value, page_windows, &o->page_window) ||
           bad(fault, "page-window", value, "keep or auto");
}

static bool set_overlay(struct options *o, const char *value, struct fault *fault)
{
    o->overlay_given = overlay_parse(value, &o->overlay);
    return o->overlay_given || bad(fault, "overlay", value, "all, none or names of overlays");
}

static bool set_wheel(struct options *o, const char *value, struct fault *fault)
{
    return value_choice(value, wheel_uses, &o->wheel) ||
           bad(fault, "wheel", value, "auto, page or zoom");
}

static bool set_cine(struct options *o, const char *value, struct fault *fault)
{
    return value_rate(value, &o->cine) || bad(fault, "cine", value, "a rate from 0.1 to 100");
}

static bool set_every_directory(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->every_directory = true;
}

static bool set_orientation(struct options *o, const char *value, struct fault *fault)
{
    o->raw_orientation = !strcmp(value, "raw");
    return o->raw_orientation || !strcmp(value, "upright") ||
           bad(fault, "orientation", value, "upright or raw");
}

/* Jobs with files. */
static bool set_job(struct options *o, enum job job)
{
    o->job = job;
    o->jobs |= 1u << job;
    return true;
}

static bool set_render(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    set_job(o, JOB_RENDER);
    o->output = value;
    return true;
}

static bool set_size(struct options *o, const char *value, struct fault *fault)
{
    return value_size(value, &o->size_width, &o->size_height) ||
           bad(fault, "size", value, "a size WxH");
}

static bool set_strict(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->strict = true;
}

static bool set_bits(struct options *o, const char *value, struct fault *fault)
{
    o->bits = !strcmp(value, "16") ? 16 : 8;
    return o->bits == 16 || !strcmp(value, "8") || bad(fault, "bits", value, "8 or 16");
}

static bool set_pages(struct options *o, const char *value, struct fault *fault)
{
    o->pages = value;
    return pages_valid(value) || bad(fault, "pages", value, "all, or pages as 1-3,5,8-");
}

static bool set_jobs(struct options *o, const char *value, struct fault *fault)
{
    return read_count(value, BATCH_JOBS, &o->jobs_at_once) ||
           bad(fault, "jobs", value, "a number from 1 to 64");
}

static bool set_force(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->force = true;
}

static bool set_info(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return set_job(o, JOB_INFO);
}

static bool set_json(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->json = true;
}

static bool set_build_overviews(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return set_job(o, JOB_BUILD);
}

static bool set_memory(struct options *o, const char *value, struct fault *fault)
{
    return value_bytes(value, &o->memory) ||
           bad(fault, "memory", value, "a size as 8M, 512K or 1G");
}

static bool set_memory_limit(struct options *o, const char *value, struct fault *fault)
{
    if (!value_bytes(value, &o->memory_limit))
        return bad(fault, "memory-limit", value, "a size as 24M or 1G");
    return o->memory_limit >= ECONOMY_LEAST ||
           fault_set(fault, FAULT_USAGE, "--memory-limit: at least %dM are needed, not %s",
                     ECONOMY_LEAST >> 20, value);
}

static bool set_spill(struct options *o, const char *value, struct fault *fault)
{
    size_t bytes = 0;
    bool fine = !strcmp(value, "0") || value_bytes(value, &bytes);
    o->spill = (int64_t)bytes;
    return fine || bad(fault, "spill", value, "a size as 512M or 4G, or 0");
}

static bool set_workers(struct options *o, const char *value, struct fault *fault)
{
    return read_count(value, 16, &o->workers) ||
           bad(fault, "workers", value, "a number from 1 to 16");
}

static bool set_no_sandbox(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->no_sandbox = true;
}

static bool set_transport(struct options *o, const char *value, struct fault *fault)
{
    o->transport = value;
    return shell_transport_known(value) ||
           bad(fault, "transport", value, "auto, shm, render, colormap, planes or put");
}

static bool set_visual(struct options *o, const char *value, struct fault *fault)
{
    o->visual = value;
    return connection_visual_known(value) ||
           bad(fault, "visual", value, "a class as grayscale or truecolor:16, or an id as 0x21");
}

static bool set_private_colormap(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->private_colormap = true;
}

static bool set_memory_report(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->memory_report = true;
}

static bool set_memory_trace(struct options *o, const char *value, struct fault *fault)
{
    return read_count(value, 1000000, &o->memory_trace) ||
           bad(fault, "memory-trace", value, "a number from 1 to 1000000");
}

static bool set_lock(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->lock = true;
}

static bool set_watch(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->watch = true;
}

static bool set_follow(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->follow = true;
}

static bool set_print_geometry(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->print_geometry = true;
}

static bool set_embed(struct options *o, const char *value, struct fault *fault)
{
    return value_window(value, &o->embed) ||
           bad(fault, "embed", value, "the number of a window, as 0x400001");
}

static bool set_title(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    o->title = value;
    return true;
}

static bool set_class(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    o->class = value;
    return true;
}

static bool set_chrome(struct options *o, const char *value, struct fault *fault)
{
    return value_choice(value ? value : "off", chromes, &o->chrome) ||
           bad(fault, "chrome", value, "on, status or off");
}

static bool set_kiosk(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    return o->kiosk = true;
}

static bool set_commands(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    o->commands = value;
    return true;
}

static bool set_script(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    o->script = value;
    return true;
}

static bool set_commands_in(struct options *o, const char *value, struct fault *fault)
{
    o->commands_in = !strcmp(value, "-");
    return o->commands_in || bad(fault, "commands", value, "- (standard input)");
}

static bool set_remote(struct options *o, const char *value, struct fault *fault)
{
    (void)fault;
    o->remote = value;
    return set_job(o, JOB_REMOTE);
}

static bool set_id(struct options *o, const char *value, struct fault *fault)
{
    return value_window(value, &o->remote_window) ||
           bad(fault, "id", value, "the number of a window, as 0x400001");
}

static bool set_help(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    o->job = JOB_HELP;
    return true;
}

static bool set_version(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    o->job = JOB_VERSION;
    return true;
}

static bool set_list_commands(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    o->job = JOB_COMMANDS;
    return true;
}

static bool set_manual(struct options *o, const char *value, struct fault *fault)
{
    (void)value, (void)fault;
    o->job = JOB_MANUAL;
    return true;
}

static bool set_completion(struct options *o, const char *value, struct fault *fault)
{
    o->job = JOB_COMPLETION;
    return value_choice(value, completion_shells, &o->shell) ||
           bad(fault, "completion", value, "bash, zsh or fish");
}

const struct option_row option_rows[] = {
    {"window", "W", N_("window width, in modality units"), N_("Tone"), set_window},
    {"level", "C", N_("window centre, in modality units"), N_("Tone"), set_level},
    {"preset", "NAME",
     N_("a named window: for CT (brain, lung, abdomen, bone, ...), or one that you saved"),
     N_("Tone"), set_preset},
    {"auto", NULL, N_("the window from the image's percentiles, even where the file names one"),
     N_("Tone"), set_auto},
    {"voi", "FUNCTION",
     N_("window function (DICOM): linear (default for whole numbers), linear-exact (for others) or "
        "sigmoid"),
     N_("Tone"), set_voi},
    {"invert", NULL, N_("black and white change places"), N_("Tone"), set_invert},
    {"gamma", "G",
     N_("show y^G for a brightness y from 0 to 1: below 1 what is dark becomes brighter (default 1)"),
     N_("Tone"), set_gamma},
    {"colormap", "NAME",
     N_("colours for gray images: gray (default), inverted, hot-iron, pet, spectrum, viridis or "
        "cividis"),
     N_("Tone"), set_colormap},
    {"rescale", "SLOPE,INTERCEPT",
     N_("modality value = stored value * SLOPE + INTERCEPT, whatever the file says"), N_("Tone"),
     set_rescale},
    {"zoom", "Z", N_("fit (default), fill, a factor (1 = one sample for a pixel) or N%"),
     N_("View"), set_zoom},
    {"center", "X,Y", N_("the image point in the middle of the view"), N_("View"), set_center},
    {"rotate", "DEGREES", N_("0, 90, 180 or 270, clockwise"), N_("View"), set_rotate},
    {"flip", "h|v|hv", N_("mirror what is seen, after rotating: left-right, top-bottom"),
     N_("View"), set_flip},
    {"page", "N", N_("the page to show first, from 1"), N_("View"), set_page},
    {"channel", "N|all",
     N_("the channel to show first, from 1: a page of its own, else a sample of each pixel alone"),
     N_("View"), set_channel},
    {"slice", "N", N_("the slice (z) to show first, from 1"), N_("View"), set_slice},
    {"time", "N", N_("the time point to show first, from 1"), N_("View"), set_time},
    {"series", "N", N_("the series (of OME-TIFF) to show first, from 1"), N_("View"), set_series},
    {"page-window", "keep|auto",
     N_("keep (default): windows stay from page to page; auto: each page has its own"), N_("View"),
     set_page_window},
    {"lock", NULL, N_("the window stays for every page and file, whatever they name"), N_("View"),
     set_lock},
    {"overlay", "LIST",
     N_("drawn over pictures: measurements,scale,marks,corners,colorbar; all; none"), N_("View"),
     set_overlay},
    {"wheel", "auto|page|zoom",
     N_("what the wheel does; auto (default): page through stacks, else zoom"), N_("View"),
     set_wheel},
    {"cine", "FPS", N_("play the stack, so many pages a second"), N_("View"), set_cine},
    {"every-directory", NULL, N_("count every directory as a page: overviews and masks too"),
     N_("View"), set_every_directory},
    {"orientation", "upright|raw",
     N_("apply the file's Orientation (default), or show rows as stored"), N_("View"),
     set_orientation},
    {"watch", NULL, N_("read the file shown anew when it changes, at the same place"), N_("View"),
     set_watch},
    {"follow", NULL, N_("of folders: show each image that comes into them"), N_("View"),
     set_follow},
    {"title", "TEXT", N_("the window's title, instead of file and page"), N_("View"), set_title},
    {"class", "NAME", N_("the class in WM_CLASS (Xlightbox)"), N_("View"), set_class},
    {"embed", "WINDOW", N_("be in that window of another program, as large as it is"), N_("View"),
     set_embed},
    {"print-geometry", NULL,
     N_("print where the window is, on stdout, once the first picture is there"), N_("View"),
     set_print_geometry},
    {"chrome", "on|status|off", N_("what is around the picture: all, the status line, nothing"),
     N_("View"), set_chrome},
    {"no-status", NULL, N_("the same as --chrome off"), N_("View"), set_chrome},
    {"kiosk", NULL, N_("the picture alone on the whole screen"), N_("View"), set_kiosk},
    {"render", "OUT",
     N_("write the view to OUT (.png .tif .ppm .pgm, - for PNM on stdout) without a display; in OUT %n "
        "is the file's name, %p the page, %i the file's number, %% a percent sign"),
     N_("Output"), set_render},
    {"bits", "8|16", N_("with --render: of a level in the picture (default 8)"), N_("Output"),
     set_bits},
    {"pages", "all|RANGE", N_("with --render: pictures of these pages, as 1-3,5,8-"), N_("Output"),
     set_pages},
    {"jobs", "N", N_("with --render: so many processes at once (default 1)"), N_("Output"),
     set_jobs},
    {"size", "WxH", N_("size of the picture that --render writes (default: the whole page)"),
     N_("Output"), set_size},
    {"force", NULL, N_("with --render: replace a file that is there"), N_("Output"), set_force},
    {"strict", NULL,
     N_("with --render: no picture where a block cannot be decoded or something had to be guessed or "
        "left out"),
     N_("Output"), set_strict},
    {"info", NULL, N_("print what the files are and what they say of themselves"), N_("Output"),
     set_info},
    {"json", NULL, N_("with --info: as JSON, a line for each file; with --memory-report: as JSON"),
     N_("Output"), set_json},
    {"build-overviews", NULL,
     N_("write FILE.ovr for each file: reduced copies of its page (--page) that make it open fast"),
     N_("Output"), set_build_overviews},
    {"memory", "SIZE", N_("budget of the tile arena, as 8M (default: what the window needs)"),
     N_("Means"), set_memory},
    {"memory-limit", "SIZE",
     N_("ceiling for all processes together, as 24M (12M at least); pictures become coarser, then "
        "files are refused"),
     N_("Means"), set_memory_limit},
    {"spill", "SIZE",
     N_("cap of each decoder's temporary file for very large blocks, as 512M (default 2G; 0: none)"),
     N_("Means"), set_spill},
    {"workers", "N", N_("decoder processes, 1 to 16 (default 2)"), N_("Means"), set_workers},
    {"no-sandbox", NULL,
     N_("let decoders keep their rights, without limits (the status line says so)"), N_("Means"),
     set_no_sandbox},
    {"transport", "NAME",
     N_("how pictures reach the X server: auto (default), shm, render, colormap, planes or put"),
     N_("Means"), set_transport},
    {"visual", "NAME",
     N_("the visual of the window: truecolor, pseudocolor, grayscale, staticgray, staticcolor or "
        "directcolor, with a depth (truecolor:16) or without, or an id as 0x21 (default: the best)"),
     N_("Means"), set_visual},
    {"private-colormap", NULL,
     N_("a colormap of its own, where colours are cells of one (default: the screen's, while that has "
        "room)"),
     N_("Means"), set_private_colormap},
    {"memory-report", NULL,
     N_("print the memory ledger at the end (on stderr where something else is on stdout)"),
     N_("Means"), set_memory_report},
    {"memory-trace", "N",
     N_("print what each process takes, on stderr, every N changes of the window"), N_("Means"),
     set_memory_trace},
    {"e", "COMMANDS", N_("run commands once the first picture is complete"), N_("Commands"),
     set_commands},
    {"f", "SCRIPT",
     N_("run the commands of a file likewise; one that fails ends the viewer, status 1"),
     N_("Commands"), set_script},
    {"commands", "-",
     N_("run each line of standard input; its answer ends with a line ok or error: ...; ends with the "
        "input"),
     N_("Commands"), set_commands_in},
    {"remote", "COMMANDS",
     N_("run commands in the viewer that is open on the display, print answers"), N_("Commands"),
     set_remote},
    {"id", "WINDOW", N_("with --remote: in the viewer of that window"), N_("Commands"), set_id},
    {"list-commands", NULL, N_("print the commands, their keys and the presets (--json: as JSON)"),
     N_("Commands"), set_list_commands},
    {"help", NULL, N_("print this help"), N_("Help"), set_help},
    {"version", NULL, N_("print the version"), N_("Help"), set_version},
    {"manual", NULL, N_("print the manual page (troff)"), N_("Help"), set_manual},
    {"completion", "bash|zsh|fish", N_("print what makes a shell complete options"), N_("Help"),
     set_completion},
    {NULL, NULL, NULL, NULL, NULL},
};
