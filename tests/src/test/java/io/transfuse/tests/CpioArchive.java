package io.transfuse.tests;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes an archive as the kernel unpacks it for its first root: "newc" of Documentation/driver-api/early-userspace. */
final class CpioArchive implements Closeable {
    private static final int DIRECTORY = 040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int ALIGNMENT = 4;

    private final OutputStream out;
    private long written;
    private int inode;

    CpioArchive(final Path file) throws IOException {
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    }

    /** Adds all that lies in a directory. */
    void tree(final Path root) throws IOException {
        final List<Path> all;
        try (Stream<Path> walk = Files.walk(root)) {
            all = walk.sorted().collect(Collectors.toList());
        }
        for (final Path path : all.subList(1, all.size())) {
            final String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                entry(name, LINK | 0777, Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
            } else if (Files.isDirectory(path)) {
                entry(name, DIRECTORY | 0755, new byte[0]);
            } else {
                entry(name, FILE | (Files.isExecutable(path) ? 0755 : 0644), Files.readAllBytes(path));
            }
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
