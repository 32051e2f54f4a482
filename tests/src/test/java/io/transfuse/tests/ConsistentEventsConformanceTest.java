package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link EventsConformanceCases} on a consistent mount. */
class ConsistentEventsConformanceTest extends EventsConformanceCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent,events=on");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
