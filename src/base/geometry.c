/* Rectangles: see base/geometry.h. Owns nothing. */
#include "base/geometry.h"

struct rect rect_intersect(struct rect a, struct rect b)
{
    int left = a.x > b.x ? a.x : b.x;
    int top = a.y > b.y ? a.y : b.y;
    int right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    int bottom = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;
    return (struct rect){left, top, right - left, bottom - top};
}

struct rect rect_union(struct rect a, struct rect b)
{
    if (rect_empty(a))
        return b;
    if (rect_empty(b))
        return a;
    int left = a.x < b.x ? a.x : b.x;
    int top = a.y < b.y ? a.y : b.y;
    int right = a.x + a.width > b.x + b.width ? a.x + a.width : b.x + b.width;
    int bottom = a.y + a.height > b.y + b.height ? a.y + a.height : b.y + b.height;
    return (struct rect){left, top, right - left, bottom - top};
}

struct area area_intersect(struct area a, struct area b)
{
    int64_t left = max64(a.x, b.x);
    int64_t top = max64(a.y, b.y);
    int64_t right = min64(a.x + a.width, b.x + b.width);
    int64_t bottom = min64(a.y + a.height, b.y + b.height);
    return (struct area){left, top, right - left, bottom - top};
}

struct area area_union(struct area a, struct area b)
{
    if (a.width <= 0 || a.height <= 0)
        return b;
    if (b.width <= 0 || b.height <= 0)
        return a;
    int64_t left = min64(a.x, b.x), top = min64(a.y, b.y);
    int64_t right = max64(a.x + a.width, b.x + b.width);
    int64_t bottom = max64(a.y + a.height, b.y + b.height);
    return (struct area){left, top, right - left, bottom - top};
}
