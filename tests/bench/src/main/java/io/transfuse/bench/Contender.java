package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;

/** A file system in a comparison: how it is started over a directory. */
enum Contender {
    NATIVE("native", "native", "the directory itself") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started) {
            return new NativeShare(host);
        }
    },
    TRANSFUSE("transfuse", "transfuse consistent", "transfuse serve, daemon, and a mount in mode consistent") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            return new TransfuseShare(tools, host, home, "consistent", started);
        }
    },
    TRANSFUSE_CACHED("transfuse-cached", "transfuse cached", "the same in mode cached") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            return new TransfuseShare(tools, host, home, "cached", started);
        }
    },
    TRANSFUSE_TELLING(
            "transfuse",
            "transfuse consistent",
            "transfuse serve, daemon, and a mount in mode consistent with events") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws BenchException, IOException, InterruptedException {
            return new TransfuseShare(tools, host, home, "consistent,events=on", started);
        }
    },
    PASSTHROUGH(
            "passthrough_ll",
            "passthrough_ll",
            "libfuse's example passthrough_ll -o cache=never, multi-threaded, no socket") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws IOException {
            return passthrough(tools, host, home, "never", started);
        }
    },
    SSHFS(
            "sshfs",
            "sshfs",
            "sshfs -o passive with sftp-server over a socket pair; directory, attribute and page caches off") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws IOException {
            return sshfs(
                    tools,
                    host,
                    home,
                    "passive,dir_cache=no,direct_io,entry_timeout=0,negative_timeout=0,attr_timeout=0",
                    started);
        }
    },
    SSHFS_CACHING(
            "sshfs",
            "sshfs, its caches on",
            "sshfs -o passive with sftp-server over a socket pair, otherwise with its defaults: it caches") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws IOException {
            return sshfs(tools, host, home, "passive", started);
        }
    },
    BINDFS("bindfs", "bindfs", "bindfs with its defaults: one thread, no socket") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws IOException {
            return new ProcessShare(
                    tools,
                    home,
                    List.of(
                            "bindfs",
                            "-f",
                            host.toString(),
                            ProcessShare.mountIn(home).toString()),
                    started);
        }
    },
    PASSTHROUGH_CACHING(
            "passthrough_ll",
            "passthrough_ll cache=auto",
            "libfuse's example passthrough_ll -o cache=auto (validity of one second), multi-threaded, no socket") {
        @Override
        Share start(final Tools tools, final Path host, final Path home, final Deque<Leash> started)
                throws IOException {
            return passthrough(tools, host, home, "auto", started);
        }
    };

    /** Those of the micro benchmark: nothing that may be stale, as Transfuse in mode consistent. */
    static final List<Contender> UNCACHED = List.of(NATIVE, TRANSFUSE, PASSTHROUGH, SSHFS);

    /** Those that two sides change at a time. */
    static final List<Contender> TWO_SIDED = List.of(NATIVE, TRANSFUSE, TRANSFUSE_CACHED);

    /** Those whose programs are told of what the host does. */
    static final List<Contender> TELLING = List.of(NATIVE, TRANSFUSE_TELLING, TRANSFUSE_CACHED);

    /** Those of the workloads: the peers as they are used. */
    static final List<Contender> CACHING =
            List.of(NATIVE, TRANSFUSE, TRANSFUSE_CACHED, SSHFS_CACHING, BINDFS, PASSTHROUGH_CACHING);

    private final String id;
    private final String title;
    private final String description;

    Contender(final String id, final String title, final String description) {
        this.id = id;
        this.title = title;
        this.description = description;
    }

    /** The word for it on command lines and in files: unique among those of one benchmark. */
    String id() {
        return id;
    }

    /** What people read. */
    String title() {
        return title;
    }

    String description() {
        return description;
    }

    /**
     * Starts what serves all its mounts.
     *
     * @param host the directory that it makes available
     * @param home a directory of its own, for what else it needs
     * @param started takes each process as it is started, the latest first
     */
    abstract Share start(Tools tools, Path host, Path home, Deque<Leash> started)
            throws BenchException, IOException, InterruptedException;

    private static Share passthrough(
            final Tools tools, final Path host, final Path home, final String cache, final Deque<Leash> started)
            throws IOException {
        return new ProcessShare(
                tools,
                home,
                List.of(
                        tools.passthrough().toString(),
                        "-f",
                        "-o",
                        "source=" + host + ",cache=" + cache,
                        ProcessShare.mountIn(home).toString()),
                started);
    }

    private static Share sshfs(
            final Tools tools, final Path host, final Path home, final String options, final Deque<Leash> started)
            throws IOException {
        return new ProcessShare(
                tools,
                home,
                List.of(
                        "sshfs",
                        "-f",
                        "-o",
                        options,
                        "bench:" + host,
                        ProcessShare.mountIn(home).toString(),
                        "--and--",
                        "/usr/lib/openssh/sftp-server"),
                started);
    }
}
