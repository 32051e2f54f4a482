package io.transfuse.bench;

import java.nio.file.Path;

/** The directory itself. There is nothing to mount, so the kernel's caches stay. */
final class NativeShare implements Share {
    private final Path host;

    NativeShare(final Path host) {
        this.host = host;
    }

    @Override
    public Path mount() {
        return host;
    }

    @Override
    public void unmount() {}
}
