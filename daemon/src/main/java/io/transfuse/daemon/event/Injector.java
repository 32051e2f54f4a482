package io.transfuse.daemon.event;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The process that makes the system calls of host changes on the mounts. It is a process of its own, without any descriptor
 * of /dev/fuse, so that it can be killed at any time: a thread of the daemon in such a call, killed, would leave a mount that
 * nobody answers and nobody can end. A thread for each mount, so that none delays another.
 *
 * <p>Its standard input has messages of the daemon, its standard output the answers, both in the order of
 * {@link DataOutputStream}:
 *
 * <pre>
 * ATTACH 1  mount i32, mount point (length u16, bytes), device major i32, minor i32, hidden name (length u16, bytes)
 * INJECT 2  mount i32, number i64, {@link Injection}, count u8, count times (node i64, path (length u16, bytes))
 * DETACH 3  mount i32
 *
 * ATTACHED 1  mount i32, thread i32
 * DONE     2  mount i32, number i64, errno i32
 * DETACHED 3  mount i32
 * </pre>
 *
 * It ends with its input, that is with the daemon.
 */
public final class Injector {
    static final int ATTACH = 1;
    static final int INJECT = 2;
    static final int DETACH = 3;
    static final int ATTACHED = 1;
    static final int DONE = 2;
    static final int DETACHED = 3;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Integer, MountInjector> mounts = new HashMap<>();

    private Injector(final DataInputStream in, final DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Works until the daemon ends. */
    public static void main(final String... arguments) {
        // What the terminal's keys send to the daemon is not for this process, which ends with the daemon.
        InjectorLibrary.INSTANCE.setsid();
        final Injector injector = new Injector(
                new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in))),
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out))));
        int status = 0;
        try {
            injector.work();
        } catch (final EOFException e) {
            // The daemon has ended.
        } catch (final IOException | RuntimeException e) {
            System.err.println("transfuse: the injector ends: " + e);
            status = 1;
        }
        // Threads may be in a system call on a mount that nobody answers any more.
        Runtime.getRuntime().halt(status);
    }

    private void work() throws IOException {
        while (true) {
            final int message = in.readUnsignedByte();
            final int mount = in.readInt();
            switch (message) {
                case ATTACH:
                    attach(mount);
                    break;
                case INJECT:
                    final long number = in.readLong();
                    final Injection injection = Injection.read(in);
                    mounts.get(mount).add(number, injection, places());
                    break;
                case DETACH:
                    final MountInjector detached = mounts.remove(mount);
                    if (detached != null) {
                        detached.end();
                    }
                    break;
                default:
                    throw new IOException("a message " + message);
            }
        }
    }

    private Map<Long, byte[]> places() throws IOException {
        final Map<Long, byte[]> places = new HashMap<>();
        for (int count = in.readUnsignedByte(); count > 0; count--) {
            final long node = in.readLong();
            places.put(node, Injection.readBytes(in));
        }
        return places;
    }

    private void attach(final int mount) throws IOException {
        final byte[] mountPoint = Injection.readBytes(in);
        final int major = in.readInt();
        final int minor = in.readInt();
        final byte[] hiddenName = Injection.readBytes(in);
        final MountInjector added = new MountInjector(this, mount, mountPoint, major, minor, hiddenName);
        mounts.put(mount, added);
        added.start();
    }

    void attached(final int mount, final int thread) {
        answer(() -> {
            out.writeByte(ATTACHED);
            out.writeInt(mount);
            out.writeInt(thread);
        });
    }

    void done(final int mount, final long number, final int errno) {
        answer(() -> {
            out.writeByte(DONE);
            out.writeInt(mount);
            out.writeLong(number);
            out.writeInt(errno);
        });
    }

    void detached(final int mount) {
        answer(() -> {
            out.writeByte(DETACHED);
            out.writeInt(mount);
        });
    }

    private interface Answer {
        void write() throws IOException;
    }

    private synchronized void answer(final Answer answer) {
        try {
            answer.write();
            out.flush();
        } catch (final IOException e) {
            // The daemon has ended.
            Runtime.getRuntime().halt(0);
        }
    }
}
