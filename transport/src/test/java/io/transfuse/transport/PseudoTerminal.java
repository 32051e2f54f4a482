package io.transfuse.transport;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;

/** A pair of terminals: what is written to the one can be read from the other; see pty(7). */
final class PseudoTerminal implements Closeable {
    private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;

    private final int master;

    /** See section 3 of the manual. */
    public interface Calls {
        int posix_openpt(int flags);

        int grantpt(int fd);

        int unlockpt(int fd);

        int ptsname_r(int fd, byte[] name, long size);
    }

    PseudoTerminal() {
        master = CALLS.posix_openpt(O_RDWR | O_NOCTTY);
        CALLS.grantpt(master);
        CALLS.unlockpt(master);
    }

    /** The device of the other end. */
    Path device() {
        final byte[] name = new byte[64];
        CALLS.ptsname_r(master, name, name.length);
        int length = 0;
        while (name[length] != 0) {
            length++;
        }
        return Path.of(new String(name, 0, length, StandardCharsets.US_ASCII));
    }

    /** Copies between this end and {@code connection} until either ends, in the calling thread and one of its own. */
    void join(final Connection connection) throws IOException {
        final Thread back = new Thread(() -> copyFrom(connection), "pty");
        back.setDaemon(true);
        back.start();
        final NativeBuffer buffer = NativeBuffer.allocate(4096);
        for (long count = SocketLibrary.INSTANCE.read(master, buffer.address(), 4096);
                count > 0;
                count = SocketLibrary.INSTANCE.read(master, buffer.address(), 4096)) {
            connection.writeFully(buffer, 0, (int) count);
        }
        Reference.reachabilityFence(buffer);
    }

    private void copyFrom(final Connection connection) {
        final NativeBuffer buffer = NativeBuffer.allocate(4096);
        try {
            for (int count = connection.read(buffer, 0, 4096); count > 0; count = connection.read(buffer, 0, 4096)) {
                int done = 0;
                while (done < count) {
                    done += (int) SocketLibrary.INSTANCE.write(master, buffer.address(done), count - done);
                }
            }
        } catch (final IOException e) {
            // The test is over.
        }
    }

    @Override
    public void close() {
        SocketLibrary.INSTANCE.close(master);
    }
}
