/* libtiff handles whose errors are caught one by one, and whose bytes come from us.
 *
 * Private to src/source, for reading and writing alike. */
#ifndef SOURCE_TIFF_CLIENT_H
#define SOURCE_TIFF_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

enum { TIFF_CLIENT_ALLOCATION_MAX = 128 << 20 }; /* bytes libtiff may allocate at once */

/* Whose bytes: the first member of what libtiff's procedures get. */
struct tiff_client {
    const struct tiff_client_class *class;
    char error[256]; /* the first error since the last tiff_client_forget; "" = none */
};

struct tiff_client_class {
    TIFFReadWriteProc read, write;
    TIFFSeekProc seek;
    TIFFSizeProc size;
    TIFFMapFileProc map;
};

/* Opens a handle; `mode` is libtiff's. It has no name: sentences name the file themselves. NULL
 * with client->error set. */
TIFF *tiff_client_open(struct tiff_client *client, const char *mode);

void tiff_client_forget(struct tiff_client *client);

/* True when an error's words say that memory could not be had: the file may be sound. */
bool tiff_client_lacked_memory(const char *words);

/* The first error in words; "libtiff does not say why" when there is none. */
const char *tiff_client_error(const struct tiff_client *client);

#endif
