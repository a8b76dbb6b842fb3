/* Bit patterns to samples, at the edges: NaNs, infinities, subnormals, the least and the most, bits
 * that straddle bytes. Guards source/tiff_unpack.c and the sizes of source/tiff_form.c. */
#include "source/tiff_unpack.h"

#include <math.h>
#include <string.h>

#include "base/geometry.h"
#include "source/tiff_form.h"
#include "suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What one sample in whole bytes, low byte first, comes to. */
static double unpacked(enum sample_format format, int bits, enum sample_type to, uint64_t low,
                       uint64_t high, bool swapped)
{
    uint8_t bytes[16];
    uint64_t row[1] = {0};
    int part = format < FORMAT_COMPLEX_INT ? bits : bits / 2;
    for (int i = 0; i < bits / 8; i++) {
        int in_part = i % (part / 8), at = swapped ? part / 8 - 1 - in_part : in_part;
        uint64_t pattern = i < part / 8 ? low : high;
        bytes[i - in_part + at] = (uint8_t)(pattern >> 8 * in_part);
    }
    bool big_endian_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    struct tiff_unpack unpack = {format, bits, swapped != big_endian_host, to};
    tiff_unpack_row(&unpack, bytes, 0, bits, 1, row);
    return sample_value(to, row, 0);
}

static const struct {
    enum sample_format format;
    int bits;
    uint64_t low, high; /* high: the second part of a complex number */
    double value;
} numbers[] = {
    {FORMAT_UINT, 8, 0xff, 0, 255},
    {FORMAT_INT, 8, 0x80, 0, -128},
    {FORMAT_INT, 8, 0x7f, 0, 127},
    {FORMAT_UINT, 16, 0xfffe, 0, 65534},
    {FORMAT_INT, 16, 0x8000, 0, -32768},
    {FORMAT_UINT, 24, 0x123456, 0, 0x123456},
    {FORMAT_INT, 24, 0x800000, 0, -8388608},
    {FORMAT_UINT, 32, 0xffffffff, 0, 4294967295.0},
    {FORMAT_INT, 32, 0x80000000, 0, -2147483648.0},
    {FORMAT_UINT, 64, UINT64_MAX, 0, 18446744073709551616.0},
    {FORMAT_INT, 64, UINT64_C(1) << 63, 0, -9223372036854775808.0},
    {FORMAT_FLOAT, 16, 0x3c00, 0, 1},
    {FORMAT_FLOAT, 16, 0xfbff, 0, -65504},
    {FORMAT_FLOAT, 16, 0x0001, 0, 0x1p-24},
    {FORMAT_FLOAT, 16, 0x83ff, 0, -0x3ffp-24},
    {FORMAT_FLOAT, 16, 0x7c00, 0, INFINITY},
    {FORMAT_FLOAT, 16, 0xfc00, 0, -INFINITY},
    {FORMAT_FLOAT, 24, 0x3f0000, 0, 1},
    {FORMAT_FLOAT, 24, 0xbf8000, 0, -1.5},
    {FORMAT_FLOAT, 24, 0x000001, 0, 0x1p-78},
    {FORMAT_FLOAT, 24, 0x7f0000, 0, INFINITY},
    {FORMAT_FLOAT, 32, 0x00000001, 0, 0x1p-149},
    {FORMAT_FLOAT, 32, 0xff800000, 0, -INFINITY},
    {FORMAT_FLOAT, 64, 0x0000000000000001, 0, 0x1p-1074},
    {FORMAT_COMPLEX_INT, 16, 0x80, 0x7f, 180.31361568112376},
    {FORMAT_COMPLEX_INT, 32, 0xfffd, 4, 5},
    {FORMAT_COMPLEX_INT, 64, 0x80000000, 0, 2147483648.0},
    {FORMAT_COMPLEX_FLOAT, 32, 0xc200, 0x4400, 5},
    {FORMAT_COMPLEX_FLOAT, 64, 0x40400000, 0xc0800000, 5},
    {FORMAT_COMPLEX_FLOAT, 128, 0x4008000000000000, 0xc010000000000000, 5},
    {FORMAT_COMPLEX_FLOAT, 64, 0x7f800000, 0, INFINITY},
};

static void numbers_are_read_in_either_byte_order(void)
{
    for (size_t i = 0; i < 2 * COUNT(numbers); i++) {
        enum sample_format format = numbers[i / 2].format;
        int bits = numbers[i / 2].bits;
        enum sample_type type = tiff_unpack_type(format, bits);
        CU_ASSERT(tiff_unpack_knows(format, bits));
        double value = unpacked(format, bits, type, numbers[i / 2].low, numbers[i / 2].high, i & 1);
        double ought =
            type == SAMPLE_F32 ? (double)(float)numbers[i / 2].value : numbers[i / 2].value;
        CU_ASSERT_EQUAL(value, ought);
        value = unpacked(format, bits, SAMPLE_F64, numbers[i / 2].low, numbers[i / 2].high, i & 1);
        CU_ASSERT_EQUAL(value, numbers[i / 2].value);
    }
}

static void every_nan_becomes_the_plain_one(void)
{
    static const struct {
        int bits;
        uint64_t pattern;
    } nans[] = {
        {16, 0x7c01},     {16, 0xffff},     {24, 0x7f8000},        {32, SAMPLE_LOST_F32},
        {32, 0xff800001}, {32, 0x7f800001}, {64, SAMPLE_LOST_F64}, {64, 0xfff0000000000001}};
    const uint32_t plain32 = 0x7fc00000;
    const uint64_t plain64 = 0x7ff8000000000000;
    for (size_t i = 0; i < COUNT(nans); i++) {
        uint64_t f64 = 0;
        uint32_t f32 = 0;
        struct tiff_unpack unpack = {FORMAT_FLOAT, nans[i].bits,
                                     __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, SAMPLE_F32};
        uint8_t bytes[8];
        for (int b = 0; b < 8; b++)
            bytes[b] = (uint8_t)(nans[i].pattern >> 8 * b);
        tiff_unpack_row(&unpack, bytes, 0, 0, 1, &f32);
        CU_ASSERT_EQUAL(f32, plain32);
        unpack.to = SAMPLE_F64;
        tiff_unpack_row(&unpack, bytes, 0, 0, 1, &f64);
        CU_ASSERT_EQUAL(f64, plain64);
    }
}

/* Bit `at` of a stream of bytes that look like chance. */
static int stream_bit(const uint8_t *stream, int64_t at)
{
    return stream[at / 8] >> (7 - at % 8) & 1;
}

static uint32_t stream_number(const uint8_t *stream, int64_t at, int bits)
{
    uint32_t number = 0;
    for (int b = 0; b < bits; b++)
        number = number << 1 | (uint32_t)stream_bit(stream, at + b);
    return number;
}

/* Samples that begin anywhere and lie apart, read bit by bit here; nothing behind the row is
 * written. */
static void bits_are_packed_from_the_highest(void)
{
    enum { FIRST = 5, MOST = 600 };
    static uint8_t stream[4096];
    static uint32_t row[MOST + 1];
    for (size_t i = 0; i < sizeof stream; i++)
        stream[i] = (uint8_t)(i * 2654435761u >> 13);
    for (int i = 0; i < 3 * 32; i++) {
        int bits = i / 3 + 1, step = bits * (i % 3 + 1);
        struct tiff_unpack unpack = {FORMAT_UINT, bits, false, SAMPLE_U32};
        int64_t n = min64(8 * (int64_t)sizeof stream / step - 1, MOST), wrong = 0;
        if (bits % 8 == 0)
            continue;
        row[n] = 0xdeadbeef;
        tiff_unpack_row(&unpack, stream, FIRST, step, n, row);
        for (int64_t j = 0; j < n; j++)
            wrong += row[j] != stream_number(stream, FIRST + j * step, bits);
        CU_ASSERT(!wrong && row[n] == 0xdeadbeef);
    }
}

static void only_some_sizes_are_known(void)
{
    static const int wrong[SAMPLE_FORMATS][4] = {
        {0, 33, 48, 128}, {0, 33, 63, 65}, {8, 12, 48, 128}, {8, 24, 48, 256}, {16, 48, 96, 256}};
    for (int format = 0; format < SAMPLE_FORMATS; format++)
        for (int i = 0; i < 4; i++)
            CU_ASSERT_FALSE(tiff_unpack_knows((enum sample_format)format, wrong[format][i]));
}

static void sizes_of_lines_and_blocks_are_whole(void)
{
    struct tiff_form form = {.bits = 12, .together = 3, .pixel_bits = 36};
    CU_ASSERT_EQUAL(tiff_form_line_bytes(&form, 3), 14);
    CU_ASSERT_EQUAL(tiff_form_bytes(&form, 3, 5), 70);
    CU_ASSERT_EQUAL(tiff_form_lines(&form), 1);
    form = (struct tiff_form){.bits = 128, .together = 65535, .pixel_bits = INT64_C(128) * 65535};
    CU_ASSERT_EQUAL(tiff_form_bytes(&form, INT32_MAX, 1), INT64_C(16) * 65535 * INT32_MAX);
    CU_ASSERT_EQUAL(tiff_form_bytes(&form, INT32_MAX, INT32_MAX), INT64_MAX);
    form = (struct tiff_form){.bits = 8, .together = 3, .units = true, .across = 4, .down = 2};
    CU_ASSERT_EQUAL(tiff_form_line_bytes(&form, 9), 30);
    CU_ASSERT_EQUAL(tiff_form_bytes(&form, 9, 5), 90);
    form = (struct tiff_form){.bits = 8, .together = 1, .separate = true, .rows = 4};
    CU_ASSERT_EQUAL(tiff_form_lines(&form), 4);
    CU_ASSERT_STRING_EQUAL(tiff_photometric_name(2), "RGB");
    CU_ASSERT_PTR_NULL(tiff_photometric_name(77));
}

SUITE("source tiff_unpack",
      {"numbers are read in either byte order", numbers_are_read_in_either_byte_order},
      {"every NaN becomes the plain one", every_nan_becomes_the_plain_one},
      {"bits are packed from the highest", bits_are_packed_from_the_highest},
      {"only some sizes are known", only_some_sizes_are_known},
      {"sizes of lines and blocks are whole", sizes_of_lines_and_blocks_are_whole})
