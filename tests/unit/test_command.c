/* The command machinery: every rule of the script grammar, every way a script can be wrong. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "ui/command.h"

/* `say` answers "<word><word>..."; the rest fails in its own ways. */
static bool say(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)fault;
    ++*(int *)context;
    reply_add(reply, "%s", "(");
    for (int i = 0; i < count; i++)
        reply_add(reply, "<%s>", words[i]);
    reply_add(reply, ")");
    return true;
}

static bool refuse(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)reply;
    ++*(int *)context;
    return fault_set(fault, FAULT_USAGE, "zoom: '%s' is not a zoom", count ? words[0] : "");
}

static bool fail_mutely(void *context, int count, char **words, struct reply *reply,
                        struct fault *fault)
{
    (void)context;
    (void)count;
    (void)words;
    (void)reply;
    (void)fault;
    return false;
}

static const struct command table[] = {
    {"say", "[WORD...]", "Answers", "", "Help", 0, COMMAND_WORDS, say},
    {"zoom", "fit|fill|N", "Fails", "", "View", 1, 1, refuse},
    {"quit", "", "Takes nothing", "", "File", 0, 0, say},
    {"center", "X [Y]", "One or two", "", "View", 1, 2, say},
    {"pair", "A B", "Two", "", "View", 2, 2, say},
    {"open", "FILE...", "One at least", "", "File", 1, COMMAND_WORDS - 1, say},
    {"mute", "", "Fails and says nothing", "", "File", 0, 0, fail_mutely},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static struct reply reply;
static struct fault fault;
static int calls;

static bool run(const char *script)
{
    reply.text[0] = 0;
    reply.length = 0;
    calls = 0;
    fault.kind = FAULT_FILE;
    strcpy(fault.text, "old");
    return command_run(table, &calls, script, &reply, &fault);
}

static void scripts_are_cut_into_words(void)
{
    static const struct {
        const char *script, *answer;
    } cases[] = {
        {"", ""},
        {" \t\r\n ; ;; \n\n", ""},
        {"say", "()"},
        {"  say\ta  b ", "(<a><b>)"},
        {"say a;say b", "(<a>)(<b>)"},
        {"say a\nsay b\r\n", "(<a>)(<b>)"},
        {";say a;;say b;", "(<a>)(<b>)"},
        {"say 'a  b;c\\d\"e#'", "(<a  b;c\\d\"e#>)"},
        {"say 'a\\\\b\\\"c'", "(<a\\\\b\\\"c>)"},
        {"say 'a\nb'", "(<a\nb>)"},
        {"say \"a  b;c'd#\"", "(<a  b;c'd#>)"},
        {"say \"a\\\"b\\\\c\\d\"", "(<a\"b\\c\\d>)"},
        {"say a\\ b\\;c\\'d\\\"e\\\\f", "(<a b;c'd\"e\\f>)"},
        {"say \\#a \\\n", "(<#a><\n>)"},
        {"say '' \"\"", "(<><>)"},
        {"say a'b c'\"d e\"f", "(<ab cd ef>)"},
        {"'s'ay a", "(<a>)"},
        {"# say a", ""},
        {"say a # b; say c\nsay d", "(<a>)(<d>)"},
        {"say a#b '#' \"#\"", "(<a#b><#><#>)"},
        {"say a;# rest", "(<a>)"},
        {"say \xc3\xa4 \xe4", "(<\xc3\xa4><\xe4>)"},
        {"say 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
         "(<1><2><3><4><5><6><7><8><9><10><11><12><13><14><15>)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT(run(cases[i].script));
        CU_ASSERT_STRING_EQUAL(reply.text, cases[i].answer);
        CU_ASSERT_EQUAL(fault.kind, FAULT_NONE);
        if (strcmp(reply.text, cases[i].answer) != 0)
            printf("  %s: %s\n", cases[i].script, reply.text);
    }
}

static void malformed_scripts_have_their_sentences(void)
{
    static const struct {
        const char *script, *sentence;
    } cases[] = {
        {"say 'a", "a quote (') is not closed"},
        {"say \"a", "a quote (\") is not closed"},
        {"say \"a\\\"", "a quote (\") is not closed"},
        {"'", "a quote (') is not closed"},
        {"say \\", "a backslash at the end keeps nothing"},
        {"say 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "a command has more than 16 words"},
        {"zom", "there is no command 'zom' (did you mean zoom?)"},
        {"zooom 1", "there is no command 'zooom' (did you mean zoom?)"},
        {"cetner 1", "there is no command 'cetner' (did you mean center?)"},
        {"cen 1", "there is no command 'cen' (did you mean center?)"},
        {"Quit", "there is no command 'Quit' (did you mean quit?)"},
        {"x", "there is no command 'x'"},
        {"histogram", "there is no command 'histogram'"},
        {"''", "there is no command ''"},
        {"zoom", "zoom takes 1 argument: fit|fill|N"},
        {"zoom 1 2", "zoom takes 1 argument: fit|fill|N"},
        {"quit now", "quit takes no arguments"},
        {"center", "center takes 1 to 2 arguments: X [Y]"},
        {"center 1 2 3", "center takes 1 to 2 arguments: X [Y]"},
        {"pair a", "pair takes 2 arguments: A B"},
        {"open", "open takes at least 1 argument: FILE..."},
        {"zoom x", "zoom: 'x' is not a zoom"},
        {"# note\n;zoom x;", "zoom: 'x' is not a zoom"},
        {"mute", "mute failed"},
        {"say;zoom x", "command 2 (zoom): zoom: 'x' is not a zoom"},
        {"\nzoom x\nsay", "command 1 (zoom): zoom: 'x' is not a zoom"},
        {"say;;say;zom", "command 3 (zom): there is no command 'zom' (did you mean zoom?)"},
        {"say;say 'a", "command 2 (say): a quote (') is not closed"},
        {"say;'a", "command 2 (a): a quote (') is not closed"},
        {"say;quit 1;'", "command 2 (quit): quit takes no arguments"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_FALSE(run(cases[i].script));
        CU_ASSERT_STRING_EQUAL(fault.text, cases[i].sentence);
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
        if (strcmp(fault.text, cases[i].sentence) != 0)
            printf("  %s: %s\n", cases[i].script, fault.text);
    }
    CU_ASSERT_FALSE(command_run(table, &calls, "say;zom", &reply, NULL));
}

static void a_script_runs_up_to_the_first_failure(void)
{
    CU_ASSERT_FALSE(run("say a; zoom x; say b"));
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)");
    CU_ASSERT_EQUAL(calls, 2);
    CU_ASSERT_FALSE(run("say a; say 'b"));
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)");
}

static void long_input_is_a_fault(void)
{
    char script[COMMAND_LENGTH + 1];
    memset(script, 'a', sizeof script);
    memcpy(script, "say ", 4);
    script[COMMAND_LENGTH] = 0;
    CU_ASSERT_FALSE(run(script));
    CU_ASSERT_STRING_EQUAL(fault.text, "commands of more than 4095 characters");
    CU_ASSERT_EQUAL(calls, 0);
    script[COMMAND_LENGTH - 1] = 0;
    CU_ASSERT(run(script));
    CU_ASSERT_EQUAL(reply.length, 4 + COMMAND_LENGTH - 1 - 4);
    CU_ASSERT_FALSE(run(script + 4)); /* a command's name of 4,091 letters */
    CU_ASSERT(strlen(fault.text) < 100);
    for (int i = 4; i < COMMAND_LENGTH - 1; i++)
        script[i] = i % 2 ? 'a' : ';';
    CU_ASSERT_FALSE(run(script));
    CU_ASSERT_STRING_EQUAL(fault.text, "command 2 (a): there is no command 'a'");
}

static void replies_are_cut_and_not_overrun(void)
{
    static struct reply answer;
    reply_add(&answer, "%d ", 42);
    CU_ASSERT_STRING_EQUAL(answer.text, "42 ");
    for (int i = 0; i < REPLY_LENGTH / 5; i++)
        reply_add(&answer, "%s", "seven..");
    CU_ASSERT_EQUAL(answer.length, REPLY_LENGTH - 1);
    CU_ASSERT_EQUAL(strlen(answer.text), REPLY_LENGTH - 1);
    reply_add(&answer, "more");
    CU_ASSERT_EQUAL(answer.length, REPLY_LENGTH - 1);
}

static void commands_are_found_by_name(void)
{
    CU_ASSERT_PTR_EQUAL(command_find(table, "quit"), &table[2]);
    CU_ASSERT_PTR_NULL(command_find(table, "qui"));
    CU_ASSERT_PTR_NULL(command_find(table, ""));
}

SUITE("command", {"scripts are cut into words", scripts_are_cut_into_words},
      {"malformed scripts have their sentences", malformed_scripts_have_their_sentences},
      {"a script runs up to the first failure", a_script_runs_up_to_the_first_failure},
      {"long input is a fault", long_input_is_a_fault},
      {"replies are cut and not overrun", replies_are_cut_and_not_overrun},
      {"commands are found by name", commands_are_found_by_name})
