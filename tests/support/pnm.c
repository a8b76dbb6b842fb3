/* PNM reading for tests: see pnm.h. */
#include "support/pnm.h"

#include <stdio.h>
#include <stdlib.h>

bool pnm_read(struct pnm *pnm, const char *path)
{
    char kind;
    int most;
    *pnm = (struct pnm){0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool good = fscanf(file, "P%c %d %d %d", &kind, &pnm->width, &pnm->height, &most) == 4 &&
                (kind == '5' || kind == '6') && most == 255 && fgetc(file) != EOF;
    pnm->channels = kind == '6' ? 3 : 1;
    size_t bytes = good ? (size_t)pnm->width * (size_t)pnm->height * (size_t)pnm->channels : 0;
    pnm->samples = good ? malloc(bytes + 1) : NULL;
    good = pnm->samples && fread(pnm->samples, 1, bytes + 1, file) == bytes;
    fclose(file);
    if (!good)
        pnm_free(pnm);
    return good;
}

void pnm_free(struct pnm *pnm)
{
    free(pnm->samples);
    pnm->samples = NULL;
}

int pnm_at(const struct pnm *pnm, int x, int y)
{
    return pnm->samples[((size_t)y * (size_t)pnm->width + (size_t)x) * (size_t)pnm->channels];
}
