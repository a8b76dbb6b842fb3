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

static bool put_off(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    (void)context, (void)count, (void)words, (void)fault;
    return reply->waits = true;
}

static const struct command table[] = {
    {"wait", "", "Is not done yet", "", "File", NULL, 0, 0, put_off},
    {"say", "[WORD...]", "Answers", "", "Help", NULL, 0, COMMAND_WORDS, say},
    {"zoom", "fit|fill|N", "Fails", "", "View", NULL, 1, 1, refuse},
    {"quit", "", "Takes nothing", "", "File", NULL, 0, 0, say},
    {"center", "X [Y]", "One or two", "", "View", NULL, 1, 2, say},
    {"pair", "A B", "Two", "", "View", NULL, 2, 2, say},
    {"open", "FILE...", "One at least", "", "File", NULL, 1, COMMAND_WORDS - 1, say},
    {"mute", "", "Fails and says nothing", "", "File", NULL, 0, 0, fail_mutely},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static struct reply reply;
static struct fault fault;
static int calls;

static struct script script;

static void begin(const char *text)
{
    memset(&reply, 0, sizeof reply);
    calls = 0;
    fault.kind = FAULT_FILE;
    strcpy(fault.text, "old");
    script_begin(&script, text);
}

static enum script_end go_on(void)
{
    return script_go_on(&script, table, &calls, &reply, &fault);
}

static bool run(const char *text)
{
    begin(text);
    return go_on() == SCRIPT_DONE;
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
        {"say 'a", "column 5 (say): a quote (') is not closed"},
        {"say \"a", "column 5 (say): a quote (\") is not closed"},
        {"say b\"a\\\"", "column 6 (say): a quote (\") is not closed"},
        {"'", "column 1: a quote (') is not closed"},
        {"say \\", "column 5 (say): a backslash at the end keeps nothing"},
        {"say 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
         "column 1 (say): a command has more than 16 words"},
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
        {"# note\n;zoom x;", "line 2, column 2 (zoom): zoom: 'x' is not a zoom"},
        {"mute", "mute failed"},
        {" zoom", "column 2 (zoom): zoom takes 1 argument: fit|fill|N"},
        {"zoom ; # nothing", "zoom takes 1 argument: fit|fill|N"},
        {"zoom\n;\r\n# nothing", "zoom takes 1 argument: fit|fill|N"},
        {"zoom;quit", "column 1 (zoom): zoom takes 1 argument: fit|fill|N"},
        {"say;zoom x", "column 5 (zoom): zoom: 'x' is not a zoom"},
        {"say \xc3\xa4\xe2\x82\xac;  zoom x", "column 10 (zoom): zoom: 'x' is not a zoom"},
        {"\nzoom x\nsay", "line 2, column 1 (zoom): zoom: 'x' is not a zoom"},
        {"say;;say;zom", "column 10 (zom): there is no command 'zom' (did you mean zoom?)"},
        {"say;say 'a", "column 9 (say): a quote (') is not closed"},
        {"say\nsay 1\n  'a", "line 3, column 3 (a): a quote (') is not closed"},
        {"say;quit 1;'", "column 5 (quit): quit takes no arguments"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_FALSE(run(cases[i].script));
        CU_ASSERT_STRING_EQUAL(fault.text, cases[i].sentence);
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
        if (strcmp(fault.text, cases[i].sentence) != 0)
            printf("  %s: %s\n", cases[i].script, fault.text);
    }
}

static void a_script_runs_up_to_the_first_failure(void)
{
    CU_ASSERT_FALSE(run("say a; zoom x; say b"));
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)");
    CU_ASSERT_EQUAL(calls, 2);
    CU_ASSERT_FALSE(run("say a; say 'b"));
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)");
}

static void long_commands_are_a_fault_and_long_scripts_are_not(void)
{
    static char text[8 * COMMAND_LENGTH];
    memset(text, 'a', COMMAND_LENGTH + 1);
    memcpy(text, "say ", 4);
    CU_ASSERT_FALSE(run(text));
    CU_ASSERT_STRING_EQUAL(fault.text, "column 1 (say): a command of more than 4095 characters");
    CU_ASSERT_EQUAL(calls, 0);
    memcpy(text, "say '", 5);
    CU_ASSERT_FALSE(run(text));
    CU_ASSERT_STRING_EQUAL(fault.text, "column 1 (say): a command of more than 4095 characters");
    text[4] = 'a';
    text[COMMAND_LENGTH - 2] = 0;
    CU_ASSERT(run(text));
    CU_ASSERT_EQUAL(reply.length, 4 + COMMAND_LENGTH - 2 - 4);
    CU_ASSERT_FALSE(run(text + 4)); /* a command's name of 4,090 letters */
    CU_ASSERT(strlen(fault.text) < 100);
    text[0] = 0;
    for (int i = 0; i < 6000; i++)
        memcpy(text + 5 * i, "quit\n", 6);
    strcpy(text + 5 * 6000, "zom");
    CU_ASSERT_FALSE(run(text));
    CU_ASSERT_EQUAL(calls, 6000);
    CU_ASSERT_STRING_EQUAL(
        fault.text, "line 6001, column 1 (zom): there is no command 'zom' (did you mean zoom?)");
}

static void a_command_that_waits_holds_up_what_follows(void)
{
    begin("say a; wait; say b; wait; zoom x");
    CU_ASSERT_EQUAL(go_on(), SCRIPT_WAITS);
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)");
    fault_set(&fault, FAULT_USAGE, "in vain");
    CU_ASSERT_FALSE(script_place_fault(&script, &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "column 8 (wait): in vain");
    CU_ASSERT_EQUAL(go_on(), SCRIPT_WAITS);
    CU_ASSERT_STRING_EQUAL(reply.text, "(<a>)(<b>)");
    CU_ASSERT_EQUAL(go_on(), SCRIPT_FAILED);
    CU_ASSERT_STRING_EQUAL(fault.text, "column 27 (zoom): zoom: 'x' is not a zoom");
    begin("wait");
    CU_ASSERT_EQUAL(go_on(), SCRIPT_WAITS);
    CU_ASSERT_EQUAL(go_on(), SCRIPT_DONE);
}

static void an_answer_that_does_not_fit_is_a_fault(void)
{
    static char text[30 * 700 + 1];
    for (int i = 0; i < 30; i++) {
        memset(text + i * 700, 'a', 700);
        memcpy(text + i * 700, i ? ";say " : " say ", 5);
    }
    CU_ASSERT_FALSE(run(text));
    CU_ASSERT_STRING_EQUAL(fault.text,
                           "column 20302 (say): the answer is longer than 20479 characters");
    CU_ASSERT_EQUAL(calls, 30);
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
    CU_ASSERT_PTR_EQUAL(command_find(table, "quit"), &table[3]);
    CU_ASSERT_PTR_NULL(command_find(table, "qui"));
    CU_ASSERT_PTR_NULL(command_find(table, ""));
}

SUITE("command", {"scripts are cut into words", scripts_are_cut_into_words},
      {"malformed scripts have their sentences", malformed_scripts_have_their_sentences},
      {"a script runs up to the first failure", a_script_runs_up_to_the_first_failure},
      {"long commands are a fault and long scripts are not",
       long_commands_are_a_fault_and_long_scripts_are_not},
      {"a command that waits holds up what follows", a_command_that_waits_holds_up_what_follows},
      {"an answer that does not fit is a fault", an_answer_that_does_not_fit_is_a_fault},
      {"replies are cut and not overrun", replies_are_cut_and_not_overrun},
      {"commands are found by name", commands_are_found_by_name})
