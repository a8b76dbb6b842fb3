/* Keys to scripts and back: reading, binding, finding, naming. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "golden/golden.h"
#include "ui/keymap.h"

static struct keymap map;
static struct fault fault;

static const char *script_of(unsigned modifiers, const char *key)
{
    struct input input = {.kind = INPUT_KEY, .modifiers = modifiers};
    snprintf(input.key, sizeof input.key, "%s", key);
    const char *script = keymap_find(&map, &input);
    return script ? script : "(none)";
}

static void keys_are_read_and_found(void)
{
    map.count = 0;
    CU_ASSERT(keymap_bind(&map, "Ctrl+Shift+Page_Down", "page last", &fault));
    CU_ASSERT(keymap_bind(&map, "Shift+Alt+Ctrl+F12", "all", &fault));
    CU_ASSERT(keymap_bind(&map, "plus", "zoom in", &fault));
    CU_ASSERT(keymap_bind(&map, "F", "zoom fill", &fault));
    CU_ASSERT(keymap_bind(&map, "f", "zoom fit", &fault));
    CU_ASSERT(keymap_bind(&map, "Shift+w", "window 1", &fault));
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL | MODIFIER_SHIFT, "Page_Down"), "page last");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL, "Page_Down"), "(none)");
    CU_ASSERT_STRING_EQUAL(script_of(7, "F12"), "all");
    CU_ASSERT_STRING_EQUAL(script_of(0, "f"), "zoom fit");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT, "F"), "zoom fill");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT, "W"), "window 1");
    CU_ASSERT_STRING_EQUAL(script_of(0, "W"), "(none)");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL, "f"), "(none)");
    CU_ASSERT_STRING_EQUAL(script_of(0, "nothing"), "(none)");
}

/* '+' needs Shift on many keyboards: the keysym already tells. The very modifiers come first. */
static void shift_alone_is_passed_over(void)
{
    map.count = 0;
    keymap_bind(&map, "plus", "zoom in", &fault);
    keymap_bind(&map, "Ctrl+plus", "font larger", &fault);
    keymap_bind(&map, "Left", "pan left", &fault);
    keymap_bind(&map, "Shift+Left", "page previous", &fault);
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT, "plus"), "zoom in");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT | MODIFIER_CONTROL, "plus"), "font larger");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT | MODIFIER_ALT, "plus"), "(none)");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_SHIFT, "Left"), "page previous");
    CU_ASSERT_STRING_EQUAL(script_of(0, "Left"), "pan left");
}

static void keys_that_cannot_be_read_are_refused(void)
{
    static const struct {
        const char *key, *sentence;
    } cases[] = {
        {"", "'' is not a key"},
        {"Ctrl+", "'Ctrl+' is not a key"},
        {"+", "'+' is not a key (write plus)"},
        {"Ctrl++", "'Ctrl++' is not a key (write Ctrl+plus)"},
        {"Shift+?", "'Shift+?' is not a key (write Shift+question)"},
        {"Esc", "'Esc' is not a key (write Escape)"},
        {"Hyper+a", "'Hyper+a' is not a key"},
        {"a b", "'a b' is not a key"},
        {"a_name_that_is_far_too_lo", "'a_name_that_is_far_too_lo' is not a key"},
    };
    map.count = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_FALSE(keymap_bind(&map, cases[i].key, "quit", &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, cases[i].sentence);
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
    }
    CU_ASSERT_EQUAL(map.count, 0);
    char script[KEYMAP_SCRIPT + 1];
    memset(script, 'a', sizeof script);
    script[KEYMAP_SCRIPT] = 0;
    CU_ASSERT_FALSE(keymap_bind(&map, "a", script, &fault));
    script[KEYMAP_SCRIPT - 1] = 0;
    CU_ASSERT(keymap_bind(&map, "a", script, &fault));
    CU_ASSERT_STRING_EQUAL(script_of(0, "a"), script);
}

static void a_key_is_bound_anew_and_a_full_map_says_so(void)
{
    map.count = 0;
    keymap_bind(&map, "a", "one", &fault);
    keymap_bind(&map, "Ctrl+a", "two", &fault);
    CU_ASSERT(keymap_bind(&map, "a", "three", &fault));
    CU_ASSERT_EQUAL(map.count, 2);
    CU_ASSERT_STRING_EQUAL(script_of(0, "a"), "three");
    for (int i = map.count; i < KEYMAP_BINDINGS; i++) {
        char key[24];
        snprintf(key, sizeof key, "key%d", i);
        CU_ASSERT(keymap_bind(&map, key, "fill", &fault));
    }
    CU_ASSERT_FALSE(keymap_bind(&map, "b", "too much", &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "no room for the key b: 128 are bound");
    CU_ASSERT(keymap_bind(&map, "Ctrl+a", "four", &fault));
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL, "a"), "four");
}

/* Every word of every row of the sample table leads to its command, and the command back to it. */
static void a_table_goes_round(void)
{
    int words = 0;
    CU_ASSERT_FATAL(keymap_from_commands(&map, sample_commands, &fault));
    for (const struct command *command = sample_commands; command->name; command++) {
        char keys[300];
        snprintf(keys, sizeof keys, "%s", command->keys);
        for (char *rest, *word = strtok_r(keys, " ", &rest); word;
             word = strtok_r(NULL, " ", &rest), words++) {
            char script[100], text[100];
            char *argument = strchr(word, ':');
            snprintf(script, sizeof script, "%s%s%s", command->name, argument ? " " : "",
                     argument ? argument + 1 : "");
            if (argument)
                *argument = 0;
            bool control = !strncmp(word, "Ctrl+", 5);
            CU_ASSERT_STRING_EQUAL(
                script_of(control ? MODIFIER_CONTROL : 0, word + (control ? 5 : 0)), script);
            keymap_describe(&map, script, text, sizeof text);
            CU_ASSERT(text[0]);
        }
    }
    CU_ASSERT_EQUAL(map.count, words);
    CU_ASSERT(words > 35);
}

static void faulty_tables_are_refused(void)
{
    struct command table[] = {
        {"one", "", "", "a  b:x", "File", NULL, 0, 1, sample_run},
        {"two", "", "", "c Ctrl+a", "File", NULL, 0, 1, sample_run},
        {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
    };
    map.count = 99;
    CU_ASSERT(keymap_from_commands(&map, table, &fault));
    CU_ASSERT_EQUAL(map.count, 4);
    CU_ASSERT_STRING_EQUAL(script_of(0, "b"), "one x");
    table[1].keys = "c a:z";
    CU_ASSERT_FALSE(keymap_from_commands(&map, table, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "two: the default key a is bound twice");
    table[1].keys = "c ?";
    CU_ASSERT_FALSE(keymap_from_commands(&map, table, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "two: '?' is not a key (write question)");
    table[1].keys = "c:an-argument-that-is-longer-than-a-key-map-has-room-for-in-one-of-its-rows";
    CU_ASSERT_FALSE(keymap_from_commands(&map, table, &fault));
    table[1].keys = NULL;
    CU_ASSERT(keymap_from_commands(&map, table, &fault));
}

static void keys_have_names_for_people(void)
{
    static const struct {
        const char *key, *name;
    } cases[] = {
        {"plus", "+"},
        {"minus", "-"},
        {"equal", "="},
        {"question", "?"},
        {"Left", "Left"},
        {"Escape", "Esc"},
        {"Page_Up", "PgUp"},
        {"Next", "PgDn"},
        {"Ctrl+0", "Ctrl+0"},
        {"Alt+Shift+Ctrl+Return", "Ctrl+Shift+Alt+Enter"},
        {"a", "a"},
        {"A", "A"},
        {"F1", "F1"},
        {"space", "Space"},
        {"KP_Add", "Keypad +"},
        {"Ctrl+KP_0", "Ctrl+Keypad 0"},
    };
    char text[100];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        map.count = 0;
        keymap_bind(&map, cases[i].key, "x", &fault);
        keymap_describe(&map, "x", text, sizeof text);
        CU_ASSERT_STRING_EQUAL(text, cases[i].name);
    }
}

static void descriptions_list_all_keys_and_keep_to_the_room(void)
{
    char text[100];
    keymap_from_commands(&map, sample_commands, &fault);
    keymap_describe(&map, "zoom fit", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "f, =");
    keymap_describe(&map, "quit", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "q, Ctrl+q");
    keymap_describe(&map, "quit", text, 9); /* "q, Ctrl+q" needs 10 */
    CU_ASSERT_STRING_EQUAL(text, "q");
    keymap_describe(&map, "quit", text, 10);
    CU_ASSERT_STRING_EQUAL(text, "q, Ctrl+q");
    keymap_describe(&map, "quit", text, 1);
    CU_ASSERT_STRING_EQUAL(text, "");
    keymap_describe(&map, "zoom", text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "");
}

static void motif_writes_keys_otherwise(void)
{
    map.count = 0;
    CU_ASSERT(keymap_bind(&map, "<Key>F5", "one", &fault));
    CU_ASSERT(keymap_bind(&map, "Ctrl<Key>o", "two", &fault));
    CU_ASSERT(keymap_bind(&map, "Ctrl  Shift <Key>Page_Up", "three", &fault));
    CU_ASSERT_STRING_EQUAL(script_of(0, "F5"), "one");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL, "o"), "two");
    CU_ASSERT_STRING_EQUAL(script_of(MODIFIER_CONTROL | MODIFIER_SHIFT, "Page_Up"), "three");
    CU_ASSERT_FALSE(keymap_bind(&map, "Hyper<Key>o", "four", &fault));
    CU_ASSERT_FALSE(keymap_bind(&map, "<Key>", "four", &fault));
}

static void buttons_that_cannot_be_bound(void)
{
    static const struct {
        const char *button, *tool, *sentence;
    } cases[] = {
        {"Button4", "pan", "'Button4' is not a button (write Button1 to Button3)"},
        {"Button", "pan", "'Button' is not a button (write Button1 to Button3)"},
        {"Button12", "pan", "'Button12' is not a button (write Button1 to Button3)"},
        {"Ctrl+Left", "pan", "'Ctrl+Left' is not a button (write Button1 to Button3)"},
        {"Button1", "hammer", "'hammer' is not a tool"},
    };
    keymap_from_commands(&map, sample_commands, &fault);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_FALSE(keymap_bind_button(&map, cases[i].button, cases[i].tool, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, cases[i].sentence);
    }
    CU_ASSERT(!map.buttons_changed && map.button_count == 4);
    CU_ASSERT(keymap_bind_button(&map, "Ctrl+Alt+Button1", "zoom-box", &fault));
    CU_ASSERT(map.buttons_changed && map.button_count == 5);
}

SUITE("keymap", {"Motif writes keys otherwise", motif_writes_keys_otherwise},
      {"buttons that cannot be bound", buttons_that_cannot_be_bound},
      {"keys are read and found", keys_are_read_and_found},
      {"shift alone is passed over", shift_alone_is_passed_over},
      {"keys that cannot be read are refused", keys_that_cannot_be_read_are_refused},
      {"a key is bound anew, a full map says so", a_key_is_bound_anew_and_a_full_map_says_so},
      {"a table goes round", a_table_goes_round},
      {"faulty tables are refused", faulty_tables_are_refused},
      {"keys have names for people", keys_have_names_for_people},
      {"descriptions keep to the room", descriptions_list_all_keys_and_keep_to_the_room})
