package io.transfuse.cli;

import io.transfuse.daemon.control.ControlSocket;
import io.transfuse.protocol.ConsistencyMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code mount.transfuse} and {@code umount.transfuse}: what mount(8) and umount(8) run for the type {@code transfuse},
 * with the arguments and exit codes that they prescribe ("External helpers" in both manuals). Read without picocli, see
 * {@link PlainCommand}.
 */
final class MountHelper {
    /** mount(8): incorrect invocation or permissions. */
    static final int INVOCATION = 1;

    /** mount(8): mount failure. */
    static final int MOUNT_FAILURE = 32;

    private static final String MOUNT = "mount.transfuse";
    private static final String UMOUNT = "umount.transfuse";

    /** What fstab(5) and mount(8) know and what means nothing here, or is mount(8)'s own. */
    private static final Set<String> IGNORED = Set.of(
            "defaults",
            "auto",
            "noauto",
            "_netdev",
            "nofail",
            "nouser",
            "nousers",
            "nogroup",
            "noowner",
            "async",
            "sync",
            "dirsync",
            "atime",
            "noatime",
            "diratime",
            "nodiratime",
            "relatime",
            "norelatime",
            "strictatime",
            "nostrictatime",
            "lazytime",
            "nolazytime",
            "silent",
            "loud",
            "iversion",
            "noiversion",
            "mand",
            "nomand");

    /** What lets others than root mount: mount(8) then allows neither programs nor set-id bits nor devices. */
    private static final Set<String> BY_USERS = Set.of("user", "users", "owner", "group");

    private final MountOptions options = new MountOptions();
    private final List<String> operands = new ArrayList<>();
    private ConsistencyMode mode;
    private Path control = ControlSocket.DEFAULT_PATH;
    private String asker = ControlClient.defaultAsker();
    private boolean sloppy;
    private boolean fake;
    private boolean verbose;
    private boolean force;

    private MountHelper() {}

    /** Executes the command if it is one of the helpers; empty if it is not. */
    static OptionalInt execute(final String... arguments) {
        if (arguments.length == 0 || !(arguments[0].equals(MOUNT) || arguments[0].equals(UMOUNT))) {
            return OptionalInt.empty();
        }
        final List<String> words = Arrays.asList(arguments).subList(1, arguments.length);
        final MountHelper helper = new MountHelper();
        try {
            helper.read(words, arguments[0].equals(MOUNT));
            return OptionalInt.of(arguments[0].equals(MOUNT) ? helper.mount() : helper.umount(words));
        } catch (final IllegalArgumentException e) {
            System.err.println(arguments[0] + ": " + e.getMessage());
            return OptionalInt.of(INVOCATION);
        } catch (final CommandException e) {
            System.err.println(arguments[0] + ": " + e.getMessage());
            return OptionalInt.of(MOUNT_FAILURE);
        }
    }

    private void read(final List<String> words, final boolean mounting) {
        final List<String> lists = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            final String word = words.get(i);
            if (!word.startsWith("-") || word.length() < 2) {
                operands.add(word);
                continue;
            }
            for (int j = 1; j < word.length(); j++) {
                final char option = word.charAt(j);
                if (option == 'o' || option == 't' || option == 'N') {
                    final boolean attached = j + 1 < word.length();
                    if (!attached && i + 1 == words.size()) {
                        throw new IllegalArgumentException("-" + option + " wants a value");
                    }
                    final String value = attached ? word.substring(j + 1) : words.get(++i);
                    if (option == 'o') {
                        lists.add(value);
                    }
                    break;
                }
                takeLetter(option, mounting);
            }
        }
        // -s counts for options before it, too.
        for (final String list : lists) {
            for (final String option : list.split(",", -1)) {
                takeOption(option);
            }
        }
        final int wanted = mounting ? 2 : 1;
        if (operands.size() != wanted) {
            throw new IllegalArgumentException(
                    mounting
                            ? "usage: mount.transfuse HOST GUEST [-sfnv] [-o MODE[,OPTION...]]"
                            : "usage: umount.transfuse GUEST [-flnrv]");
        }
    }

    private void takeLetter(final char option, final boolean mounting) {
        switch (option) {
            case 's':
                sloppy = true;
                break;
            case 'v':
                verbose = true;
                break;
            case 'f':
                fake = mounting;
                force |= !mounting;
                break;
            case 'l':
                force |= !mounting;
                break;
            case 'n':
            case 'r':
                // Neither is there an mtab, nor does a read-only mount help where unmounting failed.
                break;
            default:
                throw new IllegalArgumentException("unknown option -" + option);
        }
    }

    private void takeOption(final String word) {
        if (word.isEmpty()
                || IGNORED.contains(word)
                || word.startsWith("x-")
                || word.startsWith("X-")
                || word.startsWith("comment=")
                || word.startsWith("user=")
                || word.startsWith("helper=")
                || word.startsWith("uhelper=")) {
            return;
        }
        if (BY_USERS.contains(word)) {
            List.of("nosuid", "nodev", "noexec").forEach(options::take);
        } else if (word.equals("remount")) {
            throw new IllegalArgumentException("a mount cannot be changed: unmount it and mount it again");
        } else if (word.startsWith("control=")) {
            control = Path.of(word.substring("control=".length()));
        } else if (word.startsWith("asker=")) {
            asker = word.substring("asker=".length());
        } else if (!options.take(word)) {
            takeMode(word);
        }
    }

    private void takeMode(final String word) {
        final ConsistencyMode wanted;
        try {
            wanted = ConsistencyMode.ofWord(word);
        } catch (final IllegalArgumentException e) {
            if (sloppy) {
                return;
            }
            throw new IllegalArgumentException(
                    "unknown option '" + word + "': known are consistent, cached, delegated, default, control=PATH,"
                            + " asker=NAME, " + MountOptions.KNOWN + ", and those of fstab(5)",
                    e);
        }
        if (mode != null && mode != wanted) {
            throw new IllegalArgumentException(
                    "two modes: " + mode.word() + " and " + wanted.word() + "; give the one that is wanted");
        }
        mode = wanted;
    }

    private int mount() throws CommandException {
        final Volume volume = Volume.of(
                operands.get(0),
                Volume.guest(operands.get(1)),
                mode == null ? ConsistencyMode.CONSISTENT : mode,
                options);
        volume.toSpec();
        if (!fake) {
            new ControlClient(control).mount(volume.toSpec(), asker);
        }
        if (verbose) {
            System.out.println(MOUNT + ": " + volume.host() + " mounted on " + volume.guest() + ".");
        }
        return ExitCode.OK;
    }

    /**
     * Unmounts whoever has asked for the mount, since umount(8) does not always call its helper: it then unmounts by
     * itself. What no daemon knows, such as what a dead one has left, is for umount(8), too.
     */
    private int umount(final List<String> words) throws CommandException {
        final Path mountPoint = Volume.guest(operands.get(0));
        try {
            new ControlClient(control).unmount(mountPoint, force);
            if (verbose) {
                System.out.println(UMOUNT + ": " + mountPoint + " unmounted");
            }
            return ExitCode.OK;
        } catch (final ControlClient.NoDaemonException | ControlClient.NotMountedException e) {
            return withoutHelper(words);
        }
    }

    private static int withoutHelper(final List<String> words) throws CommandException {
        final List<String> command = new ArrayList<>(List.of("umount", "-i"));
        command.addAll(words);
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (final IOException e) {
            throw new CommandException(MOUNT_FAILURE, "cannot run umount(8): " + e.getMessage(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return MOUNT_FAILURE;
        }
    }
}
