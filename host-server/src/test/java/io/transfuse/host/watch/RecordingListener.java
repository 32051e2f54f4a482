package io.transfuse.host.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Remembers what a watcher tells, one line each; names as ISO 8859-1. Thread-safe. */
final class RecordingListener implements Watcher.Listener {
    private final List<String> told = new ArrayList<>();
    private final List<Change> happened = new ArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean held;

    /** Lets every call wait from now on until {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        open.countDown();
    }

    /** What was told so far, in order. */
    List<String> told() {
        synchronized (told) {
            return new ArrayList<>(told);
        }
    }

    boolean wasTold(final String line) {
        synchronized (told) {
            return told.contains(line);
        }
    }

    /** What happened so far, in order. */
    List<Change> happened() {
        synchronized (told) {
            return new ArrayList<>(happened);
        }
    }

    private void add(final String line) {
        synchronized (told) {
            told.add(line);
        }
        if (held) {
            try {
                open.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String text(final byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void nameChanged(final long watch, final byte[] name) {
        add("name " + watch + " " + text(name));
    }

    @Override
    public void childChanged(final long watch, final byte[] name) {
        add("child " + watch + " " + text(name));
    }

    @Override
    public void changed(final long watch) {
        add("changed " + watch);
    }

    @Override
    public void directoryChanged(final long watch) {
        add("directory " + watch);
    }

    @Override
    public void happened(final Change change) {
        synchronized (told) {
            happened.add(change);
        }
    }

    @Override
    public boolean isOwnThread(final int thread) {
        return false;
    }

    @Override
    public void lost() {
        add("lost");
    }

    @Override
    public void ended(final long watch) {
        add("ended " + watch);
    }
}
