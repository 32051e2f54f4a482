package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;

/** A descriptor of /dev/fuse: a request is read, its reply is written. */
public final class DeviceChannel implements FuseChannel {
    private static final long SOON_NANOS = 20_000;
    private static final int PAGE = 4096;

    private final FuseDevice device;
    private final NativeBuffer request = NativeBuffer.allocate(Limits.TRANSFER_MAX + 2 * PAGE);

    /** @param device stays its owner's to close */
    public DeviceChannel(final FuseDevice device) {
        this.device = device;
    }

    @Override
    public NativeBuffer request() {
        return request;
    }

    @Override
    public NativeBuffer written(final int room) {
        return request.slice(WriteIn.END - room, request.capacity() - WriteIn.END + room);
    }

    @Override
    public NativeBuffer hostReply(final int ahead, final int size) {
        return NativeBuffer.allocate(size);
    }

    @Override
    public int next(final boolean soon) throws IOException {
        return soon ? device.readSoon(request, SOON_NANOS) : device.read(request);
    }

    @Override
    public int answer(final NativeBuffer reply, final int at, final int length, final boolean now) {
        return device.write(reply, at, length);
    }

    @Override
    public void pass(final long unique) {
        // It was over when it had been read.
    }

    @Override
    public void leave(final long unique) {
        // The reply can be written at any time.
    }

    @Override
    public boolean mustAwaitAnswer() {
        return false;
    }

    @Override
    public void awaitAnswer() {
        // The device gives the next request before.
    }

    @Override
    public void answerLate(final long unique, final int errno) {
        final NativeBuffer reply = NativeBuffer.allocate(OutHeader.SIZE);
        OutHeader.put(reply.bytes(), 0, OutHeader.SIZE, errno, unique);
        device.write(reply, 0, OutHeader.SIZE);
    }

    @Override
    public void end() {
        // The device says it itself.
    }

    @Override
    public void close() {
        // Not its own.
    }
}
