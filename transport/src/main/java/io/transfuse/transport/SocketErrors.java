package io.transfuse.transport;

import jnr.constants.platform.Errno;

/** The platform's errno numbers in words. */
final class SocketErrors {
    static final int EINTR = Errno.EINTR.intValue();
    static final int EAGAIN = Errno.EAGAIN.intValue();

    private SocketErrors() {}

    /** What the number means, as strerror(3) says it. */
    static String describe(final int errno) {
        return Errno.valueOf(errno).description();
    }
}
