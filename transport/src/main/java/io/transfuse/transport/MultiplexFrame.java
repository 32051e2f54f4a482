package io.transfuse.transport;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What goes over a stream that carries several channels; docs/protocol.md specifies it.
 *
 * <pre>
 *  0      2    3    4         8         12          16
 *  +------+----+----+---------+---------+-----------+------------
 *  | mark |type|zero| channel | length  | checksum  | payload ...
 *  +------+----+----+---------+---------+-----------+------------
 * </pre>
 *
 * <p>{@code length} is that of the payload. {@code checksum} is the CRC-32C of the first 12 bytes and the payload:
 * without it the rest of a frame that a dead peer had begun to send would be taken from what the next peer sends.
 * Numbers are little-endian.
 */
final class MultiplexFrame {
    private static final int MARK = 0;
    private static final int TYPE = 2;
    private static final int ZERO = 3;
    private static final int CHANNEL = 4;
    private static final int LENGTH = 8;
    private static final int CHECKSUM = 12;

    /** Bytes of the header. */
    static final int SIZE = 16;

    /** "TX". */
    private static final short MARK_VALUE = 0x5854;

    /** Most bytes of a channel in one frame: others wait no longer than for these. */
    static final int PAYLOAD_MAX = 32 * 1024;

    static final int FRAME_MAX = SIZE + PAYLOAD_MAX;

    /** What a peer may send on a channel before the other has read any of it, in bytes. */
    static final int WINDOW = 256 * 1024;

    /** Channels that are open at a time. */
    static final int CHANNELS_MAX = 256;

    /** The layout of this text. */
    static final int VERSION = 1;

    /** Guest to host: begins a session. Payload: version u32, the guest's nonce. */
    static final int SYNC = 1;

    /** Host to guest: answers SYNC. Payload: version u32, the guest's nonce, the host's nonce. */
    static final int ACK = 2;

    /** Guest to host: answers ACK; now channels may be opened. Payload: the host's nonce. */
    static final int START = 3;

    /** Guest to host: a new channel, with a number above all before. */
    static final int OPEN = 4;

    /** Bytes of a channel. Payload: at least one. */
    static final int DATA = 5;

    /** So many bytes of the channel were read and as many more may be sent. Payload: count u32. */
    static final int CREDIT = 6;

    /** The sender neither sends nor reads any more on the channel. */
    static final int CLOSE = 7;

    /** The sender ends the session. */
    static final int END = 8;

    static final int NONCE_SIZE = 16;

    private MultiplexFrame() {}

    /** Writes the header around a payload that is in place; the length of the frame. */
    static int seal(final ByteBuffer frame, final int type, final int channel, final int length) {
        frame.putShort(MARK, MARK_VALUE);
        frame.put(TYPE, (byte) type);
        frame.put(ZERO, (byte) 0);
        frame.putInt(CHANNEL, channel);
        frame.putInt(LENGTH, length);
        frame.putInt(CHECKSUM, checksum(frame, 0, length));
        return SIZE + length;
    }

    /** Whether the first {@link #SIZE} bytes can be the header of a frame. */
    static boolean isHeader(final ByteBuffer bytes, final int at) {
        final int length = length(bytes, at);
        return bytes.getShort(at + MARK) == MARK_VALUE
                && bytes.get(at + ZERO) == 0
                && length >= 0
                && length <= PAYLOAD_MAX
                && hasLength(type(bytes, at), length);
    }

    private static boolean hasLength(final int type, final int length) {
        switch (type) {
            case SYNC:
                return length == Integer.BYTES + NONCE_SIZE;
            case ACK:
                return length == Integer.BYTES + 2 * NONCE_SIZE;
            case START:
                return length == NONCE_SIZE;
            case DATA:
                return length > 0;
            case CREDIT:
                return length == Integer.BYTES;
            case OPEN:
            case CLOSE:
            case END:
                return length == 0;
            default:
                return false;
        }
    }

    /** Whether the whole frame arrived as it was sent. */
    static boolean isIntact(final ByteBuffer bytes, final int at) {
        return bytes.getInt(at + CHECKSUM) == checksum(bytes, at, length(bytes, at));
    }

    private static int checksum(final ByteBuffer bytes, final int at, final int length) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, CHECKSUM));
        crc.update(bytes.slice(at + SIZE, length));
        return (int) crc.getValue();
    }

    static int type(final ByteBuffer bytes, final int at) {
        return bytes.get(at + TYPE) & 0xff;
    }

    static int channel(final ByteBuffer bytes, final int at) {
        return bytes.getInt(at + CHANNEL);
    }

    /** Bytes of the payload. */
    static int length(final ByteBuffer bytes, final int at) {
        return bytes.getInt(at + LENGTH);
    }

    /** Where the payload of the frame at index {@code at} begins. */
    static int payload(final int at) {
        return at + SIZE;
    }
}
