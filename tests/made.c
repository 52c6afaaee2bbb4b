/* made FROM TO: the generated scenarios (generate.h) of these seeds, one a line; for checks of the program itself. Odd seeds are
 * actors, even ones clusters. */
#include "tests/generate.h"
#include <stdio.h>
#include <stdlib.h>

static void print_one(uint64_t seed)
{
    struct strbuf text = STRBUF_INIT;
    struct sketch k;

    sketch_init(&k);
    (seed % 2 ? generate_actors : generate_cluster)(&k, seed);
    sketch_text(&k, &text);
    for (char *at = text.s; *at; at++)
        if (*at == '\n')
            *at = ' ';
    puts(text.s);
    sketch_release(&k);
    strbuf_release(&text);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 3;
    for (uint64_t seed = strtoull(argv[1], NULL, 10); seed <= strtoull(argv[2], NULL, 10); seed++)
        print_one(seed);
    return 0;
}
