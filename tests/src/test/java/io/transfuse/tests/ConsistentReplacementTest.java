package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ReplacementCases} on a consistent mount. */
class ConsistentReplacementTest extends ReplacementCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
