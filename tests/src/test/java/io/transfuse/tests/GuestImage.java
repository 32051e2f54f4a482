package io.transfuse.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The root of a Linux guest: busybox, the kernel's modules, a Java runtime with what the program needs of it, and the
 * program under test. Kernel, modules and busybox are Debian's; scripts/guest.sh fetches them.
 */
final class GuestImage {
    /** In the order in which they need one another. */
    private static final List<String> MODULES = List.of(
            "virtio_ring",
            "virtio",
            "virtio_pci_modern_dev",
            "virtio_pci_legacy_dev",
            "virtio_pci",
            "virtio_console",
            "fuse",
            "vsock",
            "vmw_vsock_virtio_transport_common",
            "vsock_loopback");

    private static final String JAVA_MODULES = "java.base,java.logging,java.xml,jdk.unsupported";
    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    private static final Pattern TEST_LIBRARY = Pattern.compile(
            "junit|jupiter|opentest4j|assertj|awaitility|hamcrest|archunit|apiguardian|byte-buddy|surefire|^test");

    /** Waits for the virtio-serial port with a name; its device. */
    private static final String PORT_SCRIPT = String.join(
            "\n",
            "#!/bin/sh",
            "until name=$(grep -lx \"$1\" /sys/class/virtio-ports/*/name 2>/dev/null); do sleep 0.2; done",
            "echo /dev/$(basename $(dirname $name))",
            "");

    private GuestImage() {}

    /** Where scripts/guest.sh puts what it fetches. */
    static Path fetched() {
        final String cache = System.getenv("XDG_CACHE_HOME");
        return (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
                .resolve("transfuse/guest");
    }

    static Path kernel() {
        return fetched().resolve("vmlinuz");
    }

    /**
     * Writes the image.
     *
     * @param file what the kernel unpacks
     * @param base a directory to make the root in
     * @param target a directory that outlives the test, for the Java runtime, which takes long to make
     * @param scripts what else is to be there: a path without its first slash, and its content
     * @param programs static programs for /bin
     */
    static void write(
            final Path file,
            final Path base,
            final Path target,
            final Map<String, String> scripts,
            final List<Path> programs)
            throws IOException {
        final Path root = Files.createDirectory(base.resolve("root"));
        for (final String directory : new String[] {
            "bin", "dev", "etc", "lib/modules", "mnt", "proc", "root", "run", "sbin", "sys", "tmp", "usr/lib/transfuse"
        }) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.copy(fetched().resolve("busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (final String name : new String[] {"bin/sh", "bin/mount", "sbin/init", "init"}) {
            Files.createSymbolicLink(root.resolve(name), Path.of("/bin/busybox"));
        }
        final Path runtime = runtime(target);
        Commands.shell(root, "cp -a '" + runtime + "' usr/lib/java");
        for (final Path library : libraries(runtime)) {
            final Path to = root.resolve(library.toString().substring(1));
            Files.createDirectories(to.getParent());
            Files.copy(library.toRealPath(), to);
        }
        script(root, "etc/load-modules", modules(root));
        script(root, "bin/port", PORT_SCRIPT);
        script(root, "bin/transfuse", program(root));
        for (final Map.Entry<String, String> script : scripts.entrySet()) {
            script(root, script.getKey(), script.getValue());
        }
        for (final Path program : programs) {
            Files.copy(program, root.resolve("bin").resolve(program.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
        archiveClasses(root);
        try (CpioArchive archive = new CpioArchive(file)) {
            archive.tree(root);
        }
    }

    private static void script(final Path root, final String name, final String content) throws IOException {
        final Path file = Files.writeString(root.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Copies the kernel's modules; the commands that load them. */
    private static String modules(final Path root) throws IOException {
        final StringBuilder load = new StringBuilder();
        for (final String module : MODULES) {
            final Path found = module(module);
            // What is built into the kernel is no module.
            if (found != null) {
                Files.copy(found, root.resolve("lib/modules/" + module + ".ko"));
                load.append("insmod /lib/modules/").append(module).append(".ko\n");
            }
        }
        return load.toString();
    }

    private static Path module(final String name) throws IOException {
        final Pattern wanted = Pattern.compile(name.replace("_", "[_-]") + "\\.ko");
        try (Stream<Path> walk = Files.walk(fetched().resolve("modules"))) {
            return walk.filter(path ->
                            wanted.matcher(path.getFileName().toString()).matches())
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A Java runtime with its archive of the JDK's classes. */
    private static Path runtime(final Path target) throws IOException {
        final Path home = Path.of(System.getProperty("java.home"));
        final Path runtime = target.resolve(
                "guest-runtime-" + System.getProperty("java.vm.version").replace('/', '_'));
        if (!Files.exists(runtime)) {
            final Path made = target.resolve("guest-runtime.new");
            Commands.shell(
                    target,
                    "rm -rf " + made + "; " + home + "/bin/jlink --add-modules " + JAVA_MODULES
                            + " --strip-debug --no-header-files --no-man-pages --output " + made
                            + " && " + made + "/bin/java -Xshare:dump >/dev/null && mv " + made + " " + runtime);
        }
        return runtime;
    }

    /** The system's libraries that the runtime is linked with. */
    private static Set<Path> libraries(final Path runtime) {
        final Set<Path> libraries = new TreeSet<>();
        final String output = Commands.shell(runtime, "ldd bin/java $(find lib -name '*.so')");
        final Matcher library = LIBRARY.matcher(output);
        while (library.find()) {
            final Path path = Path.of(library.group(1));
            if (!path.startsWith(runtime)) {
                libraries.add(path);
            }
        }
        return libraries;
    }

    /** Copies the class path under test, as jars that are as old as the guest's clock; the script that runs it. */
    private static String program(final Path root) throws IOException {
        final String jar =
                Path.of(System.getProperty("java.home"), "bin", "jar").toString();
        final List<String> classPath = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(":", -1)) {
            final Path path = Path.of(entry);
            final String name =
                    path.getFileName() == null ? "" : path.getFileName().toString();
            if (entry.isEmpty()
                    || !Files.exists(path)
                    || TEST_LIBRARY.matcher(name).find()) {
                continue;
            }
            final String as =
                    "usr/lib/transfuse/" + (name.endsWith(".jar") ? name : "transfuse-" + classPath.size() + ".jar");
            if (Files.isDirectory(path)) {
                Commands.shell(root, jar + " -cf " + as + " -C '" + path + "' .");
            } else {
                Files.copy(path, root.resolve(as));
            }
            Files.setLastModifiedTime(root.resolve(as), FileTime.fromMillis(0));
            classPath.add("/" + as);
        }
        return "#!/bin/sh\nexec /usr/lib/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx96m"
                + " ${ARCHIVE:--XX:SharedArchiveFile=/usr/lib/transfuse/classes.jsa} -cp "
                + String.join(":", classPath) + " io.transfuse.cli.Transfuse \"$@\"\n";
    }

    /** Makes the archive of the program's classes as its installation does: emulated, a start without it takes 20 s. */
    private static void archiveClasses(final Path root) {
        Commands.shell(
                root,
                "unshare -m sh -euc 'mount --rbind /dev dev; mount -t proc proc proc;"
                        + " ARCHIVE=-XX:ArchiveClassesAtExit=/usr/lib/transfuse/classes.jsa chroot . /bin/transfuse rehearse'");
    }
}
