/*
 * fault: a port whose next calls fail when told to.
 *
 *     port_fault_wrap(port);                // once; calls go through as before
 *     port_fault_arm(port, 0, -ENOSPC);     // the next call fails, having done nothing (a close closes
 *                                           // all the same)
 *     port_fault_arm(port, 7, -EIO);        // … or the eighth from now: for error paths
 *     spared = port_fault_disarm(port);     // true if it has not fired
 *
 *     port_fault_tear(port);                // the next write puts down the first half and fails (EIO)
 *
 *     port_fault_overflow(port, queue);     // what is in the queue is lost; the next read says OVERFLOW
 *
 * Only calls that a step makes fail: open, read, write, fsync, close, stat, rename, link, unlink,
 * mkdir, rmdir, list.
 */
#ifndef FSSTORE_PORT_FAULT_H
#define FSSTORE_PORT_FAULT_H

#include "fsstore/port/port.h"

void port_fault_wrap(struct port *port);
void port_fault_arm(struct port *port, int after, int neg_errno);
bool port_fault_disarm(struct port *port);
void port_fault_tear(struct port *port);
void port_fault_overflow(struct port *port, int queue);

#endif
