package io.transfuse.bench;

/**
 * How much of everything a run does.
 *
 * @param timedMillis how long a workload of repeated operations runs
 * @param listEntries the entries of the directory that is listed
 * @param smallWriteBytes what the 1 KiB writes of all callers add up to
 * @param sequentialBytes what a sequential read or write moves
 * @param warmUpMillis how long each file system is loaded before anything is measured
 * @param rounds how often everything is measured
 */
record Scale(
        long timedMillis, int listEntries, long smallWriteBytes, long sequentialBytes, long warmUpMillis, int rounds) {
    private static final long MIB = 1 << 20;

    static final Scale FULL = new Scale(500, 10_000, 100 * MIB, 256 * MIB, 20_000, 7);

    /** Shows that everything works. Its numbers are worth nothing. */
    static final Scale QUICK = new Scale(50, 500, 2 * MIB, 16 * MIB, 500, 1);

    Scale withRounds(final int newRounds) {
        return new Scale(timedMillis, listEntries, smallWriteBytes, sequentialBytes, warmUpMillis, newRounds);
    }
}
