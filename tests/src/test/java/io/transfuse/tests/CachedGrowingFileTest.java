package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link GrowingFileCases} on a cached mount. */
class CachedGrowingFileTest extends GrowingFileCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
