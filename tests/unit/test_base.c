/* The base layer: faults, ledger, geometry, the loop, log topics. */
#include "suite.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/footprint.h"
#include "base/sanitized.h"
#include "base/geometry.h"
#include "base/ledger.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/sample.h"
#include "base/tile.h"

static void fault_carries_context(void)
{
    struct fault fault;
    CU_ASSERT_FALSE(fault_set(&fault, FAULT_FORMAT, "not a TIFF file (%s)", "text"));
    CU_ASSERT_FALSE(fault_context(&fault, "a.tif"));
    CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: not a TIFF file (text)");
    CU_ASSERT_EQUAL(fault.kind, FAULT_FORMAT);
    fault_errno(&fault, 2, "b.tif");
    CU_ASSERT_STRING_EQUAL(fault.text, "b.tif: No such file or directory");
    CU_ASSERT_EQUAL(fault.kind, FAULT_FILE);
}

static void fault_is_cut_and_not_overrun(void)
{
    struct fault fault;
    char name[1000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = 0;
    fault_set(&fault, FAULT_FILE, "%s", name);
    fault_context(&fault, "%s", name);
    fault_errno(&fault, 2, "%s", name);
    CU_ASSERT_EQUAL(strlen(fault.text), sizeof fault.text - 1);
}

static void ledger_counts_and_balances(void)
{
    struct fault fault;
    struct ledger_line before = ledger_line(LEDGER_UI);
    void *small = ledger_alloc(LEDGER_UI, 5000, &fault);
    void *large = ledger_alloc(LEDGER_UI, 100000, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(small);
    CU_ASSERT_PTR_NOT_NULL_FATAL(large);
    CU_ASSERT_EQUAL(((char *)large)[99999], 0);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, before.current + 105000);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).blocks, before.blocks + 2);
    ledger_free(LEDGER_UI, small, 5000);
    ledger_free(LEDGER_UI, large, 100000);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, before.current);
    CU_ASSERT(ledger_line(LEDGER_UI).peak >= before.current + 105000);
}

static void ledger_refuses_beyond_its_limit(void)
{
    struct fault fault = {0};
    ledger_set_limit(ledger_total().current + 1000);
    CU_ASSERT_PTR_NULL(ledger_alloc(LEDGER_TONE, 1001, &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
    void *block = ledger_alloc(LEDGER_TONE, 1000, &fault);
    CU_ASSERT_PTR_NOT_NULL(block);
    ledger_free(LEDGER_TONE, block, 1000);
    ledger_set_limit(0);
    ledger_fail_after(2);
    block = ledger_alloc(LEDGER_TONE, 10, &fault);
    CU_ASSERT_PTR_NOT_NULL(block);
    CU_ASSERT_PTR_NULL(ledger_alloc(LEDGER_TONE, 10, &fault));
    ledger_free(LEDGER_TONE, block, 10);
}

static void ledger_grows_only_when_it_must(void)
{
    void *block = NULL;
    size_t size = 0;
    CU_ASSERT(ledger_grow(LEDGER_VIEW, &block, &size, 1000, NULL));
    void *first = block;
    CU_ASSERT(ledger_grow(LEDGER_VIEW, &block, &size, 500, NULL));
    CU_ASSERT_PTR_EQUAL(block, first);
    CU_ASSERT_EQUAL(size, 1000);
    CU_ASSERT(ledger_grow(LEDGER_VIEW, &block, &size, 2000, NULL));
    CU_ASSERT_EQUAL(size, 2000);
    ledger_free(LEDGER_VIEW, block, size);
    for (int label = 0; label < LEDGER_LABELS; label++)
        CU_ASSERT_PTR_NOT_NULL(ledger_label_name((enum ledger_label)label));
    ledger_reset();
    CU_ASSERT_EQUAL(ledger_total().peak, 0);
}

static void footprint_reads_the_system(void)
{
    struct footprint sum = {0};
    CU_ASSERT(footprint_add(getpid(), &sum));
    CU_ASSERT(sum.pss > 100);
    CU_ASSERT(sum.pss >= sum.anonymous);
    CU_ASSERT_FALSE(footprint_add(INT_MAX, &sum));
}

static void what_only_the_start_needed_can_go(void)
{
    struct footprint before = {0}, after = {0};
    CU_ASSERT(footprint_add(getpid(), &before));
    footprint_forget_start();
    CU_ASSERT(footprint_add(getpid(), &after));
    CU_ASSERT(SANITIZED || after.file < before.file);
}

static void footprint_knows_the_children(void)
{
    pid_t made[3], told[8];
    CU_ASSERT_EQUAL(footprint_children(told, 8), 0);
    for (int i = 0; i < 3; i++)
        if ((made[i] = fork()) == 0)
            for (;;)
                pause();
    CU_ASSERT_EQUAL(footprint_children(told, 2), 2);
    CU_ASSERT_EQUAL_FATAL(footprint_children(told, 8), 3);
    CU_ASSERT(!memcmp(made, told, sizeof made));
    for (int i = 0; i < 3; i++) {
        kill(made[i], SIGKILL);
        waitpid(made[i], NULL, 0);
    }
    CU_ASSERT_EQUAL(footprint_children(told, 8), 0);
}

static void rectangles_meet_and_join(void)
{
    struct rect met = rect_intersect((struct rect){0, 0, 10, 10}, (struct rect){5, 6, 10, 10});
    CU_ASSERT(met.x == 5 && met.y == 6 && met.width == 5 && met.height == 4);
    CU_ASSERT(rect_empty(rect_intersect((struct rect){0, 0, 4, 4}, (struct rect){4, 0, 4, 4})));
    struct rect joined = rect_union((struct rect){0, 0, 0, 0}, (struct rect){5, 6, 1, 2});
    CU_ASSERT(joined.x == 5 && joined.y == 6 && joined.width == 1 && joined.height == 2);
    joined = rect_union((struct rect){-1, 0, 2, 2}, (struct rect){5, 6, 1, 2});
    CU_ASSERT(joined.x == -1 && joined.y == 0 && joined.width == 7 && joined.height == 8);
    struct area area =
        area_intersect((struct area){0, 0, 1LL << 40, 3}, (struct area){5, -1, 7, 3});
    CU_ASSERT(area.x == 5 && area.y == 0 && area.width == 7 && area.height == 2);
}

static void arithmetic_says_when_it_does_not_fit(void)
{
    size_t size;
    int64_t wide;
    CU_ASSERT_FALSE(checked_mul(SIZE_MAX / 2, 3, &size));
    CU_ASSERT(checked_mul(1000, 1000, &size) && size == 1000000);
    CU_ASSERT_FALSE(checked_add(SIZE_MAX, 1, &size));
    CU_ASSERT_FALSE(checked_mul64(INT64_MAX, 2, &wide));
    CU_ASSERT_FALSE(checked_add64(INT64_MAX, 1, &wide));
    CU_ASSERT_EQUAL(floor_div(-1, 4), -1);
    CU_ASSERT_EQUAL(floor_div(-4, 4), -1);
    CU_ASSERT_EQUAL(floor_div(7, 4), 1);
    CU_ASSERT_EQUAL(ceil_div(-1, 4), 0);
    CU_ASSERT_EQUAL(ceil_div(5, 4), 2);
    CU_ASSERT_EQUAL(clamp64(9, 1, 5), 5);
    CU_ASSERT_EQUAL(reduced_size(1, 24), 1);
    CU_ASSERT_EQUAL(reduced_size(257, 8), 2);
}

static void sample_types_agree_with_themselves(void)
{
    CU_ASSERT_EQUAL(sample_least(SAMPLE_I16), -32768);
    CU_ASSERT_EQUAL(sample_least(SAMPLE_I8), -128);
    CU_ASSERT_EQUAL(sample_least(SAMPLE_U16), 0);
    CU_ASSERT_EQUAL(sample_bytes(SAMPLE_U8), 1);
    CU_ASSERT_EQUAL(sample_codes(SAMPLE_I16), 65536);
}

static int calls;

static void count_call(void *context)
{
    calls++;
    if (context)
        loop_stop(context);
}

static void drain_pipe(void *context, short revents)
{
    (void)revents;
    char byte;
    if (read(*(int *)context, &byte, 1) == 1)
        calls += 10;
}

static bool stay_busy(void *context)
{
    calls += 100;
    (void)context;
    return true;
}

static void loop_serves_timers_and_watches(void)
{
    struct loop loop;
    struct fault fault;
    int ends[2];
    loop_init(&loop);
    CU_ASSERT_FATAL(pipe(ends) == 0);
    calls = 0;
    CU_ASSERT(loop_watch(&loop, ends[0], 1 /* POLLIN */, drain_pipe, &ends[0]));
    CU_ASSERT(loop_timer(&loop, 20, count_call, &loop));
    CU_ASSERT_EQUAL(write(ends[1], "x", 1), 1);
    int64_t start = clock_us();
    CU_ASSERT(loop_run(&loop, &fault));
    CU_ASSERT(clock_us() - start >= 19000);
    CU_ASSERT_EQUAL(calls, 11);
    loop_unwatch(&loop, ends[0]);
    loop_timer(&loop, 0, count_call, NULL);
    loop_timer_cancel(&loop, count_call, NULL);
    loop_set_prepare(&loop, stay_busy, NULL);
    loop.stopped = false;
    CU_ASSERT(loop_turn(&loop, -1, &fault));
    CU_ASSERT_EQUAL(calls, 111);
    close(ends[0]);
    close(ends[1]);
}

static char logged[256];

static void keep_line(const char *topic, const char *line)
{
    strcat(strcat(strcat(logged, topic), ":"), line);
}

static void log_is_silent_unless_asked(void)
{
    logged[0] = 0;
    log_line(LOG_FRAME, "never");
    log_setup("nothing,tiles", keep_line);
    log_line(LOG_TILES, "%d", 7);
    log_line(LOG_WORKER, "never");
    CU_ASSERT_STRING_EQUAL(logged, "tiles:7");
    log_setup("all", keep_line);
    logged[0] = 0;
    for (int topic = 0; topic < LOG_TOPICS; topic++)
        log_line((enum log_topic)topic, "x");
    CU_ASSERT_STRING_EQUAL(logged, "worker:xtiles:xframe:xx11:xcommand:x");
    log_setup(NULL, NULL);
}

SUITE("base", {"a fault carries its context", fault_carries_context},
      {"a fault is cut, not overrun", fault_is_cut_and_not_overrun},
      {"the ledger counts and balances", ledger_counts_and_balances},
      {"the ledger refuses beyond its limit", ledger_refuses_beyond_its_limit},
      {"ledger_grow keeps what is large enough", ledger_grows_only_when_it_must},
      {"footprint reads the system's figures", footprint_reads_the_system},
      {"what only the start needed can go", what_only_the_start_needed_can_go},
      {"footprint knows the children", footprint_knows_the_children},
      {"rectangles meet and join", rectangles_meet_and_join},
      {"checked arithmetic", arithmetic_says_when_it_does_not_fit},
      {"sample types", sample_types_agree_with_themselves},
      {"the loop serves timers and watches", loop_serves_timers_and_watches},
      {"log topics", log_is_silent_unless_asked})
