package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link GrowingFileCases} on a cached mount, whose events are one more observer, once a file (docs/semantics.md). */
class CachedGrowingFileTest extends GrowingFileCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached,events=off");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
