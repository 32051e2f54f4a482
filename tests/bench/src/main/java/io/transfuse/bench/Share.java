package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory that a contender makes available at another place, as often as it is told to. */
interface Share {
    /**
     * Makes it available, with nothing in the kernel's caches that is of an earlier time.
     *
     * @return the directory to load
     */
    Path mount() throws BenchException, IOException, InterruptedException;

    /** Takes it away again. Nothing may use it any more. */
    void unmount() throws BenchException, IOException, InterruptedException;

    /** Whether the kernel has something mounted exactly there. The benchmark's paths need no unescaping. */
    static boolean isMounted(final Path path) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.split(" ", 3)[1].equals(path.toString()));
        }
    }
}
