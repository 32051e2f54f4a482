package io.transfuse.daemon;

import io.transfuse.protocol.RefusedException;

/**
 * A mount or unmount failed and left nothing behind. The message is one line for the user: what was wrong and what to
 * do.
 */
public class MountException extends Exception {
    private static final long serialVersionUID = 1L;

    public MountException(final String message) {
        super(message);
    }

    public MountException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** The errno with which the host server refused, such as ENOENT for a path that is missing there; 0 if it did not. */
    public int hostErrno() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException) {
                return ((RefusedException) cause).errno();
            }
        }
        return 0;
    }
}
