package io.transfuse.cli;

import io.transfuse.daemon.IdleProcessors;
import picocli.CommandLine.Option;

/** What {@code daemon} and {@code run} ask of idle processors. */
final class IdleProcessorsOption {
    @Option(
            names = "--idle-processors",
            paramLabel = "poll|sleep",
            description =
                    "What idle processors of the guest do while programs ask a mount for much: poll, which takes root and"
                            + " makes a request about twice as fast, at the cost of power and the host's processor time; or sleep"
                            + " (default: poll).")
    private IdleProcessors idleProcessors = IdleProcessors.POLL;

    IdleProcessors value() {
        return idleProcessors;
    }
}
