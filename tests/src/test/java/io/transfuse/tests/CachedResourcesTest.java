package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ResourcesCases} on a cached mount. */
class CachedResourcesTest extends ResourcesCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
