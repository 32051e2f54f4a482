/**
 * Host changes as inotify(7) events of the guest. The kernel makes such events for system calls only, so a process of its
 * own, the {@link io.transfuse.daemon.event.Injector}, makes the system call of each change on the mount, and the daemon
 * answers the requests that this brings about from an {@link io.transfuse.daemon.event.Expectations expectation}, without
 * the host, which has made the change already.
 */
package io.transfuse.daemon.event;
