/*
 * interrupt: Ctrl-C. The first SIGINT, SIGTERM, SIGHUP or SIGQUIT sets a flag that the scheduler sees
 * at its next choice, so that the run ends in order and removes its directories; if that takes longer
 * than a second, or a second signal comes, the handler removes them itself and ends the process.
 */
#ifndef SIM_EXEC_INTERRUPT_H
#define SIM_EXEC_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);
bool interrupted(void);
int interrupt_signal(void); /* which one, 0 if none */

#endif
