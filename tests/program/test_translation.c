/* The program in German and Chinese: what it says to people, and what it says to programs, which
 * must not change. Guards base/language.c as the whole program uses it; the catalogues themselves
 * are tests/house/translated's. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "support/run.h"
#include "support/scratch.h"
#include "support/tongue.h"

static const struct tongue {
    const char *locale;
    const char *width, *output; /* of --help: --window's line, a heading */
    const char *absent,
        *text;       /* of sentences: about a file that is not there, about one that is no TIFF */
    const char *cut; /* a decoder's, in its sandbox */
} tongues[] = {
    {"de_DE", "Fensterbreite, in Modalitätswerten\n", "\nAusgabe\n", ".tif: ",
     ": keine TIFF-Datei (sieht aus wie: Text)", "beschädigt: das Verzeichnis bei Byte 8 ist leer"},
    {"zh_CN", "窗宽，以模态值为单位\n", "\n输出\n", ".tif: ", "：不是 TIFF 文件（看起来是文本）",
     "损坏：第 8 字节处的目录为空"},
};

enum { TONGUES = sizeof tongues / sizeof *tongues };

static void test_help(void)
{
    struct run run;
    for (int i = 0; i < TONGUES && tongue_speak(tongues[i].locale); i++) {
        RUN(&run, "sh", "-c", "\"$0\" --help | head -c 16000", program());
        CU_ASSERT_EQUAL(run.status, 0);
        const char *row = strstr(run.out, "  --window W ");
        CU_ASSERT_PTR_NOT_NULL_FATAL(row);
        CU_ASSERT(!strncmp(row + 37, tongues[i].width, strlen(tongues[i].width)));
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, tongues[i].output));
    }
    tongue_usual();
}

static void test_sentences(void)
{
    static const unsigned char empty[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    struct run run;
    for (int i = 0; i < TONGUES && tongue_speak(tongues[i].locale); i++) {
        const char *text = scratch_file("text.tif", "plain words of no image\n", 24);
        RUN(&run, program(), "--render", scratch_path("out.pgm"), text);
        CU_ASSERT_EQUAL(run.status, 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.err, tongues[i].text));
        const char *broken = scratch_file("empty.tif", empty, sizeof empty);
        RUN(&run, program(), "--render", scratch_path("out.pgm"), broken);
        CU_ASSERT_EQUAL(run.status, 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.err, tongues[i].cut));
        RUN(&run, program(), "--window", "0", text);
        CU_ASSERT_EQUAL(run.status, 2);
        CU_ASSERT_PTR_NULL(strstr(run.err, "a width above 0"));
    }
    tongue_usual();
}

/* Runs the same under C and in the language in force. */
static void expect_same(const struct tongue *tongue, const char *words)
{
    static struct run plain, spoken;
    char line[400];
    snprintf(line, sizeof line, "\"$0\" %s | cksum", words);
    tongue_usual();
    RUN(&plain, "sh", "-c", line, program());
    CU_ASSERT_TRUE_FATAL(tongue_speak(tongue->locale));
    RUN(&spoken, "sh", "-c", line, program());
    CU_ASSERT_EQUAL(spoken.status, 0);
    CU_ASSERT_STRING_EQUAL(spoken.out, plain.out);
    CU_ASSERT(strncmp(plain.out, "4294967295 0", 12) != 0); /* nothing at all */
}

/* The decimal comma reaches neither what is read nor what is written. */
static void test_for_programs(void)
{
    static const char *const lines[] = {
        "--info --json data/chest.tif",
        "--list-commands --json",
        "--manual",
        "--completion bash",
        "--completion zsh",
        "--completion fish",
        "--version",
        "--window 4000.5 --level 2000.25 --zoom 0.3 --render - data/chest.tif",
        "--auto --render - --size 64x64 --center 100.5,200.25 --zoom 12.5% data/chest.tif",
    };
    for (int i = 0; i < TONGUES && tongue_speak(tongues[i].locale); i++)
        for (size_t j = 0; j < sizeof lines / sizeof *lines; j++)
            expect_same(&tongues[i], lines[j]);
    tongue_usual();
}

static void test_commas_are_no_points(void)
{
    struct run run;
    if (tongue_speak("de_DE")) {
        RUN(&run, program(), "--level", "40,5", "--render", scratch_path("x.pgm"),
            "data/chest.tif");
        CU_ASSERT_EQUAL(run.status, 2);
    }
    tongue_usual();
}

/* English: no locale, one without a catalogue, one that is not of UTF-8. */
static void test_english(void)
{
    static const char *const cases[][2] = {{"C", "de"}, {"POSIX", "zh_CN"}, {"xx_XX.UTF-8", "de"}};
    struct run run;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tongue_set(cases[i][0], cases[i][1]);
        RUN(&run, program(), "--level", "x", "data/chest.tif");
        CU_ASSERT_STRING_EQUAL(run.err,
                               "xlightbox: --level: 'x' is not a number\nTry xlightbox --help.\n");
    }
    tongue_usual();
}

SUITE("translation", {"help", test_help}, {"sentences, of decoders too", test_sentences},
      {"what programs read and write", test_for_programs},
      {"numbers are typed with points", test_commas_are_no_points}, {"English else", test_english});
