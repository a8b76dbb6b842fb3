/* libtiff, and what tests use of it that it lacks before 4.3. A file that needs a codec it does not
 * know is then passed over, since that is not configured. */
#ifndef SUPPORT_TIFF_OLD_H
#define SUPPORT_TIFF_OLD_H

#include <stdint.h>
#include <stdio.h>
#include <tiffio.h>

#include "config.h"

#ifndef COMPRESSION_LERC
#define COMPRESSION_LERC 34887
#endif
#ifndef COMPRESSION_ZSTD
#define COMPRESSION_ZSTD 50000
#define TIFFTAG_ZSTD_LEVEL 65564
#endif
#ifndef COMPRESSION_WEBP
#define COMPRESSION_WEBP 50001
#endif

#ifndef HAVE_TIFFGETSTRILEOFFSET
static inline uint64_t tiff_old_entry(TIFF *tiff, int of_strips, int of_tiles, uint32_t block)
{
    uint64_t *table = NULL;
    TIFFGetField(tiff, (uint32_t)(TIFFIsTiled(tiff) ? of_tiles : of_strips), &table);
    return table ? table[block] : 0;
}
#define TIFFGetStrileOffset(tiff, block) \
    tiff_old_entry(tiff, TIFFTAG_STRIPOFFSETS, TIFFTAG_TILEOFFSETS, block)
#define TIFFGetStrileByteCount(tiff, block) \
    tiff_old_entry(tiff, TIFFTAG_STRIPBYTECOUNTS, TIFFTAG_TILEBYTECOUNTS, block)
#endif

#ifndef HAVE_TIFFCLIENTOPENEXT
/* The handlers are all handles' there, and the program's know its own handles only. */
static inline TIFF *tiff_old_open(const char *path, const char *mode)
{
    TIFFSetErrorHandlerExt(NULL);
    TIFFSetWarningHandlerExt(NULL);
    return TIFFOpen(path, mode);
}
#define TIFFOpen(path, mode) tiff_old_open(path, mode)
#endif

#ifndef HAVE_TIFFISBIGTIFF
static inline int tiff_old_is_big(TIFF *tiff)
{
    char header[4] = {0};
    FILE *file = fopen(TIFFFileName(tiff), "rb");
    size_t got = file ? fread(header, 1, sizeof header, file) : 0;
    if (file)
        fclose(file);
    return got == sizeof header && (header[2] == 43 || header[3] == 43);
}
#define TIFFIsBigTIFF(tiff) tiff_old_is_big(tiff)
#endif

#endif
