/* Named windows for CT, in Hounsfield units. */
#ifndef TONE_PRESET_H
#define TONE_PRESET_H

enum { PRESET_NAME = 32 };

struct preset {
    const char *name; /* a word: "brain" */
    double width, center;
    const char *source; /* whose values these are */
};

/* In the order of the keys 1 to 9; ends with a name of NULL. */
extern const struct preset presets[];

/* NULL when there is no preset of that name. */
const struct preset *preset_find(const char *name);

#endif
