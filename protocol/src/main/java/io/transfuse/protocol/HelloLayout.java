package io.transfuse.protocol;

/** Offsets of {@link Hello}. */
final class HelloLayout {
    static final int MAGIC_VALUE = 'T' | 'F' << 8 | 'U' << 16 | 'S' << 24;
    static final byte ROLE_MOUNT = 1;
    static final byte ROLE_LANE = 2;
    static final byte ROLE_LOG = 3;

    static final int MAGIC = RequestFrame.SIZE;
    static final int MAJOR = MAGIC + 4;
    static final int MINOR = MAJOR + 2;
    static final int FEATURES = MINOR + 2;
    static final int FRAME_MAX = FEATURES + 8;
    static final int ROLE = FRAME_MAX + 4;
    static final int MODE = ROLE + 1;
    static final int READ_ONLY = MODE + 1;
    static final int OWNERSHIP = READ_ONLY + 1;
    static final int OWNER_UID = OWNERSHIP + 1;
    static final int OWNER_GID = OWNER_UID + 4;
    static final int TOKEN = OWNER_GID + 4;
    static final int PATH = TOKEN + SessionToken.SIZE;

    private HelloLayout() {}
}
