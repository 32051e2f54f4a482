package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Buffers of frames for tests. */
final class Frames {
    static final int CAPACITY = Limits.FRAME_MAX;

    private Frames() {}

    /** A buffer as those of the product, full of rubbish so that a byte that is not written shows. */
    static ByteBuffer empty() {
        final byte[] rubbish = new byte[CAPACITY];
        Arrays.fill(rubbish, (byte) 0xa5);
        return of(rubbish);
    }

    /** Exactly these bytes: whoever looks beyond them fails. */
    static ByteBuffer of(final byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] copy(final ByteBuffer frame, final int length) {
        final byte[] bytes = new byte[length];
        frame.get(0, bytes);
        return bytes;
    }

    static ByteBuffer ascii(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String ascii(final ByteBuffer frame, final int at, final int length) {
        final byte[] bytes = new byte[length];
        frame.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The name that begins at index {@code at}. */
    static String name(final ByteBuffer frame, final int at) {
        return new String(Name.bytes(frame, at), StandardCharsets.US_ASCII);
    }

    /** The {@link Bytes} that begin at index {@code at}. */
    static String bytes(final ByteBuffer frame, final int at) {
        return ascii(frame, Bytes.start(at), Bytes.length(frame, at));
    }
}
