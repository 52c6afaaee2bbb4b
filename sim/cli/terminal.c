/* The terminal, if stdout is one: how wide it is, and whether it has colours. */
#include "sim/cli/cli.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MIN 40 /* less is a mistake of the terminal */

/* https://no-color.org: set and not empty */
static bool wants_colour(void)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return !(no && *no) && term && strcmp(term, "dumb") != 0;
}

struct style terminal_style(void)
{
    struct style style = {.width = PICTURE_WIDTH};
    struct winsize size;

    if (!isatty(STDOUT_FILENO))
        return style;
    style.colour = wants_colour();
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN)
        style.width = size.ws_col;
    return style;
}
