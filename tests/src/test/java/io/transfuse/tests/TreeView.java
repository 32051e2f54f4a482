package io.transfuse.tests;

import io.transfuse.protocol.FileMode;
import io.transfuse.transport.NativeBuffer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that calls on paths say of a tree, as lines of text by path: what a listing names, what {@code lstat} and {@code
 * readlink} say of it, and what reading it gives. Names that a listing has and {@code lstat} has not are in it too, with the
 * error. So are names that are probed although no listing has them.
 */
final class TreeView {
    private static final int STATX_BASIC = 0x7ff;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int CONTENT_SHOWN = 80;

    private final Path root;
    private final Collection<String> probed;
    private final SortedMap<String, String> lines = new TreeMap<>();

    private TreeView(final Path root, final Collection<String> probed) {
        this.root = root;
        this.probed = probed;
    }

    /**
     * Looks at the tree.
     *
     * @param probed names that are looked up in each directory, whatever its listing has
     */
    static SortedMap<String, String> of(final Path root, final Collection<String> probed) {
        final TreeView view = new TreeView(root, probed);
        view.directory(".");
        return view.lines;
    }

    static SortedMap<String, String> of(final Path root) {
        return of(root, List.of());
    }

    /** Looks at these paths only, at what is below them, and at the names in the directories that hold them. */
    static SortedMap<String, String> ofPaths(final Path root, final Collection<String> paths) {
        final TreeView view = new TreeView(root, List.of());
        for (final String path : paths) {
            view.object(path);
            final Path parent = Path.of(path).getParent();
            view.list(parent == null ? "." : parent.toString());
        }
        return view.lines;
    }

    /** One line for each path of which two views differ; at most {@code most} of them. */
    static List<String> differences(
            final Map<String, String> wanted, final Map<String, String> actual, final int most) {
        final SortedMap<String, String> paths = new TreeMap<>(wanted);
        paths.putAll(actual);
        final List<String> result = new ArrayList<>();
        for (final String path : paths.keySet()) {
            final String expected = wanted.getOrDefault(path, "(nothing)");
            final String found = actual.getOrDefault(path, "(nothing)");
            if (!expected.equals(found) && result.size() < most) {
                result.add(path + "\n    host:  " + expected + "\n    guest: " + found);
            }
        }
        return result;
    }

    /** Notes the names in a directory; null when it cannot be listed. */
    private String[] list(final String path) {
        // Not Files.list: it gives no errors of readdir(3).
        final String[] listed = new File(root.resolve(path).toString()).list();
        if (listed == null) {
            lines.put(path + "/", "cannot be listed");
            return null;
        }
        Arrays.sort(listed);
        lines.put(path + "/", String.join(" ", listed));
        return listed;
    }

    private void directory(final String path) {
        final String[] listed = list(path);
        if (listed == null) {
            return;
        }
        for (final String name : listed) {
            object(path + "/" + name);
        }
        for (final String name : probed) {
            if (Arrays.binarySearch(listed, name) < 0) {
                object(path + "/" + name);
            }
        }
    }

    private void object(final String path) {
        final NativeBuffer buffer = NativeBuffer.allocate(256);
        final long result = Libc.result(Libc.c()
                .statx(
                        Libc.AT_FDCWD,
                        Libc.path(root.resolve(path)),
                        AT_SYMLINK_NOFOLLOW,
                        STATX_BASIC,
                        buffer.address()));
        if (result < 0) {
            lines.put(path, Libc.name(result));
            return;
        }
        final ByteBuffer stat = buffer.bytes();
        final int mode = stat.getShort(28) & 0xffff;
        final StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "mode %o nlink %d owner %d:%d ino %d mtime %d.%09d",
                mode,
                stat.getInt(16),
                stat.getInt(20),
                stat.getInt(24),
                stat.getLong(32),
                stat.getLong(112),
                stat.getInt(120)));
        if (!FileMode.isDirectory(mode)) {
            line.append(" size ").append(stat.getLong(40));
        }
        Reference.reachabilityFence(buffer);
        switch (FileMode.type(mode)) {
            case FileMode.REGULAR:
                line.append(" content ").append(content(root.resolve(path)));
                break;
            case FileMode.SYMLINK:
                line.append(" target ").append(target(root.resolve(path)));
                break;
            default:
        }
        lines.put(path, line.toString());
        if (FileMode.isDirectory(mode)) {
            directory(path);
        }
    }

    private static String content(final Path path) {
        try {
            final byte[] bytes = Files.readAllBytes(path);
            return bytes.length <= CONTENT_SHOWN
                    ? "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'"
                    : bytes.length + " bytes, hash " + Integer.toHexString(Arrays.hashCode(bytes));
        } catch (final FileSystemException e) {
            return "(" + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()) + ")";
        } catch (final IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }

    private static String target(final Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (final FileSystemException e) {
            return "(" + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()) + ")";
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
