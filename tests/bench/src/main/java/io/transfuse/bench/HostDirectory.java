package io.transfuse.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Makes the directory that the load program expects; each file system gets its own, so that none sees another's changes. */
final class HostDirectory {
    /** As in {@code load.c}. */
    private static final int FILES = 1000;

    private static final int SMALL_FILE = 4096;
    private static final int BLOCK = 1 << 20;

    private HostDirectory() {}

    static void create(final Path host, final Scale scale) throws IOException {
        final Path files = Files.createDirectories(host.resolve("files"));
        final byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) 'x');
        final byte[] small = Arrays.copyOf(block, SMALL_FILE);
        for (int i = 0; i < FILES; i++) {
            Files.write(files.resolve(String.format("f%04d", i)), small);
        }
        final Path many = Files.createDirectory(host.resolve("many"));
        for (int i = 0; i < scale.listEntries(); i++) {
            Files.createFile(many.resolve(String.format("entry-%05d", i)));
        }
        Files.createDirectory(host.resolve("work"));
        try (OutputStream sequential = Files.newOutputStream(host.resolve("sequential"))) {
            for (long left = scale.sequentialBytes(); left > 0; left -= BLOCK) {
                sequential.write(block);
            }
        }
    }
}
