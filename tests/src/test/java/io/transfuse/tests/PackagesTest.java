package io.transfuse.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The packages, each on a clean Debian 12 without Java, which debootstrap makes: installed, used and removed. What is not there is
 * said and skipped, but not in continuous integration.
 */
final class PackagesTest {
    /** The first time, debootstrap has to fetch all that a Debian has. */
    private static final long MOST_SECONDS = 1_800;

    private static final Path BASE = Path.of(System.getProperty("user.dir"));
    private static final Path PACKAGES = BASE.resolve("../packaging/target").normalize();
    private static final Path SCRIPTS = BASE.resolve("src/test/sh");

    @Test
    void shouldInstallMountAndLeaveNothingBehind() throws IOException {
        final String output = inDebianRoot("packages-installed", packages(".deb", 3));
        assertThat(output).endsWith("step: done");
    }

    @Test
    void shouldRunFromTheArchiveAlone() throws IOException {
        final String output = inDebianRoot("archive-unpacked", packages(".tar.gz", 1));
        assertThat(output).endsWith("step: done");
    }

    @Test
    void shouldHaveManualPagesWithoutMistakes() throws IOException {
        Needs.program("man", "man-db");
        final Path manuals = PACKAGES.resolve("home/share/man");
        packages(".tar.gz", 1);
        final List<Path> pages;
        try (Stream<Path> found = Files.walk(manuals)) {
            pages = found.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(pages).hasSizeGreaterThan(8);
        for (final Path page : pages) {
            assertThat(Commands.shell(manuals, "man --warnings -E UTF-8 -l -Tutf8 -Z '" + page + "' > /dev/null"))
                    .as("warnings of " + page)
                    .isEmpty();
        }
    }

    @Test
    void shouldHaveUnitsThatSystemdUnderstands() throws IOException {
        Needs.program("systemd-analyze", "systemd");
        packages(".tar.gz", 1);
        for (final String unit : List.of("transfuse-daemon.service", "transfuse-server.service")) {
            final String text =
                    Files.readString(PACKAGES.resolve("home/share/systemd").resolve(unit));
            final Path copy = Files.createTempDirectory("transfuse-test-").resolve(unit);
            // Installed here is neither the program nor its pages.
            Files.writeString(
                    copy, text.replace("/usr/bin/transfuse", "/bin/true").replaceAll("Documentation=.*", ""));
            final var result = Commands.run(BASE, List.of("systemd-analyze", "verify", copy.toString()));
            Mounted.delete(copy.getParent());
            assertThat(result.output()).as(unit).isEmpty();
        }
    }

    private static String inDebianRoot(final String script, final List<Path> packages) {
        Needs.program("debootstrap", "debootstrap");
        Needs.program("unshare", "util-linux");
        final List<String> command = new ArrayList<>();
        command.add(SCRIPTS.resolve("in-debian-root").toString());
        command.add(SCRIPTS.resolve(script).toString());
        packages.forEach(path -> command.add(path.toString()));
        final var result = Commands.run(BASE, command, MOST_SECONDS);
        System.out.println(result.output());
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().strip();
    }

    private static List<Path> packages(final String ending, final int number) throws IOException {
        final List<Path> packages = new ArrayList<>();
        if (Files.isDirectory(PACKAGES)) {
            try (Stream<Path> found = Files.list(PACKAGES)) {
                found.filter(path -> path.toString().endsWith(ending)).sorted().forEach(packages::add);
            }
        }
        Needs.unless(packages.size() == number, "the packages are not built ('./package' builds them)");
        return packages;
    }
}
