package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ConformanceCases} on a cached mount. */
class CachedConformanceTest extends ConformanceCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
