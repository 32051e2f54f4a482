package io.transfuse.cli;

import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountException;
import io.transfuse.daemon.MountSpec;
import io.transfuse.daemon.MountStatus;
import io.transfuse.host.Export;
import io.transfuse.host.session.HostServer;
import io.transfuse.protocol.Ownership;
import io.transfuse.transport.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code transfuse run}: host server, daemon and mounts for one command. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Mounts, runs a command, unmounts, and ends with the command's exit code. A mount point that"
                + " does not exist is made, and removed at the end.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse run -v \"$PWD:/tmp/demo:consistent\" -- ls -la /tmp/demo",
            "  transfuse run -v /src:/tmp/src:cached,ro -- make -C /tmp/src test"
        })
final class RunCommand implements Callable<Integer> {
    private static final int SIGINT = 2;
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP", "USR2");

    @Mixin
    private VolumesOption mounts;

    @Mixin
    private TuningOptions tuning;

    @Parameters(arity = "1..*", paramLabel = "COMMAND [ARG...]", description = "The command, after '--'.")
    private List<String> command;

    private volatile Process child;
    private volatile int pendingSignal;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        for (final String signal : SIGNALS) {
            Signals.handle(signal, this::forward);
        }
        final List<Path> hosts = new ArrayList<>();
        for (final Volume volume : mounts.volumes()) {
            hosts.add(hostPath(volume));
        }
        final List<MountPlace> places = new ArrayList<>();
        try {
            for (int i = 0; i < mounts.volumes().size(); i++) {
                places.add(MountPlace.prepare(mounts.volumes().get(i).guest(), hosts.get(i)));
            }
            return serve(hosts, places);
        } catch (final IOException e) {
            throw new CommandException(ExitCode.RUN_FAILED, e.getMessage(), e);
        } finally {
            for (int i = places.size() - 1; i >= 0; i--) {
                places.get(i).remove();
            }
        }
    }

    private static Path hostPath(final Volume volume) throws CommandException {
        final Path path = Path.of(volume.host()).toAbsolutePath().normalize();
        if (!Files.exists(path)) {
            throw new CommandException(
                    ExitCode.RUN_FAILED,
                    "the host path " + path + " does not exist"
                            + (Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? ": it is a broken link" : ""));
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new CommandException(
                    ExitCode.RUN_FAILED, "the host path " + path + " is neither a directory nor a regular file");
        }
        return path;
    }

    private int serve(final List<Path> hosts, final List<MountPlace> places)
            throws IOException, CommandException, InterruptedException {
        final Path directory = Files.createTempDirectory("transfuse-");
        final Path socket = directory.resolve("host.sock");
        final List<Watchdog.Target> targets = new ArrayList<>();
        for (final MountPlace place : places) {
            targets.add(new Watchdog.Target(place.path(), place.created()));
        }
        final Watchdog watchdog = Watchdog.start(directory, targets);
        try {
            final Address address = new Address.Unix(socket);
            final List<Export> exports = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                exports.add(new Export(hosts.get(i), mounts.volumes().get(i).readOnly()));
            }
            try (HostServer server = HostServer.start(address, distinct(exports));
                    Daemon daemon = Daemon.start(server.address(), null, tuning.value())) {
                mount(daemon, hosts);
                return execute(watchdog);
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
            watchdog.dismiss();
        }
    }

    /** One host path may be mounted twice, once read-only: the mounts themselves are then what refuses changes. */
    private static List<Export> distinct(final List<Export> exports) {
        final List<Export> result = new ArrayList<>();
        for (final Export export : exports) {
            final Export writable = new Export(export.path(), false);
            if (!export.readOnly() || !exports.contains(writable)) {
                result.add(export);
            }
        }
        return result;
    }

    private void mount(final Daemon daemon, final List<Path> hosts) throws CommandException {
        for (int i = 0; i < mounts.volumes().size(); i++) {
            final Volume volume = mounts.volumes().get(i);
            try {
                final MountStatus status = daemon.mount(new MountSpec(
                        hosts.get(i).toString(),
                        volume.guest(),
                        volume.mode(),
                        volume.readOnly(),
                        volume.ownership() == null ? defaultOwnership() : volume.ownership(),
                        volume.cache(),
                        volume.flags(),
                        volume.events()));
                System.err.println("transfuse: " + hosts.get(i) + " is mounted at " + volume.guest() + " ("
                        + describe(status) + ")");
            } catch (final MountException e) {
                throw new CommandException(ExitCode.RUN_FAILED, e.getMessage(), e);
            }
        }
    }

    private static String describe(final MountStatus status) {
        final String asked = status.spec().mode().word();
        final String has = status.effectiveMode().word();
        return (asked.equals(has) ? asked : asked + ", as " + has) + (status.readOnly() ? ", read-only" : "");
    }

    /** Root passes owners through; another user's server cannot, and shows what it may not do as if it had been done. */
    private static Ownership defaultOwnership() {
        final User user = User.current();
        return user.uid() == 0
                ? Ownership.PASSTHROUGH
                : new Ownership(Ownership.Policy.RECORDED, user.uid(), user.gid());
    }

    private int execute(final Watchdog watchdog) throws CommandException, InterruptedException {
        if (pendingSignal != 0) {
            return 128 + pendingSignal;
        }
        final Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (final IOException e) {
            final boolean missing = e.getMessage() != null && e.getMessage().contains("error=2,");
            throw new CommandException(
                    missing ? ExitCode.NOT_FOUND : ExitCode.CANNOT_EXECUTE,
                    missing
                            ? "the command '" + command.get(0) + "' was not found"
                            : "the command '" + command.get(0) + "' cannot be started: " + e.getMessage(),
                    e);
        }
        watchdog.watch(process.pid());
        child = process;
        if (pendingSignal != 0) {
            forward(pendingSignal);
        }
        return process.waitFor();
    }

    /** Passes a signal on. Ctrl-C at a terminal reaches the command without help. */
    private void forward(final int signal) {
        final Process process = child;
        if (process == null) {
            pendingSignal = signal;
        } else if (signal != SIGINT || !Terminal.isControlling()) {
            Terminal.kill(process.pid(), signal);
        }
    }
}
