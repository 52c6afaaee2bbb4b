/*
 * power: a port whose power may fail.
 *
 *     struct port_power *p = port_power_wrap(port);    // calls go through as before, and are noted
 *     port_power_on(p);                     // what is there now is on the disk
 *     // … calls …
 *     while ((what = port_power_ask(p)))    // no file is open any more: what was on the disk (disk.h)?
 *         port_power_answer(p, kept);
 *     port_power_restore(p);                // the port is as after the next boot, and goes on
 *     port_power_off(p);                    // before a reset of the port
 *     port_power_unwrap(p);
 *
 * on and restore: 0, or a negative errno of a call that failed.
 */
#ifndef FSSTORE_PORT_POWER_H
#define FSSTORE_PORT_POWER_H

#include "fsstore/port/disk.h"

struct port_power *port_power_wrap(struct port *port);
void port_power_unwrap(struct port_power *p); /* NULL is allowed */

int port_power_on(struct port_power *p);
void port_power_off(struct port_power *p);
const char *port_power_ask(struct port_power *p);
void port_power_answer(struct port_power *p, bool kept);
int port_power_restore(struct port_power *p);

#endif
