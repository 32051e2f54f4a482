package io.transfuse.transport;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap, known both as a little-endian buffer and by its address, so that one thread can fill it and
 * hand it to a system call without copying or allocating. It lives as long as the object is reachable. Not thread-safe.
 */
public final class NativeBuffer {
    private final ByteBuffer bytes;
    private final long address;

    private NativeBuffer(final ByteBuffer bytes, final long address) {
        this.bytes = bytes;
        this.address = address;
    }

    /** New zeroed memory of {@code capacity} bytes, aligned to a page. */
    public static NativeBuffer allocate(final int capacity) {
        final int page = 4096;
        // alignedSlice(...) aligns the end too, hence two pages more.
        final ByteBuffer aligned =
                ByteBuffer.allocateDirect(capacity + 2 * page).alignedSlice(page);
        return of(aligned.slice(0, capacity));
    }

    /** The part of {@code length} bytes that begins at index {@code at}; it shares its memory with this. */
    public NativeBuffer slice(final int at, final int length) {
        return of(bytes.slice(at, length));
    }

    private static NativeBuffer of(final ByteBuffer bytes) {
        final ByteBuffer ordered = bytes.order(ByteOrder.LITTLE_ENDIAN);
        return new NativeBuffer(ordered, MemoryIO.getInstance().getDirectBufferAddress(ordered));
    }

    /** The buffer, to be used by absolute indexes only: position and limit stay 0 and capacity. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Where index 0 lies. */
    public long address() {
        return address;
    }

    /** Where index {@code at} lies. */
    public long address(final int at) {
        return address + at;
    }

    public int capacity() {
        return bytes.capacity();
    }
}
