package io.transfuse.cli;

import io.transfuse.host.Export;
import io.transfuse.host.session.HostServer;
import io.transfuse.transport.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code transfuse serve}: the host server. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves directories and files of this host until it is told to end (SIGTERM, Ctrl-C).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  transfuse serve --listen unix:/tmp/host.sock --export /src",
            "  transfuse serve --listen unix:/tmp/host.sock --export /src --export /etc/hosts:ro"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int OPEN_FILES_MIN = 256;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "unix:PATH",
            converter = ListenAddressConverter.class,
            description = "Where daemons connect.")
    private Address listen;

    @Option(
            names = "--export",
            required = true,
            paramLabel = "PATH[:ro]",
            description = "A directory or file that may be mounted, with all that is in it; ':ro' refuses changes.")
    private List<String> exports;

    @Option(
            names = "--open-files",
            paramLabel = "N",
            description = "The most files and directories to hold open for all guests together, at least 256"
                    + " (default: as many as this host lets the server have, up to 1048576).")
    private int openFiles = Integer.MAX_VALUE;

    @Mixin
    private ServiceOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (openFiles < OPEN_FILES_MIN) {
            throw new ParameterException(
                    spec.commandLine(), "--open-files " + openFiles + " is below " + OPEN_FILES_MIN);
        }
        final List<Export> parsed = new ArrayList<>();
        try {
            for (final String export : exports) {
                parsed.add(Export.parse(export));
            }
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        final Service service = Service.begin(options);
        final HostServer server;
        try {
            server = HostServer.start(listen, parsed, openFiles);
        } catch (final IOException e) {
            service.ended();
            throw new CommandException(ExitCode.FAILURE, e.getMessage(), e);
        }
        Shutdown.onExit("host server", () -> {
            service.stopping();
            server.close();
            service.ended();
        });
        LOG.info("Serving {} at {}", String.join(", ", exports), listen);
        service.ready(() -> "Serving at " + listen);
        server.join();
        return ExitCode.OK;
    }
}
