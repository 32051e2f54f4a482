package io.transfuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a peer sends, the decoders return or throw one of their two exceptions, and look at nothing behind the end of
 * the frame.
 */
class FuzzTest {
    private static final Set<Integer> NAME_ERRNOS =
            Set.of(0, Errno.EINVAL, Errno.ENAMETOOLONG, Errno.ERANGE, Errno.ENOENT, Errno.E2BIG);

    /** Takes bytes from a peer; the text of the result tells what it found. */
    private interface Decoder {
        String decode(ByteBuffer frame) throws ProtocolException, RefusedException;
    }

    private static final List<Decoder> DECODERS = List.of(
            FuzzTest::decodeRequest,
            frame -> Hello.decode(frame).getClass().getSimpleName(),
            frame -> Welcome.decode(frame).toString(),
            FuzzTest::decodeAuthentication,
            FuzzTest::decodeReply,
            FuzzTest::decodeListing,
            FuzzTest::decodeInvalidations,
            FuzzTest::decodeEvents);

    private static String decodeRequest(final ByteBuffer frame) throws ProtocolException {
        final Opcode opcode = RequestFrame.check(frame);
        final int errno = opcode.checkNames(frame);
        assertThat(NAME_ERRNOS).contains(errno);
        if (opcode == Opcode.FORGET) {
            final int count = Forget.count(frame);
            return "FORGET of " + count + " to " + (count == 0 ? 0 : Forget.node(frame, count - 1));
        }
        if (opcode == Opcode.CREDENTIALS) {
            Credentials.check(frame);
            return "CREDENTIALS of " + Credentials.groups(frame).length + Credentials.uidRanges(frame).length
                    + Credentials.gidRanges(frame).length;
        }
        if (opcode == Opcode.WRITE) {
            return "WRITE of " + Frames.copy(frame, Write.REQUEST_SIZE + Write.dataLength(frame)).length;
        }
        if (opcode == Opcode.SETXATTR) {
            return "SETXATTR of " + Bytes.length(frame, Setxattr.value(frame));
        }
        return opcode + " with errno " + errno;
    }

    private static String decodeAuthentication(final ByteBuffer frame) throws ProtocolException, RefusedException {
        if (frame.capacity() < ReplyFrame.SIZE) {
            return "no header";
        }
        if (!Authenticate.isChallenge(frame)) {
            Welcome.decode(frame);
            return "welcome with proof " + Arrays.toString(Welcome.proof(frame));
        }
        return ReplyFrame.length(frame) >= Authenticate.REPLY_SIZE
                ? "challenge " + Authenticate.challenge(frame).hashCode()
                : "proof " + Authenticate.proof(frame).length;
    }

    /** As an answer to whatever it says it answers. */
    private static String decodeReply(final ByteBuffer frame) throws ProtocolException {
        if (frame.capacity() < ReplyFrame.SIZE) {
            return "no header";
        }
        final Opcode opcode = Opcode.of(ReplyFrame.opcode(frame));
        if (opcode == null) {
            return "no opcode";
        }
        final int errno = ReplyFrame.check(frame, opcode, ReplyFrame.id(frame), ReplyFrame.SIZE);
        final int data = Read.dataLength(frame);
        return errno + " with " + Frames.copy(frame, ReplyFrame.SIZE + data).length;
    }

    private static String decodeListing(final ByteBuffer frame) throws ProtocolException {
        if (frame.capacity() < ReplyFrame.SIZE) {
            return "no header";
        }
        final StringBuilder names = new StringBuilder();
        int at = Readdir.REPLY_ENTRIES;
        while (at < ReplyFrame.length(frame)) {
            final int end = Readdir.entryEnd(frame, at);
            assertThat(end).isGreaterThan(at);
            names.append(Frames.ascii(frame, Readdir.entryName(at), Readdir.entryNameLength(frame, at)));
            if (Readdir.entryHasAttributes(frame, at)) {
                names.append(Attributes.blksize(frame, Readdir.entryAttributes(frame, at)));
            }
            at = end;
        }
        return names.toString();
    }

    private static String decodeInvalidations(final ByteBuffer frame) throws ProtocolException {
        if (frame.capacity() < ReplyFrame.SIZE) {
            return "no header";
        }
        final StringBuilder entries = new StringBuilder();
        int at = Invalidate.ENTRIES;
        while (at < ReplyFrame.length(frame)) {
            final int end = Invalidate.entryEnd(frame, at);
            assertThat(end).isGreaterThan(at);
            entries.append(Invalidate.kind(frame, at))
                    .append(Invalidate.node(frame, at))
                    .append(Invalidate.name(frame, at).length);
            at = end;
        }
        return entries.toString();
    }

    private static String decodeEvents(final ByteBuffer frame) throws ProtocolException {
        if (frame.capacity() < ReplyFrame.SIZE) {
            return "no header";
        }
        final StringBuilder entries = new StringBuilder();
        int at = Event.ENTRIES;
        while (at < ReplyFrame.length(frame)) {
            final int end = Event.entryEnd(frame, at);
            assertThat(end).isGreaterThan(at);
            final boolean placed = Event.directory(frame, at) != 0;
            assertThat(placed || Event.node(frame, at) != 0).isTrue();
            assertThat(Event.name(frame, at).length != 0).isEqualTo(placed);
            assertThat(Event.newName(frame, at).length != 0).isEqualTo(Event.newDirectory(frame, at) != 0);
            entries.append(Event.kind(frame, at)).append(Event.mode(frame, at)).append(Event.replaced(frame, at));
            at = end;
        }
        return entries.toString();
    }

    /** What a decoder makes of bytes; fails with what it must not throw. */
    private static String outcome(final Decoder decoder, final byte[] bytes) {
        try {
            return decoder.decode(Frames.of(bytes));
        } catch (final ProtocolException | RefusedException e) {
            return e.getMessage();
        }
    }

    @Property(tries = 5_000)
    void shouldSurviveAnyBytes(@ForAll("anyBytes") final byte[] bytes) {
        DECODERS.forEach(decoder -> outcome(decoder, bytes));
    }

    @Property(tries = 20_000)
    void shouldSurviveMutatedFrames(@ForAll("mutated") final byte[] bytes) {
        DECODERS.forEach(decoder -> outcome(decoder, bytes));
    }

    @Property(tries = 10_000)
    void shouldNotLookBeyondTheFrame(@ForAll("mutated") final byte[] bytes, @ForAll final byte filler) {
        assumeThat(bytes.length).isGreaterThanOrEqualTo(ReplyFrame.SIZE);
        final int length = Frames.of(bytes).getInt(0);
        assumeThat(length).isBetween(ReplyFrame.SIZE, bytes.length);
        final byte[] alone = Arrays.copyOf(bytes, length);
        final byte[] followed = Arrays.copyOf(bytes, length + 512);
        Arrays.fill(followed, length, followed.length, filler);

        DECODERS.forEach(decoder -> assertThat(outcome(decoder, followed)).isEqualTo(outcome(decoder, alone)));
    }

    /** Anything, mostly with the opcode of something. */
    @Provide
    Arbitrary<byte[]> anyBytes() {
        final Arbitrary<byte[]> bytes =
                Arbitraries.bytes().array(byte[].class).ofMinSize(0).ofMaxSize(400);
        return Combinators.combine(
                        bytes,
                        Arbitraries.of(Opcode.values()),
                        Arbitraries.integers().between(0, 9))
                .as((body, opcode, kind) -> {
                    if (kind > 0 && body.length >= RequestFrame.SIZE) {
                        Frames.of(body).putShort(4, (short) opcode.code());
                        Frames.of(body).putInt(0, kind == 1 ? body.length + 1 : body.length);
                    }
                    return body;
                });
    }

    /** A vector with some of its bytes, numbers or its length changed. */
    @Provide
    Arbitrary<byte[]> mutated() {
        final Arbitrary<byte[]> vectors = Arbitraries.of(List.copyOf(Vectors.ALL.values()));
        final Arbitrary<List<Mutation>> mutations = Combinators.combine(
                        Arbitraries.of(Mutation.Kind.values()),
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.oneOf(
                                Arbitraries.of(
                                        0, 1, 2, 255, 256, 65_535, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x2f2e2e),
                                Arbitraries.integers().between(0, 300),
                                Arbitraries.integers()))
                .as(Mutation::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
        return Combinators.combine(vectors, mutations, Arbitraries.of(true, true, false))
                .as((vector, list, fixLength) -> {
                    byte[] bytes = vector.clone();
                    for (final Mutation mutation : list) {
                        bytes = mutation.apply(bytes);
                    }
                    if (fixLength && bytes.length >= Integer.BYTES) {
                        Frames.of(bytes).putInt(0, bytes.length);
                    }
                    return bytes;
                });
    }

    private record Mutation(Kind kind, int at, int value) {
        private enum Kind {
            BYTE,
            SHORT,
            INT,
            CUT,
            EXTEND
        }

        byte[] apply(final byte[] bytes) {
            switch (kind) {
                case CUT:
                    return Arrays.copyOf(bytes, Math.max(0, bytes.length - at));
                case EXTEND:
                    return Arrays.copyOf(bytes, bytes.length + at);
                case BYTE:
                    if (at < bytes.length) {
                        bytes[at] = (byte) value;
                    }
                    return bytes;
                case SHORT:
                    if (at + Short.BYTES <= bytes.length) {
                        Frames.of(bytes).putShort(at, (short) value);
                    }
                    return bytes;
                default:
                    if (at + Integer.BYTES <= bytes.length) {
                        Frames.of(bytes).putInt(at, value);
                    }
                    return bytes;
            }
        }
    }
}
