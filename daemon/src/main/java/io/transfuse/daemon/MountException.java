package io.transfuse.daemon;

/** A mount or unmount failed and left nothing behind. The message is one line for the user: what was wrong and what to do. */
public final class MountException extends Exception {
    private static final long serialVersionUID = 1L;

    public MountException(final String message) {
        super(message);
    }

    public MountException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
