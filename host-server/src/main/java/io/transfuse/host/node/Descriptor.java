package io.transfuse.host.node;

import io.transfuse.host.posix.Posix;

/**
 * A host descriptor that several threads may use while another gives it up: it is closed when the last user is done, so
 * that its number never comes to mean another file under a call in progress.
 */
public final class Descriptor {
    private final Posix posix;
    private final int number;
    private int users;
    private boolean doomed;

    public Descriptor(final Posix posix, final int number) {
        this.posix = posix;
        this.number = number;
    }

    /** The number, to be used only between {@link #acquire} and {@link #release}. */
    public int number() {
        return number;
    }

    /** Takes part in using it; false when it has been given up. */
    public synchronized boolean acquire() {
        if (doomed) {
            return false;
        }
        users++;
        return true;
    }

    /** Ends one {@link #acquire}. */
    public synchronized void release() {
        users--;
        closeIfUnused();
    }

    /** Gives it up: nobody can acquire it any more. Without effect the second time. */
    public synchronized void doom() {
        if (!doomed) {
            doomed = true;
            closeIfUnused();
        }
    }

    synchronized boolean inUse() {
        return users > 0;
    }

    private void closeIfUnused() {
        if (doomed && users == 0) {
            posix.close(number);
        }
    }
}
