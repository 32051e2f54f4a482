package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ReplacementCases} on a cached mount. */
class CachedReplacementTest extends ReplacementCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
