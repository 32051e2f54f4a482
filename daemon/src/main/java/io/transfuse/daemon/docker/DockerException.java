package io.transfuse.daemon.docker;

/** A request is refused. The message is one line for Docker's user. */
final class DockerException extends Exception {
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int TOO_LARGE = 413;
    static final int SERVER_ERROR = 500;
    static final int UNAVAILABLE = 503;

    private static final long serialVersionUID = 1L;

    private final int status;

    DockerException(final int status, final String message) {
        super(message);
        this.status = status;
    }

    DockerException(final int status, final String message, final Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Of HTTP. */
    int status() {
        return status;
    }
}
