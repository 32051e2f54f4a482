package io.transfuse.daemon.mount;

import io.transfuse.daemon.IdleProcessors;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel is asked for of idle processors: to wake up at once, or nothing. The interface is
 * /dev/cpu_dma_latency (Documentation/power/pm_qos_interface.rst of Linux), which root may open: as long as a latency
 * of 0 is asked for, an idle processor polls for work instead of sleeping. What is asked for ends with the process.
 */
class ProcessorLatency implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorLatency.class);
    private static final String DEVICE = "/dev/cpu_dma_latency";
    private static final int AT_ONCE = 0;

    /** PM_QOS_CPU_LATENCY_DEFAULT_VALUE of linux/pm_qos.h, in microseconds: no wish. */
    private static final int ANY = 2_000_000_000;

    private final FileOutputStream device;

    /** One that asks for nothing. */
    ProcessorLatency() {
        this(null);
    }

    private ProcessorLatency(final FileOutputStream device) {
        this.device = device;
    }

    /** The kernel's; one that asks for nothing where processors are to sleep, or this user or this machine has none. */
    static ProcessorLatency open(final IdleProcessors idleProcessors) {
        if (idleProcessors == IdleProcessors.SLEEP) {
            return new ProcessorLatency();
        }
        try {
            return new ProcessorLatency(new FileOutputStream(DEVICE));
        } catch (final IOException e) {
            LOG.debug("Idle processors sleep as they like: {}", e.getMessage());
            return new ProcessorLatency();
        }
    }

    /** Whether anything can be asked for. */
    boolean isAvailable() {
        return device != null;
    }

    /** Asks for it, or takes that back. */
    void ask(final boolean atOnce) {
        if (device == null) {
            return;
        }
        try {
            device.write(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(atOnce ? AT_ONCE : ANY)
                    .array());
        } catch (final IOException e) {
            LOG.debug("{} takes no wish: {}", DEVICE, e.getMessage());
        }
    }

    @Override
    public void close() {
        if (device == null) {
            return;
        }
        try {
            device.close();
        } catch (final IOException e) {
            LOG.debug("{} does not close: {}", DEVICE, e.getMessage());
        }
    }
}
