package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link EventsReadersCases} on a cached mount. */
class CachedEventsReadersTest extends EventsReadersCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
