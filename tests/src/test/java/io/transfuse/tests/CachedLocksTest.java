package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link LocksCases} on a cached mount. */
class CachedLocksTest extends LocksCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
