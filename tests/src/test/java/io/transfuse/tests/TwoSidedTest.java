package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** K1: the guest sees at once what the host did; K2: the host sees at once what the guest did. */
class TwoSidedTest {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted();

    private Path guest;
    private Path host;

    @BeforeEach
    void setUp() {
        guest = MOUNTED.guest();
        host = MOUNTED.host();
    }

    private static String names(final Path directory) throws Exception {
        try (var list = Files.list(directory)) {
            return list.map(path -> path.getFileName().toString()).sorted().collect(Collectors.joining(" "));
        }
    }

    @Test
    void shouldSeeEachOfManyRewritesWithinATick() throws Exception {
        for (int i = 0; i < 500; i++) {
            final String content = String.format("%05d", i);
            Files.writeString(host.resolve("file"), content);
            assertThat(Files.readString(guest.resolve("file"))).isEqualTo(content);
            final String other = String.format("%05d", 90_000 - i);
            Files.writeString(guest.resolve("file"), other);
            assertThat(Files.readString(host.resolve("file"))).isEqualTo(other);
        }
    }

    @Test
    void shouldSeeRewritesThroughAnOpenDescriptor() throws Exception {
        Files.writeString(host.resolve("file"), "0");
        final int fd = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
        try {
            for (int i = 1; i < 200; i++) {
                Files.writeString(host.resolve("file"), "x".repeat(i));
                assertThat(Libc.c().lseek(fd, 0, 2)).as("SEEK_END").isEqualTo(i);
                assertThat(Libc.pread(fd, 1000, 0)).hasSize(i);
            }
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void shouldSeeSizesThroughADescriptorThoughPathsAreLookedAtToo() throws Exception {
        Files.writeString(host.resolve("file"), "0");
        for (int i = 1; i < 200; i++) {
            // Before it is opened, while it is opened and after, calls on the path bring attributes.
            Files.size(guest.resolve("file"));
            final int fd = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
            try {
                Files.writeString(host.resolve("file"), "x".repeat(2 * i));
                assertThat(Libc.c().lseek(fd, 0, 2)).as("SEEK_END").isEqualTo(2L * i);
                Files.size(guest.resolve("file"));
                Files.writeString(host.resolve("file"), "x".repeat(2 * i + 1));
                assertThat(Libc.c().lseek(fd, 0, 2)).as("SEEK_END").isEqualTo(2L * i + 1);
                assertThat(Files.size(guest.resolve("file"))).isEqualTo(2L * i + 1);
            } finally {
                Libc.close(fd);
            }
        }
    }

    @Test
    void shouldSeeADirectoryChangeThroughADescriptorOfIt() throws Exception {
        Files.createDirectory(host.resolve("dir"));
        final int fd = Libc.mustOpen(guest.resolve("dir"), Libc.O_RDONLY | Libc.O_DIRECTORY);
        try {
            for (int i = 0; i < 100; i++) {
                Files.getLastModifiedTime(guest.resolve("dir"));
                Files.createDirectory(host.resolve("dir/sub" + i));
                assertThat(new Transcript(Path.of("/proc/self/fd/" + fd + "/."))
                                .stat(".")
                                .lines()
                                .get(0))
                        .contains("nlink " + (i + 3));
            }
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void shouldSeeNamesAppearAndVanish() throws Exception {
        for (int i = 0; i < 100; i++) {
            final Path name = Path.of("name" + i);
            assertThat(Files.exists(guest.resolve(name))).isFalse();
            Files.createFile(host.resolve(name));
            assertThat(Files.exists(guest.resolve(name))).isTrue();
            assertThat(names(guest)).isEqualTo(name.toString());
            Files.delete(host.resolve(name));
            assertThat(Files.exists(guest.resolve(name))).isFalse();
            assertThat(names(guest)).isEmpty();
            Files.createDirectory(guest.resolve(name));
            assertThat(Files.isDirectory(host.resolve(name))).isTrue();
            Files.delete(guest.resolve(name));
            assertThat(Files.exists(host.resolve(name))).isFalse();
        }
    }

    @Test
    void shouldSeeReplacementByRename() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.writeString(host.resolve("new"), "version " + i);
            Files.move(host.resolve("new"), host.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
            assertThat(Files.readString(guest.resolve("file"))).isEqualTo("version " + i);
        }
    }

    @Test
    void shouldSeeMovedAndReplacedDirectories() throws Exception {
        Files.createDirectories(host.resolve("a/deep/er"));
        Files.writeString(host.resolve("a/deep/er/file"), "one");
        assertThat(Files.readString(guest.resolve("a/deep/er/file"))).isEqualTo("one");
        Files.move(host.resolve("a"), host.resolve("b"));
        assertThat(Files.exists(guest.resolve("a"))).isFalse();
        assertThat(Files.readString(guest.resolve("b/deep/er/file"))).isEqualTo("one");
        Files.createDirectories(host.resolve("a/deep/er"));
        Files.writeString(host.resolve("a/deep/er/file"), "two");
        assertThat(Files.readString(guest.resolve("a/deep/er/file"))).isEqualTo("two");
        assertThat(Files.readString(guest.resolve("b/deep/er/file"))).isEqualTo("one");
        Files.move(host.resolve("b/deep"), host.resolve("b/deeper"));
        Files.writeString(guest.resolve("b/deeper/er/file"), "three");
        assertThat(Files.readString(host.resolve("b/deeper/er/file"))).isEqualTo("three");
    }

    @Test
    void shouldSeeMetadataLinksAndAttributes() throws Exception {
        Files.writeString(host.resolve("file"), "x");
        assertThat(Files.isExecutable(guest.resolve("file"))).isFalse();
        for (final String mode : new String[] {"rwxr-xr-x", "r--------", "rw-rw-rw-"}) {
            Files.setPosixFilePermissions(host.resolve("file"), PosixFilePermissions.fromString(mode));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(guest.resolve("file"))))
                    .isEqualTo(mode);
        }
        Files.setLastModifiedTime(guest.resolve("file"), FileTime.fromMillis(1_234_567_890_123L));
        assertThat(Files.getLastModifiedTime(host.resolve("file")).toMillis()).isEqualTo(1_234_567_890_123L);
        for (final String target : new String[] {"first", "second"}) {
            Files.deleteIfExists(host.resolve("link"));
            Files.createSymbolicLink(host.resolve("link"), Path.of(target));
            assertThat(Files.readSymbolicLink(guest.resolve("link"))).hasToString(target);
        }
        Files.setAttribute(host.resolve("file"), "user:key", "one".getBytes(StandardCharsets.UTF_8));
        assertThat(Files.getAttribute(guest.resolve("file"), "user:key"))
                .isEqualTo("one".getBytes(StandardCharsets.UTF_8));
        Files.setAttribute(guest.resolve("file"), "user:key", "two".getBytes(StandardCharsets.UTF_8));
        assertThat(Files.getAttribute(host.resolve("file"), "user:key"))
                .isEqualTo("two".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldMapWhatTheHostHasWritten() throws Exception {
        for (int i = 0; i < 50; i++) {
            final String content = "content " + (char) ('a' + i % 26);
            Files.writeString(host.resolve("file"), content);
            try (FileChannel channel = FileChannel.open(guest.resolve("file"), StandardOpenOption.READ)) {
                final byte[] mapped = new byte[content.length()];
                channel.map(FileChannel.MapMode.READ_ONLY, 0, content.length()).get(mapped);
                assertThat(new String(mapped, StandardCharsets.UTF_8)).isEqualTo(content);
            }
        }
    }

    @Test
    void shouldBringMappedWritesToTheHostWhenTheFileIsClosed() throws Exception {
        Files.write(host.resolve("file"), new byte[8192]);
        Commands.shell(
                guest,
                "cat > m.c <<'E'\n#include <fcntl.h>\n#include <string.h>\n#include <sys/mman.h>\n#include <unistd.h>\n"
                        + "int main(void) { int f = open(\"file\", O_RDWR); char *m = mmap(0, 8192, 3, MAP_SHARED, f, 0);\n"
                        + "strcpy(m + 5000, \"mapped\"); munmap(m, 8192); return close(f); }\nE\ngcc -o m m.c && ./m");
        assertThat(new String(Files.readAllBytes(host.resolve("file")), 5000, 6, StandardCharsets.US_ASCII))
                .isEqualTo("mapped");
    }

    @Test
    void shouldExecuteWhatTheHostHasWritten() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.writeString(host.resolve("script"), "#!/bin/sh\necho " + (100 + i) + "\n");
            Files.setPosixFilePermissions(host.resolve("script"), PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(Commands.shell(guest, "./script")).isEqualTo(100 + i + "\n");
        }
    }

    @Test
    void shouldNotOverwriteEachOtherWhenBothAppend() throws Exception {
        Files.createFile(host.resolve("log"));
        final int own = Libc.mustOpen(guest.resolve("log"), Libc.O_WRONLY | Libc.O_APPEND);
        final int hosts = Libc.mustOpen(host.resolve("log"), Libc.O_WRONLY | Libc.O_APPEND);
        try {
            for (int i = 0; i < 300; i++) {
                Libc.write(own, "guest\n".getBytes(StandardCharsets.US_ASCII));
                Libc.write(hosts, "host\n".getBytes(StandardCharsets.US_ASCII));
            }
        } finally {
            Libc.close(own);
            Libc.close(hosts);
        }
        assertThat(Files.readString(host.resolve("log"))).isEqualTo("guest\nhost\n".repeat(300));
    }

    @Test
    void shouldReuseANameWhoseFileTheHostReplacedWhileItIsOpen() throws Exception {
        Files.writeString(host.resolve("file"), "old");
        final int fd = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
        try {
            Files.delete(host.resolve("file"));
            Files.writeString(host.resolve("file"), "new!");
            assertThat(Libc.pread(fd, 10, 0)).isEqualTo("old");
            assertThat(Files.readString(guest.resolve("file"))).isEqualTo("new!");
        } finally {
            Libc.close(fd);
        }
    }
}
