package io.transfuse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A change that the host makes to a file, and how a guest notices it. In the order of the constants each finds what the one
 * before has left, and the guest has seen; after the last the file is gone again.
 */
enum HostChange {
    CREATE("create") {
        @Override
        void make(final Path file, final String text) throws IOException {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        }

        @Override
        boolean isSeen(final Path file, final String text) {
            return Files.exists(file);
        }
    },
    REWRITE("rewrite in place") {
        @Override
        void make(final Path file, final String text) throws IOException {
            Files.writeString(file, text, StandardOpenOption.WRITE);
        }

        @Override
        boolean isSeen(final Path file, final String text) throws IOException {
            return Files.readString(file).equals(text);
        }
    },
    APPEND("append") {
        @Override
        void make(final Path file, final String text) throws IOException {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        }

        @Override
        boolean isSeen(final Path file, final String text) throws IOException {
            return Files.size(file) == 2L * text.length();
        }
    },
    CHMOD("chmod") {
        @Override
        void make(final Path file, final String text) throws IOException {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }

        @Override
        boolean isSeen(final Path file, final String text) throws IOException {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .equals("rwx------");
        }
    },
    REPLACE("replace by rename") {
        @Override
        void make(final Path file, final String text) throws IOException {
            final Path temporary = file.resolveSibling(".new");
            Files.writeString(temporary, text, StandardCharsets.US_ASCII);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        boolean isSeen(final Path file, final String text) throws IOException {
            return Files.readString(file).equals(text);
        }
    },
    REMOVE("remove") {
        @Override
        void make(final Path file, final String text) throws IOException {
            Files.delete(file);
        }

        @Override
        boolean isSeen(final Path file, final String text) {
            return !Files.exists(file);
        }
    };

    private final String title;

    HostChange(final String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /**
     * Makes the change.
     *
     * @param file as the host sees it
     * @param text always of the same length, and never the same
     */
    abstract void make(Path file, String text) throws IOException;

    abstract boolean isSeen(Path file, String text) throws IOException;

    /**
     * Whether the guest sees that the change has been made.
     *
     * @param file as the guest sees it
     * @param text that the change was made with
     */
    final boolean isSeenBy(final Path file, final String text) throws IOException {
        try {
            return isSeen(file, text);
        } catch (final NoSuchFileException e) {
            return false;
        }
    }
}
