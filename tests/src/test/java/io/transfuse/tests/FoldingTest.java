package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.transfuse.protocol.Name;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.ReplyFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * I3 on a host that folds case. There is no such file system on the machines that run this; so a proxy makes all names lower
 * case on their way to the host, and says of each directory that it folds, as a server on such a host does.
 */
class FoldingTest {
    /** Where the names of requests begin, for the operations that have one name behind their fixed fields. */
    private static final Map<Opcode, Integer> NAMES = Map.of(
            Opcode.LOOKUP, io.transfuse.protocol.Lookup.name(),
            Opcode.MKNOD, io.transfuse.protocol.Mknod.name(),
            Opcode.MKDIR, io.transfuse.protocol.Mkdir.name(),
            Opcode.CREATE, io.transfuse.protocol.Create.name(),
            Opcode.UNLINK, io.transfuse.protocol.Unlink.name(),
            Opcode.RMDIR, io.transfuse.protocol.Rmdir.name(),
            Opcode.LINK, io.transfuse.protocol.Link.newName());

    private Parts parts;
    private Path host;
    private Path guest;

    @BeforeEach
    void setUp() throws IOException {
        parts = Parts.mount(":cached", FoldingTest::fold, FoldingTest::sayThatItFolds);
        host = parts.host();
        guest = parts.guest();
    }

    @AfterEach
    void tearDown() throws IOException {
        parts.close();
    }

    private static void fold(final ByteBuffer frame) {
        final Opcode opcode = Opcode.of(RequestFrame.opcode(frame));
        if (NAMES.containsKey(opcode)) {
            foldName(frame, NAMES.get(opcode));
        } else if (opcode == Opcode.RENAME) {
            foldName(frame, Rename.oldName());
            foldName(frame, Rename.newName(frame));
        }
    }

    private static void foldName(final ByteBuffer frame, final int name) {
        for (int i = 0; i < Name.length(frame, name); i++) {
            final int at = Name.start(name) + i;
            frame.put(at, (byte) Character.toLowerCase(frame.get(at)));
        }
    }

    private static void sayThatItFolds(final ByteBuffer frame) {
        if (ReplyFrame.opcode(frame) < Opcode.HELLO.code()) {
            ReplyFrame.setFlags(frame, ReplyFrame.flags(frame) | ReplyFlags.FOLDED);
        }
    }

    /** DF#251: {@code ls a A} left phantom entries. */
    @Test
    void shouldFindANameByAnother() throws Exception {
        assertThat(Files.exists(guest.resolve("A"))).isFalse();
        assertThat(Files.exists(guest.resolve("a"))).isFalse();
        assertThat(guest.toFile().list()).isEmpty();
        Files.writeString(guest.resolve("a"), "content");
        assertThat(Files.readString(guest.resolve("A"))).isEqualTo("content");
        assertThat(Files.isSameFile(guest.resolve("a"), guest.resolve("A"))).isTrue();
        assertThat(guest.toFile().list()).containsExactly("a");
        Files.delete(guest.resolve("A"));
        assertThat(Files.exists(guest.resolve("a"))).isFalse();
        assertThat(guest.toFile().list()).isEmpty();
    }

    @Test
    void shouldFindByAnotherNameWhatTheHostMade() throws Exception {
        Files.createDirectory(host.resolve("dir"));
        for (int i = 0; i < 20; i++) {
            assertThat(Files.exists(guest.resolve("DIR/File"))).isFalse();
            assertThat(guest.resolve("Dir").toFile().list()).isEmpty();
            Files.createFile(host.resolve("dir/file"));
            assertThat(Files.exists(guest.resolve("DIR/File"))).isTrue();
            assertThat(Files.exists(guest.resolve("dir/FILE"))).isTrue();
            Files.delete(host.resolve("dir/file"));
            assertThat(Files.exists(guest.resolve("dir/FILE"))).isFalse();
            assertThat(Files.exists(guest.resolve("DIR/File"))).isFalse();
        }
    }

    /** DF#680: {@code git add} staged a file twice. */
    @Test
    void shouldStageAFileOnce() {
        final String listed = Commands.shell(
                guest,
                "export HOME=" + host + "/..; git init -q .; git config core.ignorecase true; echo x > readme;"
                        + " ls readme README; git add readme; git add README || true; git ls-files");
        assertThat(listed.lines()
                        .filter(line -> line.equalsIgnoreCase("readme"))
                        .count())
                .as(listed)
                .isLessThanOrEqualTo(3);
        assertThat(listed).endsWith("readme\n");
    }
}
