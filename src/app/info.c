/* --info: what each file is, as text or JSON. */
#include "render.h"

#include <inttypes.h>
#include <stdio.h>

#include "scene.h"

static void trouble(void *context, const struct fault *fault)
{
    (void)context;
    fprintf(stderr, "xlightbox: %s\n", fault->text);
}

static const struct scene_events events = {.trouble = trouble};

static const char *type_name(const struct page *page)
{
    static const char *const names[SAMPLE_TYPES] = {"8-bit unsigned", "8-bit signed",
                                                    "16-bit unsigned", "16-bit signed"};
    return names[page->type];
}

static void print_layout(const struct page *page)
{
    printf("  layout       %s, ", page->compression);
    if (page->tiled)
        printf("tiles of %" PRId64 " x %" PRId64, page->block_width, page->block_height);
    else if (page->blocks == 1)
        printf("one strip");
    else
        printf("strips of %" PRId64 " row%s", page->block_height,
               page->block_height == 1 ? "" : "s");
    printf(", %s, %s endian\n", page->big_tiff ? "BigTIFF" : "TIFF",
           page->big_endian ? "big" : "little");
}

static void print_text(const struct scene *scene, const char *path)
{
    char source[64];
    const struct page *page = &scene->page;
    scene_window_source(scene, source, sizeof source);
    for (const char *at = path; *at; at++)
        putchar((unsigned char)*at < 32 || *at == 127 ? '?' : *at);
    putchar('\n');
    printf("  size         %" PRId64 " x %" PRId64 "\n", page->width, page->height);
    printf("  type         %s, %s\n", type_name(page),
           page->min_is_white ? "MinIsWhite" : "MinIsBlack");
    printf("  page         %d of %d\n", page->index + 1, page->count);
    print_layout(page);
    if (page->spacing_x > 0)
        printf("  spacing      %.6g x %.6g mm (%s)\n", page->spacing_x, page->spacing_y,
               page->spacing_source);
    else
        printf("  spacing      not told\n");
    printf("  window       width %.10g, centre %.10g (%s)\n", scene->window.width,
           scene->window.center, source);
}

/* Bytes of the UTF-8 sequence at text; 0 when it is none. */
static int utf8_length(const unsigned char *text)
{
    int length = *text < 0x80   ? 1
                 : *text < 0xc2 ? 0
                 : *text < 0xe0 ? 2
                 : *text < 0xf0 ? 3
                 : *text < 0xf5 ? 4
                                : 0;
    for (int i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* File names are bytes; what is no UTF-8 becomes the replacement character. */
static void print_json_text(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    putchar('"');
    while (*at) {
        int length = utf8_length(at);
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 32 || *at == 127)
            printf("\\u%04x", *at);
        else if (length == 0)
            printf("\\ufffd");
        else
            printf("%.*s", length, (const char *)at);
        at += length ? length : 1;
    }
    putchar('"');
}

static void print_json(const struct scene *scene, const char *path)
{
    char source[64];
    const struct page *page = &scene->page;
    scene_window_source(scene, source, sizeof source);
    printf("{\"file\":");
    print_json_text(path);
    printf(",\"width\":%" PRId64 ",\"height\":%" PRId64
           ",\"bits\":%d,\"signed\":%s,\"photometric\":\"%s\",\"page\":%d,\"pages\":%d",
           page->width, page->height, page->bits,
           sample_is_signed((enum sample_type)page->type) ? "true" : "false",
           page->min_is_white ? "MinIsWhite" : "MinIsBlack", page->index + 1, page->count);
    printf(",\"compression\":\"%s\",\"tiled\":%s,\"block\":[%" PRId64 ",%" PRId64
           "],\"blocks\":%" PRId64 ",\"bigtiff\":%s,\"byte_order\":\"%s\"",
           page->compression, page->tiled ? "true" : "false", page->block_width, page->block_height,
           page->blocks, page->big_tiff ? "true" : "false", page->big_endian ? "big" : "little");
    if (page->spacing_x > 0)
        printf(",\"spacing_mm\":[%.10g,%.10g],\"spacing_source\":\"%s\"", page->spacing_x,
               page->spacing_y, page->spacing_source);
    printf(",\"window\":%.10g,\"level\":%.10g,\"window_source\":\"%s\"}\n", scene->window.width,
           scene->window.center, source);
}

static bool inquire(struct scene *scene, struct loop *loop, const struct options *options,
                    const char *path, struct fault *fault)
{
    if (!scene_init(scene, loop, options, &events, NULL, fault) ||
        !loader_open(scene->loader, path, options->page, fault) || !scene_wait(scene, fault))
        return false;
    (options->json ? print_json : print_text)(scene, path);
    return true;
}

int info_run(const struct options *options)
{
    int status = 0;
    for (int i = 0; i < options->file_count; i++) {
        struct fault fault = {0};
        struct scene scene = {0};
        struct loop loop;
        loop_init(&loop);
        bool good = inquire(&scene, &loop, options, options->files[i], &fault);
        if (!good)
            fprintf(stderr, "xlightbox: %s\n", fault.text);
        if (!good || scene.damaged)
            status = 1;
        scene_fini(&scene);
    }
    return status;
}
