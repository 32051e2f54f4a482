package io.transfuse.cli;

import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.docker.DockerFront;
import io.transfuse.daemon.volume.VolumePlugin;
import io.transfuse.protocol.Ownership;
import io.transfuse.transport.Address;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a daemon serves Docker: as a front of the engine, and as a driver of volumes. */
final class DockerOptions {
    private static final Logger LOG = LoggerFactory.getLogger(DockerOptions.class);

    @Option(
            names = "--docker-listen",
            paramLabel = "unix:PATH",
            converter = SocketConverter.class,
            description =
                    "Listen here for Docker's clients: binds of the host's paths are mounted, everything else is passed on"
                            + " to the engine (default: do not).")
    private Path listen;

    @Option(
            names = "--docker-group",
            paramLabel = "GROUP",
            description = "A group that may use that socket, beside this user (default: none).")
    private String group;

    @Option(
            names = "--docker-engine",
            paramLabel = "unix:PATH",
            converter = SocketConverter.class,
            description = "The engine's own socket (default: unix:/run/docker.sock).")
    private Path engine = Path.of("/run/docker.sock");

    @Option(
            names = "--docker-namespace",
            paramLabel = "PATH",
            description =
                    "A directory whose files are the host's: binds of it and of what is below it are mounted. Can be given"
                            + " several times (default: /Users, /Volumes, /private, /tmp).")
    private List<Path> namespaces = new ArrayList<>();

    @Option(
            names = "--docker-root",
            paramLabel = "PATH",
            description = "The daemon's own directory for the mount points of containers and for volumes (default:"
                    + " /var/lib/transfuse/docker).")
    private Path root = Path.of("/var/lib/transfuse/docker");

    @Option(
            names = "--docker-owner",
            paramLabel = "OWNER",
            converter = OwnershipConverter.class,
            description =
                    "Whom the files belong to in containers: passthrough, fixed=UID:GID or recorded=UID:GID (default:"
                            + " passthrough).")
    private Ownership owner = Ownership.PASSTHROUGH;

    @Option(
            names = "--docker-plugin",
            paramLabel = "unix:PATH",
            converter = SocketConverter.class,
            description = "Be a driver of volumes and listen here for the engine, such as"
                    + " unix:/run/docker/plugins/transfuse.sock (default: do not).")
    private Path plugin;

    /** Lets picocli read the path of a UNIX socket. */
    static final class SocketConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(final String text) {
            final Address address = new ConnectAddressConverter().convert(text);
            if (address instanceof Address.Unix) {
                return ((Address.Unix) address).path().toAbsolutePath();
            }
            throw new TypeConversionException("Docker is spoken to at a UNIX socket: unix:PATH");
        }
    }

    /** Lets picocli read an {@link Ownership}. */
    static final class OwnershipConverter implements ITypeConverter<Ownership> {
        @Override
        public Ownership convert(final String text) {
            try {
                return Ownership.parse(text);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * Starts what is asked for.
     *
     * @return what ends it
     * @throws IOException with a message for the user
     */
    Closeable start(final Daemon daemon) throws IOException {
        final List<Closeable> started = new ArrayList<>();
        final Closeable all = () -> {
            for (final Closeable part : started) {
                part.close();
            }
        };
        try {
            if (listen != null) {
                started.add(DockerFront.start(
                        new DockerFront.Options(listen, group, engine, namespaces, root, owner), daemon));
                LOG.info("Docker's clients are served at {}, by the engine at {}", listen, engine);
            }
            if (plugin != null) {
                started.add(VolumePlugin.start(plugin, root, daemon));
                LOG.info("Volumes for the Docker engine at {}", plugin);
            }
            return all;
        } catch (final IOException e) {
            all.close();
            throw e;
        }
    }
}
