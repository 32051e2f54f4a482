package io.transfuse.daemon.mount;

import io.transfuse.daemon.RequestQueues;
import io.transfuse.daemon.fuse.RingChannel;
import io.transfuse.transport.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the kernel hands requests to io_urings, of which every processor's queue has to have one. */
final class ProcessorQueues {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorQueues.class);

    /** Each needs a lane, and with it a thread at either end and memory. */
    private static final int PROCESSORS_MAX = 16;

    /** The kernel offers it in INIT if this says Y; only root may say so. */
    private static final Path PARAMETER = Path.of("/sys/module/fuse/parameters/enable_uring");

    private ProcessorQueues() {}

    /** Lets the kernel offer it; the number of processors, or 0 if requests are to be read from the device. */
    static int prepare(final RequestQueues wanted) {
        if (wanted == RequestQueues.DEVICE) {
            return 0;
        }
        final int processors = Processors.count();
        if (processors < 1 || processors > PROCESSORS_MAX || !RingChannel.isPossible() || !isEnabled()) {
            return 0;
        }
        return processors;
    }

    private static boolean isEnabled() {
        try {
            if (Files.readString(PARAMETER).startsWith("Y")) {
                return true;
            }
            Files.writeString(PARAMETER, "Y");
            return true;
        } catch (final IOException e) {
            LOG.debug("Requests are read from the device: {}", e.getMessage());
            return false;
        }
    }
}
