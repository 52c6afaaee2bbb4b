/*
 * version: the only place that says it. `fsrace --version`, reports, and the manual page have it from here.
 */
#ifndef SIM_CLI_VERSION_H
#define SIM_CLI_VERSION_H

#define FSRACE_VERSION "0.2.0-dev"

#endif
