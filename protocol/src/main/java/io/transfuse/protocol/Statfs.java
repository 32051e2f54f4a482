package io.transfuse.protocol;

import java.nio.ByteBuffer;

/**
 * STATFS describes the file system that holds {@code node}. See statvfs(3).
 *
 * <pre>
 * request: node u64
 * reply  : blocks u64, blocksFree u64, blocksAvailable u64, files u64, filesFree u64, blockSize u32, fragmentSize u32, nameMax u32
 * </pre>
 */
public final class Statfs {
    private static final int NODE = RequestFrame.SIZE;

    /** Bytes of the request before anything of variable length, the header included. */
    public static final int REQUEST_SIZE = NODE + 8;

    private static final int REPLY_BLOCKS = ReplyFrame.SIZE;
    private static final int REPLY_BLOCKS_FREE = REPLY_BLOCKS + 8;
    private static final int REPLY_BLOCKS_AVAILABLE = REPLY_BLOCKS_FREE + 8;
    private static final int REPLY_FILES = REPLY_BLOCKS_AVAILABLE + 8;
    private static final int REPLY_FILES_FREE = REPLY_FILES + 8;
    private static final int REPLY_BLOCK_SIZE = REPLY_FILES_FREE + 8;
    private static final int REPLY_FRAGMENT_SIZE = REPLY_BLOCK_SIZE + 4;
    private static final int REPLY_NAME_MAX = REPLY_FRAGMENT_SIZE + 4;
    /** Bytes of a successful reply before anything of variable length, the header included. */
    public static final int REPLY_SIZE = REPLY_NAME_MAX + 4;

    private Statfs() {}

    /** Writes the request and returns its length in bytes. */
    public static int encode(final ByteBuffer frame, final long node) {
        frame.putLong(NODE, node);
        return RequestFrame.encode(frame, Opcode.STATFS, REQUEST_SIZE);
    }

    /** Node of an object on the file system. */
    public static long node(final ByteBuffer frame) {
        return frame.getLong(NODE);
    }

    /** In units of {@code fragmentSize}. */
    public static long replyBlocks(final ByteBuffer frame) {
        return frame.getLong(REPLY_BLOCKS);
    }

    /** Reads blocksFree from a reply. */
    public static long replyBlocksFree(final ByteBuffer frame) {
        return frame.getLong(REPLY_BLOCKS_FREE);
    }

    /** Reads blocksAvailable from a reply. */
    public static long replyBlocksAvailable(final ByteBuffer frame) {
        return frame.getLong(REPLY_BLOCKS_AVAILABLE);
    }

    /** Reads files from a reply. */
    public static long replyFiles(final ByteBuffer frame) {
        return frame.getLong(REPLY_FILES);
    }

    /** Reads filesFree from a reply. */
    public static long replyFilesFree(final ByteBuffer frame) {
        return frame.getLong(REPLY_FILES_FREE);
    }

    /** In bytes. */
    public static int replyBlockSize(final ByteBuffer frame) {
        return frame.getInt(REPLY_BLOCK_SIZE);
    }

    /** In bytes. */
    public static int replyFragmentSize(final ByteBuffer frame) {
        return frame.getInt(REPLY_FRAGMENT_SIZE);
    }

    /** In bytes. */
    public static int replyNameMax(final ByteBuffer frame) {
        return frame.getInt(REPLY_NAME_MAX);
    }

    /** Writes a successful reply; returns its length in bytes. */
    public static int encodeReply(
            final ByteBuffer frame,
            final long id,
            final long blocks,
            final long blocksFree,
            final long blocksAvailable,
            final long files,
            final long filesFree,
            final int blockSize,
            final int fragmentSize,
            final int nameMax) {
        frame.putLong(REPLY_BLOCKS, blocks);
        frame.putLong(REPLY_BLOCKS_FREE, blocksFree);
        frame.putLong(REPLY_BLOCKS_AVAILABLE, blocksAvailable);
        frame.putLong(REPLY_FILES, files);
        frame.putLong(REPLY_FILES_FREE, filesFree);
        frame.putInt(REPLY_BLOCK_SIZE, blockSize);
        frame.putInt(REPLY_FRAGMENT_SIZE, fragmentSize);
        frame.putInt(REPLY_NAME_MAX, nameMax);
        return ReplyFrame.encode(frame, Opcode.STATFS, id, REPLY_SIZE);
    }
}
