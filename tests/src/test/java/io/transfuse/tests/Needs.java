package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. Where it is missing the test is skipped and says why; in CI it fails. */
final class Needs {
    private Needs() {}

    /** A program on the PATH. */
    static void program(final String program, final String debianPackage) {
        final boolean found = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        unless(found, program + " is missing (package " + debianPackage + ")");
    }

    /** Skips the test for this reason unless {@code condition}. */
    static void unless(final boolean condition, final String reason) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(condition).as("in CI nothing is skipped: " + reason).isTrue();
        }
        Assumptions.assumeTrue(condition, () -> "skipped: " + reason);
    }
}
