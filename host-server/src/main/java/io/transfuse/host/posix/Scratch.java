package io.transfuse.host.posix;

import io.transfuse.transport.NativeBuffer;

/** A thread's small memory for arguments of system calls. */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);
    private static final byte[] PREFIX = "/proc/self/fd/".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final NativeBuffer path = NativeBuffer.allocate(32);

    /** Times, locks, statistics, handles: whatever one call takes. */
    final NativeBuffer arguments = NativeBuffer.allocate(256);

    private Scratch() {
        path.bytes().put(0, PREFIX);
    }

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Address of {@code /proc/self/fd/N}; holds until the next call in this thread. */
    long pathOf(final int descriptor) {
        int digits = 1;
        for (int rest = descriptor; rest >= 10; rest /= 10) {
            digits++;
        }
        int rest = descriptor;
        for (int i = PREFIX.length + digits - 1; i >= PREFIX.length; i--) {
            path.bytes().put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        path.bytes().put(PREFIX.length + digits, (byte) 0);
        return path.address();
    }
}
