package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link GrowingFileCases} on a cached mount, with one observer: who makes events is another one (docs/semantics.md). */
class CachedGrowingFileTest extends GrowingFileCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached,events=off");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
