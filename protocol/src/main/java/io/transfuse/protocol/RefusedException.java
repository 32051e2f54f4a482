package io.transfuse.protocol;

/** The host answered a {@link Hello} with a refusal; the message is meant for the user. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public RefusedException(final int errno, final String message) {
        super(message);
        this.errno = errno;
    }

    /** One of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
