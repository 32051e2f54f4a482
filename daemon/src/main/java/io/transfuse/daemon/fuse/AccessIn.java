package io.transfuse.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * struct fuse_access_in of linux/fuse.h, behind the header.
 *
 * <pre>
 *  40 mask u32   44 padding u32
 * </pre>
 */
public final class AccessIn {
    private static final int MASK = InHeader.SIZE;

    private AccessIn() {}

    /** R_OK, W_OK and X_OK of unistd.h; 0 asks whether the object exists. */
    public static int mask(final ByteBuffer request) {
        return request.getInt(MASK);
    }
}
