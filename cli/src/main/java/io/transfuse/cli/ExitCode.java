package io.transfuse.cli;

/**
 * How the process ends. {@code run} passes its command's own code on, so its own are those of env(1) and docker-run(1).
 */
final class ExitCode {
    static final int OK = 0;

    /** Something that was asked for could not be done. */
    static final int FAILURE = 1;

    /** The command line makes no sense. */
    static final int USAGE = 2;

    /** {@code run} itself failed; the command was not started. */
    static final int RUN_FAILED = 125;

    /** {@code run} found the command but could not start it. */
    static final int CANNOT_EXECUTE = 126;

    /** {@code run} did not find the command. */
    static final int NOT_FOUND = 127;

    private ExitCode() {}
}
