/* ImageJ's description: see source/imagej.h. Lines of KEY=VALUE, as ij.io.FileSaver writes and
 * ij.io.TiffDecoder and FileOpener read them. Owns nothing; knows no pages. */
#include "source/imagej.h"

#include <math.h>
#include <string.h>

#include "source/words.h"

/* A count of 1 or more; 1 when there is none. */
static int32_t count_of(const char *description, const char *key)
{
    double count;
    bool fine = words_number_after(description, key, &count) && count >= 1 && count <= INT32_MAX;
    return fine ? (int32_t)count : 1;
}

static void find_window(const char *description, struct imagej *imagej)
{
    imagej->has_window = words_number_after(description, "\nmin=", &imagej->low) &&
                         words_number_after(description, "\nmax=", &imagej->high) &&
                         imagej->low < imagej->high;
}

/* Calibration function 0 is a straight line, c0 + c1 x. */
static void find_line(const char *description, struct imagej *imagej)
{
    double function;
    imagej->has_line = words_number_after(description, "\ncf=", &function) && function == 0 &&
                       words_number_after(description, "\nc0=", &imagej->intercept) &&
                       words_number_after(description, "\nc1=", &imagej->slope) &&
                       imagej->slope != 0;
}

static void find_lengths(const char *description, struct imagej *imagej)
{
    char unit[24], unit_z[24];
    double spacing = 0;
    words_line_after(description, "\nunit=", unit, sizeof unit);
    words_line_after(description, "\nzunit=", unit_z, sizeof unit_z);
    words_plain(unit, imagej->unit, sizeof imagej->unit);
    imagej->unit_mm = words_length_mm(unit);
    if (words_number_after(description, "\nspacing=", &spacing))
        imagej->spacing_z = fabs(spacing) * (unit_z[0] ? words_length_mm(unit_z) : imagej->unit_mm);
    if (!isfinite(imagej->spacing_z))
        imagej->spacing_z = 0;
}

bool imagej_parse(const char *description, struct imagej *imagej)
{
    char text[24];
    if (strncmp(description, "ImageJ=", 7))
        return false;
    *imagej = (struct imagej){.slope = 1};
    words_line_after(description, "ImageJ=", text, sizeof text);
    words_plain(text, imagej->version, sizeof imagej->version);
    words_line_after(description, "\nvunit=", text, sizeof text);
    words_plain(text, imagej->value_unit, sizeof imagej->value_unit);
    imagej->images = count_of(description, "\nimages=");
    imagej->channels = count_of(description, "\nchannels=");
    imagej->slices = count_of(description, "\nslices=");
    imagej->frames = count_of(description, "\nframes=");
    find_window(description, imagej);
    find_line(description, imagej);
    find_lengths(description, imagej);
    return true;
}
