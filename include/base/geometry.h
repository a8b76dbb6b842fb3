/* Rectangles in window pixels and in image samples, and the little arithmetic that goes with them.
 */
#ifndef BASE_GEOMETRY_H
#define BASE_GEOMETRY_H

#include <stdbool.h>
#include <stdint.h>

/* In window pixels, y down. Empty when either size is not positive. */
struct rect {
    int x, y, width, height;
};

/* In samples of a page or of one of its reductions, y down. */
struct area {
    int64_t x, y, width, height;
};

static inline bool rect_empty(struct rect r)
{
    return r.width <= 0 || r.height <= 0;
}

static inline bool rect_holds(struct rect r, int x, int y)
{
    return x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height;
}

struct rect rect_intersect(struct rect a, struct rect b);

/* The smallest rectangle that holds both; an empty one counts as nothing. */
struct rect rect_union(struct rect a, struct rect b);

struct area area_intersect(struct area a, struct area b);

/* The smallest area that holds both; an empty one counts as nothing. */
struct area area_union(struct area a, struct area b);

/* Division rounded towards minus infinity, and up; b > 0. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static inline int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b > 0);
}

static inline int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t max64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t clamp64(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

#endif
