package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mount of one file. */
@Timeout(120)
class SingleFileTest {
    @TempDir
    Path base;

    /** FM#3713, FM#6692: git checkout of a file that is itself mounted gave I/O errors. */
    @ParameterizedTest
    @ValueSource(strings = {"cached", "consistent"})
    void shouldFollowAFileThatGitReplaces(final String mode) throws Exception {
        final Path repository = Files.createDirectory(base.toRealPath().resolve("repository"));
        final Path mounted = base.toRealPath().resolve("mounted");
        Commands.shell(
                repository,
                "git init -q -b main .; git config user.email a@b.c; git config user.name n;"
                        + " echo one > file; git add file; git commit -qm one; git checkout -qb other;"
                        + " echo other > file; git commit -qam two; git checkout -q main");
        Files.createFile(mounted);
        try (Product product = Product.mount(repository.resolve("file") + ":" + mounted + ":" + mode)) {
            for (int i = 0; i < 20; i++) {
                final boolean main = i % 2 == 1;
                Commands.shell(repository, "git checkout -q " + (main ? "main" : "other"));
                sees(mode, mounted, main ? "one\n" : "other\n");
                Files.writeString(repository.resolve("new"), "saved " + i);
                Files.move(repository.resolve("new"), repository.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
                sees(mode, mounted, "saved " + i);
                Commands.shell(repository, "git checkout -q file");
                sees(mode, mounted, main ? "one\n" : "other\n");
            }
            Files.writeString(mounted, "by the guest");
            assertThat(repository.resolve("file")).hasContent("by the guest");
            assertThat(product.process().isAlive()).isTrue();
        }
    }

    private static void sees(final String mode, final Path file, final String wanted) throws Exception {
        if (mode.equals("consistent")) {
            assertThat(Files.readString(file)).isEqualTo(wanted);
            return;
        }
        // No error in between either: it would not be an AssertionError, and end the wait.
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .pollInterval(2, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(Files.readString(file)).isEqualTo(wanted));
    }
}
