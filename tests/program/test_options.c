/* The command line and what the program says of itself. Guards app/options.c, app/option_rows.c,
 * app/values.c, app/main.c and app/manual.c. */
#include "suite.h"

#include <string.h>

#include "app/options.h"
#include "app/values.h"
#include "support/json.h"
#include "support/run.h"

static bool parse(struct options *options, struct fault *fault, const char *const *words)
{
    static char copies[32][128];
    static char *list[33]; /* options.files leads there */
    int count = 0;
    for (; words[count] && count < 32; count++)
        list[count] = strcpy(copies[count], words[count]);
    list[count] = NULL;
    return options_parse(options, count, list, fault);
}

#define PARSE(...) parse(&options, &fault, (const char *const[]){"xlightbox", __VA_ARGS__, NULL})

static void options_set_what_they_name(void)
{
    struct options options;
    struct fault fault;
    CU_ASSERT(PARSE("--window", "400", "--level=-600.5", "a.tif", "--zoom", "25%", "--center",
                    "10,20.5", "--rotate", "90", "--flip", "h", "--page", "3", "--invert",
                    "--memory", "8M", "--workers", "3", "--voi", "sigmoid", "--rescale",
                    "2,-1024"));
    CU_ASSERT_EQUAL(options.job, JOB_VIEW);
    CU_ASSERT(options.has_width && options.width == 400);
    CU_ASSERT(options.has_center && options.center == -600.5);
    CU_ASSERT(options.zoom_mode == VIEW_FREE && options.zoom == 0.25);
    CU_ASSERT(options.has_point && options.point_x == 10 && options.point_y == 20.5);
    CU_ASSERT(options.turns == 1 && options.flip_horizontal && !options.flip_vertical);
    CU_ASSERT(options.page == 2 && options.invert && options.workers == 3);
    CU_ASSERT(options.memory == 8 << 20 && options.voi == VOI_SIGMOID);
    CU_ASSERT(options.rescaled && options.modality.slope == 2 &&
              options.modality.intercept == -1024);
    CU_ASSERT(options.file_count == 1 && !strcmp(options.files[0], "a.tif"));
    CU_ASSERT(PARSE("--render", "o.png", "--size", "640x480", "--", "-odd-name.tif"));
    CU_ASSERT(options.job == JOB_RENDER && options.size_width == 640 && options.size_height == 480);
    CU_ASSERT_STRING_EQUAL(options.files[0], "-odd-name.tif");
    CU_ASSERT(PARSE("--channel", "all", "--slice=7", "--time", "2", "--series", "3",
                    "--every-directory", "--orientation", "raw", "--strict", "--no-sandbox",
                    "a.tif"));
    CU_ASSERT_STRING_EQUAL(options.along[AXIS_CHANNEL], "all");
    CU_ASSERT_STRING_EQUAL(options.along[AXIS_SLICE], "7");
    CU_ASSERT_STRING_EQUAL(options.along[AXIS_TIME], "2");
    CU_ASSERT_STRING_EQUAL(options.series, "3");
    CU_ASSERT(options.every_directory && options.raw_orientation && options.strict);
    CU_ASSERT(options.no_sandbox && !options.has_voi);
    CU_ASSERT(PARSE("--orientation", "raw", "--orientation", "upright", "--voi=linear", "a.tif"));
    CU_ASSERT(!options.raw_orientation && !options.strict && !options.no_sandbox);
    CU_ASSERT(options.has_voi && !options.along[AXIS_CHANNEL] && !options.series);
    CU_ASSERT(PARSE("-e", "zoom 2; quit", "a.tif"));
    CU_ASSERT_STRING_EQUAL(options.commands, "zoom 2; quit");
    CU_ASSERT(PARSE("--memory-trace", "10", "--memory-report", "--json", "a.tif"));
    CU_ASSERT(options.memory_trace == 10 && options.memory_report && options.json);
    CU_ASSERT_FALSE(PARSE("--memory-trace", "0", "a.tif"));
    CU_ASSERT_FALSE(PARSE("--memory-trace"));
}

static void visuals_are_named(void)
{
    static const char *const names[] = {"truecolor",      "GrayScale",    "pseudocolor:8",
                                        "directcolor:24", "staticgray:1", "staticcolor",
                                        "0x21",           "0X4c"};
    struct options options;
    struct fault fault;
    CU_ASSERT(PARSE("a.tif") && !options.visual && !options.private_colormap);
    CU_ASSERT(PARSE("--private-colormap", "a.tif") && options.private_colormap);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT(PARSE("--visual", names[i], "a.tif") && !strcmp(options.visual, names[i]));
}

static void off_values_are_refused_with_a_sentence(void)
{
    static const char *const off[][3] = {{"--window", "0"},         {"--window", "wide"},
                                         {"--level", "nan"},        {"--zoom", "0"},
                                         {"--zoom", "-1"},          {"--zoom", "large"},
                                         {"--center", "5"},         {"--rotate", "45"},
                                         {"--flip", "x"},           {"--page", "0"},
                                         {"--size", "0x10"},        {"--size", "10"},
                                         {"--memory", "lots"},      {"--workers", "0"},
                                         {"--workers", "17"},       {"--voi", "cubic"},
                                         {"--transport", "pigeon"}, {"--preset", "knee"},
                                         {"--rescale", "0,1"},      {"--rescale", "1"},
                                         {"--channel", "0"},        {"--channel", "red"},
                                         {"--slice", "all"},        {"--time", "-1"},
                                         {"--series", "0"},         {"--orientation", "down"},
                                         {"--visual", "gray"},      {"--visual", "truecolor:0"},
                                         {"--visual", "0x"},        {"--visual", "truecolor:16x"}};
    struct options options;
    struct fault fault;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        CU_ASSERT_FALSE(PARSE(off[i][0], off[i][1], "a.tif"));
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, off[i][0]));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, off[i][1]));
    }
    CU_ASSERT_FALSE(PARSE("--window", "5"));
    CU_ASSERT_FALSE(PARSE("--unheard-of", "a.tif"));
    CU_ASSERT_FALSE(PARSE("--render", "o.png", "a.tif", "b.tif"));
}

/* In whatever order they are named; the same twice is one. */
static void jobs_exclude_each_other(void)
{
    static const struct {
        const char *words[6], *sentence;
    } pairs[] = {
        {{"--render", "o.png", "--info"}, "--render and --info"},
        {{"--info", "--render", "o.png"}, "--render and --info"},
        {{"--build-overviews", "--info"}, "--build-overviews and --info"},
        {{"--render=o.png", "--build-overviews"}, "--build-overviews and --render"},
        {{"--info", "--info"}, NULL},
        {{"--render", "o.png", "--render", "p.png"}, NULL},
    };
    struct options options;
    struct fault fault;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *words[9] = {"xlightbox", "a.tif"};
        memcpy(words + 2, pairs[i].words, sizeof pairs[i].words);
        CU_ASSERT_EQUAL(parse(&options, &fault, words), !pairs[i].sentence);
        if (!pairs[i].sentence)
            continue;
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
        CU_ASSERT_PTR_EQUAL(strstr(fault.text, pairs[i].sentence), fault.text);
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, " exclude each other"));
    }
}

static void rows_are_sound(void)
{
    for (const struct option_row *row = option_rows; row->name; row++) {
        CU_ASSERT(*row->help && *row->group && row->set);
        for (const struct option_row *other = row + 1; other->name; other++)
            CU_ASSERT(strcmp(row->name, other->name) != 0);
    }
}

static void sizes_are_read_and_told(void)
{
    size_t bytes = 7;
    char text[32];
    CU_ASSERT(value_bytes("1.5K", &bytes) && bytes == 1536);
    CU_ASSERT(value_bytes("2GiB", &bytes) && bytes == (size_t)2 << 30);
    CU_ASSERT_FALSE(value_bytes("-1", &bytes));
    CU_ASSERT_FALSE(value_bytes("1T", &bytes));
    bytes_text(11744051, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "11.2 MiB");
    int64_t number = 5;
    CU_ASSERT_FALSE(value_integer("9x", 0, 10, &number));
    CU_ASSERT_FALSE(value_integer("11", 0, 10, &number));
    CU_ASSERT_EQUAL(number, 5);
}

static void numbers_read_back(void)
{
    static const double numbers[] = {400, 0.25, 0.291015625, 419.0 / 192, 1e9 + 0.5, -600, 1.0 / 3};
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double back = 0;
        number_text(numbers[i], text);
        CU_ASSERT(value_number(text, &back) && back == numbers[i]);
    }
    number_text(400, text);
    CU_ASSERT_STRING_EQUAL(text, "400");
    number_text(0.291015625, text);
    CU_ASSERT_STRING_EQUAL(text, "0.291015625");
}

static void the_program_explains_itself(void)
{
    struct run run;
    RUN(&run, program(), "--help");
    CU_ASSERT_EQUAL(run.status, 0);
    for (const struct option_row *row = option_rows; row->name; row++)
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, row->help));
    RUN(&run, program(), "--version");
    CU_ASSERT(run.status == 0 && !strncmp(run.out, "xlightbox ", 10));
    RUN(&run, program(), "--list-commands");
    CU_ASSERT(run.status == 0 && strstr(run.out, "temporal-bone"));
    RUN(&run, program(), "--list-commands", "--json");
    CU_ASSERT(run.status == 0 && json_sound(run.out));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "{\"key\":\"f\",\"argument\":\"fit\"}"));
    RUN(&run, program(), "--manual");
    CU_ASSERT(run.status == 0 && strstr(run.out, ".SH COMMANDS"));
    RUN(&run, program());
    CU_ASSERT_EQUAL(run.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "no file is named"));
    RUN(&run, program(), "--zoom", "sideways", "a.tif");
    CU_ASSERT_EQUAL(run.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "sideways"));
}

SUITE("options", {"options set what they name", options_set_what_they_name},
      {"visuals are named", visuals_are_named},
      {"off values are refused with a sentence", off_values_are_refused_with_a_sentence},
      {"jobs exclude each other", jobs_exclude_each_other},
      {"the table's rows are sound", rows_are_sound},
      {"sizes are read and told", sizes_are_read_and_told},
      {"numbers read back", numbers_read_back},
      {"the program explains itself", the_program_explains_itself})
