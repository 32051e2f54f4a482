package io.transfuse.transport;

import com.kenai.jffi.MemoryIO;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap, known both as a little-endian buffer and by its address, so that one thread can fill it and
 * hand it to a system call without copying or allocating. It lives as long as the object is reachable. Not thread-safe.
 */
public final class NativeBuffer {
    private static final int PAGE = 4096;
    private static final int LARGE = 64 * 1024;
    private static final Cleaner CLEANER = Cleaner.create();

    private final ByteBuffer bytes;
    private final long address;

    private NativeBuffer(final ByteBuffer bytes, final long address) {
        this.bytes = bytes;
        this.address = address;
    }

    /** New zeroed memory of {@code capacity} bytes, aligned to a page. */
    public static NativeBuffer allocate(final int capacity) {
        // The end of an aligned slice is aligned too, hence two pages more.
        final int size = capacity + 2 * PAGE;
        final ByteBuffer memory = size < LARGE ? ByteBuffer.allocateDirect(size) : untouched(size);
        return of(memory.alignedSlice(PAGE).slice(0, capacity));
    }

    /**
     * From calloc(3), which takes large memory fresh from the kernel: what is never used needs no memory of the machine.
     * The JVM would write zeros to all of it.
     */
    private static ByteBuffer untouched(final int size) {
        final long address = SocketLibrary.INSTANCE.calloc(1, size);
        if (address == 0) {
            throw new OutOfMemoryError("no " + size + " bytes outside the heap");
        }
        final ByteBuffer memory = MemoryIO.getInstance().newDirectByteBuffer(address, size);
        // Slices refer to the buffer that they were made from, so it is collected last.
        CLEANER.register(memory, new Free(address));
        return memory;
    }

    private record Free(long address) implements Runnable {
        @Override
        public void run() {
            SocketLibrary.INSTANCE.free(address);
        }
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

    /** In bytes. */
    public int capacity() {
        return bytes.capacity();
    }
}
