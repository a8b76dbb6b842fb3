/* The loader's test bench: see support/loader_rig.h. Owns the one rig there is; looks into
 * the loader only to see whether its decoders are idle. */
#include "support/loader_rig.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tiff.h>
#include <unistd.h>

#include "base/clock.h"
#include "suite.h"
#include "tiles/loader_state.h"

struct rig rig;
struct worker_terms rig_terms;

const struct tiff_recipe rig_strips = {.width = 1500,
                                       .height = 1100,
                                       .type = SAMPLE_U16,
                                       .compression = COMPRESSION_ADOBE_DEFLATE,
                                       .rows_per_strip = 16};

const struct tiff_recipe rig_small = {
    .width = 700, .height = 500, .type = SAMPLE_I16, .value = tiff_value_signed, .pages = 2};

static void on_opened(void *context, const struct page *described)
{
    CU_ASSERT_PTR_EQUAL(context, &rig.loop);
    CU_ASSERT_PTR_EQUAL(described, loader_page(rig.loader));
    rig.page = *described;
    rig.opened++;
}

static void on_failed(void *context, const struct fault *fault)
{
    (void)context;
    rig.failure = *fault;
    rig.failed++;
}

static void on_refused(void *context, const struct fault *fault)
{
    (void)context;
    rig.failure = *fault;
    rig.refused++;
}

static void on_tile(void *context, struct tile_key key)
{
    (void)context;
    CU_ASSERT_PTR_NOT_NULL(arena_find(loader_arena(rig.loader), key, NULL));
    if (!rig.tiles++)
        rig.first_tile = key;
}

static void on_counted(void *context, const struct statistics *statistics)
{
    (void)context;
    rig.statistics = *statistics;
    rig.counted++;
}

static void on_probed(void *context, int64_t x, int64_t y, const double *values)
{
    (void)context;
    rig.probe_x = x;
    rig.probe_y = y;
    memcpy(rig.probe_values, values, (size_t)rig.page.channels * sizeof *values);
    rig.probed++;
}

static void on_pages(void *context, int32_t count, bool counting)
{
    (void)context;
    rig.page_count = count;
    rig.pages_counting = counting;
    rig.paged++;
}

static void on_fact(void *context, const struct fact *fact)
{
    (void)context;
    if (!fact) {
        rig.informed++;
        return;
    }
    if (!rig.facts++)
        rig.first_fact = *fact;
}

static void on_trouble(void *context, const struct fault *fault)
{
    pid_t pids[16];
    (void)context;
    rig.trouble = *fault;
    rig.troubles++;
    strncat(rig.all_troubles, fault->text, sizeof rig.all_troubles - strlen(rig.all_troubles) - 1);
    for (int i = rig.kill_in_trouble ? rig_pids(pids) : 0; i > 0; i--)
        kill(pids[i - 1], SIGKILL);
}

static void on_renewed(void *context)
{
    (void)context;
    rig.renewed++;
}

static void on_grown(void *context, struct tile_span span, int32_t from, int32_t to)
{
    (void)context;
    CU_ASSERT(span.rows == 1 && from < to && to <= TILE_SIDE);
    rig.grown++;
}

void rig_start(int workers)
{
    static const struct loader_events events = {on_opened,  on_failed,  on_refused, on_tile,
                                                on_counted, on_probed,  on_pages,   on_fact,
                                                on_trouble, on_renewed, on_grown};
    const char *place = getenv("TMPDIR");
    struct fault fault;
    snprintf(rig.folder, sizeof rig.folder, "%s/loader-XXXXXX", place ? place : "/tmp");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(rig.folder));
    snprintf(rig.path, sizeof rig.path, "%s/a.tif", rig.folder);
    loop_init(&rig.loop);
    rig.opened = rig.failed = rig.refused = rig.renewed = rig.grown = rig.tiles = rig.counted =
        rig.probed = rig.paged = rig.facts = rig.informed = rig.troubles = rig.key_count = 0;
    rig.kill_in_trouble = false;
    rig.all_troubles[0] = 0;
    rig.loader = loader_new(&rig.loop, workers, RIG_SLOTS, &rig_terms, &events, &rig.loop, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rig.loader);
}

void rig_finish(void)
{
    loader_free(rig.loader);
    errno = 0;
    CU_ASSERT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    unlink(rig.path);
    CU_ASSERT_EQUAL(rmdir(rig.folder), 0);
}

void rig_turn_until(const int *counter, int value)
{
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    while (*counter < value && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FATAL(*counter >= value);
}

void rig_turn_until_complete(void)
{
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    while (loader_pending(rig.loader) && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_EQUAL_FATAL(loader_pending(rig.loader), 0);
}

/* Every decoder has the file and waits. */
static bool all_idle(void)
{
    bool busy = false;
    for (int i = 0; i < crew_size(rig.loader->crew); i++)
        busy |= rig.loader->loads[i].request || crew_is_busy(rig.loader->crew, i);
    return !busy;
}

void rig_begin_to_open(void)
{
    struct fault fault = {0};
    CU_ASSERT_FATAL(loader_open(rig.loader, rig.path, (struct source_choice){.index = 0}, &fault));
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    while (loader_coming(rig.loader) && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FALSE_FATAL(loader_coming(rig.loader));
}

void rig_open(void)
{
    int before = rig.opened;
    rig_begin_to_open();
    rig_turn_until(&rig.opened, before + 1);
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    while (!all_idle() && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FATAL(all_idle());
}

void rig_make_and_open(const struct tiff_recipe *recipe)
{
    unlink(rig.path); /* not to change the file that may be open */
    CU_ASSERT_FATAL(tiff_make(rig.path, recipe));
    rig_open();
}

/* All tiles of a reduction are put on the list. */
void rig_add_keys(int reduction)
{
    int64_t columns = ceil_div(reduced_size(rig.page.width, reduction), TILE_SIDE);
    int64_t rows = ceil_div(reduced_size(rig.page.height, reduction), TILE_SIDE);
    for (int64_t i = 0; i < columns * rows; i++)
        rig.keys[rig.key_count++] = (struct tile_key){
            rig.page.index, reduction, (int32_t)(i % columns), (int32_t)(i / columns)};
}

/* The code of a reduced sample, by the book. */
static uint32_t expected_code(const struct tiff_recipe *recipe, int index, int reduction, int64_t x,
                              int64_t y)
{
    tiff_value *value = recipe->value ? recipe->value : tiff_value_plain;
    int64_t step = (int64_t)1 << reduction;
    int64_t right = min64((x + 1) * step, recipe->width);
    int64_t bottom = min64((y + 1) * step, recipe->height);
    int64_t sum = 0, count = (right - x * step) * (bottom - y * step);
    for (int64_t v = y * step; v < bottom; v++)
        for (int64_t u = x * step; u < right; u++)
            sum += value(u, v, index) - sample_least(recipe->type);
    return (uint32_t)((sum + count / 2) / count);
}

/* How many of every 7th by 5th code of a tile are not what they should be; -1: no tile. */
int rig_wrong_codes(const struct tiff_recipe *recipe, struct tile_key key)
{
    bool sound = false;
    const void *codes = arena_find(loader_arena(rig.loader), key, &sound);
    if (!codes || !sound)
        return -1;
    int wrong = 0;
    int64_t width = reduced_size(recipe->width, key.reduction);
    int64_t height = reduced_size(recipe->height, key.reduction);
    for (int64_t y = 0; y < TILE_SIDE && y + (int64_t)key.row * TILE_SIDE < height; y += 5)
        for (int64_t x = y % 7; x < TILE_SIDE && x + (int64_t)key.column * TILE_SIDE < width;
             x += 7) {
            int64_t at = y * TILE_SIDE + x;
            uint32_t code = sample_bytes(recipe->type) == 1 ? ((const uint8_t *)codes)[at]
                                                            : ((const uint16_t *)codes)[at];
            wrong += code != expected_code(recipe, key.page, key.reduction,
                                           x + (int64_t)key.column * TILE_SIDE,
                                           y + (int64_t)key.row * TILE_SIDE);
        }
    return wrong;
}

void rig_check_all(const struct tiff_recipe *recipe)
{
    for (int i = 0; i < rig.key_count; i++)
        CU_ASSERT_EQUAL(rig_wrong_codes(recipe, rig.keys[i]), 0);
}

int rig_pids(pid_t *pids)
{
    int count = 0;
    for (int i = 0; i < crew_size(rig.loader->crew); i++)
        if (crew_pid(rig.loader->crew, i) > 0)
            pids[count++] = crew_pid(rig.loader->crew, i);
    return count;
}

/* Waits until the process really is stopped, and leaves the news to the crew. */
void rig_stop(pid_t pid)
{
    siginfo_t info;
    kill(pid, SIGSTOP);
    CU_ASSERT_EQUAL_FATAL(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

int rig_stop_all(pid_t *pids)
{
    int count = rig_pids(pids);
    for (int i = 0; i < count; i++)
        rig_stop(pids[i]);
    return count;
}

int rig_entries(const char *name)
{
    int count = 0;
    DIR *listed = opendir(name);
    while (listed && readdir(listed))
        count++;
    if (listed)
        closedir(listed);
    return count - 2;
}

int rig_wrong_bins(int index)
{
    static uint32_t bins[65536];
    int wrong = 0;
    memset(bins, 0, sizeof bins);
    for (int64_t y = 0; y < rig_small.height; y++)
        for (int64_t x = 0; x < rig_small.width; x++)
            bins[tiff_value_signed(x, y, index) + 32768]++;
    for (int i = 0; i < 65536; i++)
        wrong += bins[i] != arena_shared(loader_arena(rig.loader))->histogram[i];
    return wrong;
}
