package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link EventsReadersCases} on a consistent mount. */
class ConsistentEventsReadersTest extends EventsReadersCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent,events=on");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
