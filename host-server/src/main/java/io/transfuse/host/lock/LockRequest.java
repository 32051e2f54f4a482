package io.transfuse.host.lock;

/**
 * A lock as the guest asks for it.
 *
 * @param handle number of the handle through which it is asked for
 * @param owner who asks, as the guest kernel names it
 * @param start first byte
 * @param end last byte, 2^63-1 for the end of the file
 * @param type one of {@link io.transfuse.protocol.LockType}
 * @param pid process in the guest
 * @param flock whether it is a BSD lock on the handle
 */
public record LockRequest(long handle, long owner, long start, long end, int type, int pid, boolean flock) {}
