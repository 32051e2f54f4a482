package io.transfuse.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * LOG, on a connection of a {@link Hello.Log} only, is a line of the guest's log for the host's.
 *
 * <pre>
 * request: level u32 (3 error, 4 warning, 6 informational, 7 debug: syslog(3)), text Bytes (UTF-8)
 * no reply
 * </pre>
 */
public final class LogRecord {
    /** Levels, as syslog(3) numbers them. */
    public static final int ERROR = 3;

    public static final int WARNING = 4;
    public static final int INFO = 6;
    public static final int DEBUG = 7;

    /** Longest text, in bytes; a guest cuts a longer one. */
    public static final int TEXT_MAX = 2048;

    private static final int LEVEL = RequestFrame.SIZE;
    private static final int TEXT = LEVEL + 4;

    /** Least bytes of the request, the header included. */
    public static final int REQUEST_SIZE = TEXT;

    /** Most bytes of the request. */
    public static final int FRAME_MAX = TEXT + TEXT_MAX + 5;

    private LogRecord() {}

    /**
     * Writes the request and returns its length in bytes. What {@code text} has beyond {@link #TEXT_MAX} bytes is cut.
     */
    public static int encode(final ByteBuffer frame, final int level, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, TEXT_MAX);
        // Not within a character: 10xxxxxx are its further bytes.
        while (length < bytes.length && length > 0 && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        frame.putInt(LEVEL, level);
        return RequestFrame.encode(frame, Opcode.LOG, Bytes.put(frame, TEXT, ByteBuffer.wrap(bytes), 0, length));
    }

    /**
     * The level.
     *
     * @throws ProtocolException if it is none of the four
     */
    public static int level(final ByteBuffer frame) throws ProtocolException {
        final int level = frame.getInt(LEVEL);
        if (level != ERROR && level != WARNING && level != INFO && level != DEBUG) {
            throw new ProtocolException("a log record of level " + Integer.toUnsignedString(level));
        }
        return level;
    }

    /**
     * The text, which may hold any character.
     *
     * @throws ProtocolException if it is too long or not UTF-8
     */
    public static String text(final ByteBuffer frame) throws ProtocolException {
        final int length = Bytes.length(frame, TEXT);
        if (length > TEXT_MAX) {
            throw new ProtocolException("a log record of " + length + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(frame.slice(Bytes.start(TEXT), length))
                    .toString();
        } catch (final CharacterCodingException e) {
            throw new ProtocolException("a log record that is not UTF-8");
        }
    }
}
