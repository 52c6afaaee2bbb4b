/* fsrace doctor: does this machine allow what is needed, and what has to be set? */
#include "sim/cli/cli.h"
#include "sim/program/machine.h"
#include <stdio.h>
#include <string.h>

static int run(const struct options *o)
{
    static const char *const words[] = {"  ok", "less", "FAIL"};
    struct session session;
    struct machine_finding f;
    bool bad = false, contained = false;

    session_init(&session, &o->where, false);
    for (int i = 0; machine_look(i, session.parent, &f); i++) {
        tell_line("%s  %-11s %s", words[f.state], f.name, f.says);
        if (f.remedy)
            tell_line("      %-11s set: %s", "", f.remedy);
        bad |= f.state == MACHINE_BAD;
        contained |= f.state == MACHINE_GOOD &&
                     (strcmp(f.name, "namespaces") == 0 || strcmp(f.name, "landlock") == 0);
    }
    session_release(&session);
    if (bad)
        puts("\nPrograms cannot be run here; scenarios of actors and nodes can.");
    else if (!contained)
        puts("\nPrograms can be run here, but not contained: --uncontained, for code of your own.");
    else
        puts("\nPrograms can be run here, and are contained.");
    return bad ? EXIT_NOT_AS_EXPECTED : EXIT_AS_EXPECTED;
}

const struct command cmd_doctor = {.name = "doctor",
                                   .run = run,
                                   .line =
                                       "say whether this machine can run programs, and what to set",
                                   .usage = "",
                                   .example = "fsrace doctor",
                                   .options = OPT_DIR,
                                   .min_files = 0,
                                   .max_files = 0};
