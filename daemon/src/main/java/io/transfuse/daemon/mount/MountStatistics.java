package io.transfuse.daemon.mount;

import io.transfuse.daemon.OperationStatus;
import io.transfuse.daemon.fuse.FuseOpcode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** Counts and times what a mount is asked. Thread-safe. */
final class MountStatistics {
    private static final long LONGEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 1;

    private final Operation[] operations = new Operation[FuseOpcode.COUNT];
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    private static final class Operation {
        final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
        long errors;
    }

    MountStatistics() {
        for (int i = 0; i < operations.length; i++) {
            operations[i] = new Operation();
        }
    }

    /** The one call with which each operation ends. */
    void record(final int opcode, final long nanos, final int errno) {
        if (opcode >= operations.length) {
            return;
        }
        final Operation operation = operations[opcode];
        synchronized (operation) {
            operation.nanos.recordValue(Math.min(Math.max(nanos, 0), LONGEST_NANOS));
            if (errno != 0) {
                operation.errors++;
            }
        }
    }

    void recordRead(final long bytes) {
        bytesRead.add(bytes);
    }

    void recordWritten(final long bytes) {
        bytesWritten.add(bytes);
    }

    long bytesRead() {
        return bytesRead.sum();
    }

    long bytesWritten() {
        return bytesWritten.sum();
    }

    List<OperationStatus> operations() {
        final List<OperationStatus> result = new ArrayList<>();
        for (int opcode = 0; opcode < operations.length; opcode++) {
            final Operation operation = operations[opcode];
            synchronized (operation) {
                if (operation.nanos.getTotalCount() > 0) {
                    result.add(new OperationStatus(
                            FuseOpcode.name(opcode),
                            operation.nanos.getTotalCount(),
                            operation.errors,
                            operation.nanos.getValueAtPercentile(50),
                            operation.nanos.getValueAtPercentile(99),
                            operation.nanos.getMaxValue()));
                }
            }
        }
        return result;
    }
}
