/* Any bytes as what decoders send: a loader whose crew and opener are this file. The bytes say, one
 * after the other, which worker sends what message, is lost, or what the user does meanwhile. What
 * the crew would pass on is passed on; what the loader then believes must be sound. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/system_calls.h"
#include "fuzz/fuzz.h"
#include "tiles/crew.h"
#include "tiles/loader.h"
#include "tiles/opener.h"

enum { WORKERS = 3, SLOTS = 12, STEPS = 400 };

/* The crew: keeps what each worker was asked. */

struct crew {
    struct crew_events events;
    void *context;
    uint32_t serial[WORKERS], request[WORKERS];
};

static struct crew crew;

struct crew *crew_new(struct loop *loop, struct arena *arena, int workers,
                      const struct worker_terms *terms, const struct crew_events *events,
                      void *context, struct fault *fault)
{
    (void)loop, (void)arena, (void)workers, (void)terms, (void)fault;
    crew = (struct crew){.events = *events, .context = context};
    return &crew;
}

void crew_free(struct crew *gone)
{
    (void)gone;
}

int crew_size(const struct crew *asked)
{
    (void)asked;
    return WORKERS;
}

pid_t crew_pid(const struct crew *asked, int number)
{
    (void)asked;
    return 1000 + number;
}

bool crew_is_busy(const struct crew *asked, int number)
{
    return asked->request[number] != 0;
}

static void lose(int number)
{
    crew.request[number] = 0;
    crew.events.lost(crew.context, number, 1000 + number, "was lost");
}

/* The real crew tells of the loss later, from the loop. */
static bool to_replace[WORKERS];

void crew_replace(struct crew *asked, int number, const char *why)
{
    (void)asked, (void)why;
    to_replace[number] = true;
}

bool crew_ask(struct crew *asked, int number, struct message *message, const int *pass_fds,
              int count)
{
    (void)pass_fds, (void)count;
    message->magic = MESSAGE_MAGIC;
    message->serial = ++asked->serial[number];
    message->version = 0;
    if (!message_check_request(message, NULL))
        abort(); /* nothing senseless is ever asked */
    asked->request[number] = message->type;
    return true;
}

void crew_cancel(struct crew *asked, int number)
{
    (void)asked, (void)number;
}

/* The opener: everything it is asked for is the same empty file, or there is no such file. */

struct opener {
    struct opener_events events;
    void *context;
    bool asked;
};

static struct opener opener;

struct opener *opener_new(struct loop *loop, const struct opener_events *events, void *context,
                          struct fault *fault)
{
    (void)loop, (void)fault;
    opener = (struct opener){.events = *events, .context = context};
    return &opener;
}

void opener_free(struct opener *gone)
{
    (void)gone;
}

pid_t opener_pid(const struct opener *asked)
{
    (void)asked;
    return 999;
}

void opener_ask(struct opener *asked, const char *path)
{
    (void)path;
    asked->asked = true;
}

void opener_forget(struct opener *asked)
{
    asked->asked = false;
}

void opener_close(struct opener *asked, int fds[MESSAGE_FDS])
{
    (void)asked;
    packet_close(fds);
}

static void answer_of_opener(bool opened)
{
    const struct fault fault = {FAULT_FILE, "no"};
    if (!opener.asked)
        return;
    const int fds[MESSAGE_FDS] = {opened ? memfd_create("fuzz", MFD_CLOEXEC) : -1, -1};
    opener.asked = false;
    if (opened)
        opener.events.opened(opener.context, fds);
    else
        opener.events.refused(opener.context, &fault);
}

/* The input. */

struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t byte(struct input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->at++;
}

static void bytes(struct input *input, void *to, size_t room)
{
    size_t some = input->left < room ? input->left : room;
    memcpy(to, input->at, some);
    input->at += some;
    input->left -= some;
}

/* The user. */

static bool open_now;

static void opened(void *context, const struct page *page)
{
    (void)context;
    open_now = true;
    if (!page_check(page, NULL))
        abort();
}

static void failed(void *context, const struct fault *fault)
{
    (void)context;
    if (!fault->text[0])
        abort();
}

static void tile(void *context, struct tile_key key)
{
    (void)context, (void)key;
}

static void counted(void *context, const struct statistics *statistics)
{
    (void)context;
    if (statistics->counted > 0 && !(statistics->least <= statistics->most))
        abort();
}

static void probed(void *context, int64_t x, int64_t y, const double *values)
{
    (void)context, (void)x, (void)y, (void)values;
}

static void pages(void *context, int32_t count, bool counting)
{
    (void)context, (void)counting;
    if (count < 1)
        abort();
}

static void fact(void *context, const struct fact *told)
{
    (void)context;
    if (told && memchr(told->text, 0, sizeof told->text) == NULL)
        abort();
}

static void renewed(void *context)
{
    (void)context;
}

static void trouble(void *context, const struct fault *fault)
{
    (void)context;
    if (!fault->text[0])
        abort();
}

static void grown(void *context, struct tile_span span, int32_t from, int32_t to)
{
    (void)context;
    if (span.rows != 1 || span.columns < 1 || from < 0 || from >= to || to > TILE_SIDE)
        abort();
}

static const struct loader_events events = {opened, failed, failed,  tile,    counted, probed,
                                            pages,  fact,   trouble, renewed, grown};

static void check_progress(const struct loader *loader)
{
    struct loader_progress progress;
    double low, high;
    loader_progress(loader, &progress);
    if (!(progress.share >= 0 && progress.share <= 1) ||
        (loader_guess(loader, &low, &high) && !(low <= high)))
        abort();
}

static void want(struct loader *loader, struct input *input)
{
    struct tile_key keys[16];
    int count = byte(input) % 16;
    const struct page *page = loader_page(loader);
    for (int i = 0; i < count; i++) {
        int reduction = byte(input);
        keys[i] = (struct tile_key){page ? page->index : 0,
                                    reduction % 8 + (reduction & 128 ? TILE_ROUGH : 0),
                                    byte(input) % 16, byte(input) % 16};
    }
    loader_want(loader, keys, count);
    struct source_choice choice = {.index = page && count ? keys[0].column % 4 : 0};
    for (int i = count / 2; i < count && choice.index % 2; i++)
        keys[i].page = choice.index;
    if (choice.index)
        loader_foresee(loader, choice, keys + count / 2, count - count / 2);
    else
        loader_prefetch(loader, keys + count / 2, count - count / 2);
    check_progress(loader);
}

static void act(struct loader *loader, struct input *input)
{
    struct fault fault;
    struct source_choice choice = {byte(input) % 4, byte(input) % 3, byte(input) % 2, 0};
    switch (byte(input) % 8) {
    case 6:
        if (!loader_open(loader, "another", choice, &fault))
            abort();
        break;
    case 7:
        answer_of_opener(byte(input) % 4);
        break;
    case 0:
        loader_select(loader, choice, &fault);
        break;
    case 1:
        loader_count_along(loader);
        break;
    case 2:
        loader_probe(loader, byte(input), byte(input));
        break;
    case 3:
        loader_inform(loader);
        break;
    case 4:
        loader_rest(loader);
        break;
    default:
        want(loader, input);
    }
}

static struct page plain_page(struct input *input)
{
    return (struct page){.width = 1 + byte(input) * 16,
                         .height = 1 + byte(input) * 16,
                         .index = byte(input) % 4,
                         .count = 4,
                         .type = byte(input) % SAMPLE_TYPES,
                         .channels = 1,
                         .bits = 16,
                         .samples = 1,
                         .block_width = 1 << 20,
                         .block_height = 1 << 20,
                         .blocks = 1,
                         .orientation = 1,
                         .slope = 1,
                         .axis_extent = {1, 1, 1},
                         .series_count = 1};
}

static void answer(struct input *input, int number)
{
    struct message message = {.magic = MESSAGE_MAGIC, .serial = crew.serial[number]};
    bool last;
    message.type = byte(input) % MESSAGE_TYPES;
    if (message.type == MESSAGE_PAGE && byte(input) % 4)
        message.body.page = plain_page(input);
    else
        bytes(input, &message.body, message.type == MESSAGE_PAGE ? sizeof message.body : 64);
    if (!crew.request[number] || !message_fits(crew.request[number], message.type, &last) ||
        !message_check_answer(&message, crew.serial[number], NULL)) {
        lose(number);
        return;
    }
    if (last)
        crew.request[number] = 0;
    crew.events.answer(crew.context, number, &message);
}

static void step(struct loader *loader, struct input *input)
{
    int number = byte(input) % WORKERS;
    switch (byte(input) % 8) {
    case 0:
        lose(number);
        break;
    case 1:
    case 2:
        act(loader, input);
        break;
    default:
        answer(input, number);
    }
    for (int i = 0; i < WORKERS; i++)
        if (to_replace[i]) {
            to_replace[i] = false;
            lose(i);
        }
    if (open_now &&
        (loader_pending(loader) < 0 ||
         arena_used(loader_arena(loader)) > arena_capacity(loader_arena(loader)) + SLOTS))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    struct input input = {data, count};
    struct source_choice first = {0, 0, 0, 0};
    struct fault fault;
    struct loop loop;
    loop_init(&loop);
    open_now = false;
    memset(to_replace, 0, sizeof to_replace);
    struct loader *loader =
        loader_new(&loop, WORKERS, SLOTS, &(struct worker_terms){0}, &events, NULL, &fault);
    if (!loader)
        abort();
    arena_set_budget(loader_arena(loader), (size_t)SLOTS * TILE_SAMPLES * 2);
    if (!loader_open(loader, "file", first, &fault))
        abort();
    answer_of_opener(true);
    for (int i = 0; i < STEPS && input.left; i++) {
        step(loader, &input);
        loop_turn(&loop, 0, NULL);
    }
    loader_free(loader);
    return 0;
}
