package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** C1, C2, C3 and C6 of a mount that caches: with descriptors that are open, and while changes go on. */
@Timeout(120)
class CachedTwoSidedTest {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    private static final Duration BOUND = Duration.ofSeconds(1);

    /** More than comes along with an open. */
    private static final int LARGE = 300_000;

    private Path guest;
    private Path host;

    @BeforeEach
    void setUp() {
        guest = MOUNTED.guest();
        host = MOUNTED.host();
    }

    private static void eventually(final ThrowingCallable assertion) {
        Awaitility.await()
                .atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(assertion::call);
    }

    private void assertSameView() {
        assertThat(TreeView.of(guest)).isEqualTo(TreeView.of(host));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void writeInPlace(final Path file, final String text) {
        final int fd = Libc.mustOpen(file, Libc.O_WRONLY | Libc.O_CREAT);
        assertThat(Libc.pwrite(fd, bytes(text), 0)).isEqualTo(text.length());
        Libc.close(fd);
    }

    private static long fileSize(final int fd) {
        return Libc.c().lseek(fd, 0, 2);
    }

    // C1, C2

    @Test
    void shouldHaveOnTheHostWhatTheGuestWrote() throws Exception {
        for (int i = 0; i < 300; i++) {
            final String text = "version " + i + "x".repeat(i * 100);
            Files.writeString(guest.resolve("file"), text);
            assertThat(Files.readString(host.resolve("file"))).isEqualTo(text);
            assertThat(Files.readString(guest.resolve("file"))).isEqualTo(text);
            Files.writeString(guest.resolve("file"), "+", StandardOpenOption.APPEND);
            assertThat(Files.size(host.resolve("file"))).isEqualTo(text.length() + 1);
            assertThat(Files.readString(guest.resolve("file"))).isEqualTo(text + "+");
        }
    }

    @Test
    void shouldShowToEveryProcessWhatOneWrote() {
        for (int i = 0; i < 20; i++) {
            Commands.shell(guest, "printf " + i + " > file; rm -f old; ln file old; mkdir -p d/e; mv d d" + i);
            assertThat(Commands.shell(guest, "cat file old; stat -c %h file; ls -d d*/e | wc -l"))
                    .isEqualTo("" + i + i + "2\n" + (i + 1) + "\n");
        }
        assertSameView();
    }

    @Test
    void shouldReadOwnWritesThroughDescriptorsOpenedBefore() throws Exception {
        for (final int size : new int[] {3, LARGE}) {
            final String old = "o".repeat(size);
            Files.writeString(host.resolve("file"), old);
            Files.createDirectories(host.resolve("dir"));
            Files.deleteIfExists(host.resolve("dir/link"));
            Files.createLink(host.resolve("dir/link"), host.resolve("file"));
            eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo(old));
            final int reader = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
            final int byLink = Libc.mustOpen(guest.resolve("dir/link"), Libc.O_RDONLY);
            final int both = Libc.mustOpen(guest.resolve("file"), Libc.O_RDWR);
            try {
                for (int i = 0; i < 100; i++) {
                    final String text = String.format("%03d", i);
                    final boolean other = i % 2 == 0;
                    if (other) {
                        writeInPlace(guest.resolve("dir/link"), text);
                    } else {
                        Libc.pwrite(both, bytes(text), 0);
                    }
                    assertThat(Libc.pread(reader, 3, 0)).isEqualTo(text);
                    assertThat(Libc.pread(byLink, 3, 0)).isEqualTo(text);
                    assertThat(Libc.pread(both, 3, 0)).isEqualTo(text);
                    assertThat(Files.readString(host.resolve("file"))).startsWith(text);
                }
            } finally {
                Libc.close(reader);
                Libc.close(byLink);
                Libc.close(both);
            }
        }
    }

    @Test
    void shouldBringMappedWritesToTheHostWhenTheFileIsClosed() throws Exception {
        Files.write(host.resolve("file"), new byte[8192]);
        Commands.shell(
                guest,
                "cat file > /dev/null; cat > m.c <<'E'\n#include <fcntl.h>\n#include <string.h>\n#include <sys/mman.h>\n"
                        + "#include <unistd.h>\n"
                        + "int main(void) { int f = open(\"file\", O_RDWR); char *m = mmap(0, 8192, 3, MAP_SHARED, f, 0);\n"
                        + "strcpy(m + 5000, \"mapped\"); munmap(m, 8192); return close(f); }\nE\ngcc -o m m.c && ./m");
        assertThat(Files.readString(host.resolve("file"), StandardCharsets.ISO_8859_1))
                .contains("mapped");
        assertSameView();
    }

    /** The host decides of what is made, replaced and removed, not what the guest remembers. */
    @Test
    void shouldNotChangeTheHostByWhatItRemembers() throws Exception {
        for (int i = 0; i < 50; i++) {
            final Path name = Path.of("name" + i);
            final Path directory = Path.of("dir" + i);
            assertThat(Files.exists(guest.resolve(name))).isFalse();
            Files.writeString(host.resolve(name), "host");
            assertThat(Libc.open(guest.resolve(name), Libc.O_CREAT | Libc.O_EXCL | Libc.O_WRONLY, 0644))
                    .isEqualTo(-17);
            assertThat(Files.readString(guest.resolve(name))).isEqualTo("host");

            assertThat(Files.exists(guest.resolve(directory))).isFalse();
            Files.createDirectory(host.resolve(directory));
            assertThat(Libc.result(Libc.c().mkdir(Libc.path(guest.resolve(directory)), 0755)))
                    .isEqualTo(-17);
            assertThat(guest.resolve(directory)).isEmptyDirectory();
            Files.createFile(host.resolve(directory).resolve("file"));
            assertThat(Libc.result(Libc.c().rmdir(Libc.path(guest.resolve(directory)))))
                    .isEqualTo(-39);

            final Path other = Path.of("other" + i);
            assertThat(Files.exists(guest.resolve(other))).isFalse();
            Files.writeString(host.resolve(other), "kept");
            final int fd = Libc.mustOpen(guest.resolve(other), Libc.O_CREAT | Libc.O_RDWR);
            assertThat(Libc.pread(fd, 10, 0)).isEqualTo("kept");
            Libc.close(fd);
            Files.delete(host.resolve(name));
            assertThat(Libc.result(Libc.c().unlink(Libc.path(guest.resolve(name)))))
                    .isEqualTo(-2);
        }
    }

    /** FM#3713, FM#6692: what git checkout does. */
    @Test
    void shouldChangeAtOnceWhatTheHostHasJustReplaced() throws Exception {
        Files.writeString(host.resolve("file"), "start");
        for (int i = 0; i < 200; i++) {
            Files.readString(guest.resolve("file"));
            Files.writeString(host.resolve("new"), "replaced");
            Files.move(host.resolve("new"), host.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
            final byte[] path = Libc.path(guest.resolve("file"));
            final long result;
            switch (i % 4) {
                case 0:
                    result = Libc.open(guest.resolve("file"), Libc.O_WRONLY | Libc.O_APPEND, 0);
                    Libc.close(result);
                    break;
                case 1:
                    result = Libc.result(Libc.c().chmod(path, 0600));
                    break;
                case 2:
                    result = Libc.result(Libc.c().truncate(path, 2));
                    break;
                default:
                    result = Libc.open(guest.resolve("file"), Libc.O_RDONLY, 0);
                    Libc.close(result);
            }
            assertThat(result).as("call " + i % 4).isNotNegative();
        }
        eventually(this::assertSameView);
    }

    // C3, through descriptors

    @Test
    void shouldSeeRewritesThroughAnOpenDescriptor() throws Exception {
        for (final int size : new int[] {3, LARGE}) {
            Files.writeString(host.resolve("file"), "o".repeat(size));
            Files.createDirectories(host.resolve("dir"));
            Files.deleteIfExists(host.resolve("dir/link"));
            Files.createLink(host.resolve("dir/link"), host.resolve("file"));
            eventually(this::assertSameView);
            final int fd = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
            try {
                for (int i = 0; i < 100; i++) {
                    final String text = String.format("%03d", i);
                    // By its other name every second time, of which the guest has not heard in the second round.
                    writeInPlace(host.resolve(i % 2 == 0 ? "file" : "dir/link"), text);
                    eventually(() -> assertThat(Libc.pread(fd, 3, 0)).isEqualTo(text));
                    Files.writeString(host.resolve("file"), "+", StandardOpenOption.APPEND);
                    final long length = size + i + 1L;
                    eventually(() -> assertThat(fileSize(fd)).isEqualTo(length));
                    assertThat(Libc.pread(fd, 1, length - 1)).isEqualTo("+");
                }
            } finally {
                Libc.close(fd);
            }
        }
    }

    @Test
    void shouldKeepAFileUsableThatIsUnlinkedWhileOpen() throws Exception {
        for (final boolean byHost : new boolean[] {false, true}) {
            for (final int size : new int[] {3, LARGE}) {
                final String text = "t".repeat(size);
                Files.writeString(host.resolve("file"), text);
                eventually(() ->
                        assertThat(Files.readString(guest.resolve("file"))).isEqualTo(text));
                final int reader = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
                final int writer = Libc.mustOpen(guest.resolve("file"), Libc.O_RDWR);
                try {
                    Files.delete((byHost ? host : guest).resolve("file"));
                    eventually(() -> assertThat(guest.resolve("file")).doesNotExist());
                    assertThat(Libc.pread(reader, size, 0)).isEqualTo(text);
                    assertThat(Libc.pread(writer, size, 0)).isEqualTo(text);
                    assertThat(Libc.pwrite(writer, bytes("new"), 0)).isEqualTo(3);
                    assertThat(Libc.pread(writer, 3, 0)).isEqualTo("new");
                    assertThat(Libc.pread(reader, 3, 0)).isEqualTo("new");
                    assertThat(fileSize(reader)).isEqualTo(size);
                    assertThat(Libc.result(Libc.c().ftruncate(writer, 2))).isZero();
                    assertThat(fileSize(writer)).isEqualTo(2);
                    assertThat(Libc.pread(reader, 10, 0)).isEqualTo("ne");
                    Files.writeString(host.resolve("file"), "another");
                    eventually(() ->
                            assertThat(Files.readString(guest.resolve("file"))).isEqualTo("another"));
                    assertThat(Libc.pread(reader, 10, 0)).isEqualTo("ne");
                } finally {
                    Libc.close(reader);
                    Libc.close(writer);
                }
            }
        }
    }

    @Test
    void shouldGoOnWithTheOldFileThatTheHostReplaced() throws Exception {
        for (int i = 0; i < 50; i++) {
            final String old = "version " + i;
            Files.writeString(host.resolve("new"), old);
            Files.move(host.resolve("new"), host.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
            eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo(old));
            final int fd = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
            try {
                Files.writeString(host.resolve("new"), "next");
                Files.move(host.resolve("new"), host.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
                eventually(() ->
                        assertThat(Files.readString(guest.resolve("file"))).isEqualTo("next"));
                assertThat(Libc.pread(fd, 100, 0)).isEqualTo(old);
                assertThat(fileSize(fd)).isEqualTo(old.length());
            } finally {
                Libc.close(fd);
            }
        }
    }

    @Test
    void shouldNotOverwriteEachOtherWhenBothAppend() throws Exception {
        Files.createFile(host.resolve("log"));
        eventually(() -> assertThat(guest.resolve("log")).exists());
        final int own = Libc.mustOpen(guest.resolve("log"), Libc.O_WRONLY | Libc.O_APPEND);
        final int hosts = Libc.mustOpen(host.resolve("log"), Libc.O_WRONLY | Libc.O_APPEND);
        try {
            for (int i = 0; i < 300; i++) {
                Libc.write(own, bytes("guest\n"));
                Libc.write(hosts, bytes("host\n"));
                if (i % 10 == 0) {
                    Files.readString(guest.resolve("log"));
                }
            }
        } finally {
            Libc.close(own);
            Libc.close(hosts);
        }
        assertThat(Files.readString(host.resolve("log"))).isEqualTo("guest\nhost\n".repeat(300));
        eventually(this::assertSameView);
    }

    // C3, while changes go on

    /** Does the same on the host until the guest has done its part. */
    private static <T> T whileTheHost(final Callable<?> change, final Callable<T> part) throws Exception {
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            final Future<?> changes = executor.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    change.call();
                }
                return null;
            });
            final T result = part.call();
            assertThat(changes.isDone()).as("changes go on").isFalse();
            return result;
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** In one call: between two the file may change. */
    private static String readAtOnce(final Path file) {
        final int fd = Libc.mustOpen(file, Libc.O_RDONLY);
        try {
            return Libc.pread(fd, 100, 0);
        } finally {
            Libc.close(fd);
        }
    }

    /** FM#7494: {@code abc} became {@code 123abc}, and {@code 123a} was read. */
    @Test
    void shouldSeeSizeAndDataChangeTogether() throws Exception {
        Files.writeString(host.resolve("file"), "abc");
        eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo("abc"));
        final boolean[] longer = {false};
        whileTheHost(
                () -> {
                    Files.writeString(host.resolve("new"), longer[0] ? "abc" : "123abc");
                    longer[0] = !longer[0];
                    // REPLACE_EXISTING would remove the file first.
                    return Files.move(host.resolve("new"), host.resolve("file"), StandardCopyOption.ATOMIC_MOVE);
                },
                () -> {
                    for (int i = 0; i < 3_000; i++) {
                        // Never missing either: what replaces it comes in one step.
                        assertThat(Files.readString(guest.resolve("file"))).isIn("abc", "123abc");
                    }
                    return null;
                });
        // In place the host itself has the moment at which the data are there and the size is not.
        for (int i = 0; i < 200; i++) {
            writeInPlace(host.resolve("file"), "abc");
            assertThat(Libc.c().truncate(Libc.path(host.resolve("file")), 3)).isZero();
            eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo("abc"));
            writeInPlace(host.resolve("file"), "123abc");
            eventually(() -> {
                final String read = readAtOnce(guest.resolve("file"));
                if (!List.of("abc", "123", "123abc").contains(read)) {
                    throw new IllegalStateException("read " + read);
                }
                assertThat(read).isEqualTo("123abc");
            });
        }
    }

    /**
     * A file only grows: neither what {@code stat} says of its size nor what is read of it may go back, and what is read is
     * what the host wrote. {@link GrowingFileCases} are stricter.
     */
    @Test
    void shouldNeverGoBackWhileAFileGrows() throws Exception {
        Files.createFile(host.resolve("file"));
        final byte[] pattern = new byte[1 << 20];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) ('a' + i / 7 % 26);
        }
        final int[] length = {0};
        final int hosts = Libc.mustOpen(host.resolve("file"), Libc.O_WRONLY | Libc.O_APPEND);
        eventually(() -> assertThat(guest.resolve("file")).exists());
        final int open = Libc.mustOpen(guest.resolve("file"), Libc.O_RDONLY);
        try {
            whileTheHost(
                    () -> {
                        final int step = Math.min(1 + length[0] % 61, pattern.length - length[0]);
                        if (step > 0) {
                            Libc.write(hosts, Arrays.copyOfRange(pattern, length[0], length[0] + step));
                            length[0] += step;
                        }
                        return null;
                    },
                    () -> {
                        long said = 0;
                        int read = 0;
                        for (int i = 0; i < 2_000; i++) {
                            final long size = Files.size(guest.resolve("file"));
                            assertThat(size).as("stat in turn " + i).isGreaterThanOrEqualTo(said);
                            said = size;
                            final byte[] content = Files.readAllBytes(guest.resolve("file"));
                            assertThat(content.length).as("read in turn " + i).isGreaterThanOrEqualTo(read);
                            read = content.length;
                            assertThat(content).isEqualTo(Arrays.copyOf(pattern, read));
                            final String byDescriptor = Libc.pread(open, pattern.length, 0);
                            assertThat(bytes(byDescriptor)).isEqualTo(Arrays.copyOf(pattern, byDescriptor.length()));
                        }
                        return null;
                    });
        } finally {
            Libc.close(hosts);
        }
        try {
            eventually(this::assertSameView);
            eventually(() -> assertThat(fileSize(open)).isEqualTo(length[0]));
            assertThat(mapped(guest.resolve("file"))).isEqualTo(Arrays.copyOf(pattern, length[0]));
        } finally {
            Libc.close(open);
        }
    }

    private static byte[] mapped(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final byte[] bytes = new byte[(int) channel.size()];
            channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length).get(bytes);
            return bytes;
        }
    }

    /** A counter of one length, rewritten in place within the tick of a timestamp. */
    @Test
    void shouldNeverGoBackWhileAFileIsRewritten() throws Exception {
        writeInPlace(host.resolve("file"), "000000");
        Files.createDirectory(host.resolve("dir"));
        Files.createLink(host.resolve("dir/link"), host.resolve("file"));
        eventually(() -> assertThat(guest.resolve("dir/link")).exists());
        final int[] count = {0};
        final int hosts = Libc.mustOpen(host.resolve("file"), Libc.O_WRONLY);
        try {
            whileTheHost(
                    () -> Libc.pwrite(hosts, bytes(String.format("%06d", Math.min(999_999, ++count[0]))), 0), () -> {
                        int seen = 0;
                        for (int i = 0; i < 4_000; i++) {
                            final int now =
                                    Integer.parseInt(Files.readString(guest.resolve(i % 3 == 0 ? "dir/link" : "file")));
                            assertThat(now).as("turn " + i).isGreaterThanOrEqualTo(seen);
                            seen = now;
                        }
                        return null;
                    });
        } finally {
            Libc.close(hosts);
        }
        final String last = Files.readString(host.resolve("file"));
        eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo(last));
        eventually(() -> assertThat(Files.readString(guest.resolve("dir/link"))).isEqualTo(last));
    }

    /** DF#520: lstat worked, readdir omitted it, and open gave EINVAL. */
    @Test
    void shouldHaveNoPhantoms() throws Exception {
        final Path name = guest.resolve("name");
        final List<Callable<Boolean>> views = List.of(
                () -> Files.exists(name),
                () -> Arrays.asList(guest.toFile().list()).contains("name"),
                () -> {
                    final long fd = Libc.open(name, Libc.O_RDONLY, 0);
                    Libc.close(fd);
                    assertThat(fd).satisfiesAnyOf(f -> assertThat(f).isNotNegative(), f -> assertThat(f)
                            .isEqualTo(-2));
                    return fd >= 0;
                });
        for (int i = 0; i < 300; i++) {
            // Whichever tells first: the others say the same from then on.
            final Callable<Boolean> first = views.get(i / 2 % 3);
            final boolean present = i % 2 == 0;
            if (present) {
                Files.writeString(host.resolve("name"), "x");
            } else {
                Files.delete(host.resolve("name"));
            }
            eventually(() -> assertThat(first.call()).isEqualTo(present));
            for (final Callable<Boolean> other : views) {
                assertThat(other.call())
                        .as("view " + views.indexOf(other) + " in turn " + i)
                        .isEqualTo(present);
            }
        }
    }

    /** FM#2870: existing files were missing under parallel stat and read. */
    @Test
    void shouldNotMissExistingFilesWhileOthersComeAndGo() throws Exception {
        for (int i = 0; i < 50; i++) {
            Files.writeString(host.resolve("file" + i), "content " + i);
        }
        eventually(() -> assertThat(guest.toFile().list()).hasSize(50));
        final int[] count = {0};
        whileTheHost(
                () -> {
                    final Path other = host.resolve("other" + ++count[0] % 20);
                    Files.writeString(other, "x");
                    Files.deleteIfExists(host.resolve("other" + (count[0] + 10) % 20));
                    return null;
                },
                () -> {
                    final ExecutorService readers = Executors.newFixedThreadPool(3);
                    try {
                        final List<Future<Void>> parts = new ArrayList<>();
                        for (int reader = 0; reader < 3; reader++) {
                            parts.add(readers.submit(() -> {
                                for (int i = 0; i < 2_000; i++) {
                                    final Path file = guest.resolve("file" + i % 50);
                                    assertThat(Files.size(file)).isBetween(9L, 10L);
                                    assertThat(Files.readString(file)).isEqualTo("content " + i % 50);
                                    if (i % 100 == 0) {
                                        assertThat(guest.toFile().list())
                                                .contains("file0", "file49")
                                                .doesNotHaveDuplicates();
                                    }
                                }
                                return null;
                            }));
                        }
                        for (final Future<Void> part : parts) {
                            part.get();
                        }
                    } finally {
                        readers.shutdownNow();
                    }
                    return null;
                });
        eventually(this::assertSameView);
    }

    /** FM#7059: hard links made in parallel by a build gave ENOENT. */
    @Test
    void shouldMakeHardLinksInParallel() throws Exception {
        Files.writeString(host.resolve("file"), "content");
        eventually(() -> assertThat(guest.resolve("file")).exists());
        Commands.shell(
                guest,
                "for p in 1 2 3 4; do (mkdir d$p; for i in $(seq 100); do ln file d$p/l$i; cat d$p/l$i > /dev/null;"
                        + " stat d$p/l$i > /dev/null; done) & done; for i in 1 2 3 4; do wait; done;"
                        + " test $(stat -c %h file) = 401");
        assertSameView();
    }

    /** FM#4999, FM#3179: {@code rm -rf} ended in "Directory not empty". */
    @Test
    void shouldRemoveALargeTree() {
        Commands.shell(
                host,
                "mkdir -p tree/sub; cd tree; for i in $(seq 3000); do : > f$i; done; cd sub;"
                        + " for i in $(seq 200); do mkdir d$i; : > d$i/file; done");
        eventually(() -> assertThat(guest.resolve("tree/sub/d200/file")).exists());
        Commands.shell(guest, "ls -lR tree > /dev/null; rm -rf tree");
        assertThat(host).isEmptyDirectory();
        assertThat(guest).isEmptyDirectory();
    }

    // C3, directories

    /** FM#5604, FM#69, FM#4959: a directory removed and made again under the same name hung or broke the mount. */
    @Test
    void shouldSeeADirectoryThatIsMadeAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            final String text = "content " + i;
            Files.createDirectories(host.resolve("dir/sub"));
            Files.writeString(host.resolve("dir/sub/file"), text);
            eventually(() ->
                    assertThat(Files.readString(guest.resolve("dir/sub/file"))).isEqualTo(text));
            Files.exists(guest.resolve("dir/sub/missing"));
            final int inside = Libc.mustOpen(guest.resolve("dir/sub"), Libc.O_RDONLY | Libc.O_DIRECTORY);
            try {
                Mounted.delete(host.resolve("dir"));
                Files.createDirectories(host.resolve("dir/sub"));
                Files.writeString(host.resolve("dir/sub/missing"), "no more");
                eventually(() -> assertThat(guest.resolve("dir/sub/file")).doesNotExist());
                eventually(() -> assertThat(guest.resolve("dir/sub/missing")).exists());
                final Path old = Path.of("/proc/self/fd/" + inside + "/new");
                assertThat(Libc.open(old, Libc.O_CREAT | Libc.O_WRONLY, 0644)).isIn(-2L, -116L);
            } finally {
                Libc.close(inside);
            }
            Mounted.delete(host.resolve("dir"));
            eventually(() -> assertThat(guest.resolve("dir")).doesNotExist());
        }
    }

    @Test
    void shouldSeeChangesInADirectoryThatMovesWhileItIsWorkedIn() throws Exception {
        Files.createDirectories(host.resolve("dir0/sub"));
        eventually(() -> assertThat(guest.resolve("dir0/sub")).exists());
        final int inside = Libc.mustOpen(guest.resolve("dir0/sub"), Libc.O_RDONLY | Libc.O_DIRECTORY);
        final Path here = Path.of("/proc/self/fd/" + inside);
        try {
            for (int i = 0; i < 50; i++) {
                Files.move(host.resolve("dir" + i), host.resolve("dir" + (i + 1)));
                final Path name = Path.of("file" + i);
                Files.writeString(host.resolve("dir" + (i + 1)).resolve("sub").resolve(name), "x");
                eventually(() -> assertThat(here.resolve(name)).exists());
                Files.writeString(here.resolve("own" + i), "own");
                assertThat(host.resolve("dir" + (i + 1) + "/sub/own" + i)).hasContent("own");
            }
        } finally {
            Libc.close(inside);
        }
        eventually(this::assertSameView);
    }

    @Test
    void shouldSeeChangesDeepDown() throws Exception {
        Path deep = Path.of("top");
        for (int i = 0; i < 60; i++) {
            deep = deep.resolve("level" + i);
        }
        Files.createDirectories(host.resolve(deep));
        for (int i = 0; i < 30; i++) {
            final Path file = deep.resolve("file");
            final String text = "content " + i;
            Files.writeString(host.resolve(file), text);
            eventually(() -> assertThat(Files.readString(guest.resolve(file))).isEqualTo(text));
            Files.move(host.resolve("top"), host.resolve("moved"));
            eventually(() -> assertThat(guest.resolve(file)).doesNotExist());
            eventually(() -> assertThat(
                            guest.resolve("moved").resolve(Path.of("top").relativize(file)))
                    .hasContent(text));
            Files.move(host.resolve("moved/level0/level1"), host.resolve("kept"));
            Files.move(host.resolve("moved"), host.resolve("top"));
            eventually(() -> assertThat(guest.resolve("top/level0")).isEmptyDirectory());
            Files.move(host.resolve("kept"), host.resolve("top/level0/level1"));
        }
        eventually(this::assertSameView);
    }

    /** FM#7687 lost data. */
    @Test
    void shouldSeeAnExchange() throws Exception {
        Files.createDirectories(host.resolve("one/sub"));
        Files.writeString(host.resolve("one/sub/file"), "one");
        Files.createDirectories(host.resolve("two/sub"));
        Files.writeString(host.resolve("two/sub/file"), "two");
        Files.writeString(host.resolve("file"), "file");
        eventually(this::assertSameView);
        for (final String pair : List.of("one two", "one/sub/file file", "one/sub file", "one/sub two/sub")) {
            for (final Path side : List.of(host, guest)) {
                final String[] names = pair.split(" ");
                assertThat(Libc.result(Libc.c()
                                .renameat2(
                                        Libc.AT_FDCWD,
                                        Libc.path(side.resolve(names[0])),
                                        Libc.AT_FDCWD,
                                        Libc.path(side.resolve(names[1])),
                                        2)))
                        .as(pair)
                        .isZero();
                if (side.equals(guest)) {
                    assertSameView();
                } else {
                    eventually(this::assertSameView);
                }
            }
        }
    }

    // C6, attributes, links

    @Test
    void shouldAskTheHostForSocketsAndPipesEachTime() throws Exception {
        Libc.c().mknod(Libc.path(host.resolve("fifo")), 0010600, 0);
        Libc.c().mknod(Libc.path(host.resolve("socket")), 0140600, 0);
        eventually(this::assertSameView);
        for (int i = 0; i < 100; i++) {
            for (final String name : List.of("fifo", "socket")) {
                final String mode = i % 2 == 0 ? "rwxrwxrwx" : "rw-------";
                Files.setPosixFilePermissions(host.resolve(name), PosixFilePermissions.fromString(mode));
                // At once: the mode is asked for in each call.
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(guest.resolve(name))))
                        .isEqualTo(mode);
            }
        }
        assertThat(Commands.shell(guest, "(echo through > fifo) & cat fifo; wait"))
                .isEqualTo("through\n");
    }

    @Test
    void shouldSeeExtendedAttributes() throws Exception {
        Files.writeString(host.resolve("file"), "x");
        eventually(() -> assertThat(guest.resolve("file")).exists());
        for (int i = 0; i < 50; i++) {
            final byte[] value = bytes("value " + i);
            Files.setAttribute(host.resolve("file"), "user:key", value);
            eventually(() -> assertThat(Files.getAttribute(guest.resolve("file"), "user:key"))
                    .isEqualTo(value));
            final byte[] other = bytes("other " + i);
            Files.setAttribute(guest.resolve("file"), "user:key", other);
            assertThat(Files.getAttribute(host.resolve("file"), "user:key")).isEqualTo(other);
            assertThat(Files.getAttribute(guest.resolve("file"), "user:key")).isEqualTo(other);
        }
    }

    @Test
    void shouldSeeHardLinksThatOnlyTheHostKnows() throws Exception {
        Files.createDirectories(host.resolve("unseen"));
        Files.writeString(host.resolve("file"), "0");
        for (int i = 1; i <= 50; i++) {
            final String text = "version " + i;
            Files.createLink(host.resolve("unseen/link" + i), host.resolve("file"));
            final int links = i + 1;
            eventually(() -> assertThat(Files.getAttribute(guest.resolve("file"), "unix:nlink"))
                    .isEqualTo(links));
            Files.writeString(host.resolve("unseen/link" + i), text);
            eventually(() -> assertThat(Files.readString(guest.resolve("file"))).isEqualTo(text));
        }
        for (int i = 50; i >= 1; i--) {
            Files.delete(host.resolve("unseen/link" + i));
            final int links = i;
            eventually(() -> assertThat(Files.getAttribute(guest.resolve("file"), "unix:nlink"))
                    .isEqualTo(links));
        }
        eventually(this::assertSameView);
    }

    /** The directory by which the guest knows a file goes; another name of the file stays. */
    @Test
    void shouldSeeChangesOfAFileAfterTheNameItWasKnownByIsGone() throws Exception {
        for (int i = 0; i < 30; i++) {
            Files.createDirectory(host.resolve("one"));
            Files.createDirectory(host.resolve("two"));
            Files.writeString(host.resolve("one/file"), "one");
            Files.createLink(host.resolve("two/file"), host.resolve("one/file"));
            eventually(() ->
                    assertThat(Files.readString(guest.resolve("two/file"))).isEqualTo("one"));
            assertThat(Files.readString(guest.resolve("one/file"))).isEqualTo("one");
            Mounted.delete((i % 2 == 0 ? host : guest).resolve("one"));
            eventually(() -> assertThat(guest.resolve("one")).doesNotExist());
            eventually(() -> assertThat(Files.getAttribute(guest.resolve("two/file"), "unix:nlink"))
                    .isEqualTo(1));
            writeInPlace(host.resolve("two/file"), "two");
            eventually(() ->
                    assertThat(Files.readString(guest.resolve("two/file"))).isEqualTo("two"));
            Mounted.delete(host.resolve("two"));
            eventually(() -> assertThat(guest.resolve("two")).doesNotExist());
        }
    }

    @Test
    void shouldSeeRetargetedLinks() throws Exception {
        for (int i = 0; i < 100; i++) {
            final Path target = Path.of("target" + i);
            if (i % 2 == 0) {
                Files.createSymbolicLink(host.resolve("new"), target);
                Files.move(host.resolve("new"), host.resolve("link"), StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(host.resolve("link"));
                Files.createSymbolicLink(host.resolve("link"), target);
            }
            eventually(() ->
                    assertThat(Files.readSymbolicLink(guest.resolve("link"))).isEqualTo(target));
        }
    }
}
