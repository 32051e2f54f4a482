package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The processor that a guest's thread is bound to. A host that is the same machine can serve the thread's lane on it, so that
 * no other processor has to be woken for a request.
 *
 * <pre>
 *   0 machine (16 bytes, in the order of its text)   16 number u32
 * </pre>
 *
 * @param machine what the kernel calls this machine since its last boot (/proc/sys/kernel/random/boot_id; proc(5)): a
 *     virtual machine's is not its host's
 * @param number 0 to {@link #NUMBER_MAX}
 */
public record Processor(UUID machine, int number) {
    /** The largest number that a processor can have. */
    public static final int NUMBER_MAX = 8191;

    static final int SIZE = 20;

    void put(final ByteBuffer frame, final int at) {
        frame.putLong(at, Long.reverseBytes(machine.getMostSignificantBits()));
        frame.putLong(at + 8, Long.reverseBytes(machine.getLeastSignificantBits()));
        frame.putInt(at + 16, number);
    }

    static Processor get(final ByteBuffer frame, final int at) throws ProtocolException {
        final int number = frame.getInt(at + 16);
        if (number < 0 || number > NUMBER_MAX) {
            throw new ProtocolException("a greeting from processor " + Integer.toUnsignedString(number));
        }
        return new Processor(
                new UUID(Long.reverseBytes(frame.getLong(at)), Long.reverseBytes(frame.getLong(at + 8))), number);
    }
}
