#include "sim/exec/interrupt.h"
#include "base/mem.h"
#include "base/outfile.h"
#include "fsstore/port/port.h"
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/* Lock-free, so a handler may touch it (C11 7.14.1.1), and in stress other threads read it. */
static atomic_int caught;

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler needs a lock-free flag");

static void leave_nothing(void)
{
    port_linux_remove_all();
    outfile_remove_all();
}

static void on_signal(int number)
{
    if (caught) {
        leave_nothing();
        _exit(128 + (number == SIGALRM ? caught : number));
    }
    caught = number;
    alarm(1); /* if nothing reacts: whatever it is at, it is over then */
}

void interrupt_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    mem_at_exhaustion(leave_nothing);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action,
              NULL); /* a closed pipe is an error of the write, and then we clean up */
    sigaction(SIGXFSZ, &action, NULL); /* and so is a file that is as long as it may be */
}

bool interrupted(void)
{
    return caught != 0;
}

int interrupt_signal(void)
{
    return caught;
}
