package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory of the host mounted for a class of tests, and a plain one beside it to compare with.
 * Each test gets directories of its own.
 */
final class Mounted implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private final String options;
    private final List<String> jvmOptions;
    private Path base;
    private Path current;
    private Product product;
    private int count;

    Mounted(final String options, final String... jvmOptions) {
        this.options = options;
        this.jvmOptions = List.of(jvmOptions);
    }

    Mounted() {
        this(":consistent");
    }

    @Override
    public void beforeAll(final ExtensionContext context) throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        Files.createDirectory(base.resolve("host"));
        Files.createDirectory(base.resolve("guest"));
        Files.createDirectory(base.resolve("plain"));
        product = Product.mount(jvmOptions, base.resolve("host") + ":" + base.resolve("guest") + options);
    }

    @Override
    public void beforeEach(final ExtensionContext context) throws IOException {
        current = Path.of("test" + count++);
        Files.createDirectory(base.resolve("host").resolve(current));
        Files.createDirectory(base.resolve("plain").resolve(current));
        // A cached mount sees late what the host does.
        Awaitility.await("the guest sees " + current).until(() -> Files.isDirectory(guest()));
    }

    @Override
    public void afterEach(final ExtensionContext context) {
        assertThat(product.process().isAlive()).as("the product lives").isTrue();
        assertThat(product.output()).as("its log").doesNotContain("ERROR").doesNotContain("Exception");
    }

    @Override
    public void afterAll(final ExtensionContext context) throws IOException {
        try {
            if (product != null) {
                product.close();
            }
            assertThat(Product.isMounted(base.resolve("guest"))).isFalse();
        } finally {
            if (!Product.isMounted(base.resolve("guest"))) {
                delete(base);
            }
        }
    }

    /** The test's directory as the guest sees it. */
    Path guest() {
        return base.resolve("guest").resolve(current);
    }

    /** The test's directory as the host sees it. */
    Path host() {
        return base.resolve("host").resolve(current);
    }

    /** A plain directory beside. */
    Path plain() {
        return base.resolve("plain").resolve(current);
    }

    /** Waits until the guest sees what the host has made; a consistent mount does at once. */
    void awaitVisible(final String name) {
        Awaitility.await("the guest sees " + name).until(() -> Files.exists(guest().resolve(name)));
    }

    /** Waits until the guest sees these permissions; a consistent mount does at once. */
    void awaitMode(final String name, final int permissions) {
        Awaitility.await("the guest sees the mode of " + name)
                .until(() -> ((int) Files.getAttribute(guest().resolve(name), "unix:mode") & 07777) == permissions);
    }

    Product product() {
        return product;
    }

    /** Does the same in the mount and in a plain directory: what it returns must be the same. */
    void assertSame(final Function<Path, ?> scenario) {
        final Object wanted = scenario.apply(plain());
        assertThat(scenario.apply(guest())).isEqualTo(wanted);
    }

    static void delete(final Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
