package io.transfuse.cli;

import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.GuestTuning;
import io.transfuse.daemon.control.ControlServer;
import io.transfuse.host.Export;
import io.transfuse.host.session.HostServer;
import io.transfuse.transport.Address;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;

/**
 * {@code transfuse rehearse}: does once what the commands do at their start, so that a JVM that writes down the classes
 * it loads ({@code -XX:DumpLoadedClassList}) sees those that an archive (AppCDS) should hold. Mounts nothing.
 */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Loads the program's classes and ends. Used when the archive of classes is made.")
final class RehearseCommand implements Callable<Integer> {
    private static final String CLASS = ".class";
    private static final String OWN = "io/transfuse/";

    @Override
    public Integer call() throws IOException, ClassNotFoundException {
        final Path directory = Files.createTempDirectory("transfuse-rehearsal-");
        final Path control = directory.resolve("control.sock");
        try {
            startAll(directory, control);
        } finally {
            Files.deleteIfExists(control);
            Files.deleteIfExists(directory.resolve("host.sock"));
            Files.deleteIfExists(directory);
        }
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Path.of(entry).getFileName().toString().startsWith("transfuse-")) {
                loadAll(entry);
            }
        }
        return ExitCode.OK;
    }

    private static void startAll(final Path directory, final Path control) throws IOException {
        final Address address = new Address.Unix(directory.resolve("host.sock"));
        try (HostServer server = HostServer.start(address, List.of(new Export(directory, true)));
                Daemon daemon = Daemon.start(server.address(), null, GuestTuning.DEFAULT)) {
            final ControlServer listening = ControlServer.start(control, daemon);
            try {
                daemon.prepare();
                listening.prepare();
                Transfuse.execute("status", "--control", control.toString());
            } finally {
                listening.close();
            }
        }
    }

    private static void loadAll(final String jar) throws IOException, ClassNotFoundException {
        try (JarFile file = new JarFile(jar)) {
            for (final var entry : (Iterable<java.util.jar.JarEntry>) file.stream()::iterator) {
                final String name = entry.getName();
                if (name.startsWith(OWN) && name.endsWith(CLASS)) {
                    Class.forName(
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'),
                            false,
                            RehearseCommand.class.getClassLoader());
                }
            }
        }
    }
}
