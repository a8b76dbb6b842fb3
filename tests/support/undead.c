/* Processes that cannot die: see undead.h. */
#include "support/undead.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void trace(pid_t victim, int tube)
{
    signal(SIGCHLD, SIG_DFL); /* not to speak on the crew's pipe */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int held = ptrace(PTRACE_SEIZE, victim, NULL, NULL) == 0;
    while (write(tube, &held, sizeof held) > 0 && held)
        pause(); /* until the end: its victim's end is a signal too */
    _exit(0);
}

pid_t undead_hold(pid_t victim)
{
    int tube[2], held = 0;
    CU_ASSERT_EQUAL_FATAL(pipe(tube), 0);
    pid_t tracer = fork();
    CU_ASSERT_FATAL(tracer >= 0);
    if (tracer == 0)
        trace(victim, tube[1]);
    CU_ASSERT_EQUAL(read(tube[0], &held, sizeof held), (ssize_t)sizeof held);
    close(tube[0]);
    close(tube[1]);
    if (held)
        return tracer;
    kill(tracer, SIGKILL);
    waitpid(tracer, NULL, 0);
    printf("  no process may trace another here: left out\n");
    return -1;
}

void undead_let_go(pid_t tracer)
{
    kill(tracer, SIGKILL);
    CU_ASSERT_EQUAL(waitpid(tracer, NULL, 0), tracer);
}
