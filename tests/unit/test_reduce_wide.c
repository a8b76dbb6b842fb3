/* Reduction of every type and number of channels, and from overviews, out of sources that compute
 * their samples; the means are worked out here sample by sample. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "source/reduce.h"
#include "source/reduce_wide.h"
#include "support/fake_source.h"
#include "support/tile_desk.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { WIDTH = 530, HEIGHT = 281 };

/* Sums of these are exact in any order. Floats have NaN here and there and in a part where cells
 * hold nothing else, and now and then an infinity of either sign. */
static double any_value(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel);
    enum sample_type type = (enum sample_type)fake->source.page.type;
    if (sample_is_narrow(type))
        return (double)(h % (uint64_t)sample_codes(type)) + sample_least(type);
    if (type == SAMPLE_U32)
        return (uint32_t)h;
    if (type == SAMPLE_I32)
        return (int32_t)(uint32_t)h;
    if (h >> 60 == 0 || (x >= 250 + 8 * channel && x < 400 && y >= 100 && y < 300))
        return (double)NAN;
    if (h >> 50 < 4)
        return h & 1 ? (double)INFINITY : (double)-INFINITY;
    double value = (double)(int32_t)(h % (1 << 22)) - (1 << 20);
    return fake->source.page.integral ? value : value / 64;
}

/* Every sample of the page, channel by channel. */
static double *values_of(const struct fake_source *fake)
{
    const struct page *page = &fake->source.page;
    double *values = malloc(sizeof *values * (size_t)(page->width * page->height * page->channels));
    double *value = values;
    for (int channel = 0; channel < page->channels; channel++)
        for (int64_t y = 0; y < page->height; y++)
            for (int64_t x = 0; x < page->width; x++)
                *value++ = fake->value(fake, x, y, channel);
    return values;
}

struct cell {
    double mean;
    bool lost;
};

static struct cell naive_cell(const struct fake_source *fake, const double *values, int k,
                              int64_t column, int64_t row)
{
    const struct page *page = &fake->source.page;
    double sum = 0, count = 0;
    struct cell cell = {0, false};
    for (int64_t y = row << k; y < (row + 1) << k && y < page->height; y++)
        for (int64_t x = column << k; x < (column + 1) << k && x < page->width; x++) {
            double value = values[y * page->width + x];
            cell.lost |= fake_source_lacks(fake, x, y);
            sum += isnan(value) ? 0 : value;
            count += !isnan(value);
        }
    cell.mean = page->integral && k ? floor((2 * sum + count) / (2 * count)) : sum / count;
    return cell;
}

static bool cell_is_right(const struct cell *cell, enum sample_type type, const void *samples,
                          int64_t i)
{
    double value = sample_value(type, samples, i);
    if (sample_is_lost(type, samples, i) != (cell->lost && sample_is_float(type)))
        return false;
    if (cell->lost)
        return sample_is_float(type) ||
               value - (sample_is_narrow(type) ? sample_least(type) : 0) == 0;
    double mean = type == SAMPLE_F32 ? (double)(float)cell->mean : cell->mean;
    return isnan(mean) ? isnan(value) : value == mean;
}

/* One plane of a tile; *sound is made false where a cell is lost. */
static bool plane_is_right(const struct tile_desk *desk, const struct fake_source *fake,
                           const double *values, int32_t i, int channel, bool *sound)
{
    const struct page *page = &fake->source.page;
    enum sample_type type = (enum sample_type)page->type;
    struct area area = tile_desk_area(desk, i, page->width, page->height);
    for (int64_t y = 0; y < area.height; y++)
        for (int64_t x = 0; x < area.width; x++) {
            struct cell cell = naive_cell(fake, values + channel * page->width * page->height,
                                          desk->span.reduction, area.x + x, area.y + y);
            *sound &= !cell.lost;
            const uint8_t *marks = desk->marks + i * (ptrdiff_t)TILE_MARK_BYTES;
            if (tile_is_marked(marks, y * TILE_SIDE + x) != cell.lost ||
                !cell_is_right(&cell, type, desk->tiles[i],
                               channel * TILE_SAMPLES + y * TILE_SIDE + x)) {
                printf("  tile %d channel %d at %lld, %lld\n", (int)i, channel, (long long)x,
                       (long long)y);
                return false;
            }
        }
    return true;
}

static bool tile_is_right(const struct tile_desk *desk, const struct fake_source *fake,
                          const double *values, int32_t i)
{
    bool sound = true;
    for (int channel = 0; channel < fake->source.page.channels; channel++)
        if (!plane_is_right(desk, fake, values, i, channel, &sound))
            return false;
    return desk->done[i] == 1 && desk->sound[i] == sound;
}

static bool reduces_right(struct fake_source *fake, const double *values, int k)
{
    struct fault fault = {0};
    struct tile_desk desk;
    tile_desk_init(&desk, tile_desk_span(&fake->source.page, k),
                   page_sample_bytes(&fake->source.page));
    bool fine = reduce_tiles(&fake->source, desk.span, &desk.orders, &fault);
    bool right = fine == !fake->step && (fine || strstr(fault.text, "cannot be decoded"));
    for (int32_t i = 0; i < tile_desk_tiles(&desk) && right; i++)
        right = tile_is_right(&desk, fake, values, i);
    if (!right)
        printf("  k %d\n", k);
    tile_desk_fini(&desk);
    return right;
}

static const struct {
    int64_t block_width, block_height, run;
} shapes[] = {{0, 16, 0}, {0, 281, 101}, {16, 32, 7}, {80, 48, 0}, {128, 128, 33}, {544, 144, 200}};

static void check_layout(const struct fake_layout *layout, int64_t run, bool integral, bool bad)
{
    struct fake_source fake;
    fake_source_init(&fake, layout, any_value);
    fake.run = run;
    fake.source.page.integral |= integral;
    if (bad) {
        fake.first_bad = 1 % fake.source.page.blocks;
        fake.step = 7;
        fake.rows_of_bad = 5;
    }
    double *values = values_of(&fake);
    for (int k = 0; k <= 10; k = k < 6 ? k + 1 : k + 2) {
        bool right = reduces_right(&fake, values, k);
        CU_ASSERT(right);
        if (!right)
            printf("  type %d channels %d blocks %lld x %lld%s\n", (int)layout->type,
                   layout->channels, (long long)layout->block_width,
                   (long long)layout->block_height, bad ? ", some bad" : "");
    }
    free(values);
}

static void every_type_is_reduced(void)
{
    for (int type = 0; type < SAMPLE_TYPES; type++)
        for (size_t i = 0; i < COUNT(shapes); i++) {
            struct fake_layout layout = {.width = WIDTH,
                                         .height = HEIGHT,
                                         .block_width = shapes[i].block_width,
                                         .block_height = shapes[i].block_height,
                                         .type = (enum sample_type)type,
                                         .channels = i % 2 ? 1 : 3};
            for (int pass = 0; pass < 2; pass++, layout.channels ^= 2)
                check_layout(&layout, shapes[i].run, i % 3 == 1, pass);
        }
}

/* Overviews: each holds values that tell it from the others. */

static double marked(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)x, (void)y, (void)channel;
    return (double)fake->mark;
}

enum { PAGE_MARK = 100000, MARK = 1000 /* and the reduction: of an overview */ };

/* A page of 5 x 3 tiles at reduction 3, with overviews of 2 and 3. */
struct pyramid {
    struct fake_source page, two, three;
};

static void pyramid_init(struct pyramid *p)
{
    struct fake_layout layout = {10001, 5003, 256, 256, SAMPLE_F32, 3};
    fake_source_init(&p->page, &layout, marked);
    p->page.mark = PAGE_MARK;
    struct fake_source *overviews[] = {&p->two, &p->three};
    for (int i = 0; i < 2; i++) {
        layout.width = reduced_size(10001, 2 + i);
        layout.height = reduced_size(5003, 2 + i);
        fake_source_init(overviews[i], &layout, marked);
        overviews[i]->mark = MARK + 2 + i;
        p->page.overviews[2 + i] = &overviews[i]->source;
    }
}

/* Reduces the part of the page that `span` names, and tells what its tiles were made of: "page",
 * "2", "3" for each; "!" follows a tile that is not sound, "?" one that is no such thing. */
static const char *made_of(struct pyramid *p, struct tile_span span, long drop_after,
                           struct fault *fault, bool *fine)
{
    static char text[200];
    struct tile_desk desk;
    text[0] = 0;
    *fault = (struct fault){0};
    tile_desk_init(&desk, span, page_sample_bytes(&p->page.source.page));
    desk.drop_after = drop_after;
    *fine = reduce_tiles(&p->page.source, span, &desk.orders, fault);
    for (int32_t i = 0; i < tile_desk_tiles(&desk); i++) {
        const float *samples = (const float *)(const void *)desk.tiles[i];
        float first = samples[2 * TILE_SAMPLES];
        const char *name = !desk.done[i]                ? "-"
                           : first == (float)PAGE_MARK  ? "p"
                           : first == (float)(MARK + 2) ? "2"
                           : first == (float)(MARK + 3) ? "3"
                                                        : "?";
        strcat(text, desk.done[i] > 1 ? "?" : name);
        if (desk.done[i] && !desk.sound[i])
            strcat(text, "!");
    }
    tile_desk_fini(&desk);
    return text;
}

static void the_coarsest_overview_that_will_do_is_used(void)
{
    static const struct {
        int k;
        const char *made_of;
    } cases[] = {{0, "pp"}, {1, "pp"}, {2, "22"}, {3, "33"}, {4, "33"}};
    struct fault fault;
    bool fine;
    struct pyramid p;
    for (size_t i = 0; i < COUNT(cases); i++) {
        pyramid_init(&p);
        struct tile_span span = {0, cases[i].k, 0, 1, 2, 1};
        CU_ASSERT_STRING_EQUAL(made_of(&p, span, 0, &fault, &fine), cases[i].made_of);
        CU_ASSERT(fine);
        CU_ASSERT_EQUAL(p.page.reads > 0, cases[i].k < 2);
    }
}

/* The means come of the overview's samples, in the page's own cells. */
static void overviews_are_reduced_like_pages(void)
{
    struct fake_layout layout = {WIDTH, HEIGHT, 80, 48, SAMPLE_U16, 1};
    struct fake_source page, overview;
    fake_source_init(&page, &layout, marked);
    layout.width = reduced_size(WIDTH, 1);
    layout.height = reduced_size(HEIGHT, 1);
    fake_source_init(&overview, &layout, any_value);
    page.overviews[1] = &overview.source;
    double *values = values_of(&overview);
    struct fault fault;
    for (int k = 1; k < 5; k++) {
        struct tile_desk desk;
        tile_desk_init(&desk, tile_desk_span(&page.source.page, k), 2);
        CU_ASSERT(reduce_tiles(&page.source, desk.span, &desk.orders, &fault));
        desk.span.reduction = k - 1;
        for (int32_t i = 0; i < tile_desk_tiles(&desk); i++)
            CU_ASSERT(tile_is_right(&desk, &overview, values, i));
        tile_desk_fini(&desk);
    }
    free(values);
}

static void break_block(struct fake_source *fake, int64_t block)
{
    fake->first_bad = block;
    fake->step = INT32_MAX;
}

static void what_overviews_lack_comes_from_finer_ones(void)
{
    /* The 5 x 3 tiles of reduction 3, whose blocks are those of the overview. */
    const struct tile_span all = {0, 3, 0, 0, 5, 3};
    struct fault fault;
    bool fine;
    struct pyramid p;
    pyramid_init(&p);
    break_block(&p.three, 6);
    CU_ASSERT_STRING_EQUAL(made_of(&p, all, 0, &fault, &fine), "333333233333333");
    CU_ASSERT(fine && fault.kind == FAULT_NONE);
    p.three.silent = true;
    CU_ASSERT_STRING_EQUAL(made_of(&p, all, 0, &fault, &fine), "333333233333333");
    CU_ASSERT(fine);
    break_block(&p.two, 12); /* of 10 x 5: in tile 6 of the span */
    p.two.step = 7;
    CU_ASSERT_STRING_EQUAL(made_of(&p, all, 0, &fault, &fine), "333333p33333333");
    CU_ASSERT(fine && fault.kind == FAULT_NONE);
    break_block(&p.page, 8 * 40 + 8); /* of 40 x 20: tile 6 begins there */
    CU_ASSERT_STRING_EQUAL(made_of(&p, all, 0, &fault, &fine), "333333?!33333333");
    CU_ASSERT(!fine && strstr(fault.text, "block 328 cannot be decoded"));
}

static void overviews_that_do_not_fit_are_passed_over(void)
{
    const struct tile_span one = {0, 3, 1, 1, 1, 1};
    struct fault fault;
    bool fine;
    struct pyramid p;
    for (int what = 0; what < 4; what++) {
        pyramid_init(&p);
        struct page *page = &p.three.source.page;
        page->type = what == 0 ? SAMPLE_F64 : page->type;
        page->channels -= what == 1;
        page->width -= what == 2;
        page->height += what == 3;
        CU_ASSERT_STRING_EQUAL(made_of(&p, one, 0, &fault, &fine), "2");
        CU_ASSERT(fine && !p.three.reads);
    }
}

static void nobody_wanting_the_rest_ends_all_of_it(void)
{
    struct fault fault;
    bool fine;
    struct pyramid p;
    pyramid_init(&p);
    break_block(&p.three, 0);
    CU_ASSERT_STRING_EQUAL(made_of(&p, (struct tile_span){0, 3, 0, 0, 5, 3}, 3, &fault, &fine),
                           "-33------------");
    CU_ASSERT(fine && p.three.reads && !p.two.reads && !p.page.reads);
}

static void refused_memory_is_a_fault(void)
{
    struct fault fault;
    bool fine;
    struct pyramid p;
    pyramid_init(&p);
    ledger_fail_after(1);
    CU_ASSERT_STRING_EQUAL(made_of(&p, (struct tile_span){0, 3, 0, 0, 1, 1}, 0, &fault, &fine),
                           "-");
    CU_ASSERT(!fine && fault.kind == FAULT_MEMORY);
    ledger_fail_after(0);
}

/* Arithmetic. */

static void means_stay_within_their_type(void)
{
    const struct reduce_wide_sum high = {3.0 * UINT32_MAX + 3, 3}, low = {-5.0 * 2147483649.0, 5};
    const struct reduce_wide_sum tie = {-5, 2}, none = {0, 0};
    const struct reduction whole32 = {4, SAMPLE_U32, true}, signed32 = {4, SAMPLE_I32, true};
    uint32_t u32;
    int32_t i32;
    float f32;
    reduce_wide_means(&whole32, &high, 1, &u32);
    CU_ASSERT_EQUAL(u32, UINT32_MAX);
    reduce_wide_means(&signed32, &low, 1, &i32);
    CU_ASSERT_EQUAL(i32, INT32_MIN);
    reduce_wide_means(&signed32, &high, 1, &i32);
    CU_ASSERT_EQUAL(i32, INT32_MAX);
    reduce_wide_means(&signed32, &tie, 1, &i32);
    CU_ASSERT_EQUAL(i32, -2);
    reduce_wide_means(&(struct reduction){4, SAMPLE_F32, true}, &tie, 1, &f32);
    CU_ASSERT_EQUAL(f32, -2);
    reduce_wide_means(&(struct reduction){4, SAMPLE_F32, false}, &tie, 1, &f32);
    CU_ASSERT_EQUAL(f32, -2.5F);
    reduce_wide_means(&(struct reduction){4, SAMPLE_F32, false}, &none, 1, &f32);
    CU_ASSERT(isnan(f32) && !sample_is_lost(SAMPLE_F32, &f32, 0));
}

/* A mean must be the same wherever the runs of its row were cut. */
static void sums_do_not_depend_on_runs(void)
{
    const struct reduction reduction = {5, SAMPLE_F64, false};
    double samples[96];
    for (int i = 0; i < 96; i++)
        samples[i] = 1 / (double)(3 + i);
    struct reduce_wide_sum whole[3] = {{0, 0}};
    reduce_wide_add(&reduction, whole, 0, samples, 96);
    for (int cut = 1; cut < 96; cut++) {
        struct reduce_wide_sum parts[3] = {{0, 0}};
        reduce_wide_add(&reduction, parts, 0, samples, cut);
        reduce_wide_add(&reduction, parts, cut, samples + cut, 96 - cut);
        CU_ASSERT(!memcmp(whole, parts, sizeof whole));
    }
}

SUITE("reduce/wide", {"every type is reduced", every_type_is_reduced},
      {"the coarsest overview that will do is used", the_coarsest_overview_that_will_do_is_used},
      {"overviews are reduced like pages", overviews_are_reduced_like_pages},
      {"what overviews lack comes from finer ones", what_overviews_lack_comes_from_finer_ones},
      {"overviews that do not fit are passed over", overviews_that_do_not_fit_are_passed_over},
      {"nobody wanting the rest ends all of it", nobody_wanting_the_rest_ends_all_of_it},
      {"refused memory is a fault", refused_memory_is_a_fault},
      {"means stay within their type", means_stay_within_their_type},
      {"sums do not depend on runs", sums_do_not_depend_on_runs})
