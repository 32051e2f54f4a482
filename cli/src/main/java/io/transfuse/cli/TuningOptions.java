package io.transfuse.cli;

import io.transfuse.daemon.GuestTuning;
import io.transfuse.daemon.IdleProcessors;
import io.transfuse.daemon.RequestQueues;
import picocli.CommandLine.Option;

/** How {@code daemon} and {@code run} use the guest's kernel. */
final class TuningOptions {
    @Option(
            names = "--idle-processors",
            paramLabel = "poll|sleep",
            description =
                    "What idle processors of the guest do while programs ask a mount for much: poll, which takes root and"
                            + " makes a request about twice as fast, at the cost of power and the host's processor time; or sleep"
                            + " (default: poll).")
    private IdleProcessors idleProcessors = IdleProcessors.POLL;

    @Option(
            names = "--request-queues",
            paramLabel = "processors|device",
            description =
                    "Where the kernel's requests are taken from: a queue for each processor, an io_uring, which takes root and"
                            + " Linux 6.14, and is faster the more callers there are; or the device /dev/fuse, as where that"
                            + " cannot be had (default: processors).")
    private RequestQueues requestQueues = RequestQueues.PROCESSORS;

    GuestTuning value() {
        return new GuestTuning(idleProcessors, requestQueues);
    }
}
