package io.transfuse.tests;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes an archive as the kernel unpacks it for its first root: "newc" of Documentation/driver-api/early-userspace. */
final class CpioArchive implements Closeable {
    private static final int DIRECTORY = 040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int ALIGNMENT = 4;

    private final OutputStream out;
    private final Set<String> directories = new HashSet<>();
    private long written;
    private int inode;

    CpioArchive(final Path file) throws IOException {
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    }

    /** A file with this content; the directories above it come by themselves. */
    void file(final String name, final int mode, final byte[] content) throws IOException {
        parents(name);
        entry(name, FILE | mode, content);
    }

    void file(final String name, final int mode, final String content) throws IOException {
        file(name, mode, content.getBytes(StandardCharsets.UTF_8));
    }

    void link(final String name, final String target) throws IOException {
        parents(name);
        entry(name, LINK | 0777, target.getBytes(StandardCharsets.UTF_8));
    }

    void directory(final String name) throws IOException {
        parents(name);
        if (directories.add(name)) {
            entry(name, DIRECTORY | 0755, new byte[0]);
        }
    }

    /** What lies at {@code source}, a tree or a file, as {@code name}. */
    void copy(final String name, final Path source) throws IOException {
        final List<Path> all;
        try (Stream<Path> walk = Files.walk(source)) {
            all = walk.sorted().collect(Collectors.toList());
        }
        for (final Path path : all) {
            final String below = source.relativize(path).toString();
            final String as = below.isEmpty() ? name : name + "/" + below;
            if (Files.isSymbolicLink(path)) {
                link(as, Files.readSymbolicLink(path).toString());
            } else if (Files.isDirectory(path)) {
                directory(as);
            } else {
                file(as, Files.isExecutable(path) ? 0755 : 0644, Files.readAllBytes(path));
            }
        }
    }

    private void parents(final String name) throws IOException {
        final int slash = name.lastIndexOf('/');
        if (slash > 0) {
            directory(name.substring(0, slash));
        }
    }

    private void entry(final String name, final int mode, final byte[] content) throws IOException {
        final byte[] bytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
        final String header = String.format(
                "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                ++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, bytes.length, 0);
        write(header.getBytes(StandardCharsets.US_ASCII));
        write(bytes);
        pad();
        write(content);
        pad();
    }

    private void write(final byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad() throws IOException {
        while (written % ALIGNMENT != 0) {
            out.write(0);
            written++;
        }
    }

    @Override
    public void close() throws IOException {
        entry("TRAILER!!!", 0, new byte[0]);
        out.close();
    }
}
