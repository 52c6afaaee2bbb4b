#include "base/suggest.h"
#include "sim/cli/cli.h"
#include "sim/exec/interrupt.h"
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &cmd_try,   &cmd_run,  &cmd_compare, &cmd_replay, &cmd_pin, &cmd_merge,  &cmd_stress,
    &cmd_check, &cmd_list, &cmd_index,   &cmd_step,   &cmd_new, &cmd_doctor, NULL};

static void help(void)
{
    puts("fsrace - which races does a cluster over a shared directory have?\n"
         "\n"
         "usage: fsrace COMMAND [OPTION...] [FILE|DIR...]\n");
    for (int i = 0; commands[i]; i++)
        printf("  %-8s %s\n", commands[i]->name, commands[i]->line);
    puts("\n  fsrace COMMAND --help    options and an example\n"
         "  fsrace --version\n"
         "\n"
         "exit status: 0 as expected, 1 not as expected, 2 undecided, 3 bad scenario or usage,\n"
         "             4 a replay diverged, 70 a bug in fsrace");
}

static int unknown_command(const char *name)
{
    const char *names[sizeof commands / sizeof *commands] = {NULL}, *near;

    if (name[0] == '-') {
        fprintf(stderr,
                "fsrace: %s: a command goes first: fsrace COMMAND [OPTION...] [FILE|DIR...]\n",
                name);
        return EXIT_BAD_INPUT;
    }
    for (int i = 0; commands[i]; i++)
        names[i] = commands[i]->name;
    near = near_word(name, names);
    fprintf(stderr, "fsrace: no command \"%s\"%s%s%s (fsrace --help lists them)\n", name,
            near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return EXIT_BAD_INPUT;
}

/* What was written has to have arrived: a full disk behind > is an error. */
static int finish(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("fsrace: cannot write the output");
        return EXIT_BAD_INPUT;
    }
    return interrupt_signal() ? 128 + interrupt_signal() : status;
}

static int run_command(const struct command *cmd, int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct options options;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            options_help(cmd);
            return EXIT_AS_EXPECTED;
        }
    if (options_parse(cmd, argc, argv, &options, &err) != OK)
        return fail(&err);
    interrupt_install();
    return cmd->run(&options);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help();
        return EXIT_BAD_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        help();
        return finish(EXIT_AS_EXPECTED);
    }
    if (strcmp(argv[1], "--words") == 0) { /* for share/ and docs/man */
        for (int i = 0; commands[i]; i++)
            options_words(commands[i]);
        return finish(EXIT_AS_EXPECTED);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("fsrace " FSRACE_VERSION);
        return finish(EXIT_AS_EXPECTED);
    }
    for (int i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, argv[1]) == 0)
            return finish(run_command(commands[i], argc - 1, argv + 1));
    return unknown_command(argv[1]);
}
