/* The anatomy of the phantom: outlines and paths in millimetres, summed to the attenuation of each
 * ray, and from it what a digital detector would show: quantum noise, blur, scatter, a display
 * curve. All numbers were drawn by hand; nobody was X-rayed. */
#include "phantom/chest.h"

#include <math.h>
#include <stdlib.h>

#include "phantom/letters.h"
#include "phantom/raster.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const struct spot body_points[] = {
    {0, -60},    {-50, -40},  {-53, 0},    {-62, 20},   {-92, 33},   {-140, 43},  {-178, 58},
    {-208, 84},  {-236, 130}, {-262, 200}, {-262, 290}, {-236, 300}, {-216, 240}, {-200, 190},
    {-187, 160}, {-178, 152}, {-174, 170}, {-172, 220}, {-168, 270}, {-165, 330}, {-168, 400},
    {0, 420},    {170, 400},  {167, 330},  {169, 270},  {173, 220},  {175, 172},  {180, 153},
    {189, 162},  {202, 192},  {218, 242},  {238, 300},  {262, 290},  {262, 200},  {236, 132},
    {208, 86},   {178, 60},   {140, 45},   {92, 34},    {62, 20},    {53, 0},     {50, -40},
};
static const struct spot right_lung_points[] = {
    {-44, 49},   {-66, 55},   {-88, 77},   {-105, 112}, {-118, 150}, {-127, 190}, {-133, 230},
    {-136, 265}, {-138, 296}, {-128, 308}, {-95, 312},  {-58, 310},  {-28, 300},  {-14, 280},
    {-10, 240},  {-9, 190},   {-10, 150},  {-12, 110},  {-16, 80},   {-26, 58},
};
static const struct spot left_lung_points[] = {
    {45, 47},   {67, 54},   {90, 77},   {107, 112}, {120, 150}, {129, 190}, {134, 230},
    {137, 265}, {139, 299}, {128, 312}, {95, 316},  {58, 312},  {28, 302},  {15, 282},
    {12, 240},  {12, 190},  {12, 150},  {13, 110},  {17, 80},   {26, 57},
};
static const struct spot mediastinum_points[] = {
    {-32, 10},  {-30, 50},  {-26, 80}, {-25, 105}, {-27, 126}, {-24, 150}, {-18, 180},
    {-15, 230}, {-17, 320}, {17, 320}, {16, 230},  {24, 190},  {37, 164},  {36, 150},
    {32, 141},  {38, 130},  {39, 116}, {33, 104},  {28, 90},   {29, 60},   {34, 10},
};
static const struct spot heart_points[] = {
    {-10, 152}, {-28, 178}, {-39, 205}, {-42, 232}, {-35, 256}, {-14, 274}, {28, 282}, {64, 281},
    {86, 268},  {91, 250},  {83, 224},  {66, 196},  {50, 175},  {37, 158},  {10, 146},
};
static const struct spot abdomen_points[] = {
    {-170, 312}, {-145, 306}, {-136, 292}, {-121, 272}, {-97, 255}, {-66, 247},  {-38, 251},
    {-18, 264},  {0, 274},    {20, 275},   {44, 268},   {70, 263},  {99, 268},   {122, 284},
    {137, 300},  {147, 314},  {175, 330},  {175, 420},  {0, 430},   {-175, 420},
};
static const struct spot stomach_points[] = {
    {38, 290}, {52, 280}, {74, 277}, {96, 284}, {108, 299}, {98, 306}, {70, 308}, {46, 304},
};
static const struct spot right_breast_points[] = {
    {-172, 150}, {-140, 112}, {-98, 128},  {-62, 170},  {-52, 212},
    {-72, 242},  {-110, 252}, {-148, 240}, {-168, 205},
};
static const struct spot left_breast_points[] = {
    {172, 152}, {140, 114}, {98, 130},  {64, 172},  {55, 216},
    {76, 247},  {112, 256}, {150, 243}, {169, 206},
};
/* One side; the other is its mirror. */
static const struct spot scapula_points[] = {
    {104, 68},  {112, 90},  {119, 120}, {126, 150}, {136, 176}, {143, 178}, {147, 160}, {150, 135},
    {155, 115}, {164, 103}, {170, 92},  {168, 78},  {160, 72},  {146, 76},  {128, 72},  {114, 64},
};

/* Costovertebral joint, lowest drop from back to front, half width at the side, and how far round
 * (in degrees from the back) the bone goes. */
static const struct rib {
    double y, drop, half_width, from_deg, to_deg;
} ribs[] = {
    {43, 40, 68, 16, 150},   {60, 62, 94, 11, 146},   {80, 76, 111, 9, 141},
    {101, 86, 122, 8, 137},  {123, 94, 130, 7, 133},  {146, 102, 136, 7, 129},
    {169, 110, 140, 7, 125}, {193, 114, 142, 7, 120}, {217, 116, 143, 7, 116},
    {242, 112, 141, 7, 108}, {267, 104, 132, 7, 78},  {293, 92, 112, 8, 52},
};

enum layer {
    BODY,
    RIGHT_LUNG,
    LEFT_LUNG,
    MEDIASTINUM,
    HEART,
    ABDOMEN,
    STOMACH,
    RIGHT_BREAST,
    LEFT_BREAST,
    LAYERS
};
#define POINTS(points) points, LENGTH(points)
static const struct {
    const struct spot *points;
    int count;
} layer_outlines[LAYERS] = {
    [BODY] = {POINTS(body_points)},
    [RIGHT_LUNG] = {POINTS(right_lung_points)},
    [LEFT_LUNG] = {POINTS(left_lung_points)},
    [MEDIASTINUM] = {POINTS(mediastinum_points)},
    [HEART] = {POINTS(heart_points)},
    [ABDOMEN] = {POINTS(abdomen_points)},
    [STOMACH] = {POINTS(stomach_points)},
    [RIGHT_BREAST] = {POINTS(right_breast_points)},
    [LEFT_BREAST] = {POINTS(left_breast_points)},
};

/* Attenuation for each mm, at some 75 keV. */
#define SOFT 0.0178
#define LUNG_LESS 0.0136 /* how much less lung takes than soft tissue */
static const struct tube rib_tube = {0.9, 0.034, 0.0045};
static const struct tube clavicle_tube = {1.5, 0.036, 0.008};
static const struct tube long_bone_tube = {2.6, 0.03, 0.012};
static const struct tube plate_tube = {0, 0.02, 0.02};
static const struct tube spine_tube = {0, 0.007, 0.007};
static const struct tube airway_tube = {0, -SOFT * 1.15, -SOFT * 1.15};
static const struct tube vessel_tube = {0, 1.0 / 16, 1.0 / 16}; /* mm of vessel in units of 16 mm */

struct chest {
    struct plane solid; /* bones (more) and airways (less): attenuation */
    struct plane moist; /* vessels within the lungs: mm / 16 */
    struct field fields[LAYERS];
    uint32_t random;
};

static double draw(struct chest *chest)
{
    chest->random += 1;
    return hash_fraction((int32_t)chest->random, 77, 5);
}

static double between(struct chest *chest, double low, double high)
{
    return low + (high - low) * draw(chest);
}

/* A value that runs through knots (ascending `at`), constant beyond them. */
struct knot {
    double at, value;
};

static double follow(const struct knot *knots, int count, double at)
{
    if (at <= knots[0].at)
        return knots[0].value;
    for (int i = 1; i < count; i++)
        if (at < knots[i].at) {
            double part = (at - knots[i - 1].at) / (knots[i].at - knots[i - 1].at);
            part *= part * (3 - 2 * part);
            return knots[i - 1].value + part * (knots[i].value - knots[i - 1].value);
        }
    return knots[count - 1].value;
}

static void path_add(struct path *path, double x, double y, double radius, double strength)
{
    if (path->count < PATH_POINTS)
        path->at[path->count++] = (struct path_point){x, y, radius, strength};
}

/* A rib is a hoop tilted to the front: its longest way along the ray, where it turns at the side,
 * is brightest. `side` is -1 or 1. */
static bool add_rib(struct chest *chest, const struct rib *rib, double side)
{
    struct path path = {.count = 0};
    const double half_depth = 82;
    double size = between(chest, 0.95, 1.05), sag = between(chest, -2, 2);
    for (int i = 0; i < 56; i++) {
        double degrees = rib->from_deg + (rib->to_deg - rib->from_deg) * i / 55;
        double angle = degrees * 0.017453292519943295;
        double s = sine(angle), c = cosine(angle);
        double across = rib->half_width * c, down = rib->drop / 2 * s + 9 * c,
               deep = half_depth * s;
        double flat = across * across + down * down;
        double slant = sqrt((flat + deep * deep) / flat);
        double front = (degrees - 70) / 70 < 0 ? 0 : (degrees - 70) / 70;
        double fade = (rib->to_deg - degrees) / 22;
        double start = (degrees - rib->from_deg) / 4 + 0.5;
        fade = (fade < 0 ? 0 : fade > 1 ? 1 : fade) * (start > 1 ? 1 : start);
        double strength = (slant > 2.1 ? 2.1 : slant) * fade * (1 - 0.35 * front);
        double x = side * rib->half_width * s, wave = texture(x, rib->y, 30, 31);
        double y = rib->y + sag * s + 1.1 * wave + rib->drop * (1 - c) / 2 + 9 * s;
        path_add(&path, x, y, size * (4.6 + 1.5 * front) * (1 + 0.09 * wave), strength);
    }
    return plane_add_tube(&chest->solid, &path, &rib_tube);
}

/* Points of one side: x, y, radius, strength. */
static bool add_bone(struct chest *chest, const struct path_point *points, int count, double side,
                     const struct tube *tube)
{
    struct path path = {.count = 0};
    double shift = side < 0 ? -1.5 : 1, drop = side < 0 ? 1.5 : 0;
    for (int i = 0; i + 1 < count; i++)
        for (int step = 0; step < 6; step++) {
            const struct path_point *a = &points[i], *b = a + 1;
            const struct path_point *before = i ? a - 1 : a, *after = i + 2 < count ? b + 1 : b;
            double t = step / 6.0, u = t * t * (3 - 2 * t);
            double x = a->x + t * (b->x - a->x) +
                       t * (1 - t) *
                           ((1 - t) * (b->x - before->x) / 2 - (1 - t) * (b->x - a->x) -
                            t * ((after->x - a->x) / 2 - (b->x - a->x)));
            double y = a->y + t * (b->y - a->y) +
                       t * (1 - t) *
                           ((1 - t) * (b->y - before->y) / 2 - (1 - t) * (b->y - a->y) -
                            t * ((after->y - a->y) / 2 - (b->y - a->y)));
            path_add(&path, side * x + shift, y + drop, a->radius + u * (b->radius - a->radius),
                     a->strength + t * (b->strength - a->strength));
        }
    const struct path_point *end = &points[count - 1];
    path_add(&path, side * end->x + shift, end->y + drop, end->radius, end->strength);
    return plane_add_tube(&chest->solid, &path, tube);
}

static const struct path_point clavicle[] = {
    {15, 86, 10, 0.7}, {22, 84, 8, 0.9},  {42, 76, 6, 1},    {68, 67, 5.5, 1},
    {95, 62, 5.6, 1},  {122, 57, 6.2, 1}, {142, 49, 7, 0.9}, {156, 47, 7.5, 0.6},
};
static const struct path_point scapular_spine[] = {
    {117, 92, 3, 0.5}, {135, 78, 5, 0.8}, {155, 60, 6.5, 1}, {171, 52, 8, 0.9}, {182, 54, 7, 0.5},
};
static const struct path_point lateral_border[] = {
    {141, 176, 3, 0.8},
    {147, 155, 4, 1},
    {152, 130, 4.5, 1},
    {160, 106, 6, 0.8},
};
static const struct path_point coracoid[] = {
    {158, 84, 7, 0.5},
    {150, 74, 6.5, 1},
    {146, 68, 6, 1},
};
static const struct path_point humerus[] = {
    {181, 84, 25, 0.45}, {189, 100, 19, 0.6}, {198, 122, 13, 0.9},
    {207, 160, 12, 1},   {218, 215, 12, 1},   {226, 260, 12, 1},
};
static const struct path_point trachea[] = {
    {2, 0, 8.5, 1}, {1, 40, 9, 1}, {-2, 80, 9, 1}, {-4, 112, 9.5, 1}, {-4, 128, 9.5, 0},
};
static const struct path_point right_bronchus[] = {
    {-6, 120, 7, 0},
    {-16, 138, 7.5, 1},
    {-28, 152, 6.5, 0.8},
    {-36, 170, 4.5, 0.3},
};
static const struct path_point left_bronchus[] = {
    {0, 120, 7, 0},
    {14, 137, 7, 1},
    {32, 147, 6.5, 0.9},
    {48, 160, 4.5, 0.3},
};

static bool add_side(struct chest *chest, double side)
{
    for (int i = 0; i < LENGTH(ribs); i++)
        if (!add_rib(chest, &ribs[i], side))
            return false;
    struct outline scapula;
    outline_init(&scapula, scapula_points, LENGTH(scapula_points), side,
                 (struct spot){side < 0 ? -3 : 2, side < 0 ? 3 : 0});
    plane_add_slab(&chest->solid, &scapula, 0.075, 0.12, 1.3);
    return add_bone(chest, clavicle, LENGTH(clavicle), side, &clavicle_tube) &&
           add_bone(chest, scapular_spine, LENGTH(scapular_spine), side, &plate_tube) &&
           add_bone(chest, lateral_border, LENGTH(lateral_border), side, &plate_tube) &&
           add_bone(chest, coracoid, LENGTH(coracoid), side, &plate_tube) &&
           add_bone(chest, humerus, LENGTH(humerus), side, &long_bone_tube);
}

/* A vertebra: body with rims, pedicles as rings, processes at the sides and behind. */
static bool add_vertebra(struct chest *chest, double y, double height, double half_width)
{
    double h = height / 2 - 1.8, w = half_width;
    const struct spot corners[] = {
        {-w, y - h}, {-w / 2, y - h + 1}, {w / 2, y - h + 1},  {w, y - h},  {w - 2.2, y},
        {w, y + h},  {w / 2, y + h - 1},  {-w / 2, y + h - 1}, {-w, y + h}, {2.2 - w, y}};
    struct outline outline;
    outline_init(&outline, corners, LENGTH(corners), 1, (struct spot){0.5, 0});
    plane_add_slab(&chest->solid, &outline, 0.13, 0.10, 0.9);
    bool drawn = true;
    for (double side = -1; side <= 1; side += 2) {
        struct path pedicle = {.count = 0}, process = {.count = 0};
        path_add(&pedicle, side * w * 0.62, y - h * 0.45, 3.4, 0.9);
        path_add(&pedicle, side * w * 0.62, y - h * 0.05, 3.2, 0.9);
        path_add(&process, side * w * 0.7, y - h * 0.3, 4, 0.8);
        path_add(&process, side * (w + 13), y - h * 0.55, 3.6, 0.8);
        drawn = drawn && plane_add_tube(&chest->solid, &pedicle, &rib_tube) &&
                plane_add_tube(&chest->solid, &process, &spine_tube);
    }
    struct path spinous = {.count = 0};
    path_add(&spinous, 0, y + h * 0.2, 2, 2);
    path_add(&spinous, 0.6, y + h * 1.3, 3, 2.6);
    return drawn && plane_add_tube(&chest->solid, &spinous, &spine_tube);
}

static bool add_spine(struct chest *chest)
{
    double y = 4;
    for (int i = 0; i < 17; i++) {
        double height = 15.5 + 0.75 * i;
        if (!add_vertebra(chest, y, height, 12.5 + 0.42 * i))
            return false;
        y += height + 0.37;
    }
    return true;
}

/* One vessel from x, y on, with its branches; directions turn by small random angles and away from
 * `home`. */
struct twig {
    double x, y, dx, dy, radius;
    struct spot home;
    int depth;
};

static void turn(struct twig *twig, double angle)
{
    double s = sine(angle), c = cosine(angle), dx = twig->dx;
    twig->dx = dx * c - twig->dy * s;
    twig->dy = dx * s + twig->dy * c;
}

static void lean_outwards(struct twig *twig, double much)
{
    double ox = twig->x - twig->home.x, oy = twig->y - twig->home.y;
    double length = sqrt(ox * ox + oy * oy) + 8;
    double dx = twig->dx + much * ox / length, dy = twig->dy + much * oy / length;
    double norm = sqrt(dx * dx + dy * dy) + 1e-9;
    twig->dx = dx / norm;
    twig->dy = dy / norm;
}

/* Draws a vessel to its end. Where it forks, the branch starts weak within the stem, so that the
 * two do not add up. */
static bool add_vessel(struct chest *chest, struct twig twig)
{
    enum { STEPS = 4 };
    struct path path = {.count = 0};
    double way = draw(chest) < 0.5 ? -1 : 1;
    while (twig.radius > 0.25 && path.count + STEPS <= PATH_POINTS) {
        double length = 4.5 + twig.radius * between(chest, 3, 6),
               bend = between(chest, -0.12, 0.12);
        for (int i = 0; i < STEPS; i++) {
            double strength = 1.4 + 1.3 / (1 + twig.radius);
            path_add(&path, twig.x, twig.y, twig.radius,
                     path.count < 2 ? 0.35 * path.count * strength : strength);
            turn(&twig, bend + between(chest, -0.09, 0.09));
            lean_outwards(&twig, 0.05);
            twig.x += twig.dx * length / STEPS;
            twig.y += twig.dy * length / STEPS;
            twig.radius *= 0.975;
        }
        struct twig branch = twig;
        branch.depth++;
        branch.radius *= between(chest, 0.5, 0.78);
        turn(&branch, way * between(chest, 0.4, 0.9));
        if (branch.radius > 0.25 && !add_vessel(chest, branch))
            return false;
        turn(&twig, -way * between(chest, 0.05, 0.25));
        twig.radius *= between(chest, 0.84, 0.95);
        way = draw(chest) < 0.3 ? way : -way;
    }
    return plane_add_tube(&chest->moist, &path, &vessel_tube);
}

/* Where the great vessels leave the hila: place, direction, radius. */
static const struct root {
    double x, y, dx, dy, radius;
} right_roots[] =
    {
        {-32, 152, -0.15, 1, 6.6},  {-36, 150, -0.75, 0.65, 4.2}, {-30, 140, -0.7, -0.75, 4.4},
        {-28, 136, -0.25, -1, 3.8}, {-38, 152, -1, 0.05, 3.6},    {-26, 185, -0.8, 0.55, 4.2},
        {-30, 168, -1, 0.4, 3.2},   {-24, 190, -0.35, 1, 3.6},    {-34, 142, -0.95, -0.45, 3},
},
  left_roots[] = {
      {42, 146, 0.25, 1, 6},   {44, 142, 0.85, 0.55, 4}, {38, 134, 0.65, -0.8, 4.2},
      {36, 132, 0.2, -1, 3.6}, {46, 142, 1, -0.1, 3.6},  {42, 176, 0.85, 0.6, 3.8},
      {44, 160, 1, 0.35, 3},   {34, 190, 0.4, 1, 3.4},   {42, 136, 0.95, -0.5, 3},
};

static bool add_lung_vessels(struct chest *chest, const struct root *roots, int count)
{
    for (int i = 0; i < count; i++) {
        double norm = sqrt(roots[i].dx * roots[i].dx + roots[i].dy * roots[i].dy);
        struct twig twig = {roots[i].x,
                            roots[i].y,
                            roots[i].dx / norm,
                            roots[i].dy / norm,
                            roots[i].radius,
                            {roots[0].x * 0.6, roots[0].y},
                            0};
        if (!add_vessel(chest, twig))
            return false;
    }
    /* Vessels that run along the ray show as dots. */
    for (int i = 0; i < 70; i++) {
        struct path dot = {.count = 0};
        double reach = between(chest, 12, 75), angle = between(chest, -1.4, 1.4);
        double x = roots[0].x + (roots[0].x < 0 ? -1 : 1) * reach * cosine(angle);
        double y = roots[0].y + 12 + reach * 1.2 * sine(angle), radius = between(chest, 0.6, 1.7);
        path_add(&dot, x, y, radius, 2.2);
        path_add(&dot, x + 0.2, y + 0.3, radius, 2.2);
        if (!plane_add_tube(&chest->moist, &dot, &vessel_tube))
            return false;
    }
    return true;
}

static bool add_air_and_fissure(struct chest *chest)
{
    struct path fissure = {.count = 0};
    for (int i = 0; i <= 20; i++)
        path_add(&fissure, -42 - i * 4, 168 - 0.035 * i * (14 - i) + i * 0.2, 0.35, 8);
    return add_bone(chest, trachea, LENGTH(trachea), 1, &airway_tube) &&
           add_bone(chest, right_bronchus, LENGTH(right_bronchus), 1, &airway_tube) &&
           add_bone(chest, left_bronchus, LENGTH(left_bronchus), 1, &airway_tube) &&
           plane_add_tube(&chest->moist, &fissure, &vessel_tube);
}

static bool build(struct chest *chest)
{
    for (int i = 0; i < LAYERS; i++) {
        struct outline outline;
        outline_init(&outline, layer_outlines[i].points, layer_outlines[i].count, 1,
                     (struct spot){0, 0});
        field_init(&chest->fields[i], &outline);
    }
    return add_side(chest, -1) && add_side(chest, 1) && add_spine(chest) &&
           add_air_and_fissure(chest) &&
           add_lung_vessels(chest, right_roots, LENGTH(right_roots)) &&
           add_lung_vessels(chest, left_roots, LENGTH(left_roots));
}

static const struct knot body_thickness[] = {
    {0, 125}, {50, 150}, {110, 200}, {200, 212}, {340, 232}};
static const struct knot lung_thickness[] = {
    {48, 60}, {80, 105}, {130, 150}, {210, 172}, {310, 150}};

/* mm of lung along the ray, before vessels take some of it. */
static double lung_at(const struct chest *chest, int column, int row, struct spot spot)
{
    const struct field *fields = chest->fields;
    double depth =
        fmax(field_at(&fields[RIGHT_LUNG], column, row), field_at(&fields[LEFT_LUNG], column, row));
    if (depth <= 0)
        return 0;
    double lung = rounded(depth, 48) * follow(lung_thickness, LENGTH(lung_thickness), spot.y);
    lung *= 1 - 0.74 * rounded(field_at(&fields[HEART], column, row), 46);
    lung *= 1 - 0.90 * rounded(field_at(&fields[MEDIASTINUM], column, row), 16);
    lung *= 1 - 0.90 * rounded(field_at(&fields[ABDOMEN], column, row), 34);
    double grain = 0.035 * texture(spot.x, spot.y, 9, 1) + 0.025 * texture(spot.x, spot.y, 4, 2) +
                   0.03 * texture(spot.x, spot.y, 1.9, 3);
    return lung * (1 + grain);
}

static double collimator(struct spot spot)
{
    const double penumbra = 0.5, turned = 0.004;
    double x = spot.x + turned * (spot.y - 178), y = spot.y - turned * spot.x;
    double depth = fmin(fmin(x + 208.6, 207.4 - x), fmin(y - 5.4, 351.2 - y));
    double open = depth / penumbra;
    return open > 1 ? 0 : open < -1 ? 7 : 3.5 * (1 - open);
}

/* The logarithm of how much weaker the ray arrives. */
static double attenuation(const struct chest *chest, int column, int row)
{
    struct spot spot = plane_spot(column, row);
    double radius2 = (spot.x * spot.x + (spot.y - 178) * (spot.y - 178)) / (213.0 * 213.0);
    double sum = 0.05 * spot.x / 213 + 0.10 * radius2 + collimator(spot);
    double depth = field_at(&chest->fields[BODY], column, row);
    if (depth <= 0)
        return sum;
    double clutter = 0.020 * texture(spot.x, spot.y, 31, 11) +
                     0.012 * texture(spot.x, spot.y, 13, 12) +
                     0.006 * texture(spot.x, spot.y, 5, 13);
    double flesh = rounded(depth, 100) * follow(body_thickness, LENGTH(body_thickness), spot.y) *
                   (1 + clutter);
    flesh += 13 * (rounded(field_at(&chest->fields[RIGHT_BREAST], column, row), 45) +
                   rounded(field_at(&chest->fields[LEFT_BREAST], column, row), 45));
    double lung = lung_at(chest, column, row, spot);
    double vessel = plane_at(&chest->moist, column, row) * 16;
    lung -= fmin(vessel, 0.3 * lung);
    double gas = 30 * rounded(field_at(&chest->fields[STOMACH], column, row), 12);
    double trabeculae =
        1 + 0.05 * texture(spot.x, spot.y, 0.8, 21) + 0.05 * texture(spot.x, spot.y, 2.3, 22);
    return sum + SOFT * (flesh - gas) - LUNG_LESS * lung +
           plane_at(&chest->solid, column, row) * trabeculae;
}

/* The detector: exposure for attenuations 0 .. 16, counted by a converter, and what is shown for
 * each count. A count of CONVERTER is the open beam. */
enum { RAY_STEPS = 4096, CONVERTER = 1 << 13 };
struct detector {
    float counts[RAY_STEPS + 1]; /* by attenuation */
    float noise[RAY_STEPS + 1];  /* deviation of the counts */
    uint16_t shown[CONVERTER];
};

static const struct knot display_curve[] = {
    {0.00, 30},  {0.25, 65},  {0.6, 240},  {1.2, 440}, {2.0, 930},
    {3.0, 1680}, {3.8, 2170}, {4.6, 2540}, {6, 2740},
};

static double shown(double lost)
{
    /* Straight between knots but for rounded joints: the mean over a short stretch. */
    double sum = 0;
    for (int i = -16; i <= 16; i++) {
        double at = lost + i * 0.02;
        int k = 1;
        while (k + 1 < LENGTH(display_curve) && at > display_curve[k].at)
            k++;
        const struct knot *a = &display_curve[k - 1], *b = &display_curve[k];
        double value = a->value + (at - a->at) / (b->at - a->at) * (b->value - a->value);
        sum += value < 0 ? 0 : value > CHEST_WHITE ? CHEST_WHITE : value;
    }
    return sum / 33;
}

static void detector_init(struct detector *detector)
{
    const double scatter = 0.007, quanta = 600000;
    for (int i = 0; i <= RAY_STEPS; i++) {
        double exposure = (exponential(-i * 16.0 / RAY_STEPS) + scatter) / (1 + scatter);
        detector->counts[i] = (float)(exposure * CONVERTER);
        detector->noise[i] = (float)(sqrt(exposure / quanta) * CONVERTER);
    }
    for (int i = 0; i < CONVERTER; i++)
        detector->shown[i] = (uint16_t)(shown(-logarithm((i + 0.5) / CONVERTER)) + 0.5);
}

/* White noise blurred as a storage phosphor read by a laser does it, more along the scan than
 * across: binomial taps, deviation about 1. */
enum { NOISE_TAPS = 17, NOISE_ROWS = 9 };
static const int along_taps[NOISE_TAPS] = {1,     16,   120,  560,  1820, 4368, 8008, 11440, 12870,
                                           11440, 8008, 4368, 1820, 560,  120,  16,   1};
static const int across_taps[NOISE_ROWS] = {1, 8, 28, 56, 70, 56, 28, 8, 1};

static void noise_row(int32_t *out, int row)
{
    for (int column = 0; column < PLANE_WIDTH; column++) {
        int32_t sum = 0;
        for (int i = 0; i < NOISE_TAPS; i++) {
            uint32_t bits = (uint32_t)(hash_fraction(column + i, row, 99) * 4294967296.0);
            int32_t grain =
                (int32_t)((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)) -
                510;
            sum += along_taps[i] * grain;
        }
        out[column] = sum;
    }
}

static void paint_row(const struct chest *chest, const struct detector *detector, int row,
                      int32_t *const *noise, uint16_t *pixels)
{
    const double noise_unit = 1.0 / (147.8 * 65536 * 256 * 0.16578);
    for (int column = 0; column < PLANE_WIDTH; column++) {
        double at = attenuation(chest, column, row) * (RAY_STEPS / 16.0);
        at = at < 0 ? 0 : at > RAY_STEPS - 1 ? RAY_STEPS - 1 : at;
        int step = (int)at;
        double part = at - step;
        const float *counts = &detector->counts[step];
        int64_t sum = 0;
        for (int i = 0; i < NOISE_ROWS; i++)
            sum += (int64_t)across_taps[i] * noise[i][column];
        double count = counts[0] + part * (counts[1] - counts[0]);
        count += (double)sum * noise_unit * detector->noise[step];
        count = count < 0 ? 0 : count > CONVERTER - 1 ? CONVERTER - 1 : count;
        pixels[column] = detector->shown[(int)count];
    }
}

static void paint(const struct chest *chest, const struct detector *detector, int32_t *noise,
                  uint16_t *pixels)
{
    int32_t *rows[NOISE_ROWS];
    for (int i = 0; i < NOISE_ROWS; i++) {
        rows[i] = noise + i * PLANE_WIDTH;
        noise_row(rows[i], i);
    }
    for (int row = 0; row < PLANE_HEIGHT; row++) {
        paint_row(chest, detector, row, rows, pixels + (int64_t)row * PLANE_WIDTH);
        int32_t *oldest = rows[0];
        for (int i = 1; i < NOISE_ROWS; i++)
            rows[i - 1] = rows[i];
        rows[NOISE_ROWS - 1] = oldest;
        noise_row(oldest, row + NOISE_ROWS);
    }
    letters_paint(pixels);
}

bool chest_paint(uint16_t *pixels)
{
    struct chest *chest = calloc(1, sizeof *chest);
    struct detector *detector = calloc(1, sizeof *detector);
    int32_t *noise = calloc((size_t)NOISE_ROWS * PLANE_WIDTH, sizeof *noise);
    bool painted = chest && detector && noise && plane_init(&chest->solid) &&
                   plane_init(&chest->moist) && build(chest);
    if (painted) {
        detector_init(detector);
        paint(chest, detector, noise, pixels);
    }
    if (chest) {
        plane_fini(&chest->solid);
        plane_fini(&chest->moist);
    }
    free(noise);
    free(detector);
    free(chest);
    return painted;
}
