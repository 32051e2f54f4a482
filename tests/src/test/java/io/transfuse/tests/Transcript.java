package io.transfuse.tests;

import io.transfuse.protocol.FileMode;
import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes down what calls answered in one directory, so that two directories can be compared. */
final class Transcript {
    private static final int STATX_BASIC = 0x7ff;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private final Path directory;
    private final List<String> lines = new ArrayList<>();

    Transcript(final Path directory) {
        this.directory = directory;
    }

    List<String> lines() {
        return lines;
    }

    Path at(final String name) {
        return directory.resolve(name);
    }

    byte[] path(final String name) {
        return Libc.path(at(name));
    }

    /** Notes what a call answered; its result. */
    long call(final String what, final long status) {
        final long result = Libc.result(status);
        lines.add(what + " = " + Libc.name(result));
        return result;
    }

    /** As {@link #call} for a call whose success is a number that differs between directories, a descriptor. */
    int open(final String name, final int flags, final int mode) {
        final long result = Libc.result(Libc.c().open(path(name), flags, mode));
        lines.add(
                "open " + name + " " + Integer.toOctalString(flags) + " = " + (result < 0 ? Libc.name(result) : "fd"));
        return (int) result;
    }

    void note(final String line) {
        lines.add(line);
    }

    /** Notes what statx(2) says, but what differs between any two files. */
    Transcript stat(final String name) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result = Libc.result(
                Libc.c().statx(Libc.AT_FDCWD, path(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC, buffer.address()));
        final ByteBuffer stat = buffer.bytes();
        if (result < 0) {
            lines.add("stat " + name + " = " + Libc.name(result));
        } else {
            final int mode = stat.getShort(28) & 0xffff;
            final boolean isDirectory = FileMode.isDirectory(mode);
            lines.add(String.format(
                    Locale.ROOT,
                    "stat %s: mode %o nlink %d uid %d gid %d size %d rdev %d:%d",
                    name,
                    mode,
                    stat.getInt(16),
                    stat.getInt(20),
                    stat.getInt(24),
                    isDirectory ? -1 : stat.getLong(40),
                    stat.getInt(128),
                    stat.getInt(132)));
        }
        Reference.reachabilityFence(buffer);
        return this;
    }

    long ino(final String name) {
        return statLong(name, 32);
    }

    long blocks(final String name) {
        return statLong(name, 48);
    }

    private long statLong(final String name, final int at) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result = Libc.result(
                Libc.c().statx(Libc.AT_FDCWD, path(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC, buffer.address()));
        final long value = buffer.bytes().getLong(at);
        return result < 0 ? result : value;
    }

    void setxattr(final String name, final String attribute, final byte[] value, final int flags) {
        final NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, value.length));
        buffer.bytes().put(0, value);
        call(
                "setxattr " + name + " " + attribute + " (" + value.length + ") " + flags,
                Libc.c().setxattr(path(name), Libc.text(attribute), buffer.address(), value.length, flags));
        Reference.reachabilityFence(buffer);
    }

    void getxattr(final String name, final String attribute, final int size) {
        final NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, size));
        final long result = call(
                "getxattr " + name + " " + attribute + " (" + size + ")",
                Libc.c().getxattr(path(name), Libc.text(attribute), buffer.address(), size));
        if (result > 0 && size > 0) {
            final byte[] bytes = new byte[(int) result];
            buffer.bytes().get(0, bytes);
            lines.add(
                    bytes.length > 100
                            ? "hash " + java.util.Arrays.hashCode(bytes)
                            : new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    void listxattr(final String name, final int size) {
        final NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, size));
        final long result =
                call("listxattr " + name + " (" + size + ")", Libc.c().listxattr(path(name), buffer.address(), size));
        if (result > 0 && size > 0) {
            final byte[] bytes = new byte[(int) result];
            buffer.bytes().get(0, bytes);
            final String[] names = new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1);
            java.util.Arrays.sort(names);
            lines.add(String.join(" ", names));
        }
    }

    void readlink(final String name) {
        final NativeBuffer buffer = NativeBuffer.allocate(8192);
        final long result = call("readlink " + name, Libc.c().readlink(path(name), buffer.address(), 8192));
        if (result > 0) {
            final byte[] bytes = new byte[(int) result];
            buffer.bytes().get(0, bytes);
            lines.add(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    void utimens(final String name, final long aSeconds, final long aNanos, final long mSeconds, final long mNanos) {
        final NativeBuffer times = NativeBuffer.allocate(32);
        times.bytes().putLong(0, aSeconds);
        times.bytes().putLong(8, aNanos);
        times.bytes().putLong(16, mSeconds);
        times.bytes().putLong(24, mNanos);
        call("utimensat " + name, Libc.c().utimensat(Libc.AT_FDCWD, path(name), times.address(), AT_SYMLINK_NOFOLLOW));
        Reference.reachabilityFence(times);
        lines.add("atime " + statLong(name, 64) + "." + (int) statLong(name, 72) + " mtime " + statLong(name, 112) + "."
                + (int) statLong(name, 120));
    }
}
