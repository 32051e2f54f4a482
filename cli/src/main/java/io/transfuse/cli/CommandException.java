package io.transfuse.cli;

/** A command failed; the message is one line for the user: what was wrong and what to do. */
class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(final int exitCode, final String message) {
        super(message);
        this.exitCode = exitCode;
    }

    CommandException(final int exitCode, final String message, final Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
