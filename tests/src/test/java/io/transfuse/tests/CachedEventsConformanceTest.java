package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link EventsConformanceCases} on a cached mount. */
class CachedEventsConformanceTest extends EventsConformanceCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
