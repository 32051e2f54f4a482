package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link GrowingFileCases} on a consistent mount. */
class ConsistentGrowingFileTest extends GrowingFileCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
