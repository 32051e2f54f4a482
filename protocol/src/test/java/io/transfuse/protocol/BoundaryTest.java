package io.transfuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes and counts of {@link Limits}, and one beyond each. */
class BoundaryTest {
    private final ByteBuffer frame = ByteBuffer.allocate(Limits.FRAME_MAX).order(java.nio.ByteOrder.LITTLE_ENDIAN);

    private static ByteBuffer text(final int length) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'n');
        return ByteBuffer.wrap(bytes);
    }

    private int checkNames() throws ProtocolException {
        return RequestFrame.check(frame).checkNames(frame);
    }

    private int lookup(final byte... name) throws ProtocolException {
        Lookup.encode(frame, 1, ByteBuffer.wrap(name), 0, name.length);
        return checkNames();
    }

    private int lookup(final String name) throws ProtocolException {
        return lookup(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({"0, 22", "1, 0", "255, 0", "256, 36", "65535, 36"})
    void shouldBoundComponents(final int length, final int errno) throws ProtocolException {
        assertThat(lookup(text(length).array())).isEqualTo(errno);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "/", "a/", "/a", "a/b", "../x", "\0", "a\0", "\0a", "a\0b", ".\0", "..\0"})
    void shouldRefuseWhatIsNoComponent(final String name) throws ProtocolException {
        assertThat(lookup(name)).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", ".a", "..a", "a.", "a..", " ", "\n", "\\", "\u00ff\u00fe"})
    void shouldTakeUnusualComponents(final String name) throws ProtocolException {
        assertThat(lookup(name)).isZero();
    }

    @Test
    void shouldRefuseDotDotAsSecondName() throws ProtocolException {
        Rename.encode(frame, 1, 1, 0, text(1), 0, 1, Frames.ascii(".."), 0, 2);

        assertThat(checkNames()).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"0, 34", "1, 0", "255, 0", "256, 34"})
    void shouldBoundNamesOfAttributes(final int length, final int errno) throws ProtocolException {
        Getxattr.encode(frame, 1, 0, text(length), 0, length);

        assertThat(checkNames()).isEqualTo(errno);
    }

    @Test
    void shouldRefuseNulInNamesOfAttributes() throws ProtocolException {
        Removexattr.encode(frame, 1, Frames.ascii("user.\0x"), 0, 7);

        assertThat(checkNames()).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldTakeDotsAndSlashesInNamesOfAttributes() throws ProtocolException {
        Removexattr.encode(frame, 1, Frames.ascii("user./.."), 0, 8);

        assertThat(checkNames()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65536, 0", "65537, 7"})
    void shouldBoundValuesOfAttributes(final int length, final int errno) throws ProtocolException {
        Setxattr.encode(frame, 1, 0, text(4), 0, 4, text(length), 0, length);

        assertThat(checkNames()).isEqualTo(errno);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 0", "4095, 0", "4096, 36"})
    void shouldBoundTargets(final int length, final int errno) throws ProtocolException {
        Symlink.encode(frame, 1, text(4), 0, 4, text(length), 0, length);

        assertThat(checkNames()).isEqualTo(errno);
    }

    @Test
    void shouldRefuseNulInTargets() throws ProtocolException {
        Symlink.encode(frame, 1, text(4), 0, 4, Frames.ascii("a\0b"), 0, 3);

        assertThat(checkNames()).isEqualTo(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1048576, 0", "1048577, 22"})
    void shouldBoundWrites(final int length, final int errno) throws ProtocolException {
        Write.encode(frame, 1, 0, 0, length);

        assertThat(checkNames()).isEqualTo(errno);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024})
    void shouldCountForgets(final int count) throws ProtocolException {
        Forget.encode(frame, count);

        assertThat(RequestFrame.check(frame)).isEqualTo(Opcode.FORGET);
        assertThat(Forget.count(frame)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 28})
    void shouldRefuseWildForgets(final int count) {
        Forget.encode(frame, 1025);
        frame.putInt(RequestFrame.SIZE, count);

        assertThatThrownBy(() -> Forget.count(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("FORGET of " + count + " nodes in 16432 bytes");
    }

    @Test
    void shouldRefuseForgetsThatDoNotFillTheFrame() {
        Forget.encode(frame, 3);
        frame.putInt(RequestFrame.SIZE, 2);

        assertThatThrownBy(() -> Forget.count(frame)).hasMessage("FORGET of 2 nodes in 80 bytes");
    }

    @ParameterizedTest
    @CsvSource({"65536, 340, 340, true", "65537, 0, 0, false", "0, 341, 0, false", "0, 0, 341, false"})
    void shouldBoundWhatIsToldOfCallers(final int groups, final int uids, final int gids, final boolean valid)
            throws ProtocolException {
        Credentials.encode(frame, 0, new int[groups], new int[2 * uids], new int[2 * gids]);

        if (valid) {
            Credentials.check(frame);
            assertThat(RequestFrame.length(frame)).isEqualTo(Credentials.REQUEST_MAX);
        } else {
            assertThatThrownBy(() -> Credentials.check(frame))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith(
                            "CREDENTIALS of " + groups + " groups, " + uids + " and " + gids + " ranges");
        }
    }

    @ParameterizedTest
    @CsvSource({"28, -1", "28, 3", "32, -1", "32, 1", "36, 2", "36, 2147483647"})
    void shouldRefuseCountsThatDoNotFit(final int at, final int count) {
        Credentials.encode(frame, 0, new int[2], new int[0], new int[2]);
        frame.putInt(at, count);

        assertThatThrownBy(() -> Credentials.check(frame)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldRefuseUnknownOpcodes() {
        Getattr.encode(frame, 1, 0);
        for (final int code : new int[] {0, 62, 63, 99, 128, 255, 65_535}) {
            frame.putShort(4, (short) code);
            assertThatThrownBy(() -> RequestFrame.check(frame))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("unknown opcode " + code);
        }
    }

    @Test
    void shouldRefuseShortAndLongRequests() {
        Getattr.encode(frame, 1, 0);
        frame.putInt(0, Getattr.REQUEST_SIZE - 1);
        assertThatThrownBy(() -> RequestFrame.check(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("GETATTR of 39 bytes is shorter than 40");
        frame.putInt(0, Getattr.REQUEST_SIZE + 2);
        assertThatThrownBy(() -> RequestFrame.check(frame)).hasMessage("GETATTR has 2 bytes too many");
    }

    @Test
    void shouldRefuseNamesThatDoNotFit() {
        final int length = Lookup.encode(frame, 1, text(9), 0, 9);
        frame.putInt(0, length - 1);
        assertThatThrownBy(() -> RequestFrame.check(frame)).hasMessage("a name runs past the end of its frame");
        frame.putInt(0, length);
        frame.put(length - 1, (byte) 'x');
        assertThatThrownBy(() -> RequestFrame.check(frame)).hasMessage("a name does not end in NUL");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 5})
    void shouldRefuseValuesThatDoNotFit(final int claimed) {
        Setxattr.encode(frame, 1, 0, text(4), 0, 4, text(4), 0, 4);
        frame.putInt(Setxattr.value(frame), claimed);

        assertThatThrownBy(() -> RequestFrame.check(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("bytes run past the end of their frame");
    }

    @Test
    void shouldRefuseRequestsLongerThanTheirBuffer() {
        final ByteBuffer small = Frames.of(new byte[64]);
        Write.encode(small, 1, 0, 0, 21);

        assertThatThrownBy(() -> RequestFrame.check(small))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a frame of 65 bytes in 64");
    }

    @Test
    void shouldRefuseRepliesLongerThanTheirBuffer() {
        final ByteBuffer small = Frames.of(new byte[64]);
        Read.encodeReply(small, 1, 33);

        assertThatThrownBy(() -> ReplyFrame.check(small, Opcode.READ, 1, ReplyFrame.SIZE))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a reply to READ of 65 bytes");
    }

    @Test
    void shouldRefuseRepliesToOthers() {
        Read.encodeReply(frame, 1, 0);

        assertThatThrownBy(() -> ReplyFrame.check(frame, Opcode.READ, 2, ReplyFrame.SIZE))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a reply 16 with id 1 to READ with id 2");
        assertThatThrownBy(() -> ReplyFrame.check(frame, Opcode.WRITE, 1, ReplyFrame.SIZE))
                .hasMessage("a reply 16 with id 1 to WRITE with id 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 512, Integer.MIN_VALUE})
    void shouldRefuseWildErrnos(final int errno) {
        ReplyFrame.encodeErrno(frame, Opcode.READ, 1, errno);

        assertThatThrownBy(() -> ReplyFrame.check(frame, Opcode.READ, 1, ReplyFrame.SIZE))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a reply to READ with errno " + errno);
    }

    @Test
    void shouldTakeErrnosUpToTheirMaximum() throws ProtocolException {
        ReplyFrame.encodeErrno(frame, Opcode.READ, 1, 511);

        assertThat(ReplyFrame.check(frame, Opcode.READ, 1, ReplyFrame.SIZE)).isEqualTo(511);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 65_535})
    void shouldBoundNamesOfEntries(final int length) {
        Readdir.putEntry(frame, Readdir.REPLY_ENTRIES, 1, 2, 0, 0, length, false);
        Readdir.encodeReply(frame, 1, 128 * 1024);

        assertThatThrownBy(() -> Readdir.entryEnd(frame, Readdir.REPLY_ENTRIES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("an entry with a name of " + length + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"1, 40", "8, 40", "9, 48", "255, 288"})
    void shouldPadEntries(final int length, final int size) throws ProtocolException {
        final int at = Readdir.REPLY_ENTRIES;
        Readdir.putEntry(frame, at, 1, 2, 3, 0100000, length, false);
        Readdir.encodeReply(frame, 1, at + size);
        assertThat(Readdir.entryEnd(frame, at)).isEqualTo(at + size);

        Readdir.putEntry(frame, at, 1, 2, 3, 0100000, length, true);
        assertThatThrownBy(() -> Readdir.entryEnd(frame, at)).isInstanceOf(ProtocolException.class);
        Readdir.encodeReply(frame, 1, at + size + Attributes.SIZE);
        assertThat(Readdir.entryEnd(frame, at)).isEqualTo(at + size + Attributes.SIZE);
    }

    @Test
    void shouldRefuseEntriesThatEndInTheirHeader() {
        Readdir.encodeReply(frame, 1, Readdir.REPLY_ENTRIES + 31);

        assertThatThrownBy(() -> Readdir.entryEnd(frame, Readdir.REPLY_ENTRIES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("an entry runs past the end of its frame");
    }

    private String event(final EventKind kind, final long directory, final String name, final String newName) {
        final int at = Event.ENTRIES;
        final int end = Event.putEntry(
                frame,
                at,
                kind,
                name.getBytes(StandardCharsets.ISO_8859_1),
                newName.getBytes(StandardCharsets.ISO_8859_1));
        Event.setDirectories(frame, at, directory, newName.isEmpty() ? 0 : 2);
        Event.encode(frame, 1, end);
        try {
            return Event.entryEnd(frame, at) == end ? "taken" : "another end";
        } catch (final ProtocolException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, an event CREATE that tells neither where nor to what it happened",
        "1, taken",
        "255, taken",
        "256, an event with names of 256 and 0 bytes",
        "65535, an event with names of 65535 and 0 bytes"
    })
    void shouldBoundNamesOfEvents(final int length, final String outcome) {
        assertThat(event(EventKind.CREATE, length == 0 ? 0 : 1, "n".repeat(length), ""))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "/", "a/b", "a\0"})
    void shouldRefuseEventsAtWhatIsNoComponent(final String name) {
        assertThat(event(EventKind.DELETE, 1, name, ""))
                .isEqualTo("an event with a name that is no component of a path");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "/", "a/b", "a\0"})
    void shouldRefuseEventsAtWhatIsNoSecondComponent(final String newName) {
        assertThat(event(EventKind.RENAME, 1, "a", newName))
                .isEqualTo("an event with a name that is no component of a path");
    }

    @Test
    void shouldTakeEventsWithoutPlaceOnlyOfAnObject() throws ProtocolException {
        assertThat(event(EventKind.MODIFY, 0, "", ""))
                .isEqualTo("an event MODIFY that tells neither where nor to what it happened");

        Event.setObject(frame, Event.ENTRIES, 7, 0, 0);
        assertThat(Event.entryEnd(frame, Event.ENTRIES)).isEqualTo(ReplyFrame.length(frame));
        assertThat(event(EventKind.MODIFY, 0, "name", ""))
                .isEqualTo("an event MODIFY that tells neither where nor to what it happened");
    }

    @ParameterizedTest
    @EnumSource(EventKind.class)
    void shouldTakeNewNamesWhereTheKindHasThem(final EventKind kind) {
        final boolean has = kind == EventKind.RENAME || kind == EventKind.EXCHANGE;

        assertThat(event(kind, 1, "a", "b"))
                .isEqualTo(has ? "taken" : "an event " + kind + " with the new directory 2");
        assertThat(event(kind, 1, "a", "")).isEqualTo(has ? "an event " + kind + " with the new directory 0" : "taken");
        if (!has) {
            event(kind, 1, "a", "b");
            Event.setDirectories(frame, Event.ENTRIES, 1, 0);
            assertThatThrownBy(() -> Event.entryEnd(frame, Event.ENTRIES))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("an event " + kind + " with a new name");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 65_535})
    void shouldRefuseUnknownEvents(final int kind) {
        event(EventKind.CREATE, 1, "a", "");
        frame.putShort(Event.ENTRIES, (short) kind);

        assertThatThrownBy(() -> Event.entryEnd(frame, Event.ENTRIES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("unknown event " + kind);
    }

    @Test
    void shouldRefuseEventsThatEndInTheirHeader() {
        event(EventKind.CREATE, 1, "a", "");
        Event.encode(frame, 1, Event.ENTRIES + 55);

        assertThatThrownBy(() -> Event.entryEnd(frame, Event.ENTRIES))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("an event runs past the end of its frame");
    }
}
