/* build/bench/literature NAME N: one of the programs of literature.h as a scenario file. */
#include "bench/literature.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: literature NAME N > NAME-N.json\n\n", stderr);
    for (int i = 0; i < literature_count; i++)
        fprintf(stderr, "  %-11s %2d to %2d  %s\n", literature[i].name, literature[i].least,
                literature[i].most, literature[i].what);
    return 3;
}

int main(int argc, char **argv)
{
    struct strbuf out = STRBUF_INIT;
    int n = argc == 3 ? atoi(argv[2]) : 0;

    for (int i = 0; argc == 3 && i < literature_count; i++)
        if (strcmp(literature[i].name, argv[1]) == 0 && n >= literature[i].least &&
            n <= literature[i].most)
            literature_print(&literature[i], n, &out);
    if (out.len == 0)
        return usage();
    fputs(out.s, stdout);
    strbuf_release(&out);
    return 0;
}
