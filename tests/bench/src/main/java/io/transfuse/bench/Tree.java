package io.transfuse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How large an application's files are.
 *
 * @param files regular files
 * @param bytes what they add up to
 */
record Tree(long files, long bytes) {
    /** Reads every file to its end, so that the host has all of them in its page cache. */
    static Tree read(final Path root) throws IOException {
        final List<Path> files;
        try (Stream<Path> paths = Files.walk(root)) {
            files = paths.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (final Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                bytes += in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return new Tree(files.size(), bytes);
    }

    @Override
    public String toString() {
        return files + " files, " + bytes / 1_000_000 + " MB";
    }
}
