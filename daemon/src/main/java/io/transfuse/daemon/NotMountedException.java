package io.transfuse.daemon;

import java.nio.file.Path;

/** There is no mount of this daemon at the place that was named. */
public final class NotMountedException extends MountException {
    private static final long serialVersionUID = 1L;

    NotMountedException(final Path mountPoint) {
        super(mountPoint + " is not a mount of this daemon: 'transfuse status' lists them");
    }
}
