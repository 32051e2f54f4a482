package io.transfuse.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The packages of {@code src/test/node/package-lock.json}, installed once by npm to {@code target/node}. */
final class NodePackages {
    /** Where the tests' own programs for Node are. */
    static final Path PROGRAMS = Path.of("src/test/node").toAbsolutePath();

    private static final Path INSTALLED = Path.of("target/node").toAbsolutePath();
    private static final String LOCK = "package-lock.json";
    private static final long MOST_SECONDS = 600;

    private NodePackages() {}

    /** Installs them, unless those of this list are there. */
    static synchronized void install() throws IOException {
        Needs.program("node", "nodejs");
        Needs.program("npm", "npm");
        final Path done = INSTALLED.resolve("installed.json");
        if (Files.exists(done) && Files.mismatch(done, PROGRAMS.resolve(LOCK)) < 0) {
            return;
        }
        Files.createDirectories(INSTALLED);
        for (final String file : List.of("package.json", LOCK)) {
            Files.copy(PROGRAMS.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        final Commands.Result result = Commands.run(
                INSTALLED, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), MOST_SECONDS);
        Needs.unless(result.exitCode() == 0, "npm ci failed:\n" + result.output());
        Files.copy(PROGRAMS.resolve(LOCK), done, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A file of a package. */
    static Path file(final String path) {
        return INSTALLED.resolve("node_modules").resolve(path);
    }

    /** With this Node finds them from everywhere. */
    static Map<String, String> environment() {
        return Map.of("NODE_PATH", INSTALLED.resolve("node_modules").toString());
    }
}
