package io.transfuse.daemon.event;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's side of the {@link Injector}: starts the process when it is first needed, starts it anew when it dies, and
 * kills it when it does not answer. Thread-safe; a mount's injections come from one thread. No thread that answers the
 * kernel calls any of this.
 */
public final class InjectorProcess implements Closeable {
    /** What {@link #inject} answers when the injector died over it. */
    public static final int DIED = -1;

    private static final Logger LOG = LoggerFactory.getLogger(InjectorProcess.class);
    private static final int NATIVE_ACCESS_SINCE = 24;
    private static final long START_SECONDS = 30;
    private static final long ANSWER_SECONDS = 10;
    private static final long DETACH_SECONDS = 2;
    private static final long END_SECONDS = 3;

    private final Map<Integer, Attached> mounts = new HashMap<>();
    private final AtomicInteger nextMount = new AtomicInteger();
    private final AtomicLong nextNumber = new AtomicLong();
    private final AtomicInteger deaths = new AtomicInteger();
    private Running running;
    private boolean closed;

    /** A mount that the injector may be asked for. */
    public static final class Attached {
        private final int id;
        private final Path mountPoint;
        private final int major;
        private final int minor;
        private final Expectations expectations;

        /** The process that knows it, and its answers. */
        private Running knownTo;

        private CompletableFuture<Integer> attached = new CompletableFuture<>();
        private CompletableFuture<Integer> done = new CompletableFuture<>();
        private CompletableFuture<Integer> detached = new CompletableFuture<>();
        private long number;

        private Attached(
                final int id,
                final Path mountPoint,
                final int major,
                final int minor,
                final Expectations expectations) {
            this.id = id;
            this.mountPoint = mountPoint;
            this.major = major;
            this.minor = minor;
            this.expectations = expectations;
        }
    }

    /** One life of the process. */
    private static final class Running {
        private final Process process;
        private final DataOutputStream out;

        Running(final Process process) {
            this.process = process;
            this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        }
    }

    /**
     * A mount whose events the injector is to make.
     *
     * @param device {@code major:minor} of the mount's file system, as /proc/self/mountinfo has it
     */
    public synchronized Attached attach(final Path mountPoint, final String device, final Expectations expectations) {
        final int colon = device.indexOf(':');
        final Attached mount = new Attached(
                nextMount.incrementAndGet(),
                mountPoint,
                Integer.parseInt(device.substring(0, colon)),
                Integer.parseInt(device.substring(colon + 1)),
                expectations);
        mounts.put(mount.id, mount);
        return mount;
    }

    /** How often the process died or had to be killed. */
    public int restarts() {
        return deaths.get();
    }

    /** The process id, 0 while there is none. */
    public synchronized long pid() {
        return running == null ? 0 : running.process.pid();
    }

    /**
     * Makes the injector do it, and waits for it. The mount's {@link Expectations} must have begun.
     *
     * @param places where the directories of the injection stand, by their nodes: paths from the mount's root
     * @return 0, the errno of the system call that failed, or {@link #DIED}
     * @throws InterruptedException if the thread is interrupted; the injection may be done or not
     */
    public int inject(final Attached mount, final Injection injection, final Map<Long, byte[]> places)
            throws InterruptedException {
        final CompletableFuture<Integer> thread = attachTo(mount);
        if (thread == null || await(thread, START_SECONDS) < 0) {
            return DIED;
        }
        return await(send(mount, injection, places), ANSWER_SECONDS);
    }

    /** The future id of the thread that is the mount's in the running process; null if there is no process. */
    private synchronized CompletableFuture<Integer> attachTo(final Attached mount) {
        if (closed || !mounts.containsKey(mount.id)) {
            return null;
        }
        try {
            if (running == null) {
                running = start();
            }
            if (mount.knownTo != running) {
                mount.knownTo = running;
                mount.attached = new CompletableFuture<>();
                running.out.writeByte(Injector.ATTACH);
                running.out.writeInt(mount.id);
                writeBytes(mount.mountPoint.toString().getBytes(StandardCharsets.UTF_8));
                running.out.writeInt(mount.major);
                running.out.writeInt(mount.minor);
                writeBytes(mount.expectations.hidden());
                running.out.flush();
            }
            return mount.attached;
        } catch (final IOException e) {
            LOG.warn("Cannot start the injector, events are dropped: {}", e.getMessage());
            return null;
        }
    }

    private void writeBytes(final byte[] bytes) throws IOException {
        running.out.writeShort(bytes.length);
        running.out.write(bytes);
    }

    private synchronized CompletableFuture<Integer> send(
            final Attached mount, final Injection injection, final Map<Long, byte[]> places) {
        mount.done = new CompletableFuture<>();
        if (running == null || mount.knownTo != running) {
            mount.done.complete(DIED);
            return mount.done;
        }
        mount.number = nextNumber.incrementAndGet();
        try {
            running.out.writeByte(Injector.INJECT);
            running.out.writeInt(mount.id);
            running.out.writeLong(mount.number);
            injection.write(running.out);
            running.out.writeByte(places.size());
            for (final Map.Entry<Long, byte[]> place : places.entrySet()) {
                running.out.writeLong(place.getKey());
                writeBytes(place.getValue());
            }
            running.out.flush();
        } catch (final IOException e) {
            // The thread that reads its answers notices its end.
            LOG.debug("The injector takes nothing more: {}", e.getMessage());
        }
        return mount.done;
    }

    private int await(final CompletableFuture<Integer> answer, final long seconds) throws InterruptedException {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (final TimeoutException e) {
            final Running stuck;
            synchronized (this) {
                stuck = running;
            }
            if (stuck != null) {
                LOG.warn("The injector (process {}) does not answer and is killed", stuck.process.pid());
                stuck.process.destroyForcibly();
            }
            return DIED;
        } catch (final ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Running start() throws IOException {
        final Process process = new ProcessBuilder(command())
                // A working directory would keep a mount busy.
                .directory(new File("/"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        final Running started = new Running(process);
        final Thread reader = new Thread(() -> read(started), "injector");
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private static List<String> command() {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx16m",
                "-Xss256k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:-UsePerfData"));
        if (Runtime.version().feature() >= NATIVE_ACCESS_SINCE) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(Injector.class.getName());
        return command;
    }

    private void read(final Running started) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(started.process.getInputStream()))) {
            while (true) {
                answered(started, in.readUnsignedByte(), in.readInt(), in);
            }
        } catch (final IOException e) {
            died(started);
        }
    }

    private void answered(final Running from, final int message, final int id, final DataInputStream in)
            throws IOException {
        final long number = message == Injector.DONE ? in.readLong() : 0;
        final int value = message == Injector.DETACHED ? 0 : in.readInt();
        synchronized (this) {
            final Attached mount = mounts.get(id);
            if (mount == null || mount.knownTo != from) {
                return;
            }
            if (message == Injector.ATTACHED) {
                mount.expectations.setInjector(value);
                mount.attached.complete(value);
            } else if (message == Injector.DETACHED) {
                mount.detached.complete(value);
            } else if (number == mount.number) {
                mount.done.complete(value);
            }
        }
    }

    private void died(final Running dead) {
        synchronized (this) {
            for (final Attached mount : mounts.values()) {
                if (mount.knownTo == dead) {
                    // Its thread ids may become somebody else's.
                    mount.expectations.setInjector(0);
                    mount.knownTo = null;
                    mount.attached.complete(DIED);
                    mount.done.complete(DIED);
                    mount.detached.complete(DIED);
                }
            }
            if (running == dead) {
                running = null;
            }
            if (closed) {
                return;
            }
            deaths.incrementAndGet();
        }
        LOG.warn("The injector (process {}) has ended and is started anew for the next event", dead.process.pid());
    }

    /** The mount ends: when this returns, the injector does not use it any more, or has been killed. */
    public void detach(final Attached mount) {
        final CompletableFuture<Integer> detached;
        synchronized (this) {
            if (mount.knownTo == null || mount.knownTo != running) {
                mounts.remove(mount.id);
                return;
            }
            detached = mount.detached;
            try {
                running.out.writeByte(Injector.DETACH);
                running.out.writeInt(mount.id);
                running.out.flush();
            } catch (final IOException e) {
                LOG.debug("The injector takes nothing more: {}", e.getMessage());
            }
        }
        try {
            detached.get(DETACH_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final TimeoutException | ExecutionException e) {
            LOG.debug("The injector did not let go of {}", mount.mountPoint);
            synchronized (this) {
                if (running != null) {
                    running.process.destroyForcibly();
                }
            }
        }
        synchronized (this) {
            mounts.remove(mount.id);
            mount.expectations.setInjector(0);
        }
    }

    /** Ends the process. */
    @Override
    public void close() {
        final Running ending;
        synchronized (this) {
            closed = true;
            ending = running;
            running = null;
        }
        if (ending == null) {
            return;
        }
        try {
            ending.out.close();
            if (!ending.process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                ending.process.destroyForcibly();
            }
        } catch (final IOException e) {
            ending.process.destroyForcibly();
        } catch (final InterruptedException e) {
            ending.process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
