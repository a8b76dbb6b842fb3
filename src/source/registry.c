/* The classes of sources, and the way to them: see source/source.h.
 *
 * Owns the table of classes. A file that no class knows gets a sentence that says what it looks
 * like. */
#include "source/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "source/tiff.h"

static const struct source_class *const classes[] = {&tiff_class};

enum { HEAD_BYTES = 512, RECOGNISE_BYTES = 16 };

/* Bytes at an offset that tell a kind of file. */
static const struct {
    const char *looks;
    int offset, length;
    const char *bytes;
} marks[] = {
    {N_("a DICOM file"), 128, 4, "DICM"},
    {N_("a PNG image"), 0, 4, "\x89PNG"},
    {N_("a JPEG image"), 0, 3, "\xff\xd8\xff"},
    {N_("a JPEG 2000 image"), 4, 4, "jP  "},
    {N_("a JPEG 2000 image"), 0, 4, "\xff\x4f\xff\x51"},
    {N_("a JPEG XL image"), 4, 4, "JXL "},
    {N_("a GIF image"), 0, 4, "GIF8"},
    {N_("a BMP image"), 0, 2, "BM"},
    {N_("a WebP image"), 8, 4, "WEBP"},
    {N_("a FITS image"), 0, 9, "SIMPLE  ="},
    {N_("a NIfTI image"), 344, 3, "n+1"},
    {N_("an HDF5 file"), 0, 4, "\x89HDF"},
    {N_("a PNM image"), 0, 3, "P5\n"},
    {N_("a PNM image"), 0, 3, "P6\n"},
    {N_("a PDF document"), 0, 5, "%PDF-"},
    {N_("a gzip archive"), 0, 2, "\x1f\x8b"},
    {N_("a bzip2 archive"), 0, 3, "BZh"},
    {N_("an xz archive"), 0, 5,
     "\xfd"
     "7zXZ"},
    {N_("a Zstandard archive"), 0, 4, "\x28\xb5\x2f\xfd"},
    {N_("a ZIP archive"), 0, 4, "PK\003\004"},
    {N_("a program"), 0, 4,
     "\x7f"
     "ELF"},
};

/* Letters of ASCII or of UTF-8 and the blanks that text has. */
static bool is_text(const unsigned char *head, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (head[i] < ' ' ? !memchr("\t\n\v\f\r\033", head[i], 6)
                          : head[i] == 127 || head[i] > 0xf4)
            return false;
    return true;
}

static bool is_zero(const unsigned char *head, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (head[i])
            return false;
    return true;
}

/* NULL when it looks like nothing in particular. */
static const char *looks_like(const unsigned char *head, size_t bytes)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if ((size_t)(marks[i].offset + marks[i].length) <= bytes &&
            !memcmp(head + marks[i].offset, marks[i].bytes, (size_t)marks[i].length))
            return marks[i].looks;
    if (is_zero(head, bytes))
        return N_("nothing but zeros");
    if (is_text(head, bytes))
        return N_("text");
    return NULL;
}

static bool refuse(const unsigned char *head, size_t bytes, const char *name, struct fault *fault)
{
    if (!bytes)
        return fault_set(fault, FAULT_FORMAT, "%s: the file is empty", name);
    const char *looks = looks_like(head, bytes);
    if (!looks)
        return fault_set(fault, FAULT_FORMAT, "%s: not a TIFF file", name);
    return fault_set(fault, FAULT_FORMAT, "%s: not a TIFF file (it looks like %s)", name, _(looks));
}

static bool read_head(int fd, unsigned char head[HEAD_BYTES], size_t *bytes, const char *name,
                      struct fault *fault)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return fault_errno(fault, errno, "%s", name);
    if (!S_ISREG(status.st_mode))
        return fault_set(fault, FAULT_FILE, "%s: not a regular file", name);
    ssize_t got = pread(fd, head, HEAD_BYTES, 0);
    if (got < 0)
        return fault_errno(fault, errno, "%s", name);
    *bytes = (size_t)got;
    return true;
}

static struct source *open_by_class(int fd, int overviews, const char *name, struct fault *fault)
{
    unsigned char head[HEAD_BYTES];
    size_t bytes = 0;
    if (!read_head(fd, head, &bytes, name, fault))
        return NULL;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i]->recognise(head, bytes < RECOGNISE_BYTES ? bytes : RECOGNISE_BYTES))
            return classes[i]->open(fd, overviews, name, fault);
    refuse(head, bytes, name, fault);
    return NULL;
}

struct source *source_open(int fd, int overviews, const char *name, struct fault *fault)
{
    struct source *source = open_by_class(fd, overviews, name, fault);
    if (source)
        return source;
    close(fd);
    if (overviews >= 0)
        close(overviews);
    return NULL;
}

void source_close(struct source *source)
{
    if (source)
        source->class->close(source);
}

bool source_select(struct source *source, const struct source_choice *choice, struct page *page,
                   struct fault *fault)
{
    return source->class->select(source, choice, page, fault);
}

bool source_read(struct source *source, struct area area, struct row_sink *sink,
                 struct fault *fault)
{
    const struct page *page = &source->page;
    if (page->width <= 0)
        return fault_set(fault, FAULT_USAGE, "no page of the file is selected");
    area = area_intersect(area, (struct area){0, 0, page->width, page->height});
    if (area.width <= 0 || area.height <= 0)
        return true;
    return source->class->read(source, area, sink, fault);
}

struct source *source_reduced(struct source *source, int reduction)
{
    return source->page.width > 0 ? source->class->reduced(source, reduction) : NULL;
}

void source_count(struct source *source, bool (*dropped)(void *context), void *context)
{
    if (source->page.counting)
        source->class->count(source, dropped, context);
}

void source_inform(struct source *source, struct fact_sink *sink)
{
    source->class->inform(source, sink);
}

int32_t source_colours(struct source *source, const uint16_t *levels[3])
{
    return source->class->colours ? source->class->colours(source, levels) : 0;
}

bool source_changed(struct source *source, struct fault *fault)
{
    return source->class->changed && source->class->changed(source, fault);
}

void source_rest(struct source *source)
{
    source->class->rest(source);
}

struct probe_sink {
    struct row_sink sink;
    const struct page *page;
    double *values;
    bool found;
};

static bool take_sample(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct probe_sink *probe = (struct probe_sink *)sink;
    (void)x, (void)y;
    for (int32_t channel = 0; n > 0 && channel < probe->page->channels; channel++)
        probe->values[channel] =
            sample_value((enum sample_type)probe->page->type, codes, channel * (ptrdiff_t)n);
    probe->found |= n > 0;
    return true;
}

bool source_probe(struct source *source, int64_t x, int64_t y, double values[3],
                  struct fault *fault)
{
    struct probe_sink probe = {
        .sink.row = take_sample, .page = &source->page, .values = values, .found = false};
    if (!source_read(source, (struct area){x, y, 1, 1}, &probe.sink, fault))
        return false;
    if (!probe.found)
        return fault_set(fault, FAULT_USAGE, "there is no sample at %lld, %lld", (long long)x,
                         (long long)y);
    return true;
}
