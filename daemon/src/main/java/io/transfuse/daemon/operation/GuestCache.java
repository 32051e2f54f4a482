package io.transfuse.daemon.operation;

import io.transfuse.cache.MountCache;
import io.transfuse.cache.Stale;

/** What a mount that caches has beside its lanes. Thread-safe. */
public final class GuestCache {
    private final MountCache facts;
    private final ChangingFiles changing;
    private final Prefetcher prefetcher;
    private final Stale kernel;
    private final long absentNanosMax;
    private final LocalFiles files = new LocalFiles();
    private final DirectoryStreams streams = new DirectoryStreams();
    private final SecondWalks secondWalks = new SecondWalks();

    /**
     * @param changing is told of the same changes as the kernel
     * @param kernel tells the kernel what is stale, without waiting
     * @param absentNanosMax for how long the kernel may rely on an absent name, in nanoseconds
     */
    public GuestCache(
            final MountCache facts,
            final ChangingFiles changing,
            final Prefetcher prefetcher,
            final Stale kernel,
            final long absentNanosMax) {
        this.facts = facts;
        this.changing = changing;
        this.prefetcher = prefetcher;
        this.kernel = kernel;
        this.absentNanosMax = absentNanosMax;
    }

    public MountCache facts() {
        return facts;
    }

    ChangingFiles changing() {
        return changing;
    }

    Prefetcher prefetcher() {
        return prefetcher;
    }

    Stale kernel() {
        return kernel;
    }

    long absentNanosMax() {
        return absentNanosMax;
    }

    LocalFiles files() {
        return files;
    }

    DirectoryStreams streams() {
        return streams;
    }

    SecondWalks secondWalks() {
        return secondWalks;
    }
}
