package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ResourcesCases} on a consistent mount. */
class ConsistentResourcesTest extends ResourcesCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
