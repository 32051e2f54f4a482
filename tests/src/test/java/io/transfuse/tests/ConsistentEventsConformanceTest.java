package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link EventsConformanceCases} on a consistent mount. */
class ConsistentEventsConformanceTest extends EventsConformanceCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
