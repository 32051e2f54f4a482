package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** O2, O3 and O4: mounts of overlapping trees are one view while they overlap, and cache again afterwards. */
class OverlapTest {
    private static final String WATCHED = "watched";
    private static final String SUSPENDED = "suspended";

    private final List<Path> mounted = new ArrayList<>();
    private Path base;
    private Path host;
    private String control;
    private Product server;
    private Product daemon;

    @BeforeEach
    void setUp() throws IOException {
        base = Files.createTempDirectory("transfuse-test-").toRealPath();
        host = Files.createDirectory(base.resolve("host"));
        control = base + "/control.sock";
        final String socket = "unix:" + base + "/host.sock";
        server = Product.start("serve", "--listen", socket, "--export", host.toString());
        server.await("Serving");
        daemon = Product.start("daemon", "--connect", socket, "--control", control);
        daemon.await("control socket");
    }

    @AfterEach
    void tearDown() throws IOException {
        try {
            for (final Path guest : List.copyOf(mounted)) {
                umount(guest);
            }
            assertThat(daemon.output() + server.output())
                    .as("the logs")
                    .doesNotContain("ERROR")
                    .doesNotContain("Exception");
        } finally {
            daemon.close();
            server.close();
            Mounted.delete(base);
        }
    }

    private Path mount(final Path directory, final String mode) throws IOException {
        final Path guest = Files.createTempDirectory(base, "guest-");
        final Commands.Result result =
                Product.run("mount", "--control", control, "-v", directory + ":" + guest + ":" + mode);
        assertThat(result.exitCode()).as(result.output()).isZero();
        mounted.add(guest);
        return guest;
    }

    private void umount(final Path guest) {
        final Commands.Result result = Product.run("umount", "--control", control, guest.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        mounted.remove(guest);
    }

    private String validity(final Path guest) throws IOException {
        final JsonNode status = new ObjectMapper()
                .readTree(new Control(Path.of(control)).get("/v1/status").body());
        for (final JsonNode mount : status.findParents("cache")) {
            if (mount.toString().contains("\"" + guest + "\"")) {
                return mount.get("cache").path("validity").asText();
            }
        }
        return "none";
    }

    private void awaitValidity(final Path guest, final String validity) {
        Awaitility.await(guest + " is " + validity)
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(validity(guest)).isEqualTo(validity));
    }

    private static void warm(final Path directory) throws IOException {
        for (int i = 0; i < 2; i++) {
            TreeView.of(directory, List.of("missing", "name"));
        }
    }

    /**
     * Changes through one path are seen at once by the other, each way, after both have looked at everything before.
     *
     * @param one the same directory as {@code other}
     */
    private static void assertCoherent(final Path one, final Path other) throws IOException {
        for (int i = 0; i < 40; i++) {
            final Path from = i % 2 == 0 ? one : other;
            final Path to = i % 2 == 0 ? other : one;
            final String text = String.format("%02d", i);
            warm(one);
            warm(other);
            assertThat(to.resolve("name")).doesNotExist();
            Files.writeString(from.resolve("name"), text);
            assertThat(to.resolve("name")).hasContent(text);
            assertThat(to.toFile().list()).contains("name");
            final int fd = Libc.mustOpen(to.resolve("name"), Libc.O_RDONLY);
            try {
                Files.writeString(from.resolve("name"), "xx", StandardOpenOption.WRITE);
                assertThat(Libc.pread(fd, 10, 0)).isEqualTo("xx");
                Files.writeString(from.resolve("name"), "+", StandardOpenOption.APPEND);
                assertThat(Libc.pread(fd, 10, 0)).isEqualTo("xx+");
            } finally {
                Libc.close(fd);
            }
            assertThat(Libc.c().chmod(Libc.path(from.resolve("name")), 0700 + i % 8))
                    .isZero();
            assertThat((Integer) Files.getAttribute(to.resolve("name"), "unix:mode") & 0777)
                    .isEqualTo(0700 + i % 8);
            Files.createDirectories(from.resolve("made/sub"));
            Files.move(from.resolve("name"), from.resolve("made/sub/moved"));
            assertThat(to.resolve("name")).doesNotExist();
            assertThat(to.resolve("made/sub/moved")).hasContent("xx+");
            Mounted.delete(to.resolve("made"));
            assertThat(from.resolve("made")).doesNotExist();
            assertThat(TreeView.of(one).keySet()).isEqualTo(TreeView.of(other).keySet());
        }
    }

    private void assertCaches(final Path guest, final Path directory) throws IOException {
        awaitValidity(guest, WATCHED);
        Files.writeString(directory.resolve("late"), "late");
        Awaitility.await().atMost(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(guest.resolve("late"))
                .hasContent("late"));
        Files.delete(directory.resolve("late"));
        Awaitility.await().atMost(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(TreeView.of(guest))
                .isEqualTo(TreeView.of(directory)));
    }

    @ParameterizedTest
    @CsvSource({
        "., cached, ., consistent",
        "., cached, ., cached",
        "., consistent, ., cached",
        "., cached, dir, consistent",
        "., cached, dir, cached",
        "dir, cached, ., consistent",
        "dir, cached, ., cached",
        "., cached, dir/sub, default",
        "dir, cached, ., default",
        "., default, ., cached",
    })
    void shouldBeOneViewWhileMountsOverlap(
            final String first, final String firstMode, final String second, final String secondMode)
            throws IOException {
        Files.createDirectories(host.resolve("dir/sub"));
        Files.writeString(host.resolve("dir/sub/file"), "content");
        final Path one = mount(host.resolve(first).normalize(), firstMode);
        warm(one);
        if (firstMode.equals("cached")) {
            assertCaches(one, host.resolve(first));
            warm(one);
        }
        // What the second mount changes first is what the first has remembered before it came.
        final Path two = mount(host.resolve(second).normalize(), secondMode);
        final Path common = Path.of(first.length() > second.length() ? first : second);
        final Path inOne = one.resolve(Path.of(first).normalize().relativize(common.normalize()));
        final Path inTwo = two.resolve(Path.of(second).normalize().relativize(common.normalize()));
        assertCoherent(inTwo, inOne);
        final boolean strengthened = !firstMode.equals("default") && !secondMode.equals("default");
        if (firstMode.equals("cached")) {
            assertThat(validity(one)).isEqualTo(strengthened ? SUSPENDED : WATCHED);
        }
        if (secondMode.equals("cached")) {
            assertThat(validity(two)).isEqualTo(strengthened ? SUSPENDED : WATCHED);
        }
        // In either order.
        final boolean firstGoes = first.equals(".") && second.equals(".");
        warm(one);
        warm(two);
        if (firstGoes) {
            umount(one);
            if (secondMode.equals("cached")) {
                assertCaches(two, host.resolve(second));
            }
        } else {
            umount(two);
            if (firstMode.equals("cached")) {
                assertCaches(one, host.resolve(first));
            }
        }
    }

    /** O3 and O4: what the one writes, truncates, links and replaces is what the other reads from what it remembers. */
    @Test
    void shouldCacheBesideAMountThatStrengthensNothing() throws IOException {
        Files.createDirectories(host.resolve("dir"));
        Files.writeString(host.resolve("dir/file"), "start");
        final Path cached = mount(host, "cached");
        final Path plain = mount(host.resolve("dir"), "default");
        awaitValidity(cached, WATCHED);
        for (int i = 0; i < 30; i++) {
            final String text = String.format("%05d", i);
            warm(cached);
            assertThat(cached.resolve("dir/file")).isRegularFile();
            final int fd = Libc.mustOpen(cached.resolve("dir/file"), Libc.O_RDONLY);
            try {
                assertThat(Libc.pread(fd, 10, 0)).hasSize(5);
                Files.writeString(plain.resolve("file"), text, StandardOpenOption.WRITE);
                assertThat(Libc.pread(fd, 10, 0)).isEqualTo(text);
            } finally {
                Libc.close(fd);
            }
            Files.writeString(plain.resolve("new"), "new " + text);
            Files.move(plain.resolve("new"), plain.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(cached.resolve("dir/new")).doesNotExist();
            assertThat(cached.resolve("dir/file")).hasContent("new " + text);
            Files.createLink(plain.resolve("link"), plain.resolve("file"));
            assertThat(Files.getAttribute(cached.resolve("dir/file"), "unix:nlink"))
                    .isEqualTo(2);
            Files.delete(plain.resolve("link"));
            assertThat(Files.getAttribute(cached.resolve("dir/file"), "unix:nlink"))
                    .isEqualTo(1);
            Files.writeString(plain.resolve("file"), "start");
            assertThat(cached.resolve("dir/file")).hasContent("start");
        }
        assertThat(validity(cached)).isEqualTo(WATCHED);
        umount(plain);
        assertCaches(cached, host);
    }

    /** A file that is remembered with one name gets another one in the tree of the other mount. */
    @ParameterizedTest
    @CsvSource({"cached", "consistent", "default"})
    void shouldBeOneViewOfAFileThatIsLinkedIntoTheOtherTreeLater(final String mode) throws IOException {
        Files.createDirectories(host.resolve("a"));
        Files.createDirectories(host.resolve("b"));
        final Path a = mount(host.resolve("a"), "cached");
        final Path b = mount(host.resolve("b"), mode);
        for (int i = 0; i < 10; i++) {
            Files.writeString(host.resolve("a/file" + i), "start");
            warm(a);
            final Path file = a.resolve("file" + i);
            Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> Files.exists(file));
            assertThat(file).hasContent("start");
            assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
            Files.createLink(host.resolve("b/link" + i), host.resolve("a/file" + i));
            final Path link = b.resolve("link" + i);
            Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> Files.exists(link));
            Files.writeString(link, "other", StandardOpenOption.WRITE);
            assertThat(file).hasContent("other");
            Files.writeString(file, "again", StandardOpenOption.WRITE);
            assertThat(link).hasContent("again");
            assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
        }
    }

    @Test
    void shouldStaySuspendedUntilTheLastOverlappingMountGoes() throws IOException {
        Files.createDirectories(host.resolve("a"));
        Files.createDirectories(host.resolve("b"));
        final Path all = mount(host, "cached");
        final Path a = mount(host.resolve("a"), "cached");
        awaitValidity(all, SUSPENDED);
        awaitValidity(a, SUSPENDED);
        final Path b = mount(host.resolve("b"), "cached");
        awaitValidity(b, SUSPENDED);
        assertCoherent(all.resolve("a"), a);
        assertCoherent(all.resolve("b"), b);
        umount(a);
        assertThat(validity(all)).isEqualTo(SUSPENDED);
        assertCoherent(b, all.resolve("b"));
        final Path again = mount(host.resolve("a"), "consistent");
        umount(all);
        awaitValidity(b, WATCHED);
        assertCaches(b, host.resolve("b"));
        umount(again);
        final Path last = mount(host.resolve("a"), "cached");
        assertCaches(last, host.resolve("a"));
        assertCaches(b, host.resolve("b"));
    }

    @ParameterizedTest
    @CsvSource({"cached", "consistent"})
    void shouldBeOneViewOfAFileThatIsInTwoTrees(final String mode) throws IOException {
        Files.createDirectories(host.resolve("a"));
        Files.createDirectories(host.resolve("b"));
        Files.writeString(host.resolve("a/file"), "start");
        Files.createLink(host.resolve("b/link"), host.resolve("a/file"));
        final Path a = mount(host.resolve("a"), "cached");
        warm(a);
        warm(a);
        final Path b = mount(host.resolve("b"), mode);
        warm(b);
        for (int i = 0; i < 60; i++) {
            final Path from = i % 2 == 0 ? b.resolve("link") : a.resolve("file");
            final Path to = i % 2 == 0 ? a.resolve("file") : b.resolve("link");
            final String text = String.format("%05d", i);
            warm(a);
            warm(b);
            Files.writeString(from, text, StandardOpenOption.WRITE);
            assertThat(to).hasContent(text);
            assertThat(Libc.c().chmod(Libc.path(from), 0600 + i % 8)).isZero();
            assertThat((Integer) Files.getAttribute(to, "unix:mode") & 0777).isEqualTo(0600 + i % 8);
            Files.writeString(from, "+", StandardOpenOption.APPEND);
            assertThat(Files.size(to)).isEqualTo(6);
            Files.writeString(from, text);
        }
        umount(b);
        assertCaches(a, host.resolve("a"));
    }

    /** DF#341: no mount, no watch, and the next one read what had been there before. */
    @Test
    void shouldRememberNothingFromOneMountToTheNext() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(host.resolve("file"), "content " + i);
            final Path guest = mount(host, "cached");
            assertThat(guest.resolve("file")).hasContent("content " + i);
            warm(guest);
            umount(guest);
        }
    }
}
