package io.transfuse.daemon.mount;

import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.SpawnLibrary;
import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Mounts without being root, by the set-user-id program fusermount3: it opens /dev/fuse, mounts, and sends the
 * descriptor back over a socket (SCM_RIGHTS). Source: util/fusermount.c and lib/mount.c of libfuse.
 */
final class Fusermount {
    private static final String PROGRAM = "fusermount3";
    private static final SpawnLibrary C = SpawnLibrary.INSTANCE;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int F_SETFD = 2;
    private static final int STDERR = 2;
    private static final int FILE_ACTIONS_SIZE = 80;
    private static final int MESSAGE_MAX = 1024;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SCM_RIGHTS = 1;
    private static final int SOL_SOCKET = 1;

    private Fusermount() {}

    /**
     * Mounts for this user alone; fusermount3 adds nosuid and nodev always. There is no injector without root.
     *
     * @param source what /proc/mounts shows as the device
     * @param forbidden what the kernel is not to allow
     * @throws IOException with a message for the user
     */
    static FuseDevice mount(
            final String source, final Path mountPoint, final Set<MountFlag> forbidden, final Set<KernelOption> options)
            throws IOException {
        final NativeBuffer pair = NativeBuffer.allocate(8);
        if (C.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.address()) != 0) {
            throw new IOException("socketpair(2) answers " + Errno.name(SpawnLibrary.errno()));
        }
        final int own = pair.bytes().getInt(0);
        final int childs = pair.bytes().getInt(4);
        try {
            C.fcntl(childs, F_SETFD, 0);
            final String data = "fsname=" + source.replace("\\", "\\\\").replace(",", "\\,") + ",subtype=transfuse"
                    + (options.contains(KernelOption.DEFAULT_PERMISSIONS) ? ",default_permissions" : "")
                    + (options.contains(KernelOption.READ_ONLY) ? ",ro" : "")
                    + (forbidden.contains(MountFlag.NOEXEC) ? ",noexec" : "");
            final Result result = run(
                    List.of(PROGRAM, "-o", data, "--", mountPoint.toString()),
                    List.of("_FUSE_COMMFD=" + childs, "PATH=" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin")));
            if (result.status != 0) {
                throw new IOException(result.message);
            }
            return new FuseDevice(receiveDescriptor(own));
        } finally {
            C.close(childs);
            C.close(own);
        }
    }

    /** Unmounts; 0 or EBUSY. */
    static int unmount(final Path mountPoint, final boolean lazily) {
        final List<String> command = new ArrayList<>(List.of(PROGRAM, "-u"));
        if (lazily) {
            command.add("-z");
        }
        command.add("--");
        command.add(mountPoint.toString());
        try {
            return run(command, List.of("PATH=" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))).status == 0
                    ? 0
                    : Errno.EBUSY;
        } catch (final IOException e) {
            return Errno.ENOENT;
        }
    }

    private record Result(int status, String message) {}

    /** Runs a program to its end, with its standard error as the message. */
    private static Result run(final List<String> command, final List<String> environment) throws IOException {
        final NativeBuffer pipe = NativeBuffer.allocate(8);
        if (C.pipe2(pipe.address(), O_CLOEXEC) != 0) {
            throw new IOException("pipe2(2) answers " + Errno.name(SpawnLibrary.errno()));
        }
        final int readEnd = pipe.bytes().getInt(0);
        final int writeEnd = pipe.bytes().getInt(4);
        final NativeBuffer actions = NativeBuffer.allocate(FILE_ACTIONS_SIZE);
        final NativeBuffer arguments = strings(command);
        final NativeBuffer variables = strings(environment);
        final NativeBuffer pid = NativeBuffer.allocate(8);
        C.posix_spawn_file_actions_init(actions.address());
        C.posix_spawn_file_actions_adddup2(actions.address(), writeEnd, STDERR);
        final int failed = C.posix_spawnp(
                pid.address(), command.get(0), actions.address(), 0, arguments.address(), variables.address());
        C.posix_spawn_file_actions_destroy(actions.address());
        C.close(writeEnd);
        try {
            if (failed != 0) {
                throw new IOException("cannot run " + PROGRAM + " (" + Errno.name(failed)
                        + "): install the package fuse3, or run as root");
            }
            final String message = readAll(readEnd);
            C.waitpid(pid.bytes().getInt(0), pid.address(4), 0);
            return new Result(pid.bytes().getInt(4), message);
        } finally {
            C.close(readEnd);
            Reference.reachabilityFence(actions);
            Reference.reachabilityFence(arguments);
            Reference.reachabilityFence(variables);
            Reference.reachabilityFence(pipe);
        }
    }

    private static String readAll(final int descriptor) {
        final NativeBuffer memory = NativeBuffer.allocate(MESSAGE_MAX);
        int filled = 0;
        while (filled < MESSAGE_MAX) {
            final long count = C.read(descriptor, memory.address(filled), MESSAGE_MAX - filled);
            if (count <= 0 && !(count < 0 && SpawnLibrary.errno() == Errno.EINTR)) {
                break;
            }
            filled += (int) Math.max(count, 0);
        }
        final byte[] bytes = new byte[filled];
        memory.bytes().get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8).strip();
    }

    /** A null-terminated array of pointers to C strings, the strings behind it. */
    private static NativeBuffer strings(final List<String> values) {
        int size = (values.size() + 1) * Long.BYTES;
        final int stringsAt = size;
        for (final String value : values) {
            size += value.getBytes(StandardCharsets.UTF_8).length + 1;
        }
        final NativeBuffer buffer = NativeBuffer.allocate(size);
        int at = stringsAt;
        for (int i = 0; i < values.size(); i++) {
            final byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
            buffer.bytes().putLong(i * Long.BYTES, buffer.address(at));
            buffer.bytes().put(at, bytes);
            at += bytes.length + 1;
        }
        return buffer;
    }

    /** Receives one descriptor. The layouts are those of struct msghdr and cmsghdr on 64-bit Linux. */
    private static int receiveDescriptor(final int socket) throws IOException {
        final NativeBuffer memory = NativeBuffer.allocate(256);
        final ByteBuffer bytes = memory.bytes();
        final int vector = 64;
        final int data = 96;
        final int control = 128;
        final int controlLength = 24;
        bytes.putLong(vector, memory.address(data));
        bytes.putLong(vector + 8, 1);
        bytes.putLong(16, memory.address(vector));
        bytes.putLong(24, 1);
        bytes.putLong(32, memory.address(control));
        bytes.putLong(40, controlLength);
        final long received = C.recvmsg(socket, memory.address(), MSG_CMSG_CLOEXEC);
        if (received < 0
                || bytes.getLong(40) < 20
                || bytes.getInt(control + 8) != SOL_SOCKET
                || bytes.getInt(control + 12) != SCM_RIGHTS) {
            throw new IOException(PROGRAM + " did not hand over /dev/fuse");
        }
        return bytes.getInt(control + 16);
    }
}
