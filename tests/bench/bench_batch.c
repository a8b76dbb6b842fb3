/* 500 files of mixed kinds to pictures of at most 1024 x 768, 8 bits, under one window (0 .. 4095):
 * time, and the most memory taken at once, beside other programs, in turns, in one run. Usage:
 * bench-batch XLIGHTBOX FOLDER; the folder is filled and left. Memory is the sum of Pss over all
 * processes that a command starts, looked at every 10 ms. */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/tiff_maker.h"

enum { COPIES = 25, ROUNDS = 2, LOOK_MS = 10, LZW = 5, JPEG = 7, DEFLATE = 8, PACKBITS = 32773 };
enum { RGB = 2, SIGNED_INT = 2, FLOATS = 3 };

static const struct tiff_recipe kinds[] = {
    {.width = 2048, .height = 1536, .type = SAMPLE_U16, .rows_per_strip = 16},
    {.width = 1500, .height = 2000, .type = SAMPLE_U16, .rows_per_strip = 1},
    {.width = 3072, .height = 2560, .type = SAMPLE_U16},
    {.width = 512, .height = 512, .type = SAMPLE_U16},
    {.width = 1024, .height = 1024, .type = SAMPLE_U16, .big_endian = true, .rows_per_strip = 8},
    {.width = 2000, .height = 1500, .type = SAMPLE_U16, .compression = LZW, .rows_per_strip = 16},
    {.width = 2000,
     .height = 1500,
     .type = SAMPLE_U16,
     .compression = DEFLATE,
     .rows_per_strip = 64},
    {.width = 2000,
     .height = 1500,
     .type = SAMPLE_U16,
     .compression = DEFLATE,
     .predictor = 2,
     .tile_width = 256,
     .tile_height = 256},
    {.width = 2000,
     .height = 1500,
     .type = SAMPLE_U16,
     .compression = LZW,
     .predictor = 2,
     .tile_width = 128,
     .tile_height = 128},
    {.width = 2000,
     .height = 1500,
     .type = SAMPLE_U16,
     .compression = PACKBITS,
     .rows_per_strip = 16},
    {.width = 1600, .height = 1200, .type = SAMPLE_U16, .tile_width = 512, .tile_height = 512},
    {.width = 1600, .height = 1200, .type = SAMPLE_U16, .big_tiff = true, .rows_per_strip = 32},
    {.width = 2400,
     .height = 1800,
     .type = SAMPLE_U8,
     .value = tiff_value_byte,
     .rows_per_strip = 32},
    {.width = 2400,
     .height = 1800,
     .type = SAMPLE_U8,
     .value = tiff_value_byte,
     .compression = LZW,
     .rows_per_strip = 32},
    {.width = 2400,
     .height = 1800,
     .bits = 8,
     .samples = 3,
     .photometric = RGB,
     .rows_per_strip = 16},
    {.width = 1600,
     .height = 1200,
     .bits = 8,
     .samples = 3,
     .photometric = RGB,
     .compression = JPEG,
     .rows_per_strip = 16},
    {.width = 1600,
     .height = 1200,
     .bits = 16,
     .samples = 3,
     .photometric = RGB,
     .compression = DEFLATE,
     .rows_per_strip = 16},
    {.width = 1200,
     .height = 900,
     .bits = 32,
     .format = FLOATS,
     .photometric = 1,
     .rows_per_strip = 16},
    {.width = 1600, .height = 1200, .type = SAMPLE_U16, .min_is_white = true, .rows_per_strip = 16},
    {.width = 1600, .height = 1200, .type = SAMPLE_U16, .pages = 3, .rows_per_strip = 16},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* $X: the viewer. Each reads in/ and writes out/. */
static const struct rival {
    const char *name, *tool, *command;
} rivals[] = {
    {"xlightbox", NULL,
     "$X --render 'out/%n.ppm' --size 1024x768 --window 4096 --level 2048 in/*.tif"},
    {"xlightbox --jobs 2", NULL,
     "$X --render 'out/%n.ppm' --jobs 2 --size 1024x768 --window 4096 --level 2048 in/*.tif"},
    {"vipsthumbnail (no window: it has none)", "vipsthumbnail",
     "vipsthumbnail --size 1024x768 -o $PWD/out/%s.ppm in/*.tif"},
    {"gm convert", "gm",
     "for f in in/*.tif; do b=${f##*/}; gm convert \"$f[0]\" -level 0,1,4095 -resize 1024x768 -depth 8 "
     "out/${b%.tif}.ppm; done"},
    {"gm mogrify (one process)", "gm",
     "gm mogrify -output-directory out -format ppm -level 0,1,4095 -resize 1024x768 -depth 8 in/*.tif"},
    {"ImageMagick convert", "convert-im6.q16",
     "for f in in/*.tif; do b=${f##*/}; convert-im6.q16 \"$f[0]\" -level 0,4095 -resize 1024x768 -depth 8 "
     "out/${b%.tif}.ppm; done"},
};

enum { RIVALS = sizeof rivals / sizeof *rivals };

static bool make_files(void)
{
    char path[64], copy[64];
    if (mkdir("in", 0777) || mkdir("out", 0777))
        return false;
    for (int i = 0; i < KINDS; i++) {
        snprintf(path, sizeof path, "in/%02d-00.tif", i);
        if (!tiff_make(path, &kinds[i]))
            return false;
        for (int j = 1; j < COPIES; j++) {
            snprintf(copy, sizeof copy, "in/%02d-%02d.tif", i, j);
            if (link(path, copy))
                return false;
        }
    }
    return true;
}

static bool is_there(const char *tool)
{
    char words[128];
    snprintf(words, sizeof words, "command -v %s >/dev/null", tool);
    return system(words) == 0;
}

static long pss_of(const char *pid)
{
    char path[64], line[128];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%.16s/smaps_rollup", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Pss: %ld", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

/* Of all processes of a session. */
static long pss_of_session(pid_t session)
{
    long sum = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        int pid = (int)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && getsid(pid) == session)
            sum += pss_of(entry->d_name);
    }
    if (folder)
        closedir(folder);
    return sum;
}

static int pictures(void)
{
    int count = 0;
    DIR *folder = opendir("out");
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

struct outcome {
    double seconds; /* the least of the rounds */
    double work;    /* of processors, of all processes; likewise */
    long kib;       /* the most */
    int pictures;
};

static void run(const struct rival *rival, struct outcome *outcome)
{
    int status;
    struct rusage usage;
    long most = 0;
    if (system("rm -rf out && mkdir out"))
        exit(1);
    int64_t begun = clock_us();
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(127);
        execl("/bin/sh", "sh", "-c", rival->command, (char *)NULL);
        _exit(127);
    }
    while (wait4(pid, &status, WNOHANG, &usage) == 0) {
        long now = pss_of_session(pid);
        most = now > most ? now : most;
        usleep(LOOK_MS * 1000);
    }
    double seconds = (double)(clock_us() - begun) / 1e6;
    outcome->seconds = outcome->seconds && outcome->seconds < seconds ? outcome->seconds : seconds;
    double work = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                  (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    outcome->work = outcome->work && outcome->work < work ? outcome->work : work;
    outcome->kib = most > outcome->kib ? most : outcome->kib;
    outcome->pictures = pictures();
}

int main(int count, char **words)
{
    static struct outcome outcomes[RIVALS];
    char path[PATH_MAX];
    if (count != 3 || !realpath(words[1], path) || chdir(words[2]) || !make_files()) {
        fprintf(stderr, "usage: bench-batch XLIGHTBOX EMPTY-FOLDER\n");
        return 2;
    }
    setenv("X", path, 1);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < RIVALS; i++)
            if (!rivals[i].tool || is_there(rivals[i].tool))
                run(&rivals[i], &outcomes[i]);
    printf("%d files of %d kinds to 1024 x 768 under a window, of %d rounds the least time and the "
           "most memory;\nbehind each how many times ours\n%-42s %15s %15s %15s\n",
           KINDS * COPIES, KINDS, ROUNDS, "", "s", "processors, s", "Pss, MiB");
    for (int i = 0; i < RIVALS; i++)
        if (outcomes[i].pictures)
            printf("  %-40s %7.2f (%5.2f) %7.2f (%5.2f) %7.1f (%5.2f)  %d pictures\n",
                   rivals[i].name, outcomes[i].seconds, outcomes[i].seconds / outcomes[0].seconds,
                   outcomes[i].work, outcomes[i].work / outcomes[0].work,
                   (double)outcomes[i].kib / 1024,
                   (double)outcomes[i].kib / (double)outcomes[0].kib, outcomes[i].pictures);
    return 0;
}
