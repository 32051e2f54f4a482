/**
 * A mount from its making to its end. {@link io.transfuse.daemon.mount.Mount} is the whole of it. {@code KernelMount}, {@code
 * Fusermount} and {@code Negotiation} agree with the kernel on it; {@code LanePool} and {@code Lane} answer requests; {@code
 * HostChanges}, {@code KernelNotifier} and {@code NotificationQueue} tell the kernel what is stale, and {@code EventDelivery}
 * tells programs what happened. The threads are in docs/architecture.md.
 */
package io.transfuse.daemon.mount;
