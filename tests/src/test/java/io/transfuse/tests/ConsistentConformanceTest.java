package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ConformanceCases} on a consistent mount. */
class ConsistentConformanceTest extends ConformanceCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
