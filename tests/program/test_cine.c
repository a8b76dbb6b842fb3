/* The clock of cine, on a clock of the test's own: places worked out by counting. Guards
 * app/cine.c.
 */
#include "suite.h"

#include "app/cine.h"

/* Which place is due after so many steps, by walking there. */
static int32_t walked(int32_t at, int32_t count, bool bounce, int64_t steps)
{
    int32_t way = 1;
    for (; steps > 0; steps--) {
        if (bounce && (at + way < 0 || at + way >= count))
            way = -way;
        at = bounce ? at + way : (at + 1) % count;
    }
    return at;
}

static void the_place_follows_the_clock(void)
{
    static const struct {
        double rate;
        int32_t at, count;
        bool bounce;
    } rows[] = {{10, 0, 40, false}, {10, 39, 40, false},     {25, 3, 7, true},
                {25, 6, 7, true},   {0.5, 0, 2, true},       {100, 1, 2, false},
                {7.5, 2, 5, true},  {60, 9998, 10000, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cine cine;
        cine_init(&cine);
        cine_set_rate(&cine, 0, rows[i].rate);
        cine_set_bounce(&cine, 0, rows[i].bounce);
        cine_start(&cine, 5000, rows[i].at, rows[i].count);
        /* Every millisecond; and after a long sleep, whatever was missed. */
        int64_t wrong = 0;
        for (int64_t ms = 0; ms < 400000; ms += ms < 3000 ? 1 : 99991)
            wrong +=
                cine_place(&cine, 5000 + ms) != walked(rows[i].at, rows[i].count, rows[i].bounce,
                                                       (int64_t)((double)ms * rows[i].rate / 1000));
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* Whoever sleeps so long wakes when the next place is due, and not before. */
static void it_tells_how_long_to_sleep(void)
{
    struct cine cine;
    cine_init(&cine);
    cine_set_rate(&cine, 0, 30);
    cine_start(&cine, 100, 0, 1000);
    int64_t now = 100;
    for (int32_t place = 0; place < 200; place++) {
        int64_t wait = cine_wait(&cine, now);
        CU_ASSERT_EQUAL(cine_place(&cine, now), place);
        CU_ASSERT(wait >= 1);
        CU_ASSERT_EQUAL(cine_place(&cine, now + wait - 1), place);
        now += wait;
    }
    CU_ASSERT(now > 100 + 6660 && now <= 100 + 6667);
}

/* New terms begin where it is, not where it would have been with them. */
static void terms_change_without_a_jump(void)
{
    struct cine cine;
    cine_init(&cine);
    CU_ASSERT_EQUAL(cine.rate, CINE_RATE);
    cine_start(&cine, 0, 0, 6);
    CU_ASSERT_EQUAL(cine_place(&cine, 450), 4);
    cine_set_rate(&cine, 450, 1);
    CU_ASSERT_EQUAL(cine_place(&cine, 450), 4);
    CU_ASSERT_EQUAL(cine_place(&cine, 1450), 5);
    CU_ASSERT_EQUAL(cine_place(&cine, 2450), 0);
    cine_set_bounce(&cine, 4450, true); /* at 2 */
    CU_ASSERT_EQUAL(cine_place(&cine, 4450), 2);
    CU_ASSERT_EQUAL(cine_place(&cine, 8450), 4);
    cine_set_rate(&cine, 8450, 2); /* on its way back */
    CU_ASSERT_EQUAL(cine_place(&cine, 8950), 3);
    cine_set_bounce(&cine, 8950, false);
    CU_ASSERT_EQUAL(cine_place(&cine, 9450), 4);
    cine_set_count(&cine, 9450, 100);
    CU_ASSERT_EQUAL(cine_place(&cine, 9450), 4);
    CU_ASSERT_EQUAL(cine_place(&cine, 14450), 14);
    cine_set_count(&cine, 14450, 3);
    CU_ASSERT_EQUAL(cine_place(&cine, 14450), 2);
    cine_stop(&cine);
    CU_ASSERT_FALSE(cine.on);
}

static void the_rate_that_is_reached_is_told(void)
{
    struct cine cine;
    cine_init(&cine);
    cine_start(&cine, 0, 0, 10);
    CU_ASSERT_EQUAL(cine_shown_rate(&cine, 0), 0);
    cine_note_shown(&cine, 1000);
    CU_ASSERT_EQUAL(cine_shown_rate(&cine, 1000), 0);
    cine_note_shown(&cine, 1250);
    CU_ASSERT_DOUBLE_EQUAL(cine_shown_rate(&cine, 1250), 4, 1e-9);
    for (int i = 1; i <= 100; i++)
        cine_note_shown(&cine, 1250 + 50 * i);
    CU_ASSERT_DOUBLE_EQUAL(cine_shown_rate(&cine, 6250), 20, 1e-9);
    /* What was long ago tells nothing of now. */
    CU_ASSERT_EQUAL(cine_shown_rate(&cine, 10000), 0);
}

SUITE("cine", {"the place follows the clock", the_place_follows_the_clock},
      {"it tells how long to sleep", it_tells_how_long_to_sleep},
      {"terms change without a jump", terms_change_without_a_jump},
      {"the rate that is reached is told", the_rate_that_is_reached_is_told})
