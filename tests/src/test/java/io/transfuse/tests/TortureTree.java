package io.transfuse.tests;

import io.transfuse.protocol.FileMode;
import io.transfuse.transport.NativeBuffer;
import java.io.File;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Executes the operations of a {@link TortureProgram} on one side's view of a tree. Thread-safe. */
final class TortureTree {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC = 0x7ff;
    private static final int EXCHANGE = 2;
    private static final int SIZE_MAX = 20_000;
    private static final int READ_MAX = 1 << 16;

    private final Path root;

    /** Distinguishes what this side writes. */
    private final char letter;

    TortureTree(final Path root, final char letter) {
        this.root = root;
        this.letter = letter;
    }

    private byte[] path(final String relative) {
        return Libc.path(root.resolve(relative));
    }

    private byte[] data(final int number) {
        final byte[] data = new byte[1 + number % 97 * (number % 7 == 0 ? 100 : 1)];
        Arrays.fill(data, (byte) letter);
        final byte[] tag = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(tag, 0, data, 0, Math.min(tag.length, data.length));
        return data;
    }

    /** What the operation gives: a number, an errno's name, or what was read. */
    String execute(final TortureProgram.Operation operation) {
        final int number = operation.number();
        final byte[] path = path(operation.path());
        switch (operation.kind()) {
            case CREATE:
                return written(operation.path(), Libc.O_CREAT | Libc.O_TRUNC | Libc.O_WRONLY, number, 0);
            case WRITE:
                return written(operation.path(), Libc.O_WRONLY, number, number % 300);
            case APPEND:
                return written(operation.path(), Libc.O_WRONLY | Libc.O_APPEND, number, 0);
            case TRUNCATE:
                return Libc.name(Libc.result(Libc.c().truncate(path, number % (number % 5 == 0 ? SIZE_MAX : 100))));
            case RENAME:
                return Libc.name(renamed(path, path(operation.other()), 0));
            case EXCHANGE:
                return Libc.name(renamed(path, path(operation.other()), EXCHANGE));
            case LINK:
                return Libc.name(Libc.result(Libc.c().link(path, path(operation.other()))));
            case SYMLINK:
                return Libc.name(Libc.result(Libc.c().symlink(Libc.text(operation.other()), path)));
            case UNLINK:
                return Libc.name(Libc.result(Libc.c().unlink(path)));
            case MKDIR:
                return Libc.name(Libc.result(Libc.c().mkdir(path, 0755)));
            case RMDIR:
                return Libc.name(Libc.result(Libc.c().rmdir(path)));
            case CHMOD:
                return Libc.name(Libc.result(Libc.c().chmod(path, 0700 | number % 0100)));
            case UTIMES:
                return Libc.name(timesSet(path, number));
            case SETXATTR:
                return Libc.name(attributeSet(path, number));
            case READ:
                return read(operation.path());
            case MAP:
                return mapped(root.resolve(operation.path()));
            case STAT:
                return stat(operation.path());
            case LIST:
                return listed(root.resolve(operation.path()));
            case READLINK:
                return target(path);
            default:
                throw new IllegalArgumentException(operation.toString());
        }
    }

    private String written(final String relative, final int flags, final int number, final long offset) {
        final long fd = Libc.open(root.resolve(relative), flags, 0644);
        if (fd < 0) {
            return Libc.name(fd);
        }
        try {
            final byte[] data = data(number);
            return Libc.name(
                    (flags & Libc.O_APPEND) != 0 ? Libc.write((int) fd, data) : Libc.pwrite((int) fd, data, offset));
        } finally {
            Libc.close(fd);
        }
    }

    private static long renamed(final byte[] from, final byte[] to, final int flags) {
        return Libc.result(Libc.c().renameat2(Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, flags));
    }

    private static long timesSet(final byte[] path, final int number) {
        final NativeBuffer times = NativeBuffer.allocate(32);
        times.bytes().putLong(0, 1_000_000_000L + number);
        times.bytes().putLong(16, 1_000_000_000L + number);
        times.bytes().putLong(24, number);
        final long result = Libc.result(Libc.c().utimensat(Libc.AT_FDCWD, path, times.address(), AT_SYMLINK_NOFOLLOW));
        Reference.reachabilityFence(times);
        return result;
    }

    private static long attributeSet(final byte[] path, final int number) {
        final NativeBuffer value = NativeBuffer.allocate(8);
        value.bytes().putLong(0, number);
        final long result = Libc.result(Libc.c().setxattr(path, Libc.text("user.key"), value.address(), 8, 0));
        Reference.reachabilityFence(value);
        return result;
    }

    private String read(final String relative) {
        final long fd = Libc.open(root.resolve(relative), Libc.O_RDONLY, 0);
        if (fd < 0) {
            return Libc.name(fd);
        }
        try {
            return summary(Libc.pread((int) fd, READ_MAX, 0));
        } finally {
            Libc.close(fd);
        }
    }

    private static String summary(final String content) {
        return content.length() < 40
                ? "'" + content + "'"
                : content.length() + " bytes, hash " + Integer.toHexString(content.hashCode());
    }

    private static String mapped(final Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final int size = (int) Math.min(channel.size(), READ_MAX);
            if (size == 0) {
                return "''";
            }
            final MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            final byte[] bytes = new byte[size];
            map.get(bytes);
            return summary(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (final NoSuchFileException e) {
            return "ENOENT";
        } catch (final FileSystemException e) {
            return "(" + e.getReason() + ")";
        } catch (final IOException e) {
            return "(" + e.getMessage() + ")";
        } catch (final InternalError e) {
            // The file has become shorter.
            return "SIGBUS";
        }
    }

    /** What lstat says. */
    String stat(final String relative) {
        final byte[] path = path(relative);
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result =
                Libc.result(Libc.c().statx(Libc.AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC, buffer.address()));
        final int mode = buffer.bytes().getShort(28) & 0xffff;
        final long size = FileMode.isDirectory(mode) ? 0 : buffer.bytes().getLong(40);
        Reference.reachabilityFence(buffer);
        return result < 0 ? Libc.name(result) : "mode " + Integer.toOctalString(mode) + " size " + size;
    }

    private static String listed(final Path directory) {
        final String[] names = new File(directory.toString()).list();
        if (names == null) {
            return "not listed";
        }
        Arrays.sort(names);
        return String.join(" ", names);
    }

    private static String target(final byte[] path) {
        final NativeBuffer buffer = NativeBuffer.allocate(4096);
        final long result = Libc.result(Libc.c().readlink(path, buffer.address(), 4096));
        if (result < 0) {
            return Libc.name(result);
        }
        final byte[] bytes = new byte[(int) result];
        buffer.bytes().get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
