package io.transfuse.cli;

import io.transfuse.host.Export;
import io.transfuse.host.session.HostServer;
import io.transfuse.host.session.ServerOptions;
import io.transfuse.transport.Address;
import io.transfuse.transport.Admission;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            "  transfuse serve --listen unix:/tmp/host.sock --export /src --export /etc/hosts:ro",
            "  transfuse serve --listen vsock:1525 --permit-cid 3,4 --export /src",
            "  transfuse serve --listen dev:/run/vm/port.sock --secret-file /etc/transfuse/secret --export /src"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int OPEN_FILES_MIN = 256;
    private static final String ANY = "any";

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "ADDRESS",
            converter = ListenAddressConverter.class,
            description =
                    "Where daemons connect: unix:PATH, vsock:PORT, or dev:PATH for a device or the UNIX socket at which"
                            + " a hypervisor connects the other end of a guest's device. May be given several times.")
    private List<Address> listen;

    @Option(
            names = "--permit-cid",
            paramLabel = "CID",
            split = ",",
            description = "Guests that may connect over vsock, by context id; 'any' for all. Needed for vsock:PORT.")
    private List<String> permittedCids = List.of();

    @Option(
            names = "--permit-uid",
            paramLabel = "UID",
            split = ",",
            description = "Users besides root and the server's own that may connect at UNIX sockets, by number.")
    private List<String> permittedUids = List.of();

    @Option(
            names = "--secret-file",
            paramLabel = "PATH",
            description =
                    "A file, closed to others, with what daemons must know too: each side proves it to the other.")
    private Path secretFile;

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
        final ServerOptions serverOptions = new ServerOptions(openFiles, admission(), SecretFile.read(secretFile));
        final Service service = Service.begin(options);
        final HostServer server;
        try {
            server = HostServer.start(listen, parsed, serverOptions);
        } catch (final IOException e) {
            service.ended();
            throw new CommandException(ExitCode.FAILURE, e.getMessage(), e);
        }
        Shutdown.onExit("host server", () -> {
            service.stopping();
            server.close();
            service.ended();
        });
        final String addresses = listen.stream().map(Address::toString).collect(Collectors.joining(", "));
        LOG.info("Serving {} at {}", String.join(", ", exports), addresses);
        service.ready(() -> "Serving at " + addresses);
        server.join();
        return ExitCode.OK;
    }

    private Admission admission() {
        if (permittedCids.isEmpty() && listen.stream().anyMatch(Address.Vsock.class::isInstance)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "vsock:PORT needs --permit-cid: the context ids of the guests that may connect, or 'any'");
        }
        final Set<Long> cids = new HashSet<>();
        for (final String cid : permittedCids) {
            cids.add(cid.equals(ANY) ? Admission.ANY_CID : number("--permit-cid", cid));
        }
        final Set<Integer> uids = new HashSet<>();
        for (final String uid : permittedUids) {
            uids.add((int) number("--permit-uid", uid));
        }
        return new Admission(uids, cids);
    }

    private long number(final String option, final String text) {
        try {
            return Integer.toUnsignedLong(Integer.parseUnsignedInt(text));
        } catch (final NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(), option + " '" + text + "' is no number from 0 to 4294967295", e);
        }
    }
}
