/* The commands that write files: screenshots, renderings, stored samples. Owns nothing. */
#include "commands_parts.h"

#include <stdio.h>
#include <string.h>

#include "picture.h"
#include "session.h"
#include "values.h"
#include "writing.h"

static bool take_path(struct writing_wish *wish, const char *path, struct fault *fault)
{
    size_t room = sizeof wish->path, length = strlen(path);
    if (length >= room || length == 0)
        return command_refuse(fault, length ? "that" : "", "a file's name");
    memcpy(wish->path, path, length + 1);
    return true;
}

/* The words that pictures have in common. */
static bool take_word(struct writing_wish *wish, const char *word)
{
    if (!strcmp(word, "force") || !strcmp(word, "--force"))
        return wish->force = true;
    if (strcmp(word, "8") && strcmp(word, "16"))
        return false;
    wish->bits = *word == '8' ? 8 : 16;
    return true;
}

static bool start(struct session *session, const struct writing_wish *wish, struct fault *fault)
{
    if (wish->kind != WRITE_EXPORT && !picture_can(wish->path, fault))
        return false;
    return picture_place_free(wish->path, wish->force, fault) &&
           writing_start(session, wish, fault);
}

static bool choose(struct session *session, enum saving_kind kind)
{
    choosing_open(session, kind);
    return true;
}

bool command_screenshot(void *context, int count, char **words, struct reply *reply,
                        struct fault *fault)
{
    struct writing_wish wish = {.kind = WRITE_SCREENSHOT, .bits = 8, .scale = 1};
    (void)reply;
    if (!count)
        return choose(context, SAVING_SCREENSHOT);
    if (!take_path(&wish, words[0], fault))
        return false;
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "image"))
            wish.image = true;
        else if (!take_word(&wish, words[i]) || wish.bits != 8)
            return command_refuse(fault, words[i], "image or force");
    }
    return start(context, &wish, fault);
}

bool command_render(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct writing_wish wish = {.kind = WRITE_RENDER, .bits = 8, .scale = 1};
    (void)reply;
    if (!count)
        return choose(context, SAVING_RENDER);
    if (!take_path(&wish, words[0], fault))
        return false;
    for (int i = 1; i < count; i++) {
        bool scale = !strcmp(words[i], "scale");
        if (scale && (++i == count || !value_number(words[i], &wish.scale) || !(wish.scale > 0)))
            return command_refuse(fault, i < count ? words[i] : "scale", "a scale above 0");
        bool overlay = !strcmp(words[i], "overlay");
        wish.overlay |= overlay;
        if (!scale && !overlay && !value_size(words[i], &wish.width, &wish.height) &&
            !take_word(&wish, words[i]))
            return command_refuse(fault, words[i], "WxH, scale S, 8, 16, overlay or force");
    }
    return start(context, &wish, fault);
}

bool command_export(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct writing_wish wish = {.kind = WRITE_EXPORT, .bits = 0};
    (void)reply;
    if (!count)
        return choose(context, SAVING_EXPORT);
    if (!take_path(&wish, words[0], fault))
        return false;
    for (int i = 1; i < count; i++) {
        if (!strcmp(words[i], "page"))
            wish.whole = true;
        else if (!value_area(words[i], &wish.area) && (!take_word(&wish, words[i]) || wish.bits))
            return command_refuse(fault, words[i], "X,Y,WxH, page or force");
    }
    return start(context, &wish, fault);
}
