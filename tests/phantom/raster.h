/* Shapes drawn as line integrals on a plane the size of the phantom: tubes along paths, slabs
 * within outlines, distances from an outline. Everything is in millimetres; x from the middle of
 * the plane to the right, y from the top down.
 *
 * Arithmetic is + - * / and sqrt only, so that every machine with IEEE doubles makes the same
 * image. */
#ifndef PHANTOM_RASTER_H
#define PHANTOM_RASTER_H

#include <stdbool.h>
#include <stdint.h>

enum { PLANE_WIDTH = 3072, PLANE_HEIGHT = 2560 };
#define PLANE_PITCH 0.139 /* mm */
#define PLANE_UNIT 4096.0 /* codes for one */

struct spot {
    double x, y;
};

/* A path with a radius and a strength at each of its points. */
enum { PATH_POINTS = 64 };
struct path_point {
    double x, y, radius, strength;
};
struct path {
    struct path_point at[PATH_POINTS];
    int count;
};

double sine(double radians);
double cosine(double radians);
double exponential(double x);
double logarithm(double x); /* x > 0 */

/* Value in [0, 1) that only its arguments decide. */
double hash_fraction(int32_t x, int32_t y, uint32_t salt);

/* Smooth random texture of mean 0, about -1 .. 1, with `grain` mm between its knots. */
double texture(double x, double y, double grain, uint32_t salt);

struct plane {
    int16_t *codes;
};

bool plane_init(struct plane *plane);
void plane_fini(struct plane *plane);
static inline double plane_at(const struct plane *plane, int column, int row)
{
    return plane->codes[(int64_t)row * PLANE_WIDTH + column] / PLANE_UNIT;
}

/* What a tube is made of: how strong it is at its wall and inside it, in units for each mm; a wall
 * of 0 mm is a tube of one material. */
struct tube {
    double wall_mm, wall, core;
};

/* Adds the tube along the path. Where it meets itself its nearer part counts. */
bool plane_add_tube(struct plane *plane, const struct path *path, const struct tube *tube);

/* A closed outline through control points, rounded (Catmull and Rom's spline). */
enum { OUTLINE_POINTS = 320 };
struct outline {
    struct spot at[OUTLINE_POINTS];
    int count;
};

/* `mirror` -1 turns left and right about; then the outline moves by `shift`. */
void outline_init(struct outline *outline, const struct spot *control, int count, double mirror,
                  struct spot shift);

/* Distance to the outline, more than 0 inside. */
double outline_depth(const struct outline *outline, struct spot spot);

/* Adds `body` inside the outline and `rim` more at its edge, falling off within `rim_mm`. */
void plane_add_slab(struct plane *plane, const struct outline *outline, double body, double rim,
                    double rim_mm);

/* outline_depth tabulated on a coarse grid. */
enum {
    FIELD_STEP = 8,
    FIELD_WIDTH = PLANE_WIDTH / FIELD_STEP + 1,
    FIELD_HEIGHT = PLANE_HEIGHT / FIELD_STEP + 1
};
struct field {
    float depth[FIELD_HEIGHT][FIELD_WIDTH];
};

void field_init(struct field *field, const struct outline *outline);
double field_at(const struct field *field, int column, int row);

/* How thick a rounded body is `depth` inside its edge when it is full at `full`: 0 .. 1. */
double rounded(double depth, double full);

struct spot plane_spot(int column, int row);

#endif
