/* Help, command list and manual page: see manual.h. Prints to standard output. */
#include "manual.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"

#include "commands.h"
#include "config.h"
#include "json.h"
#include "options.h"
#include "tone/preset.h"
#include "ui/help.h"
#include "ui/keymap.h"

enum { TITLE = 96, COLUMN = 38 };

static const char summary[] = N_("viewer for TIFF images, with window and level, on thin clients");

const struct help_row manual_x_options[] = {
    {"-display NAME", N_("the X server")},
    {"-geometry WxH+X+Y", N_("size and place of the window")},
    {"-name NAME, -title TEXT", N_("resource name; window title")},
    {"-xrm RESOURCE", N_("an X resource, as \"Xlightbox*background: gray80\"")},
    {"-fn FONT, -bg COLOUR, -fg COLOUR", N_("font and colours around the picture")},
    {"-iconic", N_("start as an icon")},
    {NULL, NULL},
};

static const struct help_row x_resources[] = {
    {"geometry, title, iconic", "as the options of these names"},
    {"font, background, foreground", "of all that is around and over the picture"},
    {"fontScale",
     "above 1: a font so many times larger in its place, where the server has one, and larger texts over "
     "the picture (1)"},
    {"darkBackground, darkForeground", "the same colours in the dark scheme"},
    {"scheme", "auto, gray or dark; auto is dark on the full screen"},
    {"chrome", "as --chrome"},
    {"wheel", "as --wheel"},
    {"pageWindow", "as --page-window"},
    {"lock", "on: as --lock"},
    {"gamma", "as --gamma"},
    {"colormap", "as --colormap"},
    {"presets", "further presets, with commas between them: NAME WIDTH CENTER [UNIT]"},
    {"overlay", "as --overlay; measurements without it"},
    {"recent",
     "on keeps the files shown last from session to session; off (default): in memory alone"},
    {"bindings", "lines KEY: COMMANDS, as \"Ctrl+j: zoom 2\" or \"Ctrl<Key>j: zoom 2\"; none takes "
                 "what a key does away"},
    {"mouse", "lines BUTTON: TOOL, as \"Ctrl+Button1: pan\", of drags; a tool of the command tool, "
              "or tool (the one chosen: Button1), none, page (through the stack)"},
    {"levelDrag", "up or down: which way a drag makes brighter (up)"},
    {"coveredSeconds", "so long a window is covered before it gives its memory back (60)"},
    {NULL, NULL},
};

static const struct help_row environment[] = {
    {"DISPLAY", "the X server"},
    {"XENVIRONMENT", "a file of X resources; the class is Xlightbox"},
    {"XAPPLRESDIR", "a folder whose file Xlightbox is read under all other resources of the user"},
    {"XFILESEARCHPATH",
     "templates, between colons, of the app-defaults file, with %N for Xlightbox and %T for app-defaults"},
    {"XDG_STATE_HOME",
     "where xlightbox/recent lies, with the resource recent; else ~/.local/state"},
    {"TMPDIR", "where temporary files lie, which have no name; else /var/tmp, else /tmp"},
    {"XLIGHTBOX_LOG", "topics to log on stderr: worker, tiles, frame, x11, command, all"},
    {NULL, NULL},
};

static const char along[] = N_(
    "The stack: a file's slices where it has several, else its time points, else its pages;\n"
    "cine takes time points first. Where pages are no channels, channel shows one sample of each "
    "pixel.");

static const char quoting[] =
    "A semicolon or a line end stands between two commands, blanks between words. 'Single quotes' "
    "keep all as it is; in \"double quotes\" a backslash keeps a following quote or backslash; "
    "outside quotes it keeps any character. A # at the start of a word comments out the rest of "
    "the line. What follows a command that fails is not run; errors tell line and column.";

static const struct help_row exit_statuses[] = {
    {"0", "done"},
    {"1", "a file could not be shown, or not all of it; each is named on stderr with the reason. A "
          "command of -f, --commands or --remote failed"},
    {"2", "wrong usage"},
    {"3", "no display, or the X server went away"},
    {NULL, NULL},
};

static void option_title(const struct option_row *row, char *text, size_t room)
{
    snprintf(text, room, "%s%s%s%s", row->name[1] ? "--" : "-", row->name, row->argument ? " " : "",
             row->argument ? row->argument : "");
}

static void command_title(const struct command *command, char *text, size_t room)
{
    snprintf(text, room, "%s%s%s", command->name, *command->arguments ? " " : "",
             command->arguments);
}

/* ---- --help and --list-commands ---- */

/* Padded by columns, which letters may take two of, and several bytes. */
static void print_row(const char *title, const char *help)
{
    int blanks = 34 - language_columns(_(title));
    printf("  %s%*s %s\n", _(title), blanks > 0 ? blanks : 0, "", _(help));
}

static void print_rows(const struct help_row *rows)
{
    for (; rows->keys; rows++)
        print_row(rows->keys, rows->help);
}

void manual_help(void)
{
    const char *group = "";
    printf("xlightbox %s: %s\n\n", PACKAGE_VERSION, _(summary));
    printf("%s\n", _("usage: xlightbox [X toolkit options] [options] FILE..."));
    for (const struct option_row *row = option_rows; row->name; row++) {
        char title[TITLE];
        if (strcmp(group, row->group))
            printf("\n%s\n", _(row->group));
        group = row->group;
        option_title(row, title, sizeof title);
        print_row(title, row->help);
    }
    printf("\n%s\n", _("X toolkit options"));
    print_rows(manual_x_options);
    printf("\n%s\n", _("Mouse"));
    print_rows(help_mouse);
    printf("\n%s\n",
           _("Keys: press ? in the window, or see --list-commands. Exit status: 0 done, 1 a "
             "file could\nnot be shown, or not all of it, 2 wrong usage, 3 no display."));
}

/* Every key of a command, with what it does where the command takes a word: "f (fit)". */
static void print_keys(const struct command *command, const char *between)
{
    const char *at = command->keys;
    while (*at) {
        size_t length = strcspn(at, " ");
        size_t key = strcspn(at, ": ");
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)key, at);
        printf("%s%s", at > command->keys ? between : " ", name);
        if (key < length)
            printf(" (%.*s)", (int)(length - key - 1), at + key + 1);
        at += length;
        at += strspn(at, " ");
    }
}

void manual_commands(void)
{
    for (const struct command *command = command_table; command->name; command++) {
        char title[TITLE];
        command_title(command, title, sizeof title);
        bool fits = strlen(title) <= COLUMN;
        printf("%-*s%s%*s %s\n", COLUMN, title, fits ? "" : "\n", fits ? 0 : COLUMN, "",
               _(command->help));
        if (*command->keys) {
            printf("%-*s %s", COLUMN, "", _("keys:"));
            print_keys(command, " ");
            printf("\n");
        }
    }
    printf("\n%s\n\n%s\n", _(along), _("presets (width/centre in Hounsfield units):"));
    for (const struct preset *preset = presets; preset->name; preset++)
        printf("  %-16s %6g / %-6g %s\n", preset->name, preset->width, preset->center,
               preset->source);
}

static void put(void *context, const char *bytes, size_t count)
{
    fwrite(bytes, 1, count, context);
}

static void json_text(const char *name, const char *text)
{
    printf("\"%s\":", name);
    json_string(text, put, stdout);
}

static void json_keys(const char *keys)
{
    printf("\"keys\":[");
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " "), key = strcspn(at, ": ");
        char name[32], argument[64];
        snprintf(name, sizeof name, "%.*s", (int)key, at);
        snprintf(argument, sizeof argument, "%.*s", key < length ? (int)(length - key - 1) : 0,
                 at + (key < length ? key + 1 : 0));
        printf("%s{", at > keys ? "," : "");
        json_text("key", name);
        printf(",");
        json_text("argument", argument);
        printf("}");
        at += length;
    }
    printf("]");
}

void manual_commands_json(void)
{
    printf("{\"commands\":[");
    for (const struct command *command = command_table; command->name; command++) {
        printf("%s{", command > command_table ? ",\n" : "\n");
        json_text("name", command->name);
        printf(",");
        json_text("arguments", command->arguments);
        printf(",\"least\":%d,\"most\":%d,", command->least, command->most);
        json_text("help", command->help);
        printf(",");
        json_keys(command->keys);
        printf("}");
    }
    printf("],\n\"presets\":[");
    for (const struct preset *preset = presets; preset->name; preset++) {
        printf("%s{", preset > presets ? ",\n" : "\n");
        json_text("name", preset->name);
        printf(",\"width\":%g,\"center\":%g,", preset->width, preset->center);
        json_text("source", preset->source);
        printf("}");
    }
    printf("]}\n");
}

/* ---- the manual page ---- */

/* Text for troff: hyphens and backslashes stay what they are. */
static void roff(const char *text)
{
    for (; *text; text++) {
        if (*text == '-')
            printf("\\-");
        else if (*text == '\\')
            printf("\\e");
        else if (*text == '.' || *text == '\'')
            printf("\\&%c", *text);
        else
            putchar(*text);
    }
}

static void roff_row(const char *title, const char *text)
{
    printf(".TP\n.B ");
    roff(title);
    printf("\n");
    roff(text);
    printf("\n");
}

static void roff_rows(const char *heading, const struct help_row *rows)
{
    printf(".SH %s\n", heading);
    for (; rows->keys; rows++)
        roff_row(rows->keys, rows->help);
}

static void roff_options(void)
{
    const char *group = "";
    printf(".SH OPTIONS\n");
    for (const struct option_row *row = option_rows; row->name; row++) {
        char title[TITLE];
        if (strcmp(group, row->group))
            printf(".SS %s\n", row->group);
        group = row->group;
        option_title(row, title, sizeof title);
        roff_row(title, row->help);
    }
}

static void roff_commands(void)
{
    printf(
        ".SH COMMANDS\nKeys, the options\n.BR \\-e , \\-f , \\-\\-commands\nand\n"
        ".BR \\-\\-remote ,\nand the property\n.B _XLIGHTBOX_COMMAND\nof the window run commands.\n"
        ".PP\n");
    roff(quoting);
    printf("\n.PP\n");
    roff(along);
    printf("\n");
    for (const struct command *command = command_table; command->name; command++) {
        char title[TITLE];
        command_title(command, title, sizeof title);
        roff_row(title, command->help);
        if (*command->keys) {
            printf(".br\nKeys:");
            print_keys(command, ", ");
            printf("\n");
        }
    }
}

static void roff_window(void)
{
    printf(
        ".SH WINDOW\nMenu bar, tool row, side panel and status line lie around the image; "
        "\\fBTab\\fP hides them.\n.PP\nThe child window named\n.B image\nholds the picture and nothing else: what "
        "is grabbed from it equals what\n.B \\-\\-render\nwrites for the same size and view.\n.PP\n"
        "The property\n.B _XLIGHTBOX_STATE\nof the top\\-level window is written anew after each "
        "frame:\n.PP\n.nf\nframe=17 idle=1 file=NAME page=1/3 size=3072x2560 window=400 "
        "level=40\nzoom=0.25 center=1536,1280 rotate=0 invert=0 transport=shm pending=0\n.fi\n"
        ".PP\nWith idle=1 the picture is final, and the server has it.  coarser=N follows where \\-\\-memory\\-limit leaves "
        "room for coarser tiles alone, gamma=G and colormap=NAME where they are not 1 and gray.  A script written to the property\n"
        ".B _XLIGHTBOX_COMMAND\nis run, and the answer put in\n.BR _XLIGHTBOX_RESULT .\n"
        ".PP\nFiles dropped on the window (XDND) open, and so does what the command\n.B paste\nfinds: "
        "a path, or a list of files (text/uri\\-list).  The command\n.B copy\ngives the selections "
        "PRIMARY and CLIPBOARD a text, and CLIPBOARD the picture as image/png and image/ppm.\n.PP\n"
        "WM_SAVE_YOURSELF has WM_COMMAND written anew, so that it starts the viewer at the same file, "
        "page, window and zoom.\n");
}

void manual_page(void)
{
    printf(".TH XLIGHTBOX 1 \"\" \"xlightbox %s\"\n", PACKAGE_VERSION);
    printf(".SH NAME\nxlightbox \\- ");
    roff(summary);
    printf("\n.SH SYNOPSIS\n.B xlightbox\n[X toolkit options] [options] FILE...\n");
    printf(".SH DESCRIPTION\nShows TIFF images of any depth, gray or colour, in an X window, with "
           "DICOM's window functions, in a few megabytes of memory whatever their size.  Files are "
           "decoded in processes of their own, which may do little else.\n");
    roff_options();
    roff_rows("X TOOLKIT OPTIONS", manual_x_options);
    roff_rows("X RESOURCES", x_resources);
    roff_rows("MOUSE", help_mouse);
    roff_commands();
    roff_window();
    roff_rows("EXIT STATUS", exit_statuses);
    roff_rows("ENVIRONMENT", environment);
    printf(".SH SIGNALS\n");
    roff_row("SIGUSR1", "prints the memory report on stderr");
}
