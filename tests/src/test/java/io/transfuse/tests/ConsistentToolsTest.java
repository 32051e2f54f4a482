package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ToolsCases} on a consistent mount. */
class ConsistentToolsTest extends ToolsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent,events=on");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
