package io.transfuse.bench;

import java.util.List;

/** What the load program can do; see {@code load.c}. */
enum Workload {
    STAT("stat", "stat", Amount.TIME, "us/op", List.of(1, 2, 8)),
    MISSING("missing", "missing-name lookup", Amount.TIME, "us/op", List.of(1, 2, 8)),
    OPEN_READ_CLOSE("open-read-close", "open+read+close of 4 KiB", Amount.TIME, "us/op", List.of(1, 2, 8)),
    CREATE_UNLINK("create-unlink", "create+unlink", Amount.TIME, "us/op", List.of(1, 2, 8)),
    READDIR("readdir", "readdir with attributes", Amount.TIME, "us/entry", List.of(1, 2)),
    WRITE_1K("write-1k", "1 KiB writes", Amount.SMALL_WRITES, "us/op", List.of(1, 2, 8)),
    SEQ_WRITE("seq-write", "sequential write", Amount.SEQUENTIAL, "MB/s", List.of(1, 2, 8)),
    SEQ_READ("seq-read", "sequential read", Amount.SEQUENTIAL, "MB/s", List.of(1, 2, 8));

    /** What says how long it goes on: a time, or a number of bytes. */
    enum Amount {
        TIME,
        SMALL_WRITES,
        SEQUENTIAL
    }

    /** The bytes that an operation of the sequential workloads moves. */
    private static final int LARGE_CALL = 1 << 20;

    private final String id;
    private final String title;
    private final Amount amount;
    private final String unit;
    private final List<Integer> callers;

    Workload(final String id, final String title, final Amount amount, final String unit, final List<Integer> callers) {
        this.id = id;
        this.title = title;
        this.amount = amount;
        this.unit = unit;
        this.callers = callers;
    }

    /** The word for it on command lines and in files. */
    String id() {
        return id;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** With how many callers it is measured. */
    List<Integer> callers() {
        return callers;
    }

    long amount(final Scale scale) {
        return switch (amount) {
            case TIME -> scale.timedMillis();
            case SMALL_WRITES -> scale.smallWriteBytes();
            case SEQUENTIAL -> scale.sequentialBytes();
        };
    }

    /** A measurement in the workload's unit. */
    double inUnit(final double nanosPerOperation) {
        return amount == Amount.SEQUENTIAL ? LARGE_CALL * 1000.0 / nanosPerOperation : nanosPerOperation / 1000;
    }
}
