package io.transfuse.cli;

import jnr.ffi.LibraryLoader;

/** The calls on terminals and processes that Java lacks. */
public final class Terminal {
    private static final int STDIN = 0;
    private static final C LIBRARY = LibraryLoader.create(C.class).load("c");

    private Terminal() {}

    /** See section 2 and 3 of the manual. */
    public interface C {
        int isatty(int descriptor);

        int tcgetpgrp(int descriptor);

        int getpgrp();

        int kill(int pid, int signal);

        int geteuid();

        int getegid();
    }

    /** Whether Ctrl-C at the terminal reaches this process and its children alike. */
    static boolean isControlling() {
        return LIBRARY.isatty(STDIN) == 1 && LIBRARY.tcgetpgrp(STDIN) == LIBRARY.getpgrp();
    }

    static void kill(final long pid, final int signal) {
        LIBRARY.kill((int) pid, signal);
    }

    static int effectiveUid() {
        return LIBRARY.geteuid();
    }

    static int effectiveGid() {
        return LIBRARY.getegid();
    }
}
