/* Binary PGM and PPM pictures read back by tests, without the code under test. */
#ifndef SUPPORT_PNM_H
#define SUPPORT_PNM_H

#include <stdbool.h>
#include <stdint.h>

struct pnm {
    int width, height, channels;
    uint8_t *samples; /* malloc'd */
};

bool pnm_read(struct pnm *pnm, const char *path);
void pnm_free(struct pnm *pnm);

/* The first channel at (x, y). */
int pnm_at(const struct pnm *pnm, int x, int y);

#endif
