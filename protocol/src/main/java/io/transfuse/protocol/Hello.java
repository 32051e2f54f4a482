package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The first frame on every connection. The first connection of a mount asks for the mount and becomes its push
 * connection; each further one joins as a lane with the token that {@link Welcome} gave. The path travels as UTF-8.
 *
 * <pre>
 * header (RequestFrame), then
 *  24 magic u32 "TFUS"   28 major u16   30 minor u16   32 features u64
 *  40 frameMax u32       44 role u8     45 mode u8     46 readOnly u8    47 ownership u8
 *  48 ownerUid u32       52 ownerGid u32               56 token (16 bytes)
 *  72 path Bytes
 *     contentMax u32, for a mount with {@link Features#CONTENTS}
 *     {@link Processor}, for a lane with {@link Features#PROCESSOR}
 *     nonce (32 bytes), with {@link Features#AUTHENTICATION}
 * </pre>
 */
public sealed interface Hello permits Hello.Mount, Hello.Lane, Hello.Log {
    Version version();

    long features();

    /** Largest frame that the sender takes, in bytes. */
    int frameMax();

    /**
     * Asks for a mount.
     *
     * @param version what the guest speaks
     * @param features bits of {@link Features} that the guest knows
     * @param frameMax largest frame that the guest takes, in bytes
     * @param path absolute path on the host, a directory or a regular file inside an export
     * @param mode the consistency asked for
     * @param readOnly whether every change is to be refused with EROFS
     * @param ownership whom the objects belong to in the guest
     * @param contentMax size of the largest file whose content is to come with OPEN, in bytes, at most
     *     {@link Limits#CONTENT_MAX}; travels with {@link Features#CONTENTS} only, else 0
     */
    record Mount(
            Version version,
            long features,
            int frameMax,
            String path,
            ConsistencyMode mode,
            boolean readOnly,
            Ownership ownership,
            int contentMax)
            implements Hello {}

    /**
     * Joins a mount's session as a lane.
     *
     * @param version what the guest speaks
     * @param features bits of {@link Features} that the guest knows; {@link Features#PROCESSOR} follows from {@code processor}
     * @param frameMax largest frame that the guest takes, in bytes
     * @param token the token of the mount's {@link Welcome}
     * @param processor where the guest's thread is; null if that is not told
     */
    record Lane(Version version, long features, int frameMax, SessionToken token, Processor processor)
            implements Hello {
        public Lane {
            features = processor == null ? features & ~Features.PROCESSOR : features | Features.PROCESSOR;
        }

        /** One whose thread is not bound to a processor. */
        public Lane(final Version version, final long features, final int frameMax, final SessionToken token) {
            this(version, features, frameMax, token, null);
        }
    }

    /**
     * Opens a connection for the guest's log.
     *
     * @param version what the guest speaks
     * @param features {@link Features#LOG}
     * @param frameMax largest frame that the guest takes, in bytes
     * @param guest what the guest calls itself, 1 to {@link #GUEST_MAX} bytes without control characters; travels as
     *     the path
     */
    record Log(Version version, long features, int frameMax, String guest) implements Hello {}

    /** Longest name of a guest, in bytes. */
    int GUEST_MAX = 64;

    /** Writes the frame and returns its length in bytes. The path must have at most {@link Limits#PATH_MAX} bytes. */
    static int encode(final ByteBuffer frame, final Hello hello) {
        final byte[] path;
        for (int i = 0; i < HelloLayout.PATH; i++) {
            frame.put(i, (byte) 0);
        }
        frame.putInt(HelloLayout.MAGIC, HelloLayout.MAGIC_VALUE);
        frame.putShort(HelloLayout.MAJOR, (short) hello.version().major());
        frame.putShort(HelloLayout.MINOR, (short) hello.version().minor());
        frame.putLong(HelloLayout.FEATURES, hello.features());
        frame.putInt(HelloLayout.FRAME_MAX, hello.frameMax());
        if (hello instanceof Mount) {
            final Mount mount = (Mount) hello;
            frame.put(HelloLayout.ROLE, HelloLayout.ROLE_MOUNT);
            frame.put(HelloLayout.MODE, (byte) mount.mode().code());
            frame.put(HelloLayout.READ_ONLY, (byte) (mount.readOnly() ? 1 : 0));
            frame.put(HelloLayout.OWNERSHIP, (byte) mount.ownership().policy().ordinal());
            frame.putInt(HelloLayout.OWNER_UID, mount.ownership().uid());
            frame.putInt(HelloLayout.OWNER_GID, mount.ownership().gid());
            path = mount.path().getBytes(StandardCharsets.UTF_8);
        } else if (hello instanceof Log) {
            frame.put(HelloLayout.ROLE, HelloLayout.ROLE_LOG);
            path = ((Log) hello).guest().getBytes(StandardCharsets.UTF_8);
        } else {
            frame.put(HelloLayout.ROLE, HelloLayout.ROLE_LANE);
            ((Lane) hello).token().put(frame, HelloLayout.TOKEN);
            path = new byte[0];
        }
        int end = Bytes.put(frame, HelloLayout.PATH, ByteBuffer.wrap(path), 0, path.length);
        if (hello instanceof Mount && takesContents(hello.features())) {
            frame.putInt(end, ((Mount) hello).contentMax());
            end += Integer.BYTES;
        }
        if (hello instanceof Lane && hasProcessor(hello.features())) {
            ((Lane) hello).processor().put(frame, end);
            end += Processor.SIZE;
        }
        return RequestFrame.encode(frame, Opcode.HELLO, end);
    }

    /** Adds the nonce of {@link Features#AUTHENTICATION} to an encoded frame; returns its new length in bytes. */
    static int addNonce(final ByteBuffer frame, final Nonce nonce) {
        final int length = RequestFrame.length(frame);
        nonce.put(frame, length);
        frame.putLong(HelloLayout.FEATURES, frame.getLong(HelloLayout.FEATURES) | Features.AUTHENTICATION);
        return RequestFrame.encode(frame, Opcode.HELLO, length + Nonce.SIZE);
    }

    /**
     * Reads a received frame. Only the version of a peer that is not understood is looked at: the rest may have another
     * layout.
     *
     * @throws ProtocolException if it is not a greeting of this protocol
     */
    static Hello decode(final ByteBuffer frame) throws ProtocolException {
        final int length = RequestFrame.checkedLength(frame);
        if (length < HelloLayout.FEATURES || frame.getInt(HelloLayout.MAGIC) != HelloLayout.MAGIC_VALUE) {
            throw new ProtocolException("the peer does not speak this protocol");
        }
        final Version version =
                new Version(frame.getShort(HelloLayout.MAJOR) & 0xffff, frame.getShort(HelloLayout.MINOR) & 0xffff);
        if (!Version.CURRENT.understands(version)) {
            return new Lane(version, 0, 0, SessionToken.random());
        }
        if (length < HelloLayout.PATH) {
            throw new ProtocolException("a greeting of " + length + " bytes");
        }
        final long features = frame.getLong(HelloLayout.FEATURES);
        final int role = frame.get(HelloLayout.ROLE);
        final int tail = tail(role, features);
        final int nonce = (features & Features.AUTHENTICATION) != 0 ? Nonce.SIZE : 0;
        final int pathEnd = Bytes.checkShape(frame, HelloLayout.PATH, length);
        if (pathEnd + tail + nonce != length) {
            throw new ProtocolException("a greeting of " + length + " bytes");
        }
        final int frameMax = frame.getInt(HelloLayout.FRAME_MAX);
        if (frameMax < Limits.HANDSHAKE_FRAME_MAX) {
            throw new ProtocolException("a greeting with a frame limit of " + frameMax + " bytes");
        }
        switch (role) {
            case HelloLayout.ROLE_LANE:
                return new Lane(
                        version,
                        features,
                        frameMax,
                        SessionToken.get(frame, HelloLayout.TOKEN),
                        tail == 0 ? null : Processor.get(frame, pathEnd));
            case HelloLayout.ROLE_MOUNT:
                return new Mount(
                        version,
                        features,
                        frameMax,
                        path(frame),
                        ConsistencyMode.ofCode(frame.get(HelloLayout.MODE) & 0xff),
                        frame.get(HelloLayout.READ_ONLY) != 0,
                        Ownership.ofCodes(
                                frame.get(HelloLayout.OWNERSHIP) & 0xff,
                                frame.getInt(HelloLayout.OWNER_UID),
                                frame.getInt(HelloLayout.OWNER_GID)),
                        tail == 0 ? 0 : contentMax(frame.getInt(pathEnd)));
            case HelloLayout.ROLE_LOG:
                return new Log(version, features, frameMax, guest(path(frame)));
            default:
                throw new ProtocolException("a greeting with role " + role);
        }
    }

    private static String guest(final String name) throws ProtocolException {
        if (name.length() > GUEST_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new ProtocolException("a guest's name that is too long or has control characters");
        }
        return name;
    }

    /** Bytes behind the path. */
    private static int tail(final int role, final long features) {
        if (role == HelloLayout.ROLE_MOUNT && takesContents(features)) {
            return Integer.BYTES;
        }
        return role == HelloLayout.ROLE_LANE && hasProcessor(features) ? Processor.SIZE : 0;
    }

    private static boolean hasProcessor(final long features) {
        return (features & Features.PROCESSOR) != 0;
    }

    private static boolean takesContents(final long features) {
        return (features & Features.CONTENTS) != 0;
    }

    private static int contentMax(final int announced) throws ProtocolException {
        if (announced < 0 || announced > Limits.CONTENT_MAX) {
            throw new ProtocolException(
                    "a greeting with contents of " + Integer.toUnsignedString(announced) + " bytes");
        }
        return announced;
    }

    private static String path(final ByteBuffer frame) throws ProtocolException {
        final int length = Bytes.length(frame, HelloLayout.PATH);
        if (length == 0 || length > Limits.PATH_MAX) {
            throw new ProtocolException("a mount request with a path of " + length + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(frame.slice(Bytes.start(HelloLayout.PATH), length))
                    .toString();
        } catch (final CharacterCodingException e) {
            throw new ProtocolException("a mount request with a path that is not UTF-8");
        }
    }
}
