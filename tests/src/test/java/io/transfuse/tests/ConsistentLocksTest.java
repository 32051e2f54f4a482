package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link LocksCases} on a consistent mount. */
class ConsistentLocksTest extends LocksCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
