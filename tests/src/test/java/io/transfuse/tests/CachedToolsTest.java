package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ToolsCases} on a cached mount. */
class CachedToolsTest extends ToolsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
