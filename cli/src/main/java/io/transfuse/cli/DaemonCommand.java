package io.transfuse.cli;

import ch.qos.logback.classic.Level;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.MountStatus;
import io.transfuse.daemon.control.ControlServer;
import io.transfuse.daemon.control.ControlSocket;
import io.transfuse.daemon.session.HostLog;
import io.transfuse.protocol.Secret;
import io.transfuse.transport.Address;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code transfuse daemon}: the guest's side. */
@Command(
        name = "daemon",
        mixinStandardHelpOptions = true,
        description = "Makes mounts of a host server's exports, as it is asked to at its control socket,"
                + " until it is told to end (SIGTERM, Ctrl-C); its mounts end with it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse daemon --connect unix:/tmp/host.sock",
            "  transfuse daemon --connect unix:/tmp/host.sock --control /tmp/control.sock",
            "  transfuse daemon --connect unix:/tmp/host.sock --docker-listen unix:/run/transfuse/docker.sock",
            "  transfuse daemon --connect vsock:2:1525",
            "  transfuse daemon --connect dev:/dev/virtio-ports/io.transfuse.0 --secret-file /etc/transfuse/secret",
            "  curl --unix-socket /run/transfuse/control.sock http://localhost/v1/status"
        })
final class DaemonCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);

    @Option(
            names = "--connect",
            required = true,
            paramLabel = "ADDRESS",
            converter = ConnectAddressConverter.class,
            description = "Where the host server listens: unix:PATH, vsock:CID:PORT (CID 2 is the host) or dev:PATH.")
    private Address connect;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "The control socket to listen at (default: /run/transfuse/control.sock).")
    private Path control = ControlSocket.DEFAULT_PATH;

    @Option(
            names = "--control-group",
            paramLabel = "GROUP",
            description = "A group that may use the control socket, beside this user (default: none).")
    private String controlGroup;

    @Mixin
    private DockerOptions docker;

    @Option(
            names = "--secret-file",
            paramLabel = "PATH",
            description =
                    "A file, closed to others, with what only the host server knows too: each proves it to the other.")
    private Path secretFile;

    @Option(
            names = "--log-to-host",
            paramLabel = "LEVEL",
            converter = LogSettings.LevelConverter.class,
            description =
                    "Send lines of the log to the host server too, from this level on: error, warn, info or debug.")
    private String logToHost;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the host server's log calls this guest, 1 to 64 characters (default: the host name).")
    private String name;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private ServiceOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        final Secret secret = SecretFile.read(secretFile);
        final Service service = Service.begin(options);
        final Daemon daemon = Daemon.start(connect, secret, tuning.value());
        final Deque<Closeable> parts = new ConcurrentLinkedDeque<>();
        logToHost(daemon);
        final CountDownLatch ended = new CountDownLatch(1);
        parts.push(daemon);
        Shutdown.onExit("daemon", () -> {
            service.stopping();
            for (final Closeable part : parts) {
                part.close();
            }
            service.ended();
            ended.countDown();
        });
        final ControlServer controlServer;
        try {
            controlServer = ControlServer.start(control, controlGroup, daemon);
            parts.push(controlServer);
            parts.push(docker.start(daemon));
        } catch (final IOException e) {
            throw new CommandException(ExitCode.FAILURE, e.getMessage(), e);
        }
        LOG.info("Mounting what {} exports; control socket {}", connect, control);
        service.ready(() -> status(daemon));
        daemon.prepare();
        controlServer.prepare();
        ended.await();
        return ExitCode.OK;
    }

    private static String status(final Daemon daemon) {
        final List<MountStatus> mounts = daemon.mounts();
        final long disconnected = mounts.stream()
                .filter(mount -> !mount.state().equals(MountStatus.MOUNTED))
                .count();
        return "Mounting what " + daemon.host() + " exports: " + mounts.size() + " mounted"
                + (disconnected == 0 ? "" : ", " + disconnected + " of them disconnected");
    }

    private void logToHost(final Daemon daemon) {
        if (logToHost == null) {
            return;
        }
        final String guest = name == null ? hostName() : name;
        if (!HostLog.isName(guest)) {
            throw new ParameterException(
                    spec.commandLine(), "--name '" + guest + "' is not 1 to 64 characters without control characters");
        }
        Logging.add(new HostLogAppender(daemon.log(guest), Level.toLevel(logToHost)));
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (final IOException e) {
            return "guest";
        }
    }
}
