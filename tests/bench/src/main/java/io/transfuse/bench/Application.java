package io.transfuse.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A program of everyday work whose files are on the file system in question: the program itself, its interpreter and its
 * temporary files are not. Each has a directory of its name with what prepares its files.
 */
enum Application {
    GO_LIST("go-list", "go list ./... of moby") {
        @Override
        Session start(final Site site) {
            final Path tree = site.tree();
            return command(
                    site,
                    tree.resolve("src/github.com/docker/docker"),
                    List.of(
                            "GOPATH=" + tree,
                            "GO111MODULE=off",
                            "GOENV=off",
                            "GOFLAGS=-buildvcs=false",
                            "GOCACHE=" + site.local().resolve("cache")),
                    "go",
                    "list",
                    "./...");
        }
    },
    RAKE("rake", "rake -T of a Rails application") {
        @Override
        Session start(final Site site) {
            final Path gems = site.tree().resolve("gems");
            return command(
                    site,
                    site.tree().resolve("app"),
                    List.of("GEM_HOME=" + gems, "GEM_PATH=" + gems, "BUNDLE_FROZEN=1"),
                    "rake",
                    "-T");
        }
    },
    SYMFONY("symfony", "a page of a Symfony application") {
        @Override
        Session start(final Site site) throws BenchException, IOException, InterruptedException {
            final int port = freePort();
            final Path served = site.tree().resolve("public");
            final Leash server = Leash.start(
                    site.tools().leash(),
                    site.local().resolve(site.user() + ".log"),
                    inEnvironment(
                            site,
                            site.tree(),
                            List.of("BENCH_USER=" + site.user()),
                            "php",
                            "-d",
                            "opcache.enable=0",
                            "-S",
                            "127.0.0.1:" + port,
                            "-t",
                            served.toString(),
                            served.resolve("index.php").toString()));
            site.started().push(server);
            server.await("page", () -> isListening(port));
            return new PageSession(server, site.started(), port);
        }
    };

    /** Far above what the slowest takes: only a hang lasts so long. */
    private static final long TIMEOUT_SECONDS = 300;

    private final String id;
    private final String title;

    Application(final String id, final String title) {
        this.id = id;
        this.title = title;
    }

    /** The word for it on command lines and in files. */
    String id() {
        return id;
    }

    /** What people read. */
    String title() {
        return title;
    }

    /**
     * Where it is run.
     *
     * @param tree its files, on the file system in question
     * @param local a directory for what does not belong there
     * @param user a word for whose turn it is: what the application writes is kept apart
     * @param started takes each process as it is started, the latest first
     */
    record Site(Tools tools, Path tree, Path local, String user, Deque<Leash> started) {}

    /** An application that is ready. */
    interface Session extends AutoCloseable {
        /** Does it once. */
        Commands.Finished run() throws BenchException, IOException, InterruptedException;

        /** Ends it: nothing uses the tree any more. */
        @Override
        void close() throws IOException;
    }

    /** Gets it ready; what that takes is not measured. */
    abstract Session start(Site site) throws BenchException, IOException, InterruptedException;

    private static Session command(
            final Site site, final Path directory, final List<String> variables, final String... command) {
        final List<String> all = inEnvironment(site, directory, variables, command);
        return new Session() {
            @Override
            public Commands.Finished run() throws BenchException, IOException, InterruptedException {
                return Commands.time(TIMEOUT_SECONDS, all);
            }

            @Override
            public void close() {}
        };
    }

    /** The command in a directory, with these variables and none of the caller's. Only the system's programs are found. */
    private static List<String> inEnvironment(
            final Site site, final Path directory, final List<String> variables, final String... command) {
        final List<String> all = new ArrayList<>(List.of("env", "-i", "-C", directory.toString()));
        all.addAll(List.of("PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + site.local(), "TMPDIR=" + site.local()));
        all.addAll(variables);
        all.addAll(List.of(command));
        return all;
    }

    /** The page as curl gets it, and the time as curl measures it: without its own start. */
    private record PageSession(Leash server, Deque<Leash> started, int port) implements Session {
        @Override
        public Commands.Finished run() throws BenchException, IOException, InterruptedException {
            final String printed = Commands.run(
                    TIMEOUT_SECONDS,
                    List.of(
                            "curl",
                            "--disable",
                            "--silent",
                            "--show-error",
                            "--fail",
                            "--noproxy",
                            "*",
                            "--write-out",
                            "\n%{time_total}",
                            "http://127.0.0.1:" + port + "/hello/world"));
            return finished(printed);
        }

        @Override
        public void close() throws IOException {
            started.remove(server);
            server.close();
        }
    }

    /** Separates the page from the line with the seconds that follows it. */
    static Commands.Finished finished(final String printed) {
        final int end = printed.lastIndexOf('\n');
        final double seconds = Double.parseDouble(printed.substring(end + 1).replace(',', '.'));
        return new Commands.Finished(printed.substring(0, Math.max(end, 0)), Math.round(seconds * 1e9));
    }

    /** A port that nobody listens on at the moment. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isListening(final int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }
}
