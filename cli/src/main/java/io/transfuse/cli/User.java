package io.transfuse.cli;

/**
 * Who runs this process.
 *
 * @param uid effective user id
 * @param gid effective group id
 */
record User(int uid, int gid) {
    static User current() {
        return new User(Terminal.effectiveUid(), Terminal.effectiveGid());
    }
}
