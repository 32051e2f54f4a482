package io.transfuse.tests;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Host server, {@link HostProxy} and daemon as processes of their own, with one mount, for as long as it is open. */
final class Parts implements Closeable {
    private final Path base;
    private final Product server;
    private HostProxy proxy;
    private Product daemon;

    private Parts(final Path base, final Product server) {
        this.base = base;
        this.server = server;
    }

    /** Mounts with these options, such as {@code :cached}. */
    static Parts mount(final String options) throws IOException {
        return mount(options, frame -> {}, frame -> {});
    }

    /** As {@link #mount(String)}, with frames changed on their way. */
    static Parts mount(final String options, final Consumer<ByteBuffer> requests, final Consumer<ByteBuffer> replies)
            throws IOException {
        final Path base = Files.createTempDirectory("transfuse-test-").toRealPath();
        final Path host = Files.createDirectory(base.resolve("host"));
        final Path guest = Files.createDirectory(base.resolve("guest"));
        final Path socket = base.resolve("server");
        final Parts parts =
                new Parts(base, Product.start("serve", "--listen", "unix:" + socket, "--export", host.toString()));
        try {
            parts.server.await("Serving");
            parts.proxy = new HostProxy(base.resolve("proxy"), socket, requests, replies);
            parts.daemon =
                    Product.start("daemon", "--connect", "unix:" + base.resolve("proxy"), "--control", parts.control());
            parts.daemon.await("Mounting");
            Commands.shell(base, String.join(" ", parts.command("mount", "-v", host + ":" + guest + options)));
            return parts;
        } catch (final RuntimeException | Error | IOException e) {
            parts.close();
            throw e;
        }
    }

    private String control() {
        return base.resolve("control").toString();
    }

    private String[] command(final String... arguments) {
        final var command = Product.command(arguments);
        command.add("--control");
        command.add(control());
        return command.toArray(String[]::new);
    }

    Path host() {
        return base.resolve("host");
    }

    Path guest() {
        return base.resolve("guest");
    }

    HostProxy proxy() {
        return proxy;
    }

    @Override
    public void close() throws IOException {
        try {
            if (daemon != null) {
                daemon.close();
            }
            if (proxy != null) {
                proxy.close();
            }
            server.close();
        } finally {
            Awaitility.await("the end of the mount").until(() -> !Product.isMounted(guest()));
            Mounted.delete(base);
        }
    }
}
